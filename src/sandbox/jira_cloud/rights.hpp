// Who may do what on a site, as Jira's default permission schemes have it (roles of a project, groups of the site).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/jira_cloud/site.hpp"

namespace belay::sandbox::jira_cloud {

/// Who calls: a person, or the app with its own token.
struct Caller {
  std::string account;
  bool is_app = false;
};

/// A permission as `mypermissions` lists it.
struct Permission {
  std::string_view id, key, name;
  bool global;
};
[[nodiscard]] const Permission* permission(std::string_view key);

/// `project` null: outside any project.
[[nodiscard]] bool has_permission(const Site& site, const Caller& caller, std::string_view key, const Project* project);
[[nodiscard]] bool may_browse(const Site& site, const Caller& caller, const Issue& issue);
/// Only in the portal of a service project: the request's reporter and participants, and members of an organization that it is shared with.
[[nodiscard]] bool is_customer_of(const Site& site, const Issue& issue, std::string_view account);
/// In the role or the group that a comment of that project is restricted to.
[[nodiscard]] bool belongs_to(const Site& site, const Project& project, const Visibility& visibility, std::string_view account);
/// Comments that are not public are for the service desk's team (and the app); restricted ones for those in the role or the group, and
/// for nobody else, be it the author or the app.
[[nodiscard]] bool may_see(const Site& site, const Caller& caller, const Issue& issue, const Comment& comment);
[[nodiscard]] bool in_role(const Site& site, const Role& role, std::string_view account);
/// Who gets to the settings of a project: its administrators, and Jira admins.
[[nodiscard]] bool may_administer(const Site& site, std::string_view account, const Project& project);
[[nodiscard]] bool is_jira_admin(const Site& site, std::string_view account);

}  // namespace belay::sandbox::jira_cloud
