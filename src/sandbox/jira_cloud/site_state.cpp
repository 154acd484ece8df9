#include "sandbox/jira_cloud/site_state.hpp"

#include <algorithm>

#include "sandbox/jira_cloud/document.hpp"
#include "sandbox/jira_cloud/visibility.hpp"

namespace belay::sandbox::jira_cloud {
namespace {

json::object comment_state(const Comment& comment) {
  json::object properties;
  for (const auto& [key, value] : comment.properties) properties[key] = value;
  json::object state{{"id", std::to_string(comment.id)},
                     {"author", comment.author},
                     {"public", comment.is_public},
                     {"created", to_iso8601(comment.created)},
                     {"updated", to_iso8601(comment.updated)},
                     {"text", document_text(comment.body)},
                     {"body", comment.body},
                     {"properties", std::move(properties)}};
  if (comment.visibility) state["visibility"] = visibility_view(*comment.visibility);
  return state;
}

template <class Names>
json::array list_of(const Names& names) { return json::array(names.begin(), names.end()); }

json::object issue_state(const Issue& issue) {
  json::array comments;
  for (const auto& comment : issue.comments) comments.push_back(comment_state(comment));
  json::object properties;
  for (const auto& [key, value] : issue.properties) properties[key] = value;
  json::array worklogs;
  for (const auto& worklog : issue.worklogs) worklogs.push_back(json::object{{"id", std::to_string(worklog.id)}, {"author", worklog.author}, {"started", to_iso8601(worklog.started)}, {"seconds", worklog.seconds}, {"text", worklog.comment.empty() ? std::string() : document_text(worklog.comment)}});
  return {{"id", issue.id},         {"key", issue.key},           {"project", issue.project},   {"summary", issue.summary},
          {"status", issue.status}, {"reporter", issue.reporter}, {"assignee", issue.assignee}, {"participants", list_of(issue.participants)}, {"organizations", list_of(issue.organizations)},
          {"properties", std::move(properties)}, {"comments", std::move(comments)}, {"worklogs", std::move(worklogs)}};
}

std::unexpected<Error> unknown(std::string_view field, std::string_view what) { return fail("invalid_field", std::string(what) + " is unknown", {{"field", field}, {"rule", "known"}}); }

// What Jira keeps of a deleted account: that somebody wrote, reported or worked on it.
void forget_person(Site& site, Person& person) {
  for (auto& group : site.groups) group.members.erase(person.account_id);
  for (auto& project : site.projects) {
    for (auto& role : project.roles) role.members.erase(person.account_id);
  }
  person = Person{.account_id = person.account_id, .name = "Former user", .email = {}, .email_visible = false, .active = false, .deleted = true, .type = person.type, .job = {}, .locale = person.locale, .time_zone = person.time_zone, .theme = person.theme, .changed_at = person.changed_at, .organizations = {}};
}

void take(std::string& place, const std::optional<std::string>& value) {
  if (value) place = *value;
}

template <class Known>
Result<void> take_names(std::vector<std::string>& place, const std::optional<json::array>& given, std::string_view field, Known known) {
  if (!given) return {};
  std::vector<std::string> names;
  for (const auto& one : *given) {
    if (!one.is_string() || !known(std::string(one.get_string()))) return unknown(field, "one of them");
    names.emplace_back(one.get_string());
  }
  place = std::move(names);
  return {};
}

}  // namespace

json::object state_of(const Site& site) {
  json::array people;
  for (const auto& person : site.people) {
    json::array groups;
    for (const auto& group : site.groups) {
      if (group.members.contains(person.account_id)) groups.emplace_back(group.name);
    }
    people.push_back(json::object{{"deleted", person.deleted}, {"accountId", person.account_id}, {"name", person.name},     {"email", person.email}, {"emailVisible", person.email_visible}, {"active", person.active},
                                  {"type", person.type},            {"locale", person.locale}, {"timeZone", person.time_zone}, {"theme", person.theme},         {"groups", std::move(groups)}, {"organizations", list_of(person.organizations)}});
  }
  json::array projects;
  for (const auto& project : site.projects) {
    json::object roles;
    for (const auto& role : project.roles) {
      json::array members(role.members.begin(), role.members.end());
      for (const auto& group : role.groups) members.emplace_back("group:" + group);
      roles[role.name] = std::move(members);
    }
    projects.push_back(json::object{{"id", project.id}, {"key", project.key}, {"name", project.name}, {"kind", project.kind}, {"roles", std::move(roles)}});
  }
  json::array issues;
  for (const auto& issue : site.issues) issues.push_back(issue_state(issue));
  return {{"host", site.host},
          {"url", site.url},
          {"cloudId", site.cloud_id},
          {"name", site.name},
          {"appAccount", site.app_account},
          {"behaviour",
           json::object{{"limitIssueWrites", site.behaviour.limit_issue_writes},
                        {"internalCommentsBecomePublic", site.behaviour.internal_comments_become_public},
                        {"publicCommentsBecomeInternal", site.behaviour.public_comments_become_internal},
                        {"userEmailsReadable", site.behaviour.user_emails_readable},
                        {"accountReportDays", site.behaviour.account_report_days}}},
          {"people", std::move(people)},
          {"projects", std::move(projects)},
          {"issues", std::move(issues)}};
}

Result<void> change_behaviour(Site& site, const json::object& patch) {
  json::Reader reader{patch};
  auto& behaviour = site.behaviour;
  behaviour.limit_issue_writes = reader.optional_bool("limitIssueWrites").value_or(behaviour.limit_issue_writes);
  behaviour.internal_comments_become_public = reader.optional_bool("internalCommentsBecomePublic").value_or(behaviour.internal_comments_become_public);
  behaviour.public_comments_become_internal = reader.optional_bool("publicCommentsBecomeInternal").value_or(behaviour.public_comments_become_internal);
  behaviour.user_emails_readable = reader.optional_bool("userEmailsReadable").value_or(behaviour.user_emails_readable);
  behaviour.account_report_days = reader.optional_integer("accountReportDays", 1, 365).value_or(behaviour.account_report_days);
  return reader.finish();
}

Result<void> change_people(Site& site, const json::object& patch, Time now) {
  for (const auto& [account, change] : patch) {
    auto* person = site.person(account);
    if (person == nullptr || person->deleted || !change.is_object()) return unknown("people", account);
    json::Reader reader{change.get_object()};
    const auto name_before = person->name;
    const auto email_before = person->email;
    take(person->name, reader.optional_string("name", 255));
    take(person->email, reader.optional_string("email", 255));
    take(person->locale, reader.optional_string("locale", 16));
    take(person->time_zone, reader.optional_string("timeZone", 64));
    take(person->theme, reader.optional_string("theme", 16));
    person->email_visible = reader.optional_bool("emailVisible").value_or(person->email_visible);
    person->active = reader.optional_bool("active").value_or(person->active);
    const auto groups = reader.optional_array("groups", 100);
    const bool deleted = reader.optional_bool("deleted").value_or(false);
    BELAY_CHECK(reader.finish());
    if (deleted || person->name != name_before || person->email != email_before) person->changed_at = now;
    if (deleted) {
      forget_person(site, *person);
      continue;
    }
    if (!groups) continue;
    for (auto& group : site.groups) group.members.erase(person->account_id);
    for (const auto& name : *groups) {
      auto* group = name.is_string() ? site.group(name.get_string()) : nullptr;
      if (group == nullptr) return unknown("groups", "a group");
      group->members.insert(person->account_id);
    }
  }
  return {};
}

Result<void> change_roles(Site& site, const json::object& patch) {
  for (const auto& [key, roles] : patch) {
    const auto project = std::ranges::find_if(site.projects, [&](const Project& one) { return one.key == std::string_view(key); });
    if (project == site.projects.end() || !roles.is_object()) return unknown("roles", key);
    for (const auto& [name, members] : roles.get_object()) {
      const auto role = std::ranges::find_if(project->roles, [&](const Role& one) { return one.name == std::string_view(name); });
      if (role == project->roles.end() || !members.is_array()) return unknown("roles", name);
      role->members.clear();
      role->groups.clear();
      for (const auto& member : members.get_array()) {
        const std::string text = member.is_string() ? std::string(member.get_string()) : std::string{};
        if (text.starts_with("group:")) role->groups.insert(text.substr(6));
        else if (site.person(text) == nullptr) return unknown("roles", text);
        else role->members.insert(text);
      }
    }
  }
  return {};
}

Result<void> change_issues(Site& site, const json::object& patch, std::vector<IssueHappening>& happenings) {
  for (const auto& [id, change] : patch) {
    auto* issue = site.issue(id);
    if (issue == nullptr || !change.is_object()) return unknown("issues", id);
    json::Reader reader{change.get_object()};
    take(issue->summary, reader.optional_string("summary", 1020));
    take(issue->status, reader.optional_string("status", 64));
    take(issue->reporter, reader.optional_string("reporter", 128));
    take(issue->assignee, reader.optional_string("assignee", 128));
    const auto participants = reader.optional_array("participants", 100);
    const auto organizations = reader.optional_array("organizations", 100);
    const auto moved_to = reader.optional_string("key", 64);
    const bool deleted = reader.optional_bool("deleted").value_or(false);
    BELAY_CHECK(reader.finish());
    for (const auto& account : {issue->reporter, issue->assignee}) {
      if (!account.empty() && site.person(account) == nullptr) return unknown("issues", account);
    }
    BELAY_CHECK(take_names(issue->participants, participants, "participants", [&](const std::string& account) { return site.person(account) != nullptr; }));
    BELAY_CHECK(take_names(issue->organizations, organizations, "organizations", [](const std::string& name) { return !name.empty(); }));
    if (moved_to && *moved_to != issue->key) {
      const auto project = moved_to->substr(0, moved_to->find('-'));
      if (site.project(project) == nullptr) return unknown("key", project);
      issue->former_keys.push_back(issue->key);
      issue->key = *moved_to;
      issue->project = project;
    }
    const auto* project = site.project(issue->project);
    happenings.push_back({.cloud_id = site.cloud_id,
                          .event = deleted ? "avi:jira:deleted:issue" : "avi:jira:updated:issue",
                          .account = issue->reporter,
                          .by_app = false,
                          .issue_id = issue->id,
                          .issue_key = issue->key,
                          .project_id = project == nullptr ? "" : project->id,
                          .project_key = issue->project,
                          .comment = {}});
    if (deleted) std::erase_if(site.issues, [&, gone = issue->id](const Issue& one) { return one.id == gone; });
  }
  return {};
}

}  // namespace belay::sandbox::jira_cloud
