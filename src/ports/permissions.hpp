// The door to Jira's rights: always asked with the caller's own token. Callers keep answers at most five minutes, since
// Jira makes permission checks expensive.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/task.hpp"
#include "ports/call.hpp"
#include "support/access.hpp"

namespace belay::ports {

class Permissions {
 public:
  virtual ~Permissions() = default;
  /// With an issue: its project's rights and the global ones. Without: only `administer`. `jira_token_missing` when the account has no live
  /// user token; an issue the account may not see gives rights without `browse`.
  virtual Task<Result<support::JiraRights>> rights(Call call, AccountId account, std::optional<IssueId> issue) = 0;
  /// Of a project: `administer`, `administer_project`, `browse`. A project the account may not see gives no rights in it.
  virtual Task<Result<support::JiraRights>> project_rights(Call call, AccountId account, ProjectId project) = 0;
  /// Of a service project: `browse`, `service_agent`. A project the account may not see gives none.
  virtual Task<Result<support::JiraRights>> service_rights(Call call, AccountId account, ProjectId project) = 0;
  /// Those of the names, at most 50, that no group of the site has; which two are the same says support::is_same_group. `jira_forbidden` when the
  /// account may not look at groups.
  virtual Task<Result<std::vector<std::string>>> unknown_groups(Call call, AccountId account, std::vector<std::string> names) = 0;
};

}  // namespace belay::ports
