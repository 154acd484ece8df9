// Permissions, projects and their roles, and what the server says about itself.
#include <algorithm>

#include "sandbox/clock.hpp"
#include "sandbox/jira_cloud/rest.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_cloud {
namespace {

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> parts;
  while (!list.empty()) {
    const auto end = list.find(',');
    if (end != 0) parts.emplace_back(list.substr(0, end));
    if (end == std::string_view::npos) break;
    list.remove_prefix(end + 1);
  }
  return parts;
}

/// The project that the question is about; an issue or project that the caller may not see is an answer of its own.
std::expected<const Project*, net::Response> asked_project(RestCall& call) {
  const auto issue_id = call.request.parameter("issueKey") ? call.request.parameter("issueKey") : call.request.parameter("issueId");
  if (issue_id) {
    const auto* issue = call.site.issue(*issue_id);
    if (issue == nullptr || !may_browse(call.site, call.caller, *issue)) return std::unexpected(no_such_issue());
    return call.site.project(issue->project);
  }
  const auto project_id = call.request.parameter("projectKey") ? call.request.parameter("projectKey") : call.request.parameter("projectId");
  if (!project_id) return nullptr;
  const auto* project = call.site.project(*project_id);
  if (project == nullptr || !has_permission(call.site, call.caller, "BROWSE_PROJECTS", project)) {
    return std::unexpected(refusal(404, "No project could be found with key '" + std::string(*project_id) + "'."));
  }
  return project;
}

const Project* visible_project(RestCall& call) {
  const auto* project = call.site.project(call.arguments.at(0));
  return project != nullptr && has_permission(call.site, call.caller, "BROWSE_PROJECTS", project) ? project : nullptr;
}

/// The ids of `asked` (numbers) whose project grants the permission; `project_of` finds it, or nothing.
template <class Find>
json::array granted_ids(const json::array* asked, Find project_of, const Site& site, const Caller& caller, std::string_view key) {
  json::array ids;
  if (asked == nullptr) return ids;
  for (const auto& id : *asked) {
    const Project* project = id.is_int64() ? project_of(std::to_string(id.get_int64())) : nullptr;
    if (project != nullptr && has_permission(site, caller, key, project)) ids.push_back(id);
  }
  return ids;
}

/// One member of projectPermissions: {permissions, issues, projects}.
std::expected<json::array, net::Response> answer_question(Site& site, const Caller& caller, const json::value& question) {
  const auto* object = question.if_object();
  const auto* keys = object == nullptr ? nullptr : json::array_at(*object, "permissions");
  if (keys == nullptr) return std::unexpected(refusal(400, "permissions must be provided."));
  const auto of_issue = [&](const std::string& id) -> const Project* {
    const auto* issue = site.issue(id);
    return issue == nullptr ? nullptr : site.project(issue->project);
  };
  const auto of_project = [&](const std::string& id) -> const Project* { return site.project(id); };
  json::array granted;
  for (const auto& key : *keys) {
    if (!key.is_string() || permission(key.get_string()) == nullptr) return std::unexpected(refusal(400, "Unrecognized permission"));
    granted.push_back(json::object{{"permission", key},
                                   {"issues", granted_ids(json::array_at(*object, "issues"), of_issue, site, caller, key.get_string())},
                                   {"projects", granted_ids(json::array_at(*object, "projects"), of_project, site, caller, key.get_string())}});
  }
  return granted;
}

net::Response no_such_project(const std::string& key) { return refusal(404, "No project could be found with key '" + key + "'."); }

}  // namespace

net::Response my_permissions(RestCall& call) {
  const auto wanted = split(call.request.parameter("permissions").value_or(""));
  if (wanted.empty()) return refusal(400, "The 'permissions' query parameter is required.");
  const auto project = asked_project(call);
  if (!project) return project.error();
  json::object permissions;
  for (const auto& key : wanted) {
    const auto* known = permission(key);
    if (known == nullptr) return refusal(400, "Unrecognized permission");
    permissions[key] = json::object{{"id", known->id},
                                    {"key", known->key},
                                    {"name", known->name},
                                    {"type", known->global ? "GLOBAL" : "PROJECT"},
                                    {"description", known->name},
                                    {"havePermission", has_permission(call.site, call.caller, key, *project)}};
  }
  return json_answer(200, json::object{{"permissions", std::move(permissions)}});
}

net::Response check_permissions(RestCall& call) {
  const auto body = json::parse_object(call.request.body);
  if (!body) return refusal(400, "Unexpected character or end of input in the request body.");
  auto caller = call.caller;
  if (const auto account = json::string_at(*body, "accountId"); account && *account != caller.account) {
    if (!caller.is_app && !is_jira_admin(call.site, caller.account)) return refusal(403, "Only Jira administrators can check the permissions of other users.");
    if (call.site.person(*account) == nullptr) return refusal(400, "The specified user does not exist.");
    caller = {*account, false};
  }
  json::array global;
  if (const auto* keys = json::array_at(*body, "globalPermissions")) {
    for (const auto& key : *keys) {
      if (key.is_string() && has_permission(call.site, caller, key.get_string(), nullptr)) global.push_back(key);
    }
  }
  json::array granted;
  if (const auto* questions = json::array_at(*body, "projectPermissions")) {
    for (const auto& question : *questions) {
      auto answered = answer_question(call.site, caller, question);
      if (!answered) return answered.error();
      for (auto& one : *answered) granted.push_back(std::move(one));
    }
  }
  return json_answer(200, json::object{{"projectPermissions", std::move(granted)}, {"globalPermissions", std::move(global)}});
}

net::Response get_project(RestCall& call) {
  const auto* project = visible_project(call);
  return project == nullptr ? no_such_project(call.arguments[0]) : json_answer(200, call.views.project(*project));
}

net::Response get_project_roles(RestCall& call) {
  const auto* project = visible_project(call);
  if (project == nullptr) return no_such_project(call.arguments[0]);
  json::object roles;
  for (const auto& role : project->roles) roles[role.name] = call.views.api() + "/rest/api/3/project/" + project->id + "/role/" + std::to_string(role.id);
  return json_answer(200, roles);
}

net::Response get_project_role(RestCall& call) {
  const auto* project = visible_project(call);
  if (project == nullptr) return no_such_project(call.arguments[0]);
  const auto role = std::ranges::find_if(project->roles, [&](const Role& one) { return std::to_string(one.id) == call.arguments[1]; });
  if (role == project->roles.end()) return refusal(404, "Can not retrieve a role that does not exist.");
  if (!call.caller.is_app && !has_permission(call.site, call.caller, "ADMINISTER_PROJECTS", project) && !is_jira_admin(call.site, call.caller.account)) {
    return refusal(403, "You do not have permission to see the members of this role.");
  }
  json::array actors;
  for (const auto& member : role->members) {
    const auto* person = call.site.person(member);
    actors.push_back(json::object{{"id", actors.size() + 1}, {"displayName", person == nullptr ? "" : person->name}, {"type", "atlassian-user-role-actor"}, {"actorUser", json::object{{"accountId", member}}}});
  }
  for (const auto& name : role->groups) {
    const auto* group = call.site.group(name);
    actors.push_back(json::object{{"id", actors.size() + 1}, {"displayName", name}, {"type", "atlassian-group-role-actor"}, {"actorGroup", json::object{{"name", name}, {"displayName", name}, {"groupId", group == nullptr ? "" : group->id}}}});
  }
  return json_answer(200, json::object{{"self", call.views.api() + "/rest/api/3/project/" + project->id + "/role/" + call.arguments[1]}, {"name", role->name}, {"id", role->id}, {"description", ""}, {"actors", std::move(actors)}});
}

net::Response server_info(RestCall& call) {
  return json_answer(200, json::object{{"baseUrl", call.site.url},
                                       {"version", "1001.0.0-SNAPSHOT"},
                                       {"versionNumbers", json::array{1001, 0, 0}},
                                       {"deploymentType", "Cloud"},
                                       {"buildNumber", 100250},
                                       {"serverTime", jira_time(call.stage.clock.now())},
                                       {"serverTitle", call.site.name}});
}

}  // namespace belay::sandbox::jira_cloud
