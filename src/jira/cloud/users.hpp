// Jira's people over REST v3, asked as the app.
#pragma once

#include "jira/rest.hpp"
#include "ports/users.hpp"

namespace belay::jira::cloud {

class CloudUsers final : public ports::Users {
 public:
  explicit CloudUsers(Rest& rest) : rest_(rest) {}

  Task<Result<support::Person>> user(ports::Call call, AccountId account) override;
  Task<Result<support::Person>> owner_of(ports::Call call, std::string user_token) override;
  Task<Result<std::vector<support::Person>>> people(ports::Call call, std::vector<AccountId> accounts) override;
  Task<Result<std::map<AccountId, std::string>>> addresses(ports::Call call, std::vector<AccountId> accounts) override;
  Task<Result<std::vector<std::string>>> groups(ports::Call call, AccountId account) override;

 private:
  Rest& rest_;
};

}  // namespace belay::jira::cloud
