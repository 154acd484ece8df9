// The door to Jira's people.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/task.hpp"
#include "ports/call.hpp"
#include "support/people.hpp"

namespace belay::ports {

/// Jira takes 200, and an address has a length.
inline constexpr std::size_t kMostAccountsOfACall = 90;

class Users {
 public:
  virtual ~Users() = default;
  /// Asked as the app. A deleted account is `not_found`.
  virtual Task<Result<support::Person>> user(Call call, AccountId account) = 0;
  /// Whose token this is: asked with it. `jira_token_missing` when Jira does not take it.
  virtual Task<Result<support::Person>> owner_of(Call call, std::string user_token) = 0;
  /// Any number of accounts, kMostAccountsOfACall a call; who is deleted is left out. Where one call comes to nothing, all do. Asked as the app, so that `address` is what profiles show to everybody.
  virtual Task<Result<std::vector<support::Person>>> people(Call call, std::vector<AccountId> accounts) = 0;
  /// Mail addresses that Jira gives to the app alone, whatever profiles show. `jira_forbidden` when the site did not grant it.
  virtual Task<Result<std::map<AccountId, std::string>>> addresses(Call call, std::vector<AccountId> accounts) = 0;
  /// Names of the groups the account is in. Asked as the app.
  virtual Task<Result<std::vector<std::string>>> groups(Call call, AccountId account) = 0;
};

}  // namespace belay::ports
