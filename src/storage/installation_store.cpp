#include "storage/stores.hpp"

namespace belay::storage {
namespace {

#define BELAY_INSTALLATION_COLUMNS \
  "id, known_as, cloud_id, site_url, api_base_url, app_id, environment_id, paired_at, paired_by, paired_by_name, leaving_since," \
  " app_token_received_at, app_token_expires_at, last_tick_at"
constexpr int kInstallationColumns = 14;

constexpr Query kFind{"select " BELAY_INSTALLATION_COLUMNS " from installation where id = :id", kInstallationColumns};
constexpr Query kFindKnownAs{"select " BELAY_INSTALLATION_COLUMNS " from installation where known_as = :known_as", kInstallationColumns};
constexpr Query kAll{"select " BELAY_INSTALLATION_COLUMNS " from installation order by id", kInstallationColumns};

constexpr Query kInsert{
    "insert into installation (" BELAY_INSTALLATION_COLUMNS
    ") values (:id, :known_as, :cloud_id, :site_url, :api_base_url, :app_id, :environment_id, :paired_at, :paired_by, :paired_by_name,"
    " :leaving_since, :app_token_received_at, :app_token_expires_at, :last_tick_at)"};

constexpr Query kUpdate{
    "update installation set known_as = :known_as, cloud_id = :cloud_id, site_url = :site_url, api_base_url = :api_base_url, app_id = :app_id,"
    " environment_id = :environment_id, paired_at = :paired_at, paired_by = :paired_by, paired_by_name = :paired_by_name,"
    " leaving_since = :leaving_since, app_token_received_at = :app_token_received_at, app_token_expires_at = :app_token_expires_at,"
    " last_tick_at = :last_tick_at where id = :id"};

// What refers to the installation goes with it; these do not refer to it.
constexpr Query kErase{"delete from installation where id = :id"};
constexpr Query kEraseSystemToken{"delete from system_token where installation_id = :id"};
constexpr Query kEraseUserTokens{"delete from user_token where installation_id = :id"};
constexpr Query kEraseFailedPairings{"delete from failed_pairing where installation_id = :id"};

constexpr Query kKeepSystemToken{
    "insert into system_token (installation_id, sealed_secret, expires_at, received_at) values (:installation, :secret, :expires_at, :now)"
    " on conflict (installation_id) do update set sealed_secret = excluded.sealed_secret, expires_at = excluded.expires_at,"
    " received_at = excluded.received_at"};
constexpr Query kNoteSystemToken{
    "update installation set app_token_received_at = :now, app_token_expires_at = :expires_at where id = :installation"};
constexpr Query kAgeOfSystemToken{"select received_at, expires_at from system_token where installation_id = :installation", 2};
constexpr Query kSystemToken{"select sealed_secret, expires_at from system_token where installation_id = :installation", 2};

constexpr Query kKeepUserToken{
    "insert into user_token (installation_id, account_id, sealed_secret, expires_at) values (:installation, :account, :secret, :expires_at)"
    " on conflict (installation_id, account_id) do update set sealed_secret = excluded.sealed_secret, expires_at = excluded.expires_at"};
constexpr Query kUserToken{
    "select sealed_secret, expires_at from user_token where installation_id = :installation and account_id = :account", 2};

constexpr Query kUserTokenOwners{"select account_id from user_token where installation_id = :installation", 1};

constexpr Query kEraseExpiredSystemTokens{"delete from system_token where expires_at < :now"};
constexpr Query kEraseExpiredUserTokens{"delete from user_token where expires_at < :now"};

constexpr Query kInsertPairingCode{"insert into pairing_code (code_hash, site_url, expires_at) values (:code_hash, :site_url, :expires_at)"};
constexpr Query kForgetPairingCodes{"delete from pairing_code where expires_at < :before"};
constexpr Query kPairingCode{"select site_url, expires_at, used_at from pairing_code where code_hash = :code_hash", 3};
constexpr Query kUsePairingCode{"update pairing_code set used_at = :now where code_hash = :code_hash and used_at is null"};

constexpr Query kFailedPairings{
    "select failed_at, tries from failed_pairing where installation_id = :installation and failed_at >= :since order by failed_at", 2};
constexpr Query kNoteFailedPairing{
    "insert into failed_pairing (installation_id, failed_at, tries) values (:installation, :now, 1)"
    " on conflict (installation_id, failed_at) do update set tries = failed_pairing.tries + 1"};
constexpr Query kForgetFailedPairings{"delete from failed_pairing where installation_id = :installation and failed_at < :before"};

// A code that ended stays a day, so that a late one is told from a wrong one.
constexpr Milliseconds kPairingCodesKept = std::chrono::hours{24};
// Wrong tries are counted over an hour; nobody asks for older ones.
constexpr Milliseconds kFailedPairingsKept = std::chrono::hours{24};

ports::Installation installation_from(Row& row) {
  ports::Installation installation;
  installation.id = row.id<InstallationId>();
  installation.known_as = row.id<InstallationId>();
  installation.cloud_id = row.text();
  installation.site_url = row.text();
  installation.api_base_url = row.text();
  installation.app_id = row.text();
  installation.environment_id = row.text();
  installation.paired_at = row.time();
  installation.paired_by = row.id<AccountId>();
  installation.paired_by_name = row.text();
  installation.leaving_since = row.maybe_time();
  installation.app_token_received_at = row.maybe_time();
  installation.app_token_expires_at = row.maybe_time();
  installation.last_tick_at = row.maybe_time();
  return installation;
}

void bind_content(Statement& statement, const ports::Installation& installation) {
  statement.with("known_as", installation.known_as.value.empty() ? installation.id : installation.known_as)
      .with("cloud_id", installation.cloud_id)
      .with("site_url", installation.site_url)
      .with("api_base_url", installation.api_base_url)
      .with("app_id", installation.app_id)
      .with("environment_id", installation.environment_id)
      .with("paired_at", installation.paired_at)
      .with("paired_by", installation.paired_by)
      .with("paired_by_name", installation.paired_by_name)
      .with("leaving_since", installation.leaving_since)
      .with("app_token_received_at", installation.app_token_received_at)
      .with("app_token_expires_at", installation.app_token_expires_at)
      .with("last_tick_at", installation.last_tick_at);
}

SealName system_token_name(const InstallationId& id) { return {"system_token", "secret", {id.value}}; }

}  // namespace

std::optional<ports::Installation> SqlInstallations::find(const InstallationId& id) {
  return connection_.statement(kFind).with("id", id).row(installation_from);
}

std::optional<ports::Installation> SqlInstallations::find_known_as(const InstallationId& forge) {
  return connection_.statement(kFindKnownAs).with("known_as", forge).row(installation_from);
}

std::vector<ports::Installation> SqlInstallations::all() { return connection_.statement(kAll).rows(installation_from); }

void SqlInstallations::insert(const ports::Installation& installation) {
  connection_.touch(installation.id);
  auto complete = installation;
  if (!complete.app_token_received_at) {
    // The token may have come before the pairing.
    struct Age { Time received_at; Time expires_at; };
    const auto age = connection_.statement(kAgeOfSystemToken).with("installation", installation.id).row([](Row& row) {
      const auto received_at = row.time();
      return Age{received_at, row.time()};
    });
    if (age) {
      complete.app_token_received_at = age->received_at;
      complete.app_token_expires_at = age->expires_at;
    }
  }
  auto& statement = connection_.statement(kInsert).with("id", complete.id);
  bind_content(statement, complete);
  statement.run();
}

void SqlInstallations::update(const ports::Installation& installation) {
  connection_.touch(installation.id);
  auto& statement = connection_.statement(kUpdate);
  bind_content(statement, installation);
  statement.with("id", installation.id).run();
}

void SqlInstallations::erase(const InstallationId& id) {
  connection_.touch(id);
  connection_.statement(kErase).with("id", id).run();
  erase_tokens(id);
  connection_.statement(kEraseFailedPairings).with("id", id).run();
}

void SqlInstallations::erase_tokens(const InstallationId& id) {
  connection_.statement(kEraseSystemToken).with("id", id).run();
  connection_.statement(kEraseUserTokens).with("id", id).run();
}

void SqlInstallations::take_over_tokens(const InstallationId& newcomer, const InstallationId& id, Time now) {
  // Each is sealed to the row it stands in.
  const auto system = system_token(newcomer);
  const auto accounts = connection_.statement(kUserTokenOwners).with("installation", newcomer).rows([](Row& row) { return row.id<AccountId>(); });
  erase_tokens(id);
  if (system) keep_system_token(id, *system, now);
  for (const auto& account : accounts) {
    if (const auto token = user_token(newcomer, account)) keep_user_token(id, account, *token);
  }
  erase_tokens(newcomer);
  connection_.statement(kEraseFailedPairings).with("id", newcomer).run();
}

void SqlInstallations::keep_system_token(const InstallationId& id, const ports::AppToken& token, Time now) {
  connection_.statement(kKeepSystemToken)
      .with("installation", id)
      .with("secret", seals_.seal(token.secret, system_token_name(id)))
      .with("expires_at", token.expires_at)
      .with("now", now)
      .run();
  connection_.statement(kNoteSystemToken).with("now", now).with("expires_at", token.expires_at).with("installation", id).run();
}

void SqlInstallations::keep_user_token(const InstallationId& id, const AccountId& account, const ports::AppToken& token) {
  connection_.statement(kKeepUserToken)
      .with("installation", id)
      .with("account", account)
      .with("secret", seals_.seal(token.secret, {"user_token", "secret", {id.value, account.value}}))
      .with("expires_at", token.expires_at)
      .run();
}

std::optional<ports::AppToken> SqlInstallations::system_token(const InstallationId& id) {
  return connection_.statement(kSystemToken).with("installation", id).row([&](Row& row) {
    auto secret = seals_.open(row.text(), system_token_name(id));
    return ports::AppToken{.secret = std::move(secret), .expires_at = row.time()};
  });
}

std::optional<ports::AppToken> SqlInstallations::user_token(const InstallationId& id, const AccountId& account) {
  return connection_.statement(kUserToken).with("installation", id).with("account", account).row([&](Row& row) {
    auto secret = seals_.open(row.text(), {"user_token", "secret", {id.value, account.value}});
    return ports::AppToken{.secret = std::move(secret), .expires_at = row.time()};
  });
}

std::size_t SqlInstallations::erase_expired_tokens(Time now) {
  const auto system_tokens = connection_.statement(kEraseExpiredSystemTokens).with("now", now).run();
  return system_tokens + connection_.statement(kEraseExpiredUserTokens).with("now", now).run();
}

void SqlInstallations::insert_pairing_code(const std::string& code_hash, const std::string& site_url, Time expires_at) {
  connection_.statement(kForgetPairingCodes).with("before", expires_at - kPairingCodesKept).run();
  connection_.statement(kInsertPairingCode).with("code_hash", code_hash).with("site_url", site_url).with("expires_at", expires_at).run();
}

std::optional<ports::InstallationStore::PairingCode> SqlInstallations::pairing_code(const std::string& code_hash) {
  return connection_.statement(kPairingCode).with("code_hash", code_hash).row([](Row& row) {
    PairingCode code;
    code.site_url = row.text();
    code.expires_at = row.time();
    code.used_at = row.maybe_time();
    return code;
  });
}

bool SqlInstallations::use_pairing_code(const std::string& code_hash, Time now) {
  return connection_.statement(kUsePairingCode).with("now", now).with("code_hash", code_hash).run() == 1;
}

std::vector<Time> SqlInstallations::failed_pairings(const InstallationId& id, Time since) {
  struct Moment { Time at; std::int64_t tries; };
  const auto moments = connection_.statement(kFailedPairings).with("installation", id).with("since", since).rows([](Row& row) { return Moment{.at = row.time(), .tries = row.number()}; });
  std::vector<Time> tries;
  for (const auto& moment : moments) tries.insert(tries.end(), static_cast<std::size_t>(moment.tries), moment.at);
  return tries;
}

void SqlInstallations::note_failed_pairing(const InstallationId& id, Time now) {
  connection_.statement(kNoteFailedPairing).with("installation", id).with("now", now).run();
  connection_.statement(kForgetFailedPairings).with("installation", id).with("before", now - kFailedPairingsKept).run();
}

}  // namespace belay::storage
