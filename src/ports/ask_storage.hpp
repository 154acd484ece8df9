// The store behind "Ask for remote help" in the portal (docs/access.md, "The customer of a request"). Part of a unit of work.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace belay::ports {

/// A customer waits on their request.
struct HelpAsk {
  HelpAskId id;
  InstallationId installation;
  IssueId issue;
  AccountId customer;
  std::string customer_name;                   ///< as it was then
  Time asked_at;
  std::optional<Time> ended_at;                ///< answered, withdrawn or dismissed; the audit log says which
};

class AskStore {
 public:
  virtual ~AskStore() = default;
  /// The one that has not ended, however old.
  [[nodiscard]] virtual std::optional<HelpAsk> open(const InstallationId& installation, const IssueId& issue) = 0;
  /// Those that have not ended and were asked after `since`, the oldest first.
  [[nodiscard]] virtual std::vector<HelpAsk> waiting(const InstallationId& installation, Time since, std::size_t most) = 0;
  /// There must be no open one of this issue.
  virtual void insert(const HelpAsk& ask) = 0;
  /// False when it had ended.
  virtual bool end(const InstallationId& installation, const HelpAskId& id, Time now) = 0;
  /// When this account asked, on any issue, after `since`; the oldest first.
  [[nodiscard]] virtual std::vector<Time> asked(const InstallationId& installation, const AccountId& account, Time since) = 0;
  /// All that are kept of the account, the oldest first.
  [[nodiscard]] virtual std::vector<HelpAsk> of_account(const InstallationId& installation, const AccountId& account) = 0;
  virtual void erase_of_issue(const InstallationId& installation, const IssueId& issue) = 0;
  /// Across tenants: those that were asked before then, open or not.
  virtual std::size_t forget(Time before) = 0;
};

}  // namespace belay::ports
