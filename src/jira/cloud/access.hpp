// The tokens of Jira Cloud: the app's own and the users', as Jira handed them over with earlier calls.
#pragma once

#include <string>

#include "base/result.hpp"
#include "base/task.hpp"
#include "jira/access.hpp"
#include "net/single_flight.hpp"
#include "ports/call.hpp"
#include "ports/clock.hpp"
#include "ports/storage.hpp"

namespace belay::jira::cloud {

/// For some minutes after an installation large sites answer 401 and 403 to the new app (docs/jira.md, "Tokens"): trying again is right then.
inline constexpr std::chrono::minutes kSettlingTime{15};
/// A token that ends within this time is as good as over.
inline constexpr std::chrono::seconds kTokenMargin{5};

class AccessTokens final : public AccessSource {
 public:
  AccessTokens(boost::asio::io_context& io, ports::Storage& storage, const ports::Clock& clock) : storage_(storage), clock_(clock), reads_(io) {}

  /// Errors: `jira_token_missing` (retryable: the next call from Jira brings one), `not_paired` when the installation is not known and the
  /// call names no address either.
  Task<Result<Access>> of(ports::Call call, ports::Actor actor) override;
  /// There is none: the next call from Jira brings it.
  Task<Result<Access>> another(ports::Call call, ports::Actor actor, Access refused) override;

 private:
  Task<Result<Access>> read(ports::Call call, ports::Actor actor);

  ports::Storage& storage_;
  const ports::Clock& clock_;
  net::SingleFlight<Result<Access>> reads_;
};

}  // namespace belay::jira::cloud
