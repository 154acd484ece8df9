#include "sandbox/jira_cloud/views.hpp"

#include "net/message.hpp"
#include "sandbox/jira_cloud/visibility.hpp"

namespace belay::sandbox::jira_cloud {
namespace {

// How many comments Jira puts into an issue that is asked for with its comments.
constexpr std::size_t kEmbeddedComments = 100;

json::object status_of(const std::string& name) {
  const bool done = name == "Done" || name == "Resolved" || name == "Closed";
  const bool waiting = name == "Open" || name == "To Do" || name == "Waiting for support";
  return {{"name", name},
          {"id", std::to_string(10000 + name.size())},
          {"statusCategory", json::object{{"key", done ? "done" : waiting ? "new" : "indeterminate"}, {"name", done ? "Done" : waiting ? "To Do" : "In Progress"}}}};
}

}  // namespace

std::string jira_time(Time time) {
  auto text = to_iso8601_millis(time);
  text.replace(text.size() - 1, 1, "+0000");
  return text;
}

json::object Views::avatars(std::string_view account_id) const {
  const auto address = site_.url + "/avatars/" + net::percent_encode(account_id);
  return {{"48x48", address + "?size=48"}, {"24x24", address + "?size=24"}, {"16x16", address + "?size=16"}, {"32x32", address + "?size=32"}};
}

json::value Views::user(std::string_view account_id, Detail detail) const {
  const auto* person = site_.person(account_id);
  if (person == nullptr) return nullptr;
  json::object user{{"self", api_ + "/rest/api/3/user?accountId=" + net::percent_encode(person->account_id)},
                    {"accountId", person->account_id},
                    {"accountType", person->type},
                    {"avatarUrls", avatars(person->account_id)},
                    {"displayName", person->name},
                    {"active", person->active},
                    {"timeZone", person->time_zone}};
  if (person->email_visible && !person->email.empty()) user["emailAddress"] = person->email;
  else if (detail == Detail::full) user["emailAddress"] = nullptr;
  if (detail == Detail::full) user["locale"] = std::string(person->locale).replace(2, 1, "_");
  return user;
}

json::object Views::comment(const Issue& issue, const Comment& comment, bool with_properties) const {
  json::object view{{"self", api_ + "/rest/api/3/issue/" + issue.id + "/comment/" + std::to_string(comment.id)},
                    {"id", std::to_string(comment.id)},
                    {"author", user(comment.author, Detail::embedded)},
                    {"body", comment.body},
                    {"updateAuthor", user(comment.editor, Detail::embedded)},
                    {"created", jira_time(comment.created)},
                    {"updated", jira_time(comment.updated)},
                    {"jsdPublic", comment.is_public}};
  if (comment.visibility) view["visibility"] = visibility_view(*comment.visibility);
  if (with_properties) {
    json::array properties;
    for (const auto& [key, value] : comment.properties) properties.push_back(json::object{{"key", key}, {"value", value}});
    view["properties"] = std::move(properties);
  }
  return view;
}

json::object Views::project(const Project& project) const {
  return {{"self", api_ + "/rest/api/3/project/" + project.id},
          {"id", project.id},
          {"key", project.key},
          {"name", project.name},
          {"projectTypeKey", project.kind},
          {"simplified", false},
          {"avatarUrls", json::object{{"48x48", site_.url + "/avatars/project-" + project.key}}}};
}

json::object Views::issue(const Issue& issue, const Caller& caller, const std::set<std::string>& fields) const {
  const bool all = fields.contains("*all") || fields.contains("*navigable");
  json::object shown;
  const auto put = [&](const std::string& name, auto make) {
    if (fields.contains("-" + name)) return;
    if (all || fields.contains(name)) shown[name] = make();
  };
  put("summary", [&] { return json::value(issue.summary); });
  put("description", [&] { return issue.description; });
  put("issuetype", [&] { return json::value(json::object{{"id", issue.type_id}, {"name", issue.type}, {"subtask", false}}); });
  put("status", [&] { return json::value(status_of(issue.status)); });
  put("priority", [&] { return json::value(json::object{{"id", "3"}, {"name", issue.priority}}); });
  put("project", [&] {
    const auto* found = site_.project(issue.project);
    return found == nullptr ? json::value(nullptr) : json::value(project(*found));
  });
  put("reporter", [&] { return user(issue.reporter, Detail::embedded); });
  put("creator", [&] { return user(issue.reporter, Detail::embedded); });
  put("assignee", [&] { return user(issue.assignee, Detail::embedded); });
  put("labels", [&] { return json::value(json::array{}); });
  put("created", [&] { return json::value(jira_time(issue.created)); });
  put("updated", [&] { return json::value(jira_time(issue.updated)); });
  put("comment", [&] {
    json::array comments;
    std::size_t total = 0;
    for (const auto& one : issue.comments) {
      if (!may_see(site_, caller, issue, one)) continue;
      if (++total <= kEmbeddedComments) comments.push_back(comment(issue, one, false));
    }
    const auto self = api_ + "/rest/api/3/issue/" + issue.id + "/comment";
    return json::value(json::object{{"comments", comments}, {"self", self}, {"maxResults", comments.size()}, {"total", total}, {"startAt", 0}});
  });
  return {{"expand", "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations"},
          {"id", issue.id},
          {"self", api_ + "/rest/api/3/issue/" + issue.id},
          {"key", issue.key},
          {"fields", std::move(shown)}};
}

}  // namespace belay::sandbox::jira_cloud
