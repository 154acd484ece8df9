// POST /app/report-accounts/ of Atlassian's API: not the site's address, but the host's own (docs/personal-data.md).
#pragma once

#include "jira/rest.hpp"
#include "ports/account_reports.hpp"

namespace belay::jira::cloud {

class CloudAccountReports final : public ports::AccountReports {
 public:
  explicit CloudAccountReports(Rest& rest) : rest_(rest) {}

  Task<Result<ports::AccountReportAnswer>> report(ports::Call call, std::vector<ports::StoredAccount> accounts) override;

 private:
  Rest& rest_;
};

}  // namespace belay::jira::cloud
