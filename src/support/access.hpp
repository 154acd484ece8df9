// Who may do what: the rights Jira reports for the caller, the module the call comes from, and the admin's groups
// (docs/access.md). Pure: the facts are passed in.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"

namespace belay::support {

/// What Jira says about the caller, with the caller's own rights.
struct JiraRights {
  bool browse = false;           ///< BROWSE_PROJECTS on the issue
  bool edit_issues = false;      ///< EDIT_ISSUES on the issue
  bool service_agent = false;    ///< SERVICEDESK_AGENT in the issue's project
  bool administer = false;       ///< ADMINISTER, global
  bool administer_project = false;
  friend bool operator==(const JiraRights&, const JiraRights&) = default;
};

/// Which page of ours is calling, from the token's module type and key.
/// `automation` is no page: a rule that acts for somebody, once it is known for whom.
enum class Page { issue_panel, admin, personal, global, project_settings, portal, queue, backend, automation, other };

/// Where agents work: the issue panel, the queue page, the global page, and rules that act for them.
[[nodiscard]] bool is_agent_page(Page page);

struct AgentFacts {
  Page page = Page::other;
  JiraRights rights;
  bool service_project = false;
  std::vector<std::string> groups;          ///< names of the caller's Jira groups; only read when an admin named some
  std::vector<std::string> allowed_groups;  ///< from the settings of the site
  std::vector<std::string> project_groups = {};  ///< from those of the project; both have to let the caller in
};

enum class Refusal { wrong_module, not_agent, not_in_allowed_groups, not_admin, not_project_admin, own_session, not_yours, not_on_request };
[[nodiscard]] std::string_view to_string(Refusal refusal);

/// Whether both name one Jira group: outer spaces and ASCII capitals do not count.
[[nodiscard]] bool is_same_group(std::string_view a, std::string_view b);

/// Agent: calls from an agent module, has SERVICEDESK_AGENT in a service project or EDIT_ISSUES elsewhere, and is in an allowed
/// group where the site's admin named some, and in one of the project's where that did. Nothing: may act.
[[nodiscard]] std::optional<Refusal> why_not_agent(const AgentFacts& facts);

/// Settings, pairing, linked accounts: the admin page and a Jira admin.
[[nodiscard]] std::optional<Refusal> why_not_admin(Page page, const JiraRights& rights);

/// Settings of one project: its settings page, and an admin of the project or of Jira.
[[nodiscard]] std::optional<Refusal> why_not_project_admin(Page page, const JiraRights& rights);

}  // namespace belay::support
