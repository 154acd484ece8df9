#include "support/access.hpp"

#include <algorithm>

#include "support/code_points.hpp"

namespace belay::support {
namespace {

bool are_let_in(const std::vector<std::string>& groups, const std::vector<std::string>& allowed_groups) {
  if (allowed_groups.empty()) return true;
  return std::ranges::any_of(groups, [&](const std::string& group) {
    return std::ranges::any_of(allowed_groups, [&](const std::string& allowed) { return is_same_group(group, allowed); });
  });
}

}  // namespace

bool is_agent_page(Page page) { return page == Page::issue_panel || page == Page::global || page == Page::queue || page == Page::automation; }

std::string_view to_string(Refusal refusal) {
  switch (refusal) {
    case Refusal::wrong_module: return "wrong_module";
    case Refusal::not_agent: return "not_agent";
    case Refusal::not_in_allowed_groups: return "not_in_allowed_groups";
    case Refusal::not_admin: return "not_admin";
    case Refusal::not_project_admin: return "not_project_admin";
    case Refusal::own_session: return "own_session";
    case Refusal::not_yours: return "not_yours";
    case Refusal::not_on_request: return "not_on_request";
  }
  return "wrong_module";
}

bool is_same_group(std::string_view a, std::string_view b) { return same_ignoring_case(trimmed(a), trimmed(b)); }

std::optional<Refusal> why_not_agent(const AgentFacts& facts) {
  if (!is_agent_page(facts.page)) return Refusal::wrong_module;
  const bool works_here = facts.service_project ? facts.rights.service_agent : facts.rights.edit_issues;
  if (!works_here) return Refusal::not_agent;
  if (!are_let_in(facts.groups, facts.allowed_groups) || !are_let_in(facts.groups, facts.project_groups)) return Refusal::not_in_allowed_groups;
  return std::nullopt;
}

std::optional<Refusal> why_not_admin(Page page, const JiraRights& rights) {
  if (page != Page::admin) return Refusal::wrong_module;
  if (!rights.administer) return Refusal::not_admin;
  return std::nullopt;
}

std::optional<Refusal> why_not_project_admin(Page page, const JiraRights& rights) {
  if (page != Page::project_settings) return Refusal::wrong_module;
  if (!rights.administer_project && !rights.administer) return Refusal::not_project_admin;
  return std::nullopt;
}

}  // namespace belay::support
