#include "storage/sign_in_store.hpp"

#include "storage/failure.hpp"

namespace belay::storage {
namespace {

#define BELAY_ATTEMPT_COLUMNS "installation_id, state_hash, sealed_code_verifier, nonce, expires_at"
constexpr Query kInsertAttempt{"insert into sign_in_attempt (" BELAY_ATTEMPT_COLUMNS ") values (:installation, :state_hash, :code_verifier, :nonce, :expires_at)"};
// Of fewer there is no such row, and nothing is before it.
constexpr Query kDropAttempts{"delete from sign_in_attempt where installation_id = :installation and expires_at <"
                              " (select expires_at from sign_in_attempt where installation_id = :installation order by expires_at desc limit 1 offset :most)"};
constexpr Query kTakeAttempt{"delete from sign_in_attempt where installation_id = :installation and state_hash = :state_hash returning " BELAY_ATTEMPT_COLUMNS, 5};

#define BELAY_USER_COLUMNS "account_id, account_name, login, language, time_zone"
#define BELAY_USER_VALUES ":account, :account_name, :login, :language, :time_zone"
#define BELAY_CODE_COLUMNS "installation_id, code_hash, " BELAY_USER_COLUMNS ", expires_at"
constexpr Query kInsertCode{"insert into sign_in_code (" BELAY_CODE_COLUMNS ") values (:installation, :code_hash, " BELAY_USER_VALUES ", :expires_at)"};
constexpr Query kTakeCode{"delete from sign_in_code where installation_id = :installation and code_hash = :code_hash returning " BELAY_CODE_COLUMNS, 8};

#define BELAY_SIGN_IN_COLUMNS "installation_id, token_hash, " BELAY_USER_COLUMNS ", began_at, expires_at"
constexpr Query kInsert{"insert into sign_in (" BELAY_SIGN_IN_COLUMNS ") values (:installation, :token_hash, " BELAY_USER_VALUES ", :began_at, :expires_at)"};
constexpr Query kFind{"select " BELAY_SIGN_IN_COLUMNS " from sign_in where installation_id = :installation and token_hash = :token_hash", 9};
constexpr Query kErase{"delete from sign_in where installation_id = :installation and token_hash = :token_hash returning account_id", 1};
constexpr Query kEraseOfAccount{"delete from sign_in where installation_id = :installation and account_id = :account"};
constexpr Query kEraseCodesOfAccount{"delete from sign_in_code where installation_id = :installation and account_id = :account"};

constexpr Query kGrant{"select sealed_access_token, sealed_refresh_token, expires_at from jira_grant where installation_id = :installation and account_id = :account", 3};
constexpr Query kPutGrant{
    "insert into jira_grant (installation_id, account_id, sealed_access_token, sealed_refresh_token, expires_at) values (:installation, :account, :access_token, :refresh_token, :expires_at)"
    " on conflict (installation_id, account_id) do update set sealed_access_token = excluded.sealed_access_token,"
    " sealed_refresh_token = excluded.sealed_refresh_token, expires_at = excluded.expires_at"};
constexpr Query kEraseGrant{"delete from jira_grant where installation_id = :installation and account_id = :account"};
// Between Jira's window and the page that exchanges its code there is the code alone.
#define BELAY_NOBODY_SIGNED_IN                                                                                                                                 \
  " not exists (select 1 from sign_in where sign_in.installation_id = jira_grant.installation_id and sign_in.account_id = jira_grant.account_id)"                \
  " and not exists (select 1 from sign_in_code where sign_in_code.installation_id = jira_grant.installation_id and sign_in_code.account_id = jira_grant.account_id)"
constexpr Query kEraseUnusedGrant{"delete from jira_grant where installation_id = :installation and account_id = :account and" BELAY_NOBODY_SIGNED_IN};
constexpr Query kEraseUnusedGrants{"delete from jira_grant where" BELAY_NOBODY_SIGNED_IN};

constexpr Query kEraseAttemptsOfSite{"delete from sign_in_attempt where installation_id = :installation"};
constexpr Query kEraseCodesOfSite{"delete from sign_in_code where installation_id = :installation"};
constexpr Query kEraseOfSite{"delete from sign_in where installation_id = :installation"};
constexpr Query kEraseGrantsOfSite{"delete from jira_grant where installation_id = :installation"};

constexpr Query kEraseExpiredAttempts{"delete from sign_in_attempt where expires_at < :now"};
constexpr Query kEraseExpiredCodes{"delete from sign_in_code where expires_at < :now"};
constexpr Query kEraseExpired{"delete from sign_in where expires_at < :now"};

SealName verifier_name(const InstallationId& installation, const std::string& state_hash) { return {"sign_in_attempt", "code_verifier", {installation.value, state_hash}}; }
SealName access_name(const InstallationId& installation, const AccountId& account) { return {"jira_grant", "access_token", {installation.value, account.value}}; }
SealName refresh_name(const InstallationId& installation, const AccountId& account) { return {"jira_grant", "refresh_token", {installation.value, account.value}}; }

Statement& with_user(Statement& statement, const ports::JiraUser& user) {
  return statement.with("account", user.account).with("account_name", user.name).with("login", user.login).with("language", user.language).with("time_zone", user.time_zone);
}

ports::JiraUser user_in(Row& row) {
  ports::JiraUser user;
  user.account = row.id<AccountId>();
  user.name = row.text();
  user.login = row.text();
  user.language = row.text();
  user.time_zone = row.text();
  return user;
}

}  // namespace

void SqlSignIns::insert_attempt(const ports::SignInAttempt& attempt) {
  connection_.statement(kInsertAttempt)
      .with("installation", attempt.installation)
      .with("state_hash", attempt.state_hash)
      .with("code_verifier", seals_.seal(attempt.code_verifier, verifier_name(attempt.installation, attempt.state_hash)))
      .with("nonce", attempt.nonce)
      .with("expires_at", attempt.expires_at)
      .run();
  connection_.statement(kDropAttempts).with("installation", attempt.installation).with("most", ports::kMostSignInAttempts - 1).run();
}

std::optional<ports::SignInAttempt> SqlSignIns::take_attempt(const InstallationId& installation, const std::string& state_hash) {
  return connection_.statement(kTakeAttempt).with("installation", installation).with("state_hash", state_hash).row([this](Row& row) {
    ports::SignInAttempt attempt;
    attempt.installation = row.id<InstallationId>();
    attempt.state_hash = row.text();
    attempt.code_verifier = seals_.open(row.text(), verifier_name(attempt.installation, attempt.state_hash));
    attempt.nonce = row.text();
    attempt.expires_at = row.time();
    return attempt;
  });
}

void SqlSignIns::insert_code(const ports::SignInCode& code) {
  with_user(connection_.statement(kInsertCode), code.user)
      .with("installation", code.installation)
      .with("code_hash", code.code_hash)
      .with("expires_at", code.expires_at)
      .run();
}

std::optional<ports::SignInCode> SqlSignIns::take_code(const InstallationId& installation, const std::string& code_hash) {
  return connection_.statement(kTakeCode).with("installation", installation).with("code_hash", code_hash).row([](Row& row) {
    ports::SignInCode code;
    code.installation = row.id<InstallationId>();
    code.code_hash = row.text();
    code.user = user_in(row);
    code.expires_at = row.time();
    return code;
  });
}

void SqlSignIns::insert(const ports::SignIn& sign_in) {
  with_user(connection_.statement(kInsert), sign_in.user)
      .with("installation", sign_in.installation)
      .with("token_hash", sign_in.token_hash)
      .with("began_at", sign_in.began_at)
      .with("expires_at", sign_in.expires_at)
      .run();
}

std::optional<ports::SignIn> SqlSignIns::find(const InstallationId& installation, const std::string& token_hash) {
  return connection_.statement(kFind).with("installation", installation).with("token_hash", token_hash).row([](Row& row) {
    ports::SignIn sign_in;
    sign_in.installation = row.id<InstallationId>();
    sign_in.token_hash = row.text();
    sign_in.user = user_in(row);
    sign_in.began_at = row.time();
    sign_in.expires_at = row.time();
    return sign_in;
  });
}

void SqlSignIns::sign_out(const InstallationId& installation, const AccountId& account) {
  for (const auto* query : {&kEraseOfAccount, &kEraseCodesOfAccount, &kEraseGrant}) connection_.statement(*query).with("installation", installation).with("account", account).run();
}

void SqlSignIns::sign_out_all(const InstallationId& installation) {
  for (const auto* query : {&kEraseAttemptsOfSite, &kEraseCodesOfSite, &kEraseOfSite, &kEraseGrantsOfSite}) connection_.statement(*query).with("installation", installation).run();
}

void SqlSignIns::erase(const InstallationId& installation, const std::string& token_hash) {
  const auto account = connection_.statement(kErase).with("installation", installation).with("token_hash", token_hash).row([](Row& row) { return row.id<AccountId>(); });
  if (account) connection_.statement(kEraseUnusedGrant).with("installation", installation).with("account", *account).run();
}

// Nothing where it does not open: whoever it was signs in again.
std::optional<ports::JiraGrant> SqlSignIns::grant(const InstallationId& installation, const AccountId& account) {
  struct Sealed { std::string access; std::string refresh; std::optional<Time> expires_at; };
  const auto sealed = connection_.statement(kGrant).with("installation", installation).with("account", account).row([](Row& row) {
    Sealed found;
    found.access = row.text();
    found.refresh = row.text();
    found.expires_at = row.maybe_time();
    return found;
  });
  if (!sealed) return std::nullopt;
  try {
    return ports::JiraGrant{.access_token = seals_.open(sealed->access, access_name(installation, account)),
                            .refresh_token = seals_.open(sealed->refresh, refresh_name(installation, account)),
                            .expires_at = sealed->expires_at};
  } catch (const Failure&) {
    return std::nullopt;
  }
}

void SqlSignIns::put_grant(const InstallationId& installation, const AccountId& account, const ports::JiraGrant& grant) {
  connection_.statement(kPutGrant)
      .with("installation", installation)
      .with("account", account)
      .with("access_token", seals_.seal(grant.access_token, access_name(installation, account)))
      .with("refresh_token", seals_.seal(grant.refresh_token, refresh_name(installation, account)))
      .with("expires_at", grant.expires_at)
      .run();
}

std::size_t SqlSignIns::erase_expired(Time now) {
  std::size_t erased = 0;
  for (const auto* query : {&kEraseExpiredAttempts, &kEraseExpiredCodes, &kEraseExpired}) erased += static_cast<std::size_t>(connection_.statement(*query).with("now", now).run());
  connection_.statement(kEraseUnusedGrants).run();
  return erased;
}

}  // namespace belay::storage
