// The tokens of Jira Data Center: the service account's, which the operator configured, and the users', from their sign-in. A user's is fetched anew
// before it ends and when Jira refuses it; where Jira does not take what we hold of them, they have to sign in again.
//
// Jira replaces the refresh token with each use (docs/datacenter.md, "Sign-in"). So in one process only one refresh of a user's runs at a time, and of two
// processes the one that comes too late finds the tokens that the other has stored.
#pragma once

#include "jira/access.hpp"
#include "jira/datacenter/oauth.hpp"
#include "jira/datacenter/sites.hpp"
#include "net/single_flight.hpp"
#include "ports/clock.hpp"
#include "ports/storage.hpp"

namespace belay::jira::datacenter {

/// A token that ends within this time is fetched anew first.
inline constexpr std::chrono::seconds kTokenMargin{60};

class AccessTokens final : public AccessSource {
 public:
  /// All of them outlive it, and it outlives the last run of `io`: a refresh under way belongs to nobody who waits for it. `refresh_patience`: how long another
  /// process may need to store the tokens it has just got.
  AccessTokens(boost::asio::io_context& io, ports::Storage& storage, OAuth& oauth, const Sites& sites, const ports::Clock& clock, Milliseconds refresh_patience = Milliseconds{2'000})
      : storage_(storage), oauth_(oauth), sites_(sites), clock_(clock), refresh_patience_(refresh_patience), reads_(io), flights_(io) {}

  Task<Result<Access>> of(ports::Call call, ports::Actor actor) override;
  /// A user's is fetched anew; one that they typed in is forgotten once Jira has refused it twice. Errors: `signed_out` then, and `jira_token_missing`
  /// (retryable) for the service account.
  Task<Result<Access>> another(ports::Call call, ports::Actor actor, Access refused) override;

 private:
  struct User { InstallationId installation; AccountId account; };

  Task<Result<ports::JiraGrant>> read(User user);
  Task<Result<ports::JiraGrant>> read_shared(User user, Milliseconds patience);
  /// What is good now that `stale` is over, or was refused.
  Task<Result<std::string>> renewed(ports::Call call, User user, std::string stale);
  Task<Result<std::string>> renew(User user, std::string stale, std::string trace_id);
  Task<Result<std::string>> check_typed(User user, std::string typed, std::string trace_id);
  Task<Result<std::string>> wait_for_other_process(User user, std::string stale);
  Task<Result<std::string>> store(User user, std::string stale, ports::JiraGrant fresh);
  /// Everywhere, unless another token is kept by now.
  Task<Result<void>> sign_out(User user, std::string stale);

  ports::Storage& storage_;
  OAuth& oauth_;
  const Sites& sites_;
  const ports::Clock& clock_;
  const Milliseconds refresh_patience_;
  net::SingleFlight<Result<ports::JiraGrant>> reads_;
  net::SingleFlight<Result<std::string>> flights_;
};

}  // namespace belay::jira::datacenter
