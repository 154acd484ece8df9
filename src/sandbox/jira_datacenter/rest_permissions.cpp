// Who may what.
#include <utility>

#include "sandbox/jira_datacenter/rest.hpp"
#include "sandbox/jira_datacenter/rights.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_datacenter {
namespace {

struct Place {
  const Project* project = nullptr;   ///< none: nowhere in particular
  bool is_missing = false;
  std::string_view kind;              ///< what was not found
};

// Where they ask about: an issue before a project, an id before a key.
Place place_of(const RestCall& call) {
  const auto& site = call.site();
  for (const auto* name : {"issueId", "issueKey"}) {
    const auto wanted = call.request.parameter(name);
    if (!wanted) continue;
    const auto* issue = std::as_const(site).issue(*wanted);
    const auto* project = issue == nullptr ? nullptr : site.project(issue->project);
    const bool sees = project != nullptr && may_browse(site, call.caller(), *project);
    return {.project = project, .is_missing = !sees, .kind = "issue"};
  }
  for (const auto* name : {"projectId", "projectKey"}) {
    const auto wanted = call.request.parameter(name);
    if (!wanted) continue;
    const auto* project = site.project(*wanted);
    const bool sees = project != nullptr && may_browse(site, call.caller(), *project);
    return {.project = project, .is_missing = !sees, .kind = "project"};
  }
  return {};
}

class Permissions final {
 public:
  void add(std::string_view key, std::string_view name, std::string_view type, bool have) {
    all_[key] = json::object{{"id", std::to_string(++next_)}, {"key", key}, {"name", name}, {"type", type}, {"description", name}, {"havePermission", have}};
  }
  [[nodiscard]] json::object take() { return std::move(all_); }

 private:
  json::object all_;
  int next_ = 0;
};

}  // namespace

// All of them are told, whatever `permissions` asks for: that parameter is Cloud's.
net::Response my_permissions(RestCall& call) {
  const auto& site = call.site();
  const auto place = place_of(call);
  if (place.is_missing) return refusal(404, place.kind == "issue" ? "Issue Does Not Exist" : "No project could be found with that key or id.");
  const auto* project = place.project;
  const bool browse = project != nullptr && may_browse(site, call.caller(), *project);
  const bool edit = project != nullptr && may_edit(site, call.caller(), *project);
  Permissions all;
  all.add("ADMINISTER", "Jira Administrators", "GLOBAL", calls_as_admin(call));
  all.add("ADMINISTER_PROJECTS", "Administer Projects", "PROJECT", project != nullptr && may_administer(site, call.caller(), *project));
  all.add("BROWSE_PROJECTS", "Browse Projects", "PROJECT", browse);
  all.add("EDIT_ISSUES", "Edit Issues", "PROJECT", edit);
  all.add("ADD_COMMENTS", "Add Comments", "PROJECT", browse);
  all.add("WORK_ON_ISSUES", "Work On Issues", "PROJECT", edit);
  if (site.has_service_management()) all.add("SERVICEDESK_AGENT", "Service Project Agent", "PROJECT", project != nullptr && is_agent(site, call.caller(), *project));
  return json_answer(200, json::object{{"permissions", all.take()}});
}

net::Response get_project(RestCall& call) {
  const auto* project = call.site().project(call.arguments.at(0));
  if (project == nullptr || !may_browse(call.site(), call.caller(), *project)) return refusal(404, "No project could be found with key '" + call.arguments.at(0) + "'.");
  return json_answer(200, project_view(call.site(), *project));
}

}  // namespace belay::sandbox::jira_datacenter
