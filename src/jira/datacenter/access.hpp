// The tokens of Jira Data Center: the service account's, which the operator configured, and the users', from their sign-in. A user's is fetched anew
// before it ends; where Jira does not take what we hold of them, they have to sign in again.
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
  AccessTokens(boost::asio::io_context& io, ports::Storage& storage, OAuth& oauth, const Sites& sites, const ports::Clock& clock)
      : storage_(storage), oauth_(oauth), sites_(sites), clock_(clock), flights_(io) {}

  Task<Result<Access>> of(ports::Call call, ports::Actor actor) override;
  /// A user's is fetched anew; one that they typed in is forgotten. Errors: `signed_out` then, and `jira_token_missing` (retryable) for the service account.
  Task<Result<Access>> another(ports::Call call, ports::Actor actor, Access refused) override;

 private:
  using Grant = std::optional<ports::JiraGrant>;
  Task<Result<Grant>> kept(InstallationId installation, AccountId account);
  /// A user's. `refused` is the one that Jira does not take; empty: nothing is known to be wrong with what is kept.
  Task<Result<Access>> of_user(ports::Call call, std::string base_url, AccountId account, std::string refused);
  Task<Result<Access>> shared(ports::Call call, std::string base_url, AccountId account, std::string refused);
  Task<Result<void>> forget(InstallationId installation, AccountId account, std::string typed);
  Task<Result<Grant>> fetch_anew(ports::Call call, AccountId account, ports::JiraGrant old);

  ports::Storage& storage_;
  OAuth& oauth_;
  const Sites& sites_;
  const ports::Clock& clock_;
  net::SingleFlight<Result<Access>> flights_;
};

}  // namespace belay::jira::datacenter
