// Sign-ins with a Jira Data Center on one connection.
#pragma once

#include "ports/sign_in_storage.hpp"
#include "storage/connection.hpp"
#include "storage/seals.hpp"

namespace belay::storage {

class SqlSignIns final : public ports::SignInStore {
 public:
  SqlSignIns(Connection& connection, const Seals& seals) : connection_(connection), seals_(seals) {}

  void insert_attempt(const ports::SignInAttempt& attempt) override;
  std::optional<ports::SignInAttempt> take_attempt(const InstallationId& installation, const std::string& state_hash) override;
  void insert_code(const ports::SignInCode& code) override;
  std::optional<ports::SignInCode> take_code(const InstallationId& installation, const std::string& code_hash) override;
  void insert(const ports::SignIn& sign_in) override;
  std::optional<ports::SignIn> find(const InstallationId& installation, const std::string& token_hash) override;
  void sign_out(const InstallationId& installation, const AccountId& account) override;
  void sign_out_all(const InstallationId& installation) override;
  void erase(const InstallationId& installation, const std::string& token_hash) override;
  std::optional<ports::JiraGrant> grant(const InstallationId& installation, const AccountId& account) override;
  void put_grant(const InstallationId& installation, const AccountId& account, const ports::JiraGrant& grant) override;
  std::size_t erase_expired(Time now) override;

 private:
  Connection& connection_;
  const Seals& seals_;
};

}  // namespace belay::storage
