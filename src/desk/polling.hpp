// Following open sessions: TeamViewer sends no news, so each linked account with open sessions is asked in one batch, every ten
// seconds while somebody looks or a customer is there, else every minute, backing off to five (docs/sessions.md).
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "desk/steps.hpp"

namespace belay::desk {

class Polling final {
 public:
  explicit Polling(const Doors& doors) : doors_(doors) {}

  /// An open panel shows sessions of this account.
  /// True when polling was at its slow pace: the caller then hastens the row (see hasten()).
  bool watch(const InstallationId& installation, const AccountId& creator);
  Task<Result<void>> hasten(InstallationId installation, AccountId creator);

  /// Why the last look at this account's sessions failed; nothing when it did not. What is shown of them is then the last known.
  [[nodiscard]] std::optional<Error> failure_of(const InstallationId& installation, const AccountId& creator) const;

  /// The step account.poll; its subject is the account whose sessions are followed.
  Task<StepResult> poll(ports::OutboxRow row);

 private:
  using Followed = std::pair<InstallationId, AccountId>;

  void note_failure(const Followed& who, const std::optional<Error>& failure);
  Task<Result<bool>> follow(ports::OutboxRow row, support::SupportSession session, std::vector<ports::ProviderSession> open);
  Task<Result<void>> let_expire(ports::OutboxRow row, std::vector<support::SupportSession> sessions);
  [[nodiscard]] Time next_look(const ports::OutboxRow& row, bool somebody_there, std::optional<Time> earliest_end) const;

  const Doors& doors_;
  std::map<Followed, Time> watched_at_;
  std::map<Followed, int> quiet_looks_;
  std::map<Followed, Error> failures_;
};

}  // namespace belay::desk
