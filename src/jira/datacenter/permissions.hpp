// What Jira Data Center says with the caller's own token: their rights, from /mypermissions, which tells all of them whatever is asked for.
#pragma once

#include "jira/rest.hpp"
#include "ports/permissions.hpp"

namespace belay::jira::datacenter {

class DataCenterPermissions final : public ports::Permissions {
 public:
  explicit DataCenterPermissions(Rest& rest) : rest_(rest) {}

  Task<Result<support::JiraRights>> rights(ports::Call call, AccountId account, std::optional<IssueId> issue) override;
  Task<Result<support::JiraRights>> project_rights(ports::Call call, AccountId account, ProjectId project) override;
  Task<Result<support::JiraRights>> service_rights(ports::Call call, AccountId account, ProjectId project) override;
  Task<Result<std::vector<std::string>>> unknown_groups(ports::Call call, AccountId account, std::vector<std::string> names) override;

 private:
  Task<Result<support::JiraRights>> ask(ports::Call call, AccountId account, std::string where);
  Task<Result<bool>> knows_group(ports::Call call, AccountId account, std::string name);

  Rest& rest_;
};

}  // namespace belay::jira::datacenter
