#include "sandbox/jira_datacenter/rights.hpp"

#include <algorithm>

namespace belay::sandbox::jira_datacenter {
namespace {

constexpr std::string_view kAdministrators = "jira-administrators";

bool is_among(const Site& site, std::string_view person, const std::set<std::string>& some) {
  const auto* who = site.person(person);
  return who != nullptr && (some.contains(who->key) || std::ranges::any_of(who->groups, [&](const std::string& group) { return some.contains(group); }));
}

}  // namespace

bool is_in_group(const Site& site, std::string_view person, std::string_view group) { return is_among(site, person, {std::string(group)}); }
bool is_admin(const Site& site, std::string_view person) { return is_in_group(site, person, kAdministrators); }
bool may_browse(const Site& site, std::string_view person, const Project& project) {
  return may_edit(site, person, project) || is_among(site, person, project.viewers) || is_among(site, person, project.admins);
}
bool may_edit(const Site& site, std::string_view person, const Project& project) { return is_among(site, person, project.agents) || is_among(site, person, project.editors); }
bool may_administer(const Site& site, std::string_view person, const Project& project) { return is_admin(site, person) || is_among(site, person, project.admins); }
bool is_agent(const Site& site, std::string_view person, const Project& project) { return project.service && is_among(site, person, project.agents); }
bool is_customer(const Site& site, std::string_view person, const Issue& issue) {
  const auto* project = site.project(issue.project);
  return project != nullptr && project->service && !person.empty() && (issue.reporter == person || std::ranges::find(issue.participants, person) != issue.participants.end());
}

bool is_role(const Project& project, std::string_view role) { return role == "Administrators" || role == "Users" || (role == "Service Desk Team" && project.service); }

bool belongs_to(const Site& site, std::string_view person, const Project& project, const Visibility& visibility) {
  if (visibility.type == "group") return is_in_group(site, person, visibility.value);
  if (visibility.value == "Administrators") return is_among(site, person, project.admins);
  if (visibility.value == "Service Desk Team") return is_agent(site, person, project);
  return visibility.value == "Users" && may_edit(site, person, project);
}

bool may_see(const Site& site, std::string_view person, const Issue& issue, const Comment& comment) {
  return !comment.visibility || belongs_to(site, person, site.project_of(issue), *comment.visibility);
}

bool is_public(const Comment& comment) { return !comment.internal && !comment.visibility; }

}  // namespace belay::sandbox::jira_datacenter
