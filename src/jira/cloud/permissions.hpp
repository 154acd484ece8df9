// What Jira says with the caller's own token: their rights, from /mypermissions, and which groups there are, from /group/bulk.
#pragma once

#include <map>

#include "jira/rest.hpp"
#include "ports/permissions.hpp"

namespace belay::jira::cloud {

class CloudPermissions final : public ports::Permissions {
 public:
  CloudPermissions(Rest& rest, const ports::Clock& clock) : rest_(rest), clock_(clock) {}

  Task<Result<support::JiraRights>> rights(ports::Call call, AccountId account, std::optional<IssueId> issue) override;
  Task<Result<support::JiraRights>> project_rights(ports::Call call, AccountId account, ProjectId project) override;
  Task<Result<support::JiraRights>> service_rights(ports::Call call, AccountId account, ProjectId project) override;
  Task<Result<std::vector<std::string>>> unknown_groups(ports::Call call, AccountId account, std::vector<std::string> names) override;

 private:
  Task<Result<json::value>> ask(ports::Call call, AccountId account, std::string what);

  Task<Result<json::value>> ask_of_issue(ports::Call call, AccountId account, IssueId issue);

  Rest& rest_;
  const ports::Clock& clock_;
  /// Sites without Jira Service Management do not know SERVICEDESK_AGENT and refuse a question that names it. Since when we know, for the product may
  /// be added later; nothing: the site has it. A site that is missing here was not asked yet.
  std::map<InstallationId, std::optional<Time>> lacks_service_desk_since_;
};

}  // namespace belay::jira::cloud
