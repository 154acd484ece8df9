#include "storage/engines_test.hpp"
#include "storage/migrations.hpp"

#include <future>
#include <latch>
#include <thread>

using namespace belay;
using namespace belay::storage::testing;
using storage::MigrationFile;

namespace {

// A database beside the bench's schema: the tests bring migrations of their own, behind those of the program.
std::vector<MigrationFile> ours_and(std::initializer_list<MigrationFile> more) {
  std::vector<MigrationFile> files(storage::migration_files().begin(), storage::migration_files().end());
  files.insert(files.end(), more);
  return files;
}

constexpr storage::Query kProbe{"select count(*) from probe", 1};

std::int64_t probe(storage::Connection& connection) {
  return connection.statement(kProbe).row([](storage::Row& row) { return row.number(); }).value();
}

}  // namespace

STORAGE_TEST("a schema that is current is left alone") {
  const auto report = bench.database->migrate(kNoon);
  REQUIRE(report);
  CHECK(report->applied.empty());
  CHECK(report->from == report->to);
  const auto state = bench.database->inspect();
  REQUIRE(state);
  CHECK(state->stored == state->known);
  CHECK(state->stored >= 1);
  CHECK(state->pending.empty());
}

STORAGE_TEST("migrations are applied in the order of their numbers, and recorded") {
  auto connection = bench.outside();
  const auto files = ours_and({{"9001_probe.sql", "create table probe (id bigint not null, primary key (id)); -- a comment; with a semicolon\ninsert into probe values (1);"},
                               {"9002_more.sql", "insert into probe values (2);\n\n"}});
  const auto before = storage::inspect_schema(*connection, files);
  REQUIRE(before);
  CHECK(before->pending == std::vector<std::string>{"9001_probe.sql", "9002_more.sql"});
  const auto report = storage::migrate_schema(*connection, files, kNoon);
  REQUIRE(report);
  CHECK(report->applied == before->pending);
  CHECK(report->from == before->stored);
  CHECK(report->to == 9002);
  CHECK(probe(*connection) == 2);
  CHECK(storage::inspect_schema(*connection, files)->pending.empty());
}

STORAGE_TEST("of a file with twins each engine takes its own") {
  auto connection = bench.outside();
  const auto files = ours_and({{"9001_probe.postgres.sql", "create table probe (id bigint); insert into probe values (1)"},
                               {"9001_probe.sqlite.sql", "create table probe (id bigint); insert into probe values (1), (2)"}});
  REQUIRE(storage::migrate_schema(*connection, files, kNoon));
  CHECK(probe(*connection) == (bench.engine == storage::Engine::sqlite ? 2 : 1));
}

STORAGE_TEST("a migration that fails leaves nothing of itself") {
  auto connection = bench.outside();
  const auto files = ours_and({{"9001_probe.sql", "create table probe (id bigint); insert into nowhere values (1)"}});
  CHECK_THROWS(static_cast<void>(storage::migrate_schema(*connection, files, kNoon)));
  connection->roll_back();
  CHECK_THROWS(probe(*connection));
  CHECK(storage::inspect_schema(*connection, files)->pending.size() == 1);
}

STORAGE_TEST("a database that a newer program has migrated is refused") {
  auto connection = bench.outside();
  REQUIRE(storage::migrate_schema(*connection, ours_and({{"9001_probe.sql", "create table probe (id bigint)"}}), kNoon));
  const auto refused = bench.database->migrate(kNoon);
  REQUIRE(!refused);
  CHECK(refused.error().code == "schema_newer");
  CHECK(refused.error().detail.at("stored").as_int64() == 9001);
  CHECK(!refused.error().retryable);
  CHECK(bench.database->inspect().error().code == "schema_newer");
}

STORAGE_TEST("a migration that was altered after it was applied is refused by name") {
  auto connection = bench.outside();
  REQUIRE(storage::migrate_schema(*connection, ours_and({{"9001_probe.sql", "create table probe (id bigint)"}}), kNoon));
  const auto altered = storage::migrate_schema(*connection, ours_and({{"9001_probe.sql", "create table probe (id text)"}, {"9002_x.sql", "insert into probe values (1)"}}), kNoon);
  REQUIRE(!altered);
  CHECK(altered.error().code == "schema_altered");
  CHECK(altered.error().detail.at("name").as_string() == "9001_probe");
  CHECK(probe(*connection) == 0);
}

STORAGE_TEST("a migration that was slipped in before one that was applied is refused") {
  auto connection = bench.outside();
  REQUIRE(storage::migrate_schema(*connection, ours_and({{"9002_probe.sql", "create table probe (id bigint)"}}), kNoon));
  const auto files = ours_and({{"9001_late.sql", "insert into probe values (1)"}, {"9002_probe.sql", "create table probe (id bigint)"}});
  CHECK(storage::migrate_schema(*connection, files, kNoon).error().code == "schema_altered");
}

STORAGE_TEST("of several programs that migrate at the same time one does it") {
  const auto files = ours_and({{"9001_probe.sql", "create table probe (id bigint); insert into probe values (1)"}});
  constexpr int kPrograms = 4;
  std::latch ready{kPrograms};
  std::atomic<std::size_t> applied = 0;
  {
    std::vector<std::jthread> programs;
    for (int i = 0; i < kPrograms; ++i) {
      programs.emplace_back([&] {
        storage::Connection connection{storage::parse_url(bench.settings.url).value(), storage::Connection::Use::write, Milliseconds{5000}};
        ready.arrive_and_wait();
        applied += storage::migrate_schema(connection, files, kNoon).value().applied.size();
      });
    }
  }
  CHECK(applied == 1);
  CHECK(probe(*bench.outside()) == 1);
}

STORAGE_TEST("a program that finds another one migrating waits for it") {
  const auto files = ours_and({{"9001_probe.sql", "create table probe (id bigint); insert into probe values (1)"}});
  auto migrating = bench.outside();
  migrating->begin(migrating->dialect().begin_migration);
  const auto& lock = migrating->dialect().migration_lock;
  if (!lock.sql.empty()) migrating->statement(lock).row([](storage::Row& row) { return row.maybe_text(); });
  auto waiting = std::async(std::launch::async, [&] {
    storage::Connection connection{storage::parse_url(bench.settings.url).value(), storage::Connection::Use::write, Milliseconds{5000}};
    return storage::migrate_schema(connection, files, kNoon).value().applied.size();
  });
  CHECK(waiting.wait_for(std::chrono::milliseconds{300}) == std::future_status::timeout);
  migrating->roll_back();
  CHECK(waiting.get() == 1);
}

TEST_CASE("statements are split at semicolons outside of quotes and comments") {
  CHECK(storage::split_statements("a;\n-- b; c\n 'd;--e' ;\"f;\"; ; g -- h") == std::vector<std::string>{"a", "'d;--e'", "\"f;\"", "g"});
  CHECK(storage::split_statements("").empty());
  CHECK(storage::split_statements("-- nothing").empty());
}

TEST_CASE("the migrations of the program are numbered without a gap") {
  std::set<std::string> numbers;
  for (const auto& file : storage::migration_files()) numbers.insert(std::string(file.name.substr(0, 4)));
  int next = 1;
  for (const auto& number : numbers) CHECK(number == fmt::format("{:04}", next++));
  CHECK(next > 1);
}
