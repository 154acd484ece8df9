// A user's own account link: begin, come back, look at both identities, finish, give back.
//
// The way is built so that nobody can be talked into linking their provider account to somebody else's Jira account: the
// callback links nothing. It parks the grant under a one-use token and sends the browser to the personal page; only the Jira account and
// installation that began may fetch it (docs/account-link.md).
#pragma once

#include <optional>
#include <string>

#include "desk/doors.hpp"

namespace belay::desk {

inline constexpr Milliseconds kAttemptLife{10 * 60'000};
inline constexpr Milliseconds kParkedLife{5 * 60'000};

/// Where the browser goes on after the callback.
struct BrowserAnswer {
  std::string location;
};

class Account final {
 public:
  explicit Account(const Doors& doors) : doors_(doors) {}

  /// The schema AccountAnswer, for the personal page only. With `grant`: also the parked identity; `grant_not_yours` (the grant is then given back) or `grant_expired`.
  Task<Result<json::object>> show(Caller caller, std::optional<std::string> grant);

  /// The address to open. Only from the personal page. `already_linked` when there is a live link, `link_ending` while an earlier one is being given back.
  /// With Registration::reports: leave to read connection records is asked for, `reports_not_available`, `not_linked`, `link_expired`, `reports_already_allowed`.
  Task<Result<std::string>> start(Caller caller, ports::Registration registration);

  /// The browser's first stop: the provider's consent page for this state. `oauth_state_invalid`.
  Task<Result<BrowserAnswer>> begin_consent(std::string state);

  struct Callback { std::string state; std::string code; std::string error; std::string error_description{}; };
  /// The provider's answer. `oauth_state_invalid` when the state is unknown, used or old: nothing is exchanged then. Every other outcome
  /// brings the browser to the personal page, `…/finish/<token>` or `…/problem/<code>`.
  Task<Result<BrowserAnswer>> come_back(Callback callback);

  /// Links the parked grant to the caller, or `grant_not_yours`, `grant_expired`, `already_linked`, `link_ending`. One for connection records is put
  /// beside the link: errors as start, and `reports_other_account` when another account at the provider gave it.
  Task<Result<json::object>> finish(Caller caller, std::string token);

  /// Asks the provider anew whose account it is and which licence it has, as is done once a day; at most once in ten seconds. From the personal page and
  /// the panel. Errors: `not_linked`, `link_expired`, and the provider's.
  Task<Result<json::object>> look_again(Caller caller);

  /// "This is not me": the parked grant is given back to the provider by the worker. Errors as finish, but for `already_linked`.
  Task<Result<json::object>> decline(Caller caller, std::string token);

  /// Connection records are not read any more; the grant is given back by the worker, and the link stays. Nothing to take back is success.
  Task<Result<json::object>> take_reports_back(Caller caller);

  /// Disconnect. Answers at once; sessions are closed, the token revoked and the link erased by the worker.
  Task<Result<json::object>> disconnect(Caller caller);

 private:
  [[nodiscard]] Result<void> may_ask(const std::optional<ports::AccountLink>& present, ports::Registration registration) const;
  [[nodiscard]] std::unexpected<Error> reports_of_other_account() const;
  Task<Result<json::object>> finish_reports(Caller caller, std::string token_hash);
  [[nodiscard]] Result<void> may_link(const std::optional<ports::AccountLink>& present) const;
  Task<Result<ports::ParkedGrant>> fetchable(Caller caller, std::string token_hash);
  /// Whatever page it is for.
  Task<Result<json::object>> view(Caller caller, std::optional<ports::ParkedGrant> parked);
  Task<Result<std::string>> exchange_and_park(ports::LinkAttempt attempt, std::string code, std::string trace_id);

  const Doors& doors_;
};

}  // namespace belay::desk
