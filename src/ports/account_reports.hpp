// The door to Atlassian's personal data reporting: which accounts we keep something of, and what is to be done about them (docs/personal-data.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/task.hpp"
#include "ports/call.hpp"
#include "ports/kept_storage.hpp"

namespace belay::ports {

/// Of one report: more is refused.
inline constexpr std::size_t kMostReportedAtOnce = 90;

enum class AccountChange { closed, updated };

struct AccountReportAnswer {
  std::vector<std::pair<AccountId, AccountChange>> changes;   ///< of accounts that were reported; with the others nothing is to be done
  std::optional<std::int64_t> cycle_days;                     ///< how often an account may be reported; absent: not said
};

class AccountReports {
 public:
  virtual ~AccountReports() = default;
  /// Asked as the app. At most kMostReportedAtOnce. Errors: jira_token_missing (retryable: none is kept), account_reports_refused (Atlassian does not take the
  /// app's token for this; detail.status), jira_rate_limited (retryable, retry_after), jira_unreachable (retryable), jira_refused.
  virtual Task<Result<AccountReportAnswer>> report(Call call, std::vector<StoredAccount> accounts) = 0;
};

}  // namespace belay::ports
