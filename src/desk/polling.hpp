// Following open sessions: TeamViewer sends no news, so each linked account with open sessions is asked in one batch, every ten
// seconds while somebody looks or a customer is there, else every minute, backing off to five (docs/sessions.md). The question of an open page
// brings a look with it, so that what happened is on the page with that very answer (docs/decisions/0014).
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "base/bell.hpp"
#include "desk/steps.hpp"

namespace belay::desk {

class Polling final {
 public:
  explicit Polling(const Doors& doors) : doors_(doors) {}

  /// An open page shows sessions of this account.
  /// True when polling was at its slow pace: the caller then hastens the row (see hasten()).
  bool watch(const InstallationId& installation, const AccountId& creator);
  Task<Result<void>> hasten(InstallationId installation, AccountId creator);

  /// The same for several, and the look is waited for, `patience` at most, also one that is under way. Nothing happens where one ended a moment ago, or the provider asked
  /// for a pause.
  Task<void> look_now(InstallationId installation, std::vector<AccountId> creators, Milliseconds patience);

  /// Why the last look at this account's sessions failed; nothing when it did not. What is shown of them is then the last known.
  [[nodiscard]] std::optional<Error> failure_of(const InstallationId& installation, const AccountId& creator) const;

  /// The step account.poll; its subject is the account whose sessions are followed.
  Task<StepResult> poll(ports::OutboxRow row);

 private:
  using Followed = std::pair<InstallationId, AccountId>;
  struct Account {
    Time watched_at;
    Time looked_at;                 // when the last look began
    Time brought_at{};              // when a page last wanted one
    bool is_brought = false;        // that one has not begun here
    Milliseconds apart;             // from that to one which a page may bring
    Time rests_until;
    std::uint64_t looks = 0;        // that have ended
    bool is_looked_at = false;      // now
    int quiet_looks = 0;
    std::optional<Error> failure;
    SessionId stopped_at;           // where the last look ended early
  };

  class Look;

  Account& account(const Followed& who);
  void note_look(const Followed& who, std::size_t asked_alone, const std::optional<Error>& failure);
  Task<Result<void>> hasten_all(InstallationId installation, std::vector<AccountId> creators);
  void note_failure(const Followed& who, const std::optional<Error>& failure);
  Task<Result<bool>> follow(ports::OutboxRow row, support::SupportSession session, std::optional<ports::ProviderSession> listed);
  Task<Result<void>> let_expire(ports::OutboxRow row, std::vector<support::SupportSession> sessions);
  [[nodiscard]] Time next_look(const ports::OutboxRow& row, bool somebody_there, std::optional<Time> earliest_end) const;

  const Doors& doors_;
  std::map<Followed, Account> accounts_;
  Time tidied_at_{};
  Bell look_ended_;
};

}  // namespace belay::desk
