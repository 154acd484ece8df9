#include "sandbox/jira_datacenter/seed.hpp"

#include <algorithm>
#include <array>

namespace belay::sandbox::jira_datacenter {
namespace {

constexpr std::int64_t kFirstProject = 10'000;
constexpr std::int64_t kFirstPerson = 10'100;
constexpr std::array<std::string_view, 6> kEvents{"jira:issue_created", "jira:issue_updated", "jira:issue_deleted", "comment_created", "comment_updated", "comment_deleted"};
constexpr std::array<std::string_view, 4> kScopes{"READ", "WRITE", "ADMIN", "SYSTEM_ADMIN"};

std::string text_in(const json::object& from, std::string_view member, std::string otherwise = {}) { return json::string_at(from, member).value_or(std::move(otherwise)); }

std::vector<std::string> list_in(const json::object& from, std::string_view member) {
  std::vector<std::string> names;
  const auto* list = json::array_at(from, member);
  for (const auto& one : list == nullptr ? json::array{} : *list) {
    if (one.is_string()) names.emplace_back(one.get_string());
  }
  return names;
}
std::set<std::string> names_in(const json::object& from, std::string_view member) {
  const auto list = list_in(from, member);
  return {list.begin(), list.end()};
}

std::vector<const json::object*> objects_in(const json::object& from, std::string_view member) {
  std::vector<const json::object*> all;
  const auto* list = json::array_at(from, member);
  if (list == nullptr) return all;
  for (const auto& one : *list) {
    if (one.is_object()) all.push_back(&one.get_object());
  }
  return all;
}

Time ago(const json::object& seed, Time now) { return now - std::chrono::minutes{json::integer_at(seed, "minutesAgo").value_or(60)}; }

auto invalid(const Site& site, std::string_view what) { return fail("seed_invalid", "datacenter " + site.name + ": " + std::string(what)); }

Person person_from(const json::object& seed, std::size_t number) {
  return {.key = text_in(seed, "key", "JIRAUSER" + std::to_string(kFirstPerson + static_cast<std::int64_t>(number))),
          .name = text_in(seed, "name"),
          .display_name = text_in(seed, "displayName"),
          .email = text_in(seed, "email"),
          .password = text_in(seed, "password"),
          .active = json::bool_at(seed, "active").value_or(true),
          .locale = text_in(seed, "locale", "en_US"),
          .time_zone = text_in(seed, "timeZone", "Europe/Berlin"),
          .theme = text_in(seed, "theme", "light"),
          .groups = names_in(seed, "groups")};
}

Result<void> read_people(Site& site, const json::object& seed) {
  site.groups = names_in(seed, "groups");
  for (const auto* one : objects_in(seed, "people")) {
    auto person = person_from(*one, site.people.size());
    if (person.name.empty() || site.person(person.key) != nullptr || site.signing_in_as(person.name) != nullptr) return invalid(site, "a person without a name, or with a key or name that another has");
    site.people.push_back(std::move(person));
  }
  for (const auto* one : objects_in(seed, "tokens")) {
    const auto person = text_in(*one, "person");
    if (site.person(person) == nullptr) return invalid(site, "a token of nobody: " + person);
    site.tokens.emplace(text_in(*one, "token"), Token{.person = person, .scope = {}, .ends = {}, .id = site.next_token++, .name = text_in(*one, "name", "Service"), .created = {}});
  }
  return {};
}

Result<void> read_clients(Site& site, const json::object& seed) {
  for (const auto* one : objects_in(seed, "clients")) {
    Client client{.id = text_in(*one, "clientId"), .secret = text_in(*one, "clientSecret"), .name = text_in(*one, "name", "Belay"), .scope = text_in(*one, "scope", "WRITE"), .redirect_uris = names_in(*one, "redirectUris")};
    if (client.id.empty() || std::ranges::find(kScopes, client.scope) == kScopes.end()) return invalid(site, "a client without an id, or with a scope that there is none of");
    site.clients.push_back(std::move(client));
  }
  return {};
}

void read_projects(Site& site, const json::object& seed) {
  std::int64_t desks = 0;
  for (const auto* one : objects_in(seed, "projects")) {
    const bool service = text_in(*one, "kind") == "service_desk";
    const auto key = text_in(*one, "key");
    site.projects.push_back({.id = std::to_string(kFirstProject + static_cast<std::int64_t>(site.projects.size())), .key = key, .name = text_in(*one, "name", key), .service = service, .desk = service ? ++desks : 0,
                             .agents = names_in(*one, "agents"), .editors = names_in(*one, "editors"), .viewers = names_in(*one, "viewers"), .admins = names_in(*one, "admins")});
  }
}

Comment comment_from(Site& site, const json::object& seed, Time now) {
  Comment comment;
  comment.id = site.next_comment++;
  comment.author = comment.editor = text_in(seed, "by");
  comment.body = text_in(seed, "text");
  comment.created = comment.updated = ago(seed, now);
  comment.internal = json::bool_at(seed, "internal").value_or(false);
  if (const auto* visibility = json::object_at(seed, "visibility")) comment.visibility = Visibility{.type = text_in(*visibility, "type"), .value = text_in(*visibility, "value")};
  return comment;
}

}  // namespace

Result<Issue*> add_issue(Site& site, const json::object& seed, Time now) {
  Issue issue;
  issue.id = std::to_string(site.next_issue++);
  issue.key = text_in(seed, "key");
  issue.project = issue.key.substr(0, issue.key.rfind('-'));
  issue.summary = text_in(seed, "summary");
  issue.description = text_in(seed, "description");
  issue.type = text_in(seed, "type", "Task");
  issue.status = text_in(seed, "status", "Open");
  issue.reporter = text_in(seed, "reporter");
  issue.assignee = text_in(seed, "assignee");
  issue.participants = list_in(seed, "participants");
  issue.created = issue.updated = ago(seed, now);
  for (const auto* said : objects_in(seed, "comments")) issue.comments.push_back(comment_from(site, *said, now));
  std::vector<std::string> named{issue.reporter, issue.assignee};
  named.insert(named.end(), issue.participants.begin(), issue.participants.end());
  for (const auto& comment : issue.comments) named.push_back(comment.author);
  for (const auto& key : named) {
    if (!key.empty() && site.person(key) == nullptr) return invalid(site, issue.key + " names nobody by " + key);
  }
  if (site.project(issue.project) == nullptr) return invalid(site, issue.key + " is of no project");
  if (site.issue(issue.key) != nullptr) return invalid(site, issue.key + " is there twice");
  return &site.issues.emplace_back(std::move(issue));
}

Result<void> add_webhook(Site& site, const json::object& seed) {
  Webhook webhook{.id = site.next_webhook++, .url = text_in(seed, "url"), .secret = text_in(seed, "secret"), .events = names_in(seed, "events"), .enabled = json::bool_at(seed, "enabled").value_or(true)};
  const bool known = std::ranges::all_of(webhook.events, [](const std::string& event) { return std::ranges::find(kEvents, event) != kEvents.end(); });
  if (!webhook.url.starts_with("http") || !known) return invalid(site, "a webhook without an address, or with an event that there is none of");
  site.webhooks.push_back(std::move(webhook));
  return {};
}

Result<Site> read_site(const json::object& seed, Time now) {
  Site site;
  site.name = text_in(seed, "name");
  site.host = text_in(seed, "host");
  site.title = text_in(seed, "title", site.name);
  site.version = text_in(seed, "version", "11.3.0");
  site.server = text_in(seed, "deployment", "Data Center") == "Server";
  if (site.name.empty() || !site.host.ends_with(".localhost")) return invalid(site, "without a name, or with a host that is not under .localhost");
  BELAY_CHECK(read_people(site, seed));
  BELAY_CHECK(read_clients(site, seed));
  read_projects(site, seed);
  for (const auto* one : objects_in(seed, "webhooks")) BELAY_CHECK(add_webhook(site, *one));
  for (const auto* one : objects_in(seed, "issues")) BELAY_CHECK(add_issue(site, *one, now));
  return site;
}

Result<std::vector<Site>> read_sites(const json::object& seed, Time now) {
  std::vector<Site> sites;
  for (const auto* one : objects_in(seed, "datacenter")) {
    BELAY_TRY(site, read_site(*one, now));
    if (std::ranges::any_of(sites, [&](const Site& other) { return other.name == site.name || other.host == site.host; })) return invalid(site, "another site has its name or its host");
    sites.push_back(std::move(site));
  }
  return sites;
}

}  // namespace belay::sandbox::jira_datacenter
