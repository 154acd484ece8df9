// Who there is, and who may what.
#include <algorithm>
#include <charconv>

#include "sandbox/jira_datacenter/rest.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_datacenter {
namespace {

json::object permission(std::string_view key, bool have) {
  return {{"id", "1"}, {"key", key}, {"name", key}, {"type", key == "ADMINISTER" ? "GLOBAL" : "PROJECT"}, {"description", ""}, {"havePermission", have}};
}

}  // namespace

net::Response server_info(RestCall& call) {
  json::array numbers;
  std::string_view rest = call.site.version;
  while (!rest.empty()) {
    int number = 0;
    std::from_chars(rest.data(), rest.data() + rest.size(), number);
    numbers.emplace_back(number);
    const auto dot = rest.find('.');
    rest = dot == std::string_view::npos ? std::string_view{} : rest.substr(dot + 1);
  }
  return json_answer(200, json::object{{"baseUrl", call.site.url}, {"version", call.site.version}, {"versionNumbers", std::move(numbers)}, {"deploymentType", call.site.server ? "Server" : "Data Center"}, {"buildNumber", 1'000}, {"serverTitle", call.site.title}});
}

net::Response get_myself(RestCall& call) { return json_answer(200, user_view(call.site, call.caller)); }

net::Response get_user(RestCall& call) {
  const auto key = call.request.parameter("key");
  const auto name = call.request.parameter("username");
  if (!key && !name) return refusal(400, "Either the 'username' or the 'key' query parameters need to be provided");
  const auto* person = key ? call.site.person(*key) : call.site.signing_in_as(*name);
  if (person == nullptr) return refusal(404, key ? "The user with the key '" + std::string(*key) + "' does not exist" : "The user named '" + std::string(*name) + "' does not exist");
  auto view = user_view(call.site, person->key);
  if (call.request.parameter("expand") == "groups") {
    json::array items;
    for (const auto& group : person->groups) items.push_back(json::object{{"name", group}, {"self", call.site.url + "/rest/api/2/group?groupname=" + group}});
    view["groups"] = json::object{{"size", items.size()}, {"items", std::move(items)}};
  }
  return json_answer(200, view);
}

net::Response find_groups(RestCall& call) {
  const auto query = call.request.parameter("query").value_or("");
  std::set<std::string> names;
  for (const auto& person : call.site.people) names.insert(person.groups.begin(), person.groups.end());
  json::array groups;
  for (const auto& name : names) {
    if (name.contains(query)) groups.push_back(json::object{{"name", name}, {"html", escape_html(name)}, {"labels", json::array{}}});
  }
  return json_answer(200, json::object{{"header", "Showing " + std::to_string(groups.size()) + " matching groups"}, {"total", groups.size()}, {"groups", std::move(groups)}});
}

// All of them are told, whatever is asked for.
net::Response my_permissions(RestCall& call) {
  auto& site = call.site;
  const Project* project = nullptr;
  const auto issue_name = call.request.parameter("issueId") ? call.request.parameter("issueId") : call.request.parameter("issueKey");
  const auto project_name = call.request.parameter("projectId") ? call.request.parameter("projectId") : call.request.parameter("projectKey");
  if (issue_name) {
    const auto* issue = site.issue(*issue_name);
    project = issue == nullptr ? nullptr : site.project(issue->project);
  } else if (project_name) {
    project = site.project(*project_name);
  }
  const bool placed = issue_name || project_name;
  if (placed && (project == nullptr || !site.may_browse(call.caller, *project))) return refusal(404, issue_name ? "Issue Does Not Exist" : "No project could be found with that key or id.");
  const bool has_service_desk = std::ranges::any_of(site.projects, &Project::service);
  const bool browse = project != nullptr && site.may_browse(call.caller, *project);
  const bool edit = project != nullptr && site.may_edit(call.caller, *project);
  json::object all{{"BROWSE_PROJECTS", permission("BROWSE_PROJECTS", browse)},
                   {"EDIT_ISSUES", permission("EDIT_ISSUES", edit)},
                   {"ADD_COMMENTS", permission("ADD_COMMENTS", browse)},
                   {"WORK_ON_ISSUES", permission("WORK_ON_ISSUES", edit)},
                   {"ADMINISTER_PROJECTS", permission("ADMINISTER_PROJECTS", project != nullptr && site.may_administer(call.caller, *project))},
                   {"ADMINISTER", permission("ADMINISTER", site.is_admin(call.caller))}};
  if (has_service_desk) all["SERVICEDESK_AGENT"] = permission("SERVICEDESK_AGENT", edit && project->service);
  return json_answer(200, json::object{{"permissions", std::move(all)}});
}

net::Response get_project(RestCall& call) {
  const auto* project = call.site.project(call.arguments.at(0));
  if (project == nullptr || !call.site.may_browse(call.caller, *project)) return refusal(404, "No project could be found with key '" + call.arguments.at(0) + "'.");
  return json_answer(200, json::object{{"id", project->id}, {"key", project->key}, {"name", project->name}, {"projectTypeKey", project->service ? "service_desk" : "software"}});
}

}  // namespace belay::sandbox::jira_datacenter
