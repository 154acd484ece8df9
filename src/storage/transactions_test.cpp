// What a unit of work promises: all or nothing, one after the other, and an answer whatever the database does.
#include <future>
#include <latch>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "storage/engines_test.hpp"

using namespace belay;
using namespace belay::storage::testing;
using belay::ports::UnitOfWork;

namespace asio = boost::asio;

namespace {

void pair(Bench& bench) {
  bench.change([](UnitOfWork& unit) { unit.installations().insert(installation("acme")); });
}

bool is_paired(Bench& bench, const std::string& name) {
  return bench.read([&](UnitOfWork& unit) { return unit.installations().find(installation_id(name)).has_value(); });
}

Result<bool> try_write(Bench& bench, std::function<Result<bool>(UnitOfWork&)> work) { return bench.run(bench.database->write<bool>(std::move(work))); }

// Runs the same work in as many threads, beginning together; how many said true.
int how_many(Bench& bench, int threads, const std::function<bool(UnitOfWork&)>& work) {
  std::latch ready{threads};
  std::atomic<int> winners = 0;
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < threads; ++i) {
      callers.emplace_back([&] {
        ready.arrive_and_wait();
        if (bench.write(work)) ++winners;
      });
    }
  }
  return winners;
}

}  // namespace

STORAGE_TEST("a unit of work that returns an error leaves nothing behind") {
  const auto answer = try_write(bench, [](UnitOfWork& unit) -> Result<bool> {
    unit.installations().insert(installation("acme"));
    return fail("refused", "by the test", {{"why", "because"}});
  });
  REQUIRE(!answer);
  CHECK(answer.error().code == "refused");
  CHECK(answer.error().detail == json::object{{"why", "because"}});
  CHECK(!is_paired(bench, "acme"));
}

STORAGE_TEST("a unit of work that throws leaves nothing behind, and the exception reaches the caller") {
  CHECK_THROWS_WITH(bench.change([](UnitOfWork& unit) {
    unit.installations().insert(installation("acme"));
    throw std::runtime_error("a bug");
  }), "a bug");
  CHECK(!is_paired(bench, "acme"));
}

STORAGE_TEST("a statement that the database refuses throws, leaves nothing behind, and the connection goes on") {
  pair(bench);
  CHECK_THROWS(bench.change([](UnitOfWork& unit) {
    unit.installations().insert(installation("other"));
    unit.installations().insert(installation("acme"));
  }));
  CHECK(!is_paired(bench, "other"));
  bench.change([](UnitOfWork& unit) { unit.installations().insert(installation("other")); });
  CHECK(is_paired(bench, "other"));
}

STORAGE_TEST("what was written in a unit of work is read in it, and by others only after it") {
  std::latch inside{1};
  std::latch looked{1};
  std::jthread writer{[&] {
    bench.change([&](UnitOfWork& unit) {
      unit.installations().insert(installation("acme"));
      CHECK(unit.installations().find(installation_id("acme")));
      inside.count_down();
      looked.wait();
    });
  }};
  inside.wait();
  CHECK(!is_paired(bench, "acme"));
  looked.count_down();
  writer.join();
  CHECK(is_paired(bench, "acme"));
}

STORAGE_TEST("a read cannot write") {
  CHECK_THROWS(bench.read([](UnitOfWork& unit) {
    unit.installations().insert(installation("acme"));
    return true;
  }));
  CHECK(!is_paired(bench, "acme"));
}

STORAGE_TEST("a read sees one moment, whatever is committed meanwhile") {
  std::latch read_once{1};
  std::latch written{1};
  std::pair<bool, bool> seen;
  std::jthread reader{[&] {
    seen = bench.read([&](UnitOfWork& unit) {
      const bool before = unit.installations().find(installation_id("acme")).has_value();
      read_once.count_down();
      written.wait();
      return std::pair(before, unit.installations().find(installation_id("acme")).has_value());
    });
  }};
  read_once.wait();
  pair(bench);
  written.count_down();
  reader.join();
  CHECK(seen == std::pair(false, false));
  CHECK(is_paired(bench, "acme"));
}

STORAGE_TEST("of many that use a pairing code at the same time one wins") {
  bench.change([](UnitOfWork& unit) { unit.installations().insert_pairing_code("hash", "https://acme.example", kNoon); });
  CHECK(how_many(bench, 8, [](UnitOfWork& unit) { return unit.installations().use_pairing_code("hash", kNoon); }) == 1);
}

STORAGE_TEST("of many that take a parked grant at the same time one gets it") {
  pair(bench);
  bench.change([](UnitOfWork& unit) {
    unit.links().park({.token_hash = "token", .installation = installation_id("acme"), .account = AccountId{"agent"},
                       .grant = {.access_token = "a", .refresh_token = "r", .expires_at = kNoon}, .at_provider = {}, .expires_at = kNoon});
  });
  CHECK(how_many(bench, 8, [](UnitOfWork& unit) { return unit.links().take_parked("token").has_value(); }) == 1);
}

STORAGE_TEST("looking first and writing then is safe: of many that find no key, one inserts it") {
  pair(bench);
  const auto first_only = [](UnitOfWork& unit) {
    const auto id = installation_id("acme");
    const AccountId agent{"agent"};
    if (unit.sessions().keyed(id, agent, "key", kNoon)) return false;
    unit.sessions().insert_keyed(id, agent, "key", {.body_hash = "b", .session = SessionId{"s1"}}, kNoon + Milliseconds{1});
    return true;
  };
  CHECK(how_many(bench, 8, first_only) == 1);
}

STORAGE_TEST("a plain insert that many try at the same time after looking happens once") {
  const auto pair_once = [](UnitOfWork& unit) {
    if (unit.installations().find(installation_id("acme"))) return false;
    unit.installations().insert(installation("acme"));
    return true;
  };
  CHECK(how_many(bench, 8, pair_once) == 1);
}

STORAGE_TEST("counting in many units of work at the same time loses no count") {
  pair(bench);
  bench.change([](UnitOfWork& unit) { CHECK(unit.settings().put(installation_id("acme"), {{"count", 0}}, 0)); });
  const auto count_up = [](UnitOfWork& unit) {
    auto stored = unit.settings().find(installation_id("acme"));
    stored->document["count"] = stored->document.at("count").as_int64() + 1;
    return unit.settings().put(installation_id("acme"), stored->document, stored->version);
  };
  constexpr int kRounds = 5;
  constexpr int kThreads = 6;
  for (int i = 0; i < kRounds; ++i) CHECK(how_many(bench, kThreads, count_up) == kThreads);
  CHECK(bench.read([](UnitOfWork& unit) { return unit.settings().find(installation_id("acme"))->document.at("count").as_int64(); }) == kRounds * kThreads);
}

STORAGE_TEST("more units of work than the queue holds are refused as overloaded, and the others are done") {
  bench.settings.queue_depth = 3;
  bench.settings.threads = 1;
  bench.open();
  std::latch inside{1};
  std::latch go_on{1};
  std::jthread busy{[&] {
    bench.change([&](UnitOfWork&) {
      inside.count_down();
      go_on.wait();
    });
  }};
  inside.wait();
  std::vector<std::future<Result<bool>>> waiting;
  for (int i = 0; i < 3; ++i) {
    auto write = bench.database->write<bool>([](UnitOfWork&) -> Result<bool> { return true; });
    waiting.push_back(asio::co_spawn(bench.runner(), std::move(write), asio::use_future));
  }
  // The three are on their way to the queue: the refusals begin once they are in it.
  Result<bool> refused = true;
  std::vector<std::future<Result<bool>>> more;
  while (refused) {
    auto write = bench.database->write<bool>([](UnitOfWork&) -> Result<bool> { return true; });
    auto answer = asio::co_spawn(bench.runner(), std::move(write), asio::use_future);
    if (answer.wait_for(std::chrono::milliseconds{200}) == std::future_status::ready) refused = answer.get();
    else more.push_back(std::move(answer));
    REQUIRE(more.size() < 4);
  }
  CHECK(refused.error().code == "overloaded");
  CHECK(refused.error().retryable);
  CHECK(refused.error().retry_after);
  go_on.count_down();
  for (auto& answer : waiting) {
    const auto result = answer.get();
    if (!result) CHECK(result.error().code == "overloaded");
  }
  CHECK(bench.write([](UnitOfWork&) { return true; }));
}

STORAGE_TEST("closing the storage answers those that wait") {
  std::latch inside{1};
  std::latch go_on{1};
  bench.settings.threads = 1;
  bench.open();
  auto first = asio::co_spawn(bench.runner(), bench.database->write<bool>([&](UnitOfWork& unit) -> Result<bool> {
    unit.installations().insert(installation("acme"));
    inside.count_down();
    go_on.wait();
    return true;
  }), asio::use_future);
  inside.wait();
  auto second = asio::co_spawn(bench.runner(), bench.database->write<bool>([](UnitOfWork&) -> Result<bool> { return true; }), asio::use_future);
  std::jthread closing{[&] { bench.database.reset(); }};
  const auto answer = second.get();   // whether it came too late for the queue or was in it
  REQUIRE(!answer);
  CHECK(answer.error().retryable);
  go_on.count_down();
  CHECK(first.get());
  closing.join();
  bench.open();
  CHECK(is_paired(bench, "acme"));
}

STORAGE_TEST("whoever goes on after the storage was closed touches nothing of it") {
  bench.open();
  int told = 0;
  bench.database->observe_changes([&](const InstallationId&) { ++told; });
  asio::io_context loop;
  auto answer = asio::co_spawn(loop, bench.database->write<bool>([](UnitOfWork& unit) -> Result<bool> {
    unit.installations().insert(installation("acme"));
    return true;
  }), asio::use_future);
  const auto sent = loop.poll_one();
  bench.database.reset();   // ends the lane, which has answered by then
  loop.run();
  CHECK(sent == 1);
  CHECK(told == 0);
  // A lane that ends before it came to this answers it as well.
  if (const auto result = answer.get(); !result) CHECK(result.error().code == "storage_unavailable");
}

STORAGE_TEST("a process that dies inside a transaction leaves nothing half done") {
  pair(bench);
  const pid_t child = ::fork();
  if (child == 0) {
    // Only what is safe after a fork of a program with threads: a connection of its own, no thread of the parent.
    auto connection = bench.outside();
    connection->begin(connection->dialect().begin_write);
    connection->run_once("insert into settings (installation_id, document, version) select id, '{}', 1 from installation");
    connection->run_once("update installation set site_url = 'half done'");
    ::_exit(0);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  REQUIRE(status == 0);
  bench.read([](UnitOfWork& unit) {
    CHECK(unit.installations().find(installation_id("acme"))->site_url == installation("acme").site_url);
    CHECK(!unit.settings().find(installation_id("acme")));
    return true;
  });
  bench.change([](UnitOfWork& unit) { CHECK(unit.settings().put(installation_id("acme"), {}, 0)); });
}

STORAGE_TEST("a process that dies after a commit has lost nothing, whether it was forced to the disk or not") {
  const pid_t child = ::fork();
  if (child == 0) {
    auto connection = bench.outside();
    connection->begin(connection->dialect().begin_write);
    connection->run_once("insert into pairing_code (code_hash, site_url, expires_at) values ('committed', 'https://acme.example', 1)");
    connection->commit();
    connection->begin_unforced();
    connection->run_once("insert into pairing_code (code_hash, site_url, expires_at) values ('unforced', 'https://acme.example', 1)");
    connection->commit();
    ::_exit(0);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  REQUIRE(status == 0);
  CHECK(bench.read([](UnitOfWork& unit) { return unit.installations().pairing_code("committed").has_value() && unit.installations().pairing_code("unforced").has_value(); }));
}

STORAGE_TEST("only what is said to be unforced is: what is written after it is waited for again") {
  const bool sqlite = bench.engine == storage::Engine::sqlite;
  const storage::Query ask{sqlite ? "pragma synchronous" : "show synchronous_commit", 1};
  auto connection = bench.outside();
  const auto forced = [&] { return connection->statement(ask).row([](storage::Row& row) { return row.text(); }).value() == (sqlite ? "2" : "on"); };
  for (int round = 0; round < 2; ++round) {
    connection->begin(connection->dialect().begin_write);
    CHECK(forced());
    connection->commit();
    connection->begin_unforced();
    CHECK_FALSE(forced());
    connection->roll_back();
  }
}

STORAGE_TEST("who observes changes is told whose pairing, sessions, links or settings were written") {
  std::vector<std::string> told;
  bench.database->observe_changes([&](const InstallationId& id) { told.push_back(id.value); });
  const auto told_since = [&] { return std::exchange(told, {}); };
  const std::vector<std::string> acme{installation_id("acme").value};

  pair(bench);
  CHECK(told_since() == acme);
  bench.change([](UnitOfWork& unit) { unit.sessions().insert(session("acme", "s1")); });
  CHECK(told_since() == acme);
  bench.change([](UnitOfWork& unit) { unit.links().put(account_link("acme", "agent")); });
  CHECK(told_since() == acme);
  bench.change([](UnitOfWork& unit) { CHECK(unit.settings().put(installation_id("acme"), {}, 0)); });
  CHECK(told_since() == acme);
  bench.change([](UnitOfWork& unit) { CHECK(unit.settings().put(installation_id("acme"), ProjectId{"10000"}, {}, 0)); });
  CHECK(told_since() == acme);
  bench.change([](UnitOfWork& unit) { unit.outbox().put(outbox_row("acme", "invite", "s1", kNoon)); });
  CHECK(is_paired(bench, "acme"));
  CHECK(told_since().empty());
  bench.change([](UnitOfWork& unit) { unit.installations().erase(installation_id("acme")); });
  CHECK(told_since() == acme);
}

TEST_CASE("SQLite: a write waits while another process holds the lock, and reads go on") {
  Bench bench{storage::Engine::sqlite};
  pair(bench);
  auto outside = bench.outside();
  outside->begin(outside->dialect().begin_write);
  auto write = asio::co_spawn(bench.runner(), bench.database->write<bool>([](UnitOfWork& unit) -> Result<bool> {
    unit.installations().insert(installation("other"));
    return true;
  }), asio::use_future);
  CHECK(is_paired(bench, "acme"));
  CHECK(write.wait_for(std::chrono::milliseconds{300}) == std::future_status::timeout);
  outside->roll_back();
  CHECK(write.get());
  CHECK(is_paired(bench, "other"));
}

TEST_CASE("SQLite: a lock that is held longer than the patience is storage_unavailable, and a retry works") {
  Bench bench{storage::Engine::sqlite};
  bench.settings.patience = Milliseconds{50};
  bench.open();
  auto outside = bench.outside();
  outside->begin(outside->dialect().begin_write);
  const auto refused = try_write(bench, [](UnitOfWork&) -> Result<bool> { return true; });
  REQUIRE(!refused);
  CHECK(refused.error().code == "storage_unavailable");
  CHECK(refused.error().retryable);
  outside->roll_back();
  CHECK(try_write(bench, [](UnitOfWork&) -> Result<bool> { return true; }));
}

TEST_CASE("SQLite: the file is readable by its owner only") {
  Bench bench{storage::Engine::sqlite};
  pair(bench);
  for (const auto& file : std::filesystem::directory_iterator(bench.directory)) {
    CAPTURE(file.path().string());
    CHECK((file.status().permissions() & std::filesystem::perms::mask) == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  }
}

TEST_CASE("PostgreSQL: while the server is away units of work fail for now, and afterwards they work again" * doctest::skip(!postgresql_is_installed())) {
  Bench bench{storage::Engine::postgresql};
  pair(bench);
  CHECK(is_paired(bench, "acme"));
  Cluster::instance().stop();
  for (int i = 0; i < 3; ++i) {
    const auto refused = try_write(bench, [](UnitOfWork&) -> Result<bool> { return true; });
    REQUIRE(!refused);
    CHECK(refused.error().code == "storage_unavailable");
    CHECK(refused.error().retryable);
  }
  CHECK(bench.run(bench.database->ping()).error().code == "storage_unavailable");
  CHECK(storage::Database::open(bench.settings, crypto::Sealer::from_key_file(kOldKey).value()).error().code == "storage_unavailable");
  Cluster::instance().start();
  CHECK(is_paired(bench, "acme"));
  CHECK(bench.run(bench.database->ping()));
}

TEST_CASE("PostgreSQL: connections from before a restart are replaced without an error" * doctest::skip(!postgresql_is_installed())) {
  Bench bench{storage::Engine::postgresql};
  bench.settings.threads = 2;
  bench.open();
  pair(bench);
  Cluster::instance().stop();
  Cluster::instance().start();
  for (int i = 0; i < 6; ++i) {
    CHECK(is_paired(bench, "acme"));
    CHECK(try_write(bench, [](UnitOfWork&) -> Result<bool> { return true; }));
  }
}

TEST_CASE("an address that is neither engine's is refused with its rule, without being opened") {
  for (const auto* url : {"", "mysql://db", "sqlite:", "sqlite::memory:", "sqlite:/a b", "sqlite:/a;b", "/var/lib/belay.db"}) {
    CAPTURE(url);
    storage::Settings settings;
    settings.url = url;
    const auto refused = storage::Database::open(settings, crypto::Sealer::from_key_file(kOldKey).value());
    REQUIRE(!refused);
    CHECK(refused.error().code == "storage_url_invalid");
    CHECK(refused.error().detail.contains("rule"));
  }
}

TEST_CASE("a database that cannot be opened is storage_unavailable") {
  storage::Settings settings;
  settings.url = "sqlite:/nowhere/at/all/belay.db";
  CHECK(storage::Database::open(settings, crypto::Sealer::from_key_file(kOldKey).value()).error().code == "storage_unavailable");
}

STORAGE_TEST("what a refused statement was given is in no later one") {
  bench.settings.threads = 1;   // the same connection for all of it
  bench.open();
  pair(bench);
  auto made = session("acme", "1");
  made.made = support::ProviderSide{.code = SessionCode{"s111-111-111"}, .customer_link = "https://get.example/1", .created_at = kNoon};
  made.replaced_by = SessionId{"9"};
  bench.change([&](UnitOfWork& unit) { unit.sessions().insert(made); });
  CHECK_THROWS(bench.change([&](UnitOfWork& unit) { unit.sessions().insert(made); }));
  auto plain = session("acme", "2");
  plain.made.reset();
  plain.replaced_by.reset();
  bench.change([&](UnitOfWork& unit) { unit.sessions().insert(plain); });
  const auto found = bench.read([&](UnitOfWork& unit) { return unit.sessions().find(installation_id("acme"), SessionId{"2"}).value(); });
  CHECK_FALSE(found.made);
  CHECK_FALSE(found.replaced_by);
}

TEST_CASE("SQLite: what is written comes into the database while it is being written, and the log stays small") {
  Bench bench{belay::storage::Engine::sqlite};
  bench.open();
  const auto size_of = [&](const std::string& ending) {
    std::uintmax_t size = 0;
    for (const auto& file : std::filesystem::directory_iterator(bench.directory)) {
      if (file.path().string().ends_with(ending)) size = std::max<std::uintmax_t>(size, file.file_size());
    }
    return size;
  };
  constexpr std::uintmax_t kPage = 4'096;
  const std::string large(50'000, 'x');
  for (int n = 0; n < 800; ++n) {
    bench.change([&](UnitOfWork& unit) {
      auto one = installation("acme-" + std::to_string(n));
      one.site_url = large;
      unit.installations().insert(one);
    });
  }
  CHECK(size_of("-wal") < 4'200 * kPage + 4'200 * 24);   // each page with 24 bytes about it
  CHECK(size_of(".db") > 800 * large.size() / 2);
  CHECK(bench.read([&](UnitOfWork& unit) { return unit.installations().find(installation_id("acme-799")).value().site_url == large; }));
}

TEST_CASE("SQLite: no log is left behind by a database that was closed, however its connections end") {
  Bench bench{belay::storage::Engine::sqlite};
  for (int n = 0; n < 40; ++n) {
    bench.open();
    bench.change([&](UnitOfWork& unit) { unit.installations().insert(installation("acme-" + std::to_string(n))); });
    for (int look = 0; look < 6; ++look) CHECK(bench.read([&](UnitOfWork& unit) { return unit.installations().all().size(); }) == static_cast<std::size_t>(n) + 1);
    bench.database.reset();
    CHECK_FALSE(std::filesystem::exists(bench.directory / "belay.db-wal"));
  }
  std::filesystem::remove(bench.directory / "belay.db");
  bench.open();
  std::filesystem::remove(bench.directory / "belay.db");
  bench.database.reset();
  CHECK_FALSE(std::filesystem::exists(bench.directory / "belay.db"));   // who takes it away has it gone
}
