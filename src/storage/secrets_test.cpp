// Tokens at rest: sealed, bound to their row, and sealed again when the key changes.
#include <fstream>
#include <sstream>

#include "storage/engines_test.hpp"

using namespace belay;
using namespace belay::storage::testing;
using belay::ports::UnitOfWork;

namespace {

const AccountId kAgent{"agent"};

// One of everything that is sealed; each plain text has the word in it.
void write_secrets(Bench& bench) {
  bench.change([](UnitOfWork& unit) {
    const auto id = installation_id("acme");
    unit.installations().insert(installation("acme"));
    unit.installations().keep_system_token(id, {.secret = "PLAINTEXT-system", .expires_at = kNoon}, kNoon);
    unit.installations().keep_user_token(id, kAgent, {.secret = "PLAINTEXT-user", .expires_at = kNoon});
    auto link = account_link("acme", "agent");
    link.grant = {.access_token = "PLAINTEXT-access", .refresh_token = "PLAINTEXT-refresh", .expires_at = kNoon};
    link.reports = ports::ReportsGrant{.grant = {.access_token = "PLAINTEXT-reports-access", .refresh_token = "PLAINTEXT-reports-refresh", .expires_at = kNoon, .registration = ports::Registration::reports}, .since = kNoon};
    unit.links().put(link);
    unit.links().insert_attempt({.state_hash = "state", .installation = id, .account = kAgent, .code_verifier = "PLAINTEXT-verifier", .return_url = "", .expires_at = kNoon});
    unit.sign_ins().insert_attempt({.state_hash = "sign-in", .installation = id, .code_verifier = "PLAINTEXT-sign-in-verifier", .nonce = "nonce", .expires_at = kNoon});
    unit.sign_ins().put_grant(id, kAgent, {.access_token = "PLAINTEXT-jira-access", .refresh_token = "PLAINTEXT-jira-refresh", .expires_at = kNoon});
    unit.links().park({.token_hash = "token", .installation = id, .account = kAgent,
                       .grant = {.access_token = "PLAINTEXT-parked-access", .refresh_token = "PLAINTEXT-parked-refresh", .expires_at = kNoon}, .at_provider = {}, .expires_at = kNoon});
  });
}

constexpr std::size_t kSecrets = 12;

void check_secrets(Bench& bench) {
  bench.read([](UnitOfWork& unit) {
    const auto id = installation_id("acme");
    CHECK(unit.installations().system_token(id)->secret == "PLAINTEXT-system");
    CHECK(unit.installations().user_token(id, kAgent)->secret == "PLAINTEXT-user");
    CHECK(unit.links().find(id, LinkId{"link-agent"})->grant.access_token == "PLAINTEXT-access");
    CHECK(unit.links().find(id, LinkId{"link-agent"})->grant.refresh_token == "PLAINTEXT-refresh");
    CHECK(unit.links().find(id, LinkId{"link-agent"})->reports->grant.access_token == "PLAINTEXT-reports-access");
    CHECK(unit.links().find(id, LinkId{"link-agent"})->reports->grant.refresh_token == "PLAINTEXT-reports-refresh");
    CHECK(unit.links().attempt("state")->code_verifier == "PLAINTEXT-verifier");
    CHECK(unit.links().parked("token")->grant.access_token == "PLAINTEXT-parked-access");
    CHECK(unit.sign_ins().grant(id, kAgent)->access_token == "PLAINTEXT-jira-access");
    CHECK(unit.sign_ins().grant(id, kAgent)->refresh_token == "PLAINTEXT-jira-refresh");
    CHECK(unit.links().parked("token")->grant.refresh_token == "PLAINTEXT-parked-refresh");
    return true;
  });
}

// Every value of every TEXT column whose name says that it is sealed.
std::vector<std::string> sealed_values(Bench& bench) {
  static constexpr storage::Query kValues{
      "select sealed_secret from system_token union all select sealed_secret from user_token"
      " union all select sealed_access_token from account_link union all select sealed_refresh_token from account_link"
      " union all select sealed_reports_access_token from account_link union all select sealed_reports_refresh_token from account_link"
      " union all select sealed_code_verifier from link_attempt union all select sealed_access_token from parked_grant"
      " union all select sealed_refresh_token from parked_grant union all select sealed_code_verifier from sign_in_attempt"
      " union all select sealed_access_token from jira_grant union all select sealed_refresh_token from jira_grant", 1};
  return bench.outside()->statement(kValues).rows([](storage::Row& row) { return row.text(); });
}

}  // namespace

STORAGE_TEST("no secret lies in the database as plain text") {
  write_secrets(bench);
  check_secrets(bench);
  const auto values = sealed_values(bench);
  CHECK(values.size() == kSecrets);
  for (const auto& value : values) {
    CHECK(value.starts_with("v1."));
    CHECK(value.find("PLAINTEXT") == std::string::npos);
  }
}

TEST_CASE("SQLite: no secret lies in any of the files, the log included") {
  Bench bench{storage::Engine::sqlite};
  write_secrets(bench);
  std::size_t files = 0;
  for (const auto& file : std::filesystem::directory_iterator(bench.directory)) {
    ++files;
    std::ifstream in{file.path(), std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    CAPTURE(file.path().string());
    CHECK(bytes.find("PLAINTEXT") == std::string::npos);
    if (file.path().extension() == ".db-wal") CHECK(bytes.find("link-agent") != std::string::npos);   // the scan sees what is there
  }
  CHECK(files >= 2);
}

STORAGE_TEST("a sealed value that was copied to another row does not open") {
  write_secrets(bench);
  bench.change([](UnitOfWork& unit) { unit.installations().keep_user_token(installation_id("acme"), AccountId{"thief"}, {.secret = "own", .expires_at = kNoon}); });
  bench.outside()->run_once("update user_token set sealed_secret = (select sealed_secret from user_token where account_id = 'agent') where account_id = 'thief'");
  const auto stolen = bench.run(bench.database->read<bool>([](UnitOfWork& unit) -> Result<bool> {
    return unit.installations().user_token(installation_id("acme"), AccountId{"thief"}).has_value();
  }));
  REQUIRE(!stolen);
  CHECK(stolen.error().code == "seal_broken");
  check_secrets(bench);
}

STORAGE_TEST("after the key changed everything opens, is sealed again, and the old key can go") {
  write_secrets(bench);
  bench.open(std::string(kNewKey) + std::string(kOldKey));
  check_secrets(bench);
  const auto before = sealed_values(bench);
  CHECK(bench.run(bench.database->reseal()).value().sealed == kSecrets);
  check_secrets(bench);
  const auto after = sealed_values(bench);
  for (const auto& value : after) CHECK(std::ranges::find(before, value) == before.end());
  CHECK(bench.run(bench.database->reseal()).value().sealed == 0);
  bench.open(kNewKey);
  check_secrets(bench);
}

STORAGE_TEST("sealing again knows every sealed column") {
  write_secrets(bench);
  static constexpr storage::Query kSqlite{
      "select count(*) from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and c.name like 'sealed!_%' escape '!'", 1};
  static constexpr storage::Query kPostgresql{
      "select count(*) from information_schema.columns where table_schema = 'public' and column_name like 'sealed!_%' escape '!'", 1};
  const auto connection = bench.outside();
  const auto& query = bench.engine == storage::Engine::sqlite ? kSqlite : kPostgresql;
  CHECK(connection->statement(query).row([](storage::Row& row) { return row.number(); }) == kSecrets);
}

STORAGE_TEST("more stale values than one transaction takes are all sealed again") {
  constexpr int kAccounts = 230;
  bench.change([](UnitOfWork& unit) {
    for (int i = 0; i < kAccounts; ++i) {
      unit.installations().keep_user_token(installation_id("acme"), AccountId{std::to_string(i)}, {.secret = std::to_string(i), .expires_at = kNoon});
    }
  });
  bench.open(std::string(kNewKey) + std::string(kOldKey));
  CHECK(bench.run(bench.database->reseal()).value().sealed == kAccounts);
  bench.open(kNewKey);
  CHECK(bench.read([](UnitOfWork& unit) { return unit.installations().user_token(installation_id("acme"), AccountId{"229"})->secret; }) == "229");
}

STORAGE_TEST("a key that went too early is said, and what it sealed is left as it is, to open once the key is back") {
  write_secrets(bench);
  bench.open(kNewKey);
  const auto opened = bench.run(bench.database->read<bool>([](UnitOfWork& unit) -> Result<bool> {
    return unit.installations().system_token(installation_id("acme")).has_value();
  }));
  REQUIRE(!opened);
  CHECK(opened.error().code == "seal_unknown_key");
  const auto resealed = bench.run(bench.database->reseal()).value();
  CHECK(resealed.sealed == 0);
  CHECK(resealed.unopenable == kSecrets);
  CHECK(bench.database->count_unopenable().value() == kSecrets);
  bench.open(std::string(kNewKey) + std::string(kOldKey));
  CHECK(bench.run(bench.database->reseal()).value().sealed == kSecrets);
  CHECK(bench.database->count_unopenable().value() == 0);
  check_secrets(bench);
}

STORAGE_TEST("a link whose tokens do not open is there, expired; what is written of it leaves them as they are, and a new link has its own") {
  write_secrets(bench);
  const auto links = [&] { return bench.read([](UnitOfWork& unit) { return unit.links().all(installation_id("acme")); }); };
  const auto sound = links();
  REQUIRE(sound.size() == 1);
  REQUIRE_FALSE(sound.front().expired);

  bench.open(kNewKey);
  auto shut = links();
  REQUIRE(shut.size() == 1);
  CHECK(shut.front().expired);
  CHECK(shut.front().unreadable);
  CHECK(shut.front().grant.access_token.empty());
  shut.front().account_name = "Another name";
  bench.change([&](UnitOfWork& unit) { unit.links().put(shut.front()); });

  bench.open(std::string(kNewKey) + std::string(kOldKey));
  const auto again = links();
  REQUIRE(again.size() == 1);
  CHECK_FALSE(again.front().expired);
  CHECK(again.front().account_name == "Another name");
  CHECK(again.front().grant.access_token == sound.front().grant.access_token);
  CHECK(again.front().grant.refresh_token == sound.front().grant.refresh_token);
  CHECK(again.front().reports.has_value() == sound.front().reports.has_value());

  bench.open(kNewKey);
  auto fresh = sound.front();
  bench.change([&](UnitOfWork& unit) { unit.links().put(fresh); });
  CHECK_FALSE(links().front().expired);
}

STORAGE_TEST("values that do not open keep no other from being sealed again, however many of them come first") {
  constexpr std::string_view kLostKey = "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=\n";
  constexpr std::size_t kOfEach = 130;   // more than one transaction looks at
  const auto keep = [&bench](char first) {
    bench.change([first](UnitOfWork& unit) {
      for (std::size_t i = 0; i < kOfEach; ++i) {
        unit.installations().keep_user_token(installation_id("acme"), AccountId{first + std::to_string(i)}, {.secret = std::to_string(i), .expires_at = kNoon});
      }
    });
  };
  bench.open(kLostKey);
  keep('a');
  bench.open(kOldKey);
  keep('b');
  write_secrets(bench);
  bench.open(std::string(kNewKey) + std::string(kOldKey));
  const auto resealed = bench.run(bench.database->reseal()).value();
  CHECK(resealed.sealed == kOfEach + kSecrets);
  CHECK(resealed.unopenable == kOfEach);
  CHECK(bench.database->count_unopenable().value() == kOfEach);
  bench.open(kNewKey);
  check_secrets(bench);
  CHECK(bench.read([](UnitOfWork& unit) { return unit.installations().user_token(installation_id("acme"), AccountId{"b129"})->secret; }) == "129");
}

STORAGE_TEST("a value that was altered is counted, whichever key sealed it") {
  write_secrets(bench);
  CHECK(bench.database->count_unopenable().value() == 0);
  bench.outside()->run_once("update user_token set sealed_secret = (select sealed_secret from system_token)");
  CHECK(bench.database->count_unopenable().value() == 1);
}
