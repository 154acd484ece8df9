#include "sandbox/jira_cloud/rights.hpp"

#include <algorithm>
#include <array>

namespace belay::sandbox::jira_cloud {
namespace {

constexpr std::string_view kAdminGroup = "jira-administrators";

constexpr std::array<Permission, 19> kPermissions{{
    {"0", "ADMINISTER", "Administer Jira", true},
    {"27", "USER_PICKER", "Browse users and groups", true},
    {"33", "BULK_CHANGE", "Make bulk changes", true},
    {"23", "ADMINISTER_PROJECTS", "Administer Projects", false},
    {"10", "BROWSE_PROJECTS", "Browse Projects", false},
    {"11", "CREATE_ISSUES", "Create Issues", false},
    {"12", "EDIT_ISSUES", "Edit Issues", false},
    {"13", "ASSIGN_ISSUES", "Assign Issues", false},
    {"17", "ASSIGNABLE_USER", "Assignable User", false},
    {"28", "TRANSITION_ISSUES", "Transition Issues", false},
    {"15", "ADD_COMMENTS", "Add Comments", false},
    {"34", "EDIT_ALL_COMMENTS", "Edit All Comments", false},
    {"35", "EDIT_OWN_COMMENTS", "Edit Own Comments", false},
    {"36", "DELETE_ALL_COMMENTS", "Delete All Comments", false},
    {"37", "DELETE_OWN_COMMENTS", "Delete Own Comments", false},
    {"20", "WORK_ON_ISSUES", "Work On Issues", false},
    {"16", "DELETE_ISSUES", "Delete Issues", false},
    {"29", "VIEW_DEV_TOOLS", "View Development Tools", false},
    {"-1", "SERVICEDESK_AGENT", "Service Desk Agent", false},
}};

constexpr std::array<std::string_view, 1> kOfViewers{"BROWSE_PROJECTS"};
constexpr std::array<std::string_view, 11> kOfUsers{"BROWSE_PROJECTS",   "CREATE_ISSUES",       "EDIT_ISSUES",         "ASSIGN_ISSUES",  "ASSIGNABLE_USER", "TRANSITION_ISSUES",
                                                    "ADD_COMMENTS",      "EDIT_OWN_COMMENTS",   "DELETE_OWN_COMMENTS", "WORK_ON_ISSUES", "VIEW_DEV_TOOLS"};
constexpr std::array<std::string_view, 4> kMoreOfAdministrators{"ADMINISTER_PROJECTS", "EDIT_ALL_COMMENTS", "DELETE_ALL_COMMENTS", "DELETE_ISSUES"};

bool among(auto const& names, std::string_view name) { return std::ranges::find(names, name) != names.end(); }

bool role_grants(const Project& project, std::string_view role, std::string_view key) {
  if (role == "Viewers") return among(kOfViewers, key);
  if (role == "Users") return among(kOfUsers, key);
  if (role == "Administrators") return among(kOfUsers, key) || among(kMoreOfAdministrators, key) || (key == "SERVICEDESK_AGENT" && project.kind == "service_desk");
  if (role == "Service Desk Team") return among(kOfUsers, key) || key == "SERVICEDESK_AGENT";
  return false;  // customers have the portal only
}

bool group_has(const Site& site, std::string_view group, std::string_view account) {
  return std::ranges::any_of(site.groups, [&](const Group& one) { return one.name == group && one.members.contains(std::string(account)); });
}

}  // namespace

const Permission* permission(std::string_view key) {
  const auto found = std::ranges::find(kPermissions, key, &Permission::key);
  return found == kPermissions.end() ? nullptr : &*found;
}

bool is_jira_admin(const Site& site, std::string_view account) {
  return group_has(site, kAdminGroup, account) || group_has(site, "site-admins", account);
}

bool in_role(const Site& site, const Role& role, std::string_view account) {
  if (role.members.contains(std::string(account))) return true;
  return std::ranges::any_of(role.groups, [&](const std::string& group) { return group_has(site, group, account); });
}

bool has_permission(const Site& site, const Caller& caller, std::string_view key, const Project* project) {
  const auto* known = permission(key);
  if (known == nullptr) return false;
  if (known->global) {
    if (key == "ADMINISTER") return !caller.is_app && is_jira_admin(site, caller.account);
    return true;
  }
  if (project == nullptr) return false;
  // Jira puts the app into the role atlassian-addons-project-access of every project; it is nobody's agent.
  if (caller.is_app) return key != "SERVICEDESK_AGENT" && key != "ASSIGNABLE_USER" && key != "ADMINISTER_PROJECTS";
  return std::ranges::any_of(project->roles, [&](const Role& role) { return in_role(site, role, caller.account) && role_grants(*project, role.name, key); });
}

bool may_administer(const Site& site, std::string_view account, const Project& project) {
  return is_jira_admin(site, account) || has_permission(site, {std::string(account), false}, "ADMINISTER_PROJECTS", &project);
}

bool may_browse(const Site& site, const Caller& caller, const Issue& issue) {
  return has_permission(site, caller, "BROWSE_PROJECTS", site.project(issue.project));
}

bool is_customer_of(const Site& site, const Issue& issue, std::string_view account) {
  if (issue.reporter == account || std::ranges::find(issue.participants, account) != issue.participants.end()) return true;
  const auto* person = site.person(account);
  return person != nullptr && std::ranges::any_of(issue.organizations, [&](const std::string& name) { return person->organizations.contains(name); });
}

bool belongs_to(const Site& site, const Project& project, const Visibility& visibility, std::string_view account) {
  if (visibility.type == Visibility::Type::group) return group_has(site, visibility.value, account);
  const auto* role = project.role(visibility.value);  // null after a move to a project without it
  return role != nullptr && in_role(site, *role, account);
}

bool may_see(const Site& site, const Caller& caller, const Issue& issue, const Comment& comment) {
  const auto* project = site.project(issue.project);
  if (comment.visibility && (project == nullptr || !belongs_to(site, *project, *comment.visibility, caller.account))) return false;
  if (comment.is_public || caller.is_app) return true;
  if (project == nullptr || project->kind != "service_desk") return true;
  return has_permission(site, caller, "SERVICEDESK_AGENT", project);
}

}  // namespace belay::sandbox::jira_cloud
