#include "sandbox/jira_datacenter/seed.hpp"

namespace belay::sandbox::jira_datacenter {
namespace {

std::set<std::string> names_in(const json::object& from, std::string_view member) {
  std::set<std::string> names;
  const auto* list = json::array_at(from, member);
  for (const auto& one : list == nullptr ? json::array{} : *list) {
    if (one.is_string()) names.emplace(one.get_string());
  }
  return names;
}

std::string text_in(const json::object& from, std::string_view member, std::string otherwise = {}) { return json::string_at(from, member).value_or(std::move(otherwise)); }

template <class Read>
void each(const json::object& from, std::string_view member, Read read) {
  const auto* list = json::array_at(from, member);
  for (const auto& one : list == nullptr ? json::array{} : *list) {
    if (one.is_object()) read(one.get_object());
  }
}

Person person_from(const json::object& seed, std::size_t number) {
  return {.key = text_in(seed, "key", "JIRAUSER" + std::to_string(10'100 + number)),
          .name = text_in(seed, "name"),
          .display_name = text_in(seed, "displayName"),
          .email = text_in(seed, "email"),
          .active = json::bool_at(seed, "active").value_or(true),
          .locale = text_in(seed, "locale", "en_US"),
          .time_zone = text_in(seed, "timeZone", "Europe/Berlin"),
          .groups = names_in(seed, "groups")};
}

Time ago(const json::object& seed, Time now) { return now - std::chrono::minutes{json::integer_at(seed, "minutesAgo").value_or(60)}; }

}  // namespace

Result<Site> read_site(const json::object& seed, Time now) {
  Site site;
  site.name = text_in(seed, "name");
  site.host = text_in(seed, "host");
  site.title = text_in(seed, "title", site.name);
  site.version = text_in(seed, "version", "11.3.0");
  site.server = text_in(seed, "deployment", "Data Center") == "Server";
  if (site.name.empty() || !site.host.ends_with(".localhost")) return fail("seed_invalid", "a datacenter site without a name, or with a host that is not under .localhost");
  each(seed, "clients", [&](const json::object& one) { site.clients.push_back({.id = text_in(one, "clientId"), .secret = text_in(one, "clientSecret"), .redirect_uris = names_in(one, "redirectUris")}); });
  each(seed, "people", [&](const json::object& one) { site.people.push_back(person_from(one, site.people.size())); });
  each(seed, "projects", [&](const json::object& one) {
    site.projects.push_back({.id = std::to_string(10'000 + site.projects.size()), .key = text_in(one, "key"), .name = text_in(one, "name"), .service = text_in(one, "kind") == "service_desk",
                             .agents = names_in(one, "agents"), .viewers = names_in(one, "viewers"), .admins = names_in(one, "admins")});
  });
  each(seed, "tokens", [&](const json::object& one) { site.tokens.emplace(text_in(one, "token"), Token{.person = text_in(one, "person"), .may_write = true, .ends = {}}); });
  std::string unknown;
  each(seed, "issues", [&](const json::object& one) {
    Issue issue;
    issue.id = std::to_string(10'001 + site.issues.size());
    issue.key = text_in(one, "key");
    issue.project = issue.key.substr(0, issue.key.rfind('-'));
    issue.summary = text_in(one, "summary");
    issue.reporter = text_in(one, "reporter");
    issue.assignee = text_in(one, "assignee");
    for (const auto& key : names_in(one, "participants")) issue.participants.push_back(key);
    issue.created = issue.updated = ago(one, now);
    each(one, "comments", [&](const json::object& said) {
      Comment comment;
      comment.id = site.next_comment++;
      comment.author = text_in(said, "by");
      comment.body = text_in(said, "text");
      comment.created = comment.updated = ago(said, now);
      comment.internal = json::bool_at(said, "internal").value_or(false);
      issue.comments.push_back(std::move(comment));
    });
    if (site.project(issue.project) == nullptr) unknown = issue.key;
    site.issues.push_back(std::move(issue));
  });
  if (!unknown.empty()) return fail("seed_invalid", unknown + ": of no project of its site");
  return site;
}

}  // namespace belay::sandbox::jira_datacenter
