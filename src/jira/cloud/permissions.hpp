// The caller's own rights, from /mypermissions with the caller's own token.
#pragma once

#include <set>

#include "jira/cloud/rest.hpp"
#include "ports/permissions.hpp"

namespace belay::jira::cloud {

class CloudPermissions final : public ports::Permissions {
 public:
  explicit CloudPermissions(Rest& rest) : rest_(rest) {}

  Task<Result<support::JiraRights>> rights(ports::Call call, AccountId account, std::optional<IssueId> issue) override;

 private:
  Task<Result<json::value>> ask(ports::Call call, AccountId account, std::optional<IssueId> issue, bool with_service_desk);

  Rest& rest_;
  /// Sites without Jira Service Management do not know SERVICEDESK_AGENT and refuse a question that names it.
  std::set<InstallationId> without_service_desk_;
};

}  // namespace belay::jira::cloud
