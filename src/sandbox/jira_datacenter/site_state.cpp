#include "sandbox/jira_datacenter/site_state.hpp"

#include <algorithm>

#include "sandbox/jira_datacenter/seed.hpp"
#include "sandbox/jira_datacenter/views.hpp"

namespace belay::sandbox::jira_datacenter {
namespace {

constexpr std::size_t kMostOfAnything = 1'000;

json::array list(const auto& names) {
  json::array all;
  for (const auto& name : names) all.emplace_back(name);
  return all;
}

json::object as_object(const Properties& properties) {
  json::object all;
  for (const auto& [key, value] : properties) all[key] = value;
  return all;
}

json::object issue_state(const Issue& issue) {
  json::array comments;
  for (const auto& comment : issue.comments) {
    comments.push_back(json::object{{"id", std::to_string(comment.id)}, {"author", comment.author}, {"body", comment.body}, {"internal", comment.internal},
                                    {"visibility", comment.visibility ? json::value{{"type", comment.visibility->type}, {"value", comment.visibility->value}} : json::value{}},
                                    {"created", to_iso8601(comment.created)}, {"updated", to_iso8601(comment.updated)}, {"properties", as_object(comment.properties)}});
  }
  json::array worklogs;
  for (const auto& worklog : issue.worklogs) worklogs.push_back(json::object{{"id", std::to_string(worklog.id)}, {"author", worklog.author}, {"seconds", worklog.seconds}, {"comment", worklog.comment}, {"started", to_iso8601(worklog.started)}});
  return {{"id", issue.id},
          {"key", issue.key},
          {"formerKeys", list(issue.former_keys)},
          {"project", issue.project},
          {"summary", issue.summary},
          {"status", issue.status},
          {"reporter", issue.reporter},
          {"assignee", issue.assignee},
          {"participants", list(issue.participants)},
          {"created", to_iso8601(issue.created)},
          {"updated", to_iso8601(issue.updated)},
          {"comments", std::move(comments)},
          {"worklogs", std::move(worklogs)},
          {"properties", as_object(issue.properties)}};
}

auto unknown(std::string_view field, std::string_view what) { return fail("invalid_field", "nothing of the site is called " + std::string(what), {{"field", field}}); }

void take(std::string& into, std::optional<std::string> value) {
  if (value) into = std::move(*value);
}

std::set<std::string> strings(const json::array& from) {
  std::set<std::string> all;
  for (const auto& one : from) {
    if (one.is_string()) all.emplace(one.get_string());
  }
  return all;
}

Result<void> change_behaviour(Behaviour& behaviour, const json::object& patch) {
  json::Reader reader{patch};
  behaviour.retry_after_seconds = reader.optional_integer("retryAfterSeconds", 0, 86'400).value_or(behaviour.retry_after_seconds);
  behaviour.comment_events_name_issue = reader.optional_bool("commentEventsNameIssue").value_or(behaviour.comment_events_name_issue);
  behaviour.internal_comments_become_public = reader.optional_bool("internalCommentsBecomePublic").value_or(behaviour.internal_comments_become_public);
  behaviour.public_comments_become_internal = reader.optional_bool("publicCommentsBecomeInternal").value_or(behaviour.public_comments_become_internal);
  behaviour.admin_needs_scope = reader.optional_bool("adminNeedsScope").value_or(behaviour.admin_needs_scope);
  return reader.finish();
}

Result<void> change_people(Site& site, const json::object& patch) {
  for (const auto& [key, value] : patch) {
    auto* person = site.person(key);
    if (person == nullptr || !value.is_object()) return unknown("people", key);
    json::Reader reader{value.get_object()};
    const auto name = reader.optional_string("name", 128);
    const auto* other = name ? site.signing_in_as(*name) : nullptr;
    if (other != nullptr && other != person) reader.refuse("name", "somebody else signs in with it");
    take(person->name, name);
    take(person->display_name, reader.optional_string("displayName", 255));
    take(person->email, reader.optional_string("email", 255));
    take(person->password, reader.optional_string("password", 255));
    take(person->locale, reader.optional_string("locale", 16));
    take(person->time_zone, reader.optional_string("timeZone", 64));
    take(person->theme, reader.optional_string("theme", 16));
    if (reader.optional_bool("noEmail").value_or(false)) person->email.clear();
    person->active = reader.optional_bool("active").value_or(person->active);
    if (const auto groups = reader.optional_array("groups", kMostOfAnything)) person->groups = strings(*groups);
    BELAY_CHECK(reader.finish());
  }
  return {};
}

Result<void> move(Site& site, Issue& issue, const std::string& key) {
  const auto project = key.substr(0, key.rfind('-'));
  const auto* taken = site.issue(key);
  if (site.project(project) == nullptr || (taken != nullptr && taken != &issue)) return unknown("key", key);
  std::erase(issue.former_keys, key);
  issue.former_keys.push_back(issue.key);
  issue.key = key;
  issue.project = project;
  return {};
}

Result<void> change_issues(Site& site, const json::object& patch, Time now, std::vector<Aftermath::Happening>& happenings) {
  for (const auto& [id, value] : patch) {
    auto* issue = site.issue(id);
    if (issue == nullptr || !value.is_object()) return unknown("issues", id);
    json::Reader reader{value.get_object()};
    take(issue->summary, reader.optional_string("summary", 1'020));
    take(issue->status, reader.optional_string("status", 64));
    const auto reporter = reader.optional_string("reporter", 128);
    const auto assignee = reader.optional_string("assignee", 128);
    const auto participants = reader.optional_array("participants", kMostOfAnything);
    const auto key = reader.optional_string("key", 64);
    const bool unassigned = reader.optional_bool("unassigned").value_or(false);
    const bool deleted = reader.optional_bool("deleted").value_or(false);
    BELAY_CHECK(reader.finish());
    take(issue->reporter, reporter);
    take(issue->assignee, assignee);
    if (unassigned) issue->assignee.clear();
    if (participants) {
      const auto names = strings(*participants);
      issue->participants.assign(names.begin(), names.end());
    }
    std::vector<std::string> named{issue->reporter, issue->assignee};
    named.insert(named.end(), issue->participants.begin(), issue->participants.end());
    for (const auto& person : named) {
      if (!person.empty() && site.person(person) == nullptr) return unknown("issues", person);
    }
    if (key && *key != issue->key) BELAY_CHECK(move(site, *issue, *key));
    issue->updated = now;
    happenings.push_back({.event = deleted ? "deleted" : "updated", .issue = *issue});
    if (deleted) std::erase_if(site.issues, [gone = issue->id](const Issue& one) { return one.id == gone; });
  }
  return {};
}

Result<void> change_webhooks(Site& site, const json::array& wanted) {
  site.webhooks.clear();
  for (const auto& one : wanted) {
    if (!one.is_object()) return unknown("webhooks", "what is no object");
    BELAY_CHECK(add_webhook(site, one.get_object()));
  }
  return {};
}

// Access tokens that are over now; their refresh tokens still work.
void end_access_tokens(Site& site, Time now) {
  for (auto& [text, token] : site.tokens) {
    if (!token.is_personal()) token.ends = now;
  }
}

}  // namespace

json::object state_of(const Site& site) {
  json::array clients;
  for (const auto& client : site.clients) clients.push_back(json::object{{"clientId", client.id}, {"name", client.name}, {"scope", client.scope}, {"redirectUris", list(client.redirect_uris)}});
  json::array webhooks;
  for (const auto& webhook : site.webhooks) webhooks.push_back(json::object{{"id", webhook.id}, {"url", webhook.url}, {"signed", !webhook.secret.empty()}, {"events", list(webhook.events)}, {"enabled", webhook.enabled}});
  json::array people;
  for (const auto& person : site.people) {
    people.push_back(json::object{{"key", person.key}, {"name", person.name}, {"displayName", person.display_name}, {"email", person.email}, {"active", person.active}, {"locale", person.locale}, {"timeZone", person.time_zone}, {"theme", person.theme}, {"groups", list(person.groups)}});
  }
  json::array projects;
  for (const auto& project : site.projects) {
    projects.push_back(json::object{{"id", project.id}, {"key", project.key}, {"name", project.name}, {"kind", project.service ? "service_desk" : "software"}, {"desk", project.desk},
                                    {"agents", list(project.agents)}, {"editors", list(project.editors)}, {"viewers", list(project.viewers)}, {"admins", list(project.admins)}});
  }
  json::array issues;
  for (const auto& issue : site.issues) issues.push_back(issue_state(issue));
  json::array tokens;
  for (const auto& [text, token] : site.tokens) {
    if (token.is_personal()) tokens.push_back(json::object{{"id", token.id}, {"name", token.name}, {"person", token.person}, {"ends", token.ends ? json::value(to_iso8601(*token.ends)) : json::value{}}});
  }
  return {{"name", site.name},
          {"host", site.host},
          {"url", site.url},
          {"title", site.title},
          {"version", site.version},
          {"deployment", site.server ? "Server" : "Data Center"},
          {"behaviour", json::object{{"retryAfterSeconds", site.behaviour.retry_after_seconds},
                                     {"commentEventsNameIssue", site.behaviour.comment_events_name_issue},
                                     {"internalCommentsBecomePublic", site.behaviour.internal_comments_become_public},
                                     {"publicCommentsBecomeInternal", site.behaviour.public_comments_become_internal},
                                     {"adminNeedsScope", site.behaviour.admin_needs_scope}}},
          {"clients", std::move(clients)},
          {"webhooks", std::move(webhooks)},
          {"people", std::move(people)},
          {"projects", std::move(projects)},
          {"issues", std::move(issues)},
          {"personalTokens", std::move(tokens)}};
}

Result<Aftermath> change(Site& site, const json::object& patch, Time now) {
  Aftermath aftermath;
  json::Reader reader{patch};
  take(site.version, reader.optional_string("version", 16));
  const auto behaviour = reader.optional_object("behaviour");
  const auto redirects = reader.optional_array("redirectUris", kMostOfAnything);
  const auto webhooks = reader.optional_array("webhooks", kMostOfAnything);
  const auto people = reader.optional_object("people");
  const auto issues = reader.optional_object("issues");
  const auto new_issues = reader.optional_array("newIssues", kMostOfAnything);
  const auto end_tokens = reader.optional_bool("endTokens");
  take(aftermath.revoked, reader.optional_string("revokeTokensOf", 128));
  BELAY_CHECK(reader.finish());
  if (behaviour) BELAY_CHECK(change_behaviour(site.behaviour, *behaviour));
  if (redirects) {
    for (auto& client : site.clients) client.redirect_uris = strings(*redirects);
  }
  if (webhooks) BELAY_CHECK(change_webhooks(site, *webhooks));
  if (people) BELAY_CHECK(change_people(site, *people));
  if (issues) BELAY_CHECK(change_issues(site, *issues, now, aftermath.happenings));
  for (const auto& one : new_issues.value_or(json::array{})) {
    if (!one.is_object()) return unknown("newIssues", "what is no object");
    BELAY_TRY(issue, add_issue(site, one.get_object(), now));
    aftermath.happenings.push_back({.event = "created", .issue = *issue});
  }
  if (end_tokens.value_or(false)) end_access_tokens(site, now);
  std::erase_if(site.tokens, [&](const auto& entry) { return entry.second.person == aftermath.revoked; });
  return aftermath;
}

}  // namespace belay::sandbox::jira_datacenter
