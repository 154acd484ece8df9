// The door to Jira's people.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/task.hpp"
#include "ports/call.hpp"
#include "support/people.hpp"

namespace belay::ports {

class Users {
 public:
  virtual ~Users() = default;
  /// Asked as the app. A deleted account is `not_found`.
  virtual Task<Result<support::Person>> user(Call call, AccountId account) = 0;
  /// Names of the groups the account is in. Asked as the app.
  virtual Task<Result<std::vector<std::string>>> groups(Call call, AccountId account) = 0;
};

}  // namespace belay::ports
