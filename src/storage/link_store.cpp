#include "storage/failure.hpp"
#include "storage/stores.hpp"

namespace belay::storage {
namespace {

#define BELAY_PROVIDER_COLUMNS \
  "provider_account_id, provider_account_name, provider_account_email, provider_account_company, provider_account_picture," \
  " licence_type, licence_active, licence_paid"
#define BELAY_PROVIDER_VALUES \
  ":provider_account_id, :provider_account_name, :provider_account_email, :provider_account_company, :provider_account_picture," \
  " :licence_type, :licence_active, :licence_paid"

#define BELAY_LINK_COLUMNS \
  "installation_id, id, account_id, account_name, provider, " BELAY_PROVIDER_COLUMNS \
  ", sealed_access_token, sealed_refresh_token, grant_expires_at, linked_at, checked_at, expired, ending_since, group_name, group_id," \
  " sealed_reports_access_token, sealed_reports_refresh_token, reports_grant_expires_at, reports_since, reports_expired"
constexpr int kLinkColumns = 27;

constexpr Query kFindByAccount{
    "select " BELAY_LINK_COLUMNS " from account_link where installation_id = :installation and account_id = :account and provider = :provider", kLinkColumns};
constexpr Query kFindById{"select " BELAY_LINK_COLUMNS " from account_link where installation_id = :installation and id = :id", kLinkColumns};
constexpr Query kAll{"select " BELAY_LINK_COLUMNS " from account_link where installation_id = :installation order by linked_at, id", kLinkColumns};
constexpr Query kLinked{
    "select account_id, provider_account_id, provider_account_email from account_link"
    " where installation_id = :installation and provider = :provider and expired = 0 and ending_since is null",
    3};

constexpr Query kPut{
    "insert into account_link (" BELAY_LINK_COLUMNS ") values (:installation, :id, :account, :account_name, :provider, " BELAY_PROVIDER_VALUES
    ", :access_token, :refresh_token, :grant_expires_at, :linked_at, :checked_at, :expired, :ending_since, :group_name, :group_id,"
    " :reports_access_token, :reports_refresh_token, :reports_grant_expires_at, :reports_since, :reports_expired)"
    " on conflict (installation_id, account_id, provider) do update set id = excluded.id, account_name = excluded.account_name,"
    " provider_account_id = excluded.provider_account_id, provider_account_name = excluded.provider_account_name,"
    " provider_account_email = excluded.provider_account_email, provider_account_company = excluded.provider_account_company,"
    " provider_account_picture = excluded.provider_account_picture, licence_type = excluded.licence_type,"
    " licence_active = excluded.licence_active, licence_paid = excluded.licence_paid,"
    " sealed_access_token = excluded.sealed_access_token, sealed_refresh_token = excluded.sealed_refresh_token,"
    " grant_expires_at = excluded.grant_expires_at, linked_at = excluded.linked_at, checked_at = excluded.checked_at,"
    " expired = excluded.expired, ending_since = excluded.ending_since, group_name = excluded.group_name, group_id = excluded.group_id,"
    " sealed_reports_access_token = excluded.sealed_reports_access_token, sealed_reports_refresh_token = excluded.sealed_reports_refresh_token,"
    " reports_grant_expires_at = excluded.reports_grant_expires_at, reports_since = excluded.reports_since, reports_expired = excluded.reports_expired"};
// Everything but the tokens and whether they are any good.
constexpr Query kPutAroundTokens{
    "update account_link set account_name = :account_name, checked_at = :checked_at, ending_since = :ending_since, group_name = :group_name, group_id = :group_id"
    " where installation_id = :installation and id = :id"};
constexpr Query kErase{"delete from account_link where installation_id = :installation and id = :id"};

#define BELAY_ATTEMPT_COLUMNS "installation_id, state_hash, account_id, sealed_code_verifier, return_url, expires_at, registration"
constexpr int kAttemptColumns = 7;
constexpr Query kInsertAttempt{
    "insert into link_attempt (" BELAY_ATTEMPT_COLUMNS ") values (:installation, :state_hash, :account, :code_verifier, :return_url, :expires_at, :registration)"};
constexpr Query kAttempt{"select " BELAY_ATTEMPT_COLUMNS " from link_attempt where state_hash = :state_hash", kAttemptColumns};
constexpr Query kTakeAttempt{"delete from link_attempt where state_hash = :state_hash returning " BELAY_ATTEMPT_COLUMNS, kAttemptColumns};
constexpr Query kEraseExpiredAttempts{"delete from link_attempt where expires_at < :now"};

#define BELAY_PARKED_COLUMNS \
  "installation_id, token_hash, account_id, sealed_access_token, sealed_refresh_token, grant_expires_at, " BELAY_PROVIDER_COLUMNS \
  ", expires_at, registration"
constexpr int kParkedColumns = 16;
constexpr Query kPark{
    "insert into parked_grant (" BELAY_PARKED_COLUMNS ") values (:installation, :token_hash, :account, :access_token, :refresh_token,"
    " :grant_expires_at, " BELAY_PROVIDER_VALUES ", :expires_at, :registration)"};
constexpr Query kParked{"select " BELAY_PARKED_COLUMNS " from parked_grant where token_hash = :token_hash", kParkedColumns};
constexpr Query kAllParked{"select " BELAY_PARKED_COLUMNS " from parked_grant where installation_id = :installation order by expires_at, token_hash", kParkedColumns};
constexpr Query kTakeParked{"delete from parked_grant where token_hash = :token_hash returning " BELAY_PARKED_COLUMNS, kParkedColumns};

void bind_provider_account(Statement& statement, const ports::ProviderAccount& account) {
  statement.with("provider_account_id", account.id)
      .with("provider_account_name", account.name)
      .with("provider_account_email", account.email)
      .with("provider_account_company", account.company)
      .with("provider_account_picture", account.picture)
      .with("licence_type", account.licence.type)
      .with("licence_active", account.licence.active)
      .with("licence_paid", account.licence.paid);
}

ports::ProviderAccount provider_account_from(Row& row) {
  ports::ProviderAccount account;
  account.id = row.id<ProviderAccountId>();
  account.name = row.text();
  account.email = row.text();
  account.company = row.text();
  account.picture = row.text();
  account.licence.type = row.text();
  account.licence.active = row.flag();
  account.licence.paid = row.flag();
  return account;
}

// One that we wrote; of anything else the least is believed.
ports::Registration registration_of(const std::string& word) { return ports::registration_from(word).value_or(ports::Registration::base); }

// The two tokens and their end, as both tables keep them.
struct GrantName {
  std::string_view table;
  const std::string& installation;
  const std::string& row;
  [[nodiscard]] SealName access_token() const { return {table, "access_token", {installation, row}}; }
  [[nodiscard]] SealName refresh_token() const { return {table, "refresh_token", {installation, row}}; }
};

void bind_grant(Statement& statement, const ports::Grant& grant, const GrantName& name, const Seals& seals) {
  statement.with("access_token", seals.seal(grant.access_token, name.access_token()))
      .with("refresh_token", seals.seal(grant.refresh_token, name.refresh_token()))
      .with("grant_expires_at", grant.expires_at);
}

ports::Grant grant_from(Row& row, const GrantName& name, const Seals& seals) {
  ports::Grant grant;
  grant.access_token = seals.open(row.text(), name.access_token());
  grant.refresh_token = seals.open(row.text(), name.refresh_token());
  grant.expires_at = row.time();
  return grant;
}

struct Tokens {
  std::string access;
  std::string refresh;
};

// Nothing: they do not open. The operator is told (doctor, and the log at the start); whoever linked links again.
std::optional<Tokens> tokens_from(const std::string& access, const std::string& refresh, const auto& name, const Seals& seals) {
  try {
    return Tokens{.access = seals.open(access, name.access_token()), .refresh = seals.open(refresh, name.refresh_token())};
  } catch (const Failure&) {
    return std::nullopt;
  }
}

// The same for the second grant of a link, which may be missing.
struct ReportsGrantName {
  const ports::AccountLink& link;
  [[nodiscard]] SealName access_token() const { return {"account_link", "reports_access_token", {link.installation.value, link.id.value}}; }
  [[nodiscard]] SealName refresh_token() const { return {"account_link", "reports_refresh_token", {link.installation.value, link.id.value}}; }
};

void bind_reports_grant(Statement& statement, const ports::AccountLink& link, const Seals& seals) {
  const ReportsGrantName name{link};
  const auto& reports = link.reports;
  using Text = std::optional<std::string>;
  using Moment = std::optional<Time>;
  statement.with("reports_access_token", reports ? Text{seals.seal(reports->grant.access_token, name.access_token())} : Text{})
      .with("reports_refresh_token", reports ? Text{seals.seal(reports->grant.refresh_token, name.refresh_token())} : Text{})
      .with("reports_grant_expires_at", reports ? Moment{reports->grant.expires_at} : Moment{})
      .with("reports_since", reports ? Moment{reports->since} : Moment{})
      .with("reports_expired", reports && reports->expired);
}

std::optional<ports::ReportsGrant> reports_grant_from(Row& row, const ports::AccountLink& link, const Seals& seals) {
  const ReportsGrantName name{link};
  const auto access_token = row.maybe_text();
  const auto refresh_token = row.maybe_text();
  const auto expires_at = row.maybe_time();
  const auto since = row.maybe_time();
  const bool expired = row.flag();
  if (!access_token || !refresh_token || !expires_at || !since) return std::nullopt;
  auto tokens = tokens_from(*access_token, *refresh_token, name, seals);
  const bool unreadable = !tokens;
  if (unreadable) tokens.emplace();
  return ports::ReportsGrant{.grant = {.access_token = std::move(tokens->access),
                                       .refresh_token = std::move(tokens->refresh),
                                       .expires_at = *expires_at,
                                       .registration = ports::Registration::reports},
                             .since = *since,
                             .expired = expired || unreadable};
}

}  // namespace

ports::AccountLink SqlLinks::link_from(Row& row) const {
  ports::AccountLink link;
  link.installation = row.id<InstallationId>();
  link.id = row.id<LinkId>();
  link.account = row.id<AccountId>();
  link.account_name = row.text();
  link.provider = row.id<ProviderName>();
  link.at_provider = provider_account_from(row);
  const auto access_token = row.text();
  const auto refresh_token = row.text();
  auto tokens = tokens_from(access_token, refresh_token, GrantName{"account_link", link.installation.value, link.id.value}, seals_);
  link.unreadable = !tokens;
  if (tokens) link.grant = {.access_token = std::move(tokens->access), .refresh_token = std::move(tokens->refresh), .expires_at = {}};
  link.grant.expires_at = row.time();
  link.linked_at = row.time();
  link.checked_at = row.time();
  link.expired = row.flag() || link.unreadable;
  link.ending_since = row.maybe_time();
  link.group_name = row.text();
  link.group_id = row.text();
  link.reports = reports_grant_from(row, link, seals_);
  return link;
}

std::optional<ports::AccountLink> SqlLinks::find(const InstallationId& installation, const AccountId& account, const ProviderName& provider) {
  return connection_.statement(kFindByAccount).with("installation", installation).with("account", account).with("provider", provider).row([this](Row& row) {
    return link_from(row);
  });
}

std::optional<ports::AccountLink> SqlLinks::find(const InstallationId& installation, const LinkId& id) {
  return connection_.statement(kFindById).with("installation", installation).with("id", id).row([this](Row& row) { return link_from(row); });
}

std::vector<ports::AccountLink> SqlLinks::all(const InstallationId& installation) {
  return connection_.statement(kAll).with("installation", installation).rows([this](Row& row) { return link_from(row); });
}

std::vector<ports::LinkedAccount> SqlLinks::linked(const InstallationId& installation, const ProviderName& provider) {
  return connection_.statement(kLinked).with("installation", installation).with("provider", provider).rows([](Row& row) {
    auto account = row.id<AccountId>();
    auto id = row.id<ProviderAccountId>();
    return ports::LinkedAccount{.account = std::move(account), .id = std::move(id), .email = row.maybe_text().value_or("")};
  });
}

void SqlLinks::put(const ports::AccountLink& link) {
  connection_.touch(link.installation);
  if (link.unreadable) {
    connection_.statement(kPutAroundTokens)
        .with("installation", link.installation)
        .with("id", link.id)
        .with("account_name", link.account_name)
        .with("checked_at", link.checked_at)
        .with("ending_since", link.ending_since)
        .with("group_name", link.group_name)
        .with("group_id", link.group_id)
        .run();
    return;
  }
  auto& statement = connection_.statement(kPut)
                        .with("installation", link.installation)
                        .with("id", link.id)
                        .with("account", link.account)
                        .with("account_name", link.account_name)
                        .with("provider", link.provider);
  bind_provider_account(statement, link.at_provider);
  bind_grant(statement, link.grant, {"account_link", link.installation.value, link.id.value}, seals_);
  bind_reports_grant(statement, link, seals_);
  statement.with("linked_at", link.linked_at)
      .with("checked_at", link.checked_at)
      .with("expired", link.expired)
      .with("ending_since", link.ending_since)
      .with("group_name", link.group_name)
      .with("group_id", link.group_id)
      .run();
}

void SqlLinks::erase(const InstallationId& installation, const LinkId& id) {
  connection_.touch(installation);
  connection_.statement(kErase).with("installation", installation).with("id", id).run();
}

ports::LinkAttempt SqlLinks::attempt_from(Row& row) const {
  ports::LinkAttempt attempt;
  attempt.installation = row.id<InstallationId>();
  attempt.state_hash = row.text();
  attempt.account = row.id<AccountId>();
  attempt.code_verifier = seals_.open(row.text(), {"link_attempt", "code_verifier", {attempt.installation.value, attempt.state_hash}});
  attempt.return_url = row.text();
  attempt.expires_at = row.time();
  attempt.registration = registration_of(row.text());
  return attempt;
}

void SqlLinks::insert_attempt(const ports::LinkAttempt& attempt) {
  connection_.statement(kInsertAttempt)
      .with("installation", attempt.installation)
      .with("state_hash", attempt.state_hash)
      .with("account", attempt.account)
      .with("code_verifier", seals_.seal(attempt.code_verifier, {"link_attempt", "code_verifier", {attempt.installation.value, attempt.state_hash}}))
      .with("return_url", attempt.return_url)
      .with("expires_at", attempt.expires_at)
      .with("registration", to_string(attempt.registration))
      .run();
}

std::optional<ports::LinkAttempt> SqlLinks::take_attempt(const std::string& state_hash) {
  return connection_.statement(kTakeAttempt).with("state_hash", state_hash).row([this](Row& row) { return attempt_from(row); });
}

std::optional<ports::LinkAttempt> SqlLinks::attempt(const std::string& state_hash) {
  return connection_.statement(kAttempt).with("state_hash", state_hash).row([this](Row& row) { return attempt_from(row); });
}

ports::ParkedGrant SqlLinks::parked_from(Row& row) const {
  ports::ParkedGrant parked;
  parked.installation = row.id<InstallationId>();
  parked.token_hash = row.text();
  parked.account = row.id<AccountId>();
  parked.grant = grant_from(row, {"parked_grant", parked.installation.value, parked.token_hash}, seals_);
  parked.at_provider = provider_account_from(row);
  parked.expires_at = row.time();
  parked.grant.registration = registration_of(row.text());
  return parked;
}

void SqlLinks::park(const ports::ParkedGrant& grant) {
  auto& statement = connection_.statement(kPark)
                        .with("installation", grant.installation)
                        .with("token_hash", grant.token_hash)
                        .with("account", grant.account);
  bind_grant(statement, grant.grant, {"parked_grant", grant.installation.value, grant.token_hash}, seals_);
  bind_provider_account(statement, grant.at_provider);
  statement.with("expires_at", grant.expires_at).with("registration", to_string(grant.grant.registration)).run();
}

std::optional<ports::ParkedGrant> SqlLinks::parked(const std::string& token_hash) {
  return connection_.statement(kParked).with("token_hash", token_hash).row([this](Row& row) { return parked_from(row); });
}

std::vector<ports::ParkedGrant> SqlLinks::all_parked(const InstallationId& installation) {
  return connection_.statement(kAllParked).with("installation", installation).rows([this](Row& row) { return parked_from(row); });
}

std::optional<ports::ParkedGrant> SqlLinks::take_parked(const std::string& token_hash) {
  return connection_.statement(kTakeParked).with("token_hash", token_hash).row([this](Row& row) { return parked_from(row); });
}

std::size_t SqlLinks::erase_expired_attempts(Time now) { return connection_.statement(kEraseExpiredAttempts).with("now", now).run(); }

}  // namespace belay::storage
