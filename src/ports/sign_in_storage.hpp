// The store behind the sign-in with a Jira Data Center (docs/datacenter.md, "Sign-in"). Part of a unit of work.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace belay::ports {

/// With what Jira is called in a user's name.
struct JiraGrant {
  std::string access_token;            ///< sealed in the table
  std::string refresh_token;           ///< sealed in the table; empty: the access token is a personal one that they typed in
  std::optional<Time> expires_at;      ///< the access token's; nothing: Jira does not say
};

/// Begun in one browser, and not come back yet.
struct SignInAttempt {
  std::string state_hash;
  InstallationId installation;
  std::string code_verifier;           ///< sealed in the table
  std::string nonce;                   ///< of the page that opened the window
  Time expires_at;
};

/// Whose sign-in it is, as Jira said when they signed in.
struct JiraUser {
  AccountId account;
  std::string name;
  std::string login;                   ///< what they sign in to Jira with
  std::string language;                ///< as Jira writes it: "fr_FR"; may be empty
  std::string time_zone;               ///< "Europe/Paris"; may be empty
};

/// A finished one, on its way from the window that Jira sent back to the page that opened it.
struct SignInCode {
  std::string code_hash;
  InstallationId installation;
  JiraUser user;
  Time expires_at;
};

/// Somebody is signed in, in one browser.
struct SignIn {
  std::string token_hash;
  InstallationId installation;
  JiraUser user;
  Time began_at;
  Time expires_at;
};

/// Anybody can begin one. Of more than these, of one site, the oldest are forgotten.
inline constexpr std::int64_t kMostSignInAttempts = 1'000;

class SignInStore {
 public:
  virtual ~SignInStore() = default;
  virtual void insert_attempt(const SignInAttempt& attempt) = 0;
  /// Finds and erases: a state works once.
  [[nodiscard]] virtual std::optional<SignInAttempt> take_attempt(const InstallationId& installation, const std::string& state_hash) = 0;
  virtual void insert_code(const SignInCode& code) = 0;
  /// Finds and erases: a code works once.
  [[nodiscard]] virtual std::optional<SignInCode> take_code(const InstallationId& installation, const std::string& code_hash) = 0;
  virtual void insert(const SignIn& sign_in) = 0;
  [[nodiscard]] virtual std::optional<SignIn> find(const InstallationId& installation, const std::string& token_hash) = 0;
  /// Everywhere, and the grant with them.
  virtual void sign_out(const InstallationId& installation, const AccountId& account) = 0;
  /// Everybody of the site, everywhere.
  virtual void sign_out_all(const InstallationId& installation) = 0;
  /// In one browser. The grant goes with the last of them.
  virtual void erase(const InstallationId& installation, const std::string& token_hash) = 0;

  [[nodiscard]] virtual std::optional<JiraGrant> grant(const InstallationId& installation, const AccountId& account) = 0;
  virtual void put_grant(const InstallationId& installation, const AccountId& account, const JiraGrant& grant) = 0;

  /// Across tenants: what ended before `now`, and grants with whom nobody is signed in any more.
  virtual std::size_t erase_expired(Time now) = 0;
};

}  // namespace belay::ports
