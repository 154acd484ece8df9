// Who may see and change what on a site. People are named by their key; somebody unknown may nothing.
#pragma once

#include <string_view>

#include "sandbox/jira_datacenter/site.hpp"

namespace belay::sandbox::jira_datacenter {

[[nodiscard]] bool is_in_group(const Site& site, std::string_view person, std::string_view group);
[[nodiscard]] bool is_admin(const Site& site, std::string_view person);
[[nodiscard]] bool may_browse(const Site& site, std::string_view person, const Project& project);
[[nodiscard]] bool may_edit(const Site& site, std::string_view person, const Project& project);
[[nodiscard]] bool may_administer(const Site& site, std::string_view person, const Project& project);
/// Of a service project.
[[nodiscard]] bool is_agent(const Site& site, std::string_view person, const Project& project);
/// Of this request: who reported it, and who was added to it.
[[nodiscard]] bool is_customer(const Site& site, std::string_view person, const Issue& issue);

/// Administrators, Users and, in service projects, Service Desk Team.
[[nodiscard]] bool is_role(const Project& project, std::string_view role);
[[nodiscard]] bool belongs_to(const Site& site, std::string_view person, const Project& project, const Visibility& visibility);
/// For who sees the issue in Jira itself; customers see what is neither internal nor restricted.
[[nodiscard]] bool may_see(const Site& site, std::string_view person, const Issue& issue, const Comment& comment);
[[nodiscard]] bool is_public(const Comment& comment);

}  // namespace belay::sandbox::jira_datacenter
