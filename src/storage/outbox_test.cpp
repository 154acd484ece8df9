#include <latch>
#include <thread>

#include "storage/engines_test.hpp"

using namespace belay;
using namespace belay::storage::testing;
using belay::ports::UnitOfWork;

namespace {

constexpr Milliseconds kLease{30'000};
const Error kTimeOut{.code = "provider_unreachable", .cause = "time-out", .detail = {}, .retryable = true, .retry_after = {}};

const InstallationId& acme() {
  static const InstallationId id = installation_id("acme");
  return id;
}

void pair(Bench& bench) {
  bench.change([](UnitOfWork& unit) { unit.installations().insert(installation("acme")); });
}

ports::OutboxRow put(Bench& bench, const std::string& kind, const std::string& subject, Time due_at) {
  auto row = outbox_row("acme", kind, subject, due_at);
  bench.change([&](UnitOfWork& unit) { unit.outbox().put(row); });
  return row;
}

std::vector<ports::OutboxRow> claim(Bench& bench, const std::string& owner, Time now, std::size_t most = 10) {
  return bench.write([&](UnitOfWork& unit) { return unit.outbox().claim(owner, now, kLease, most); });
}

std::optional<ports::OutboxRow> find(Bench& bench, const std::string& kind, const std::string& subject) {
  return bench.read([&](UnitOfWork& unit) { return unit.outbox().find(acme(), kind, subject); });
}

std::optional<Time> next_due(Bench& bench) {
  return bench.read([](UnitOfWork& unit) { return unit.outbox().next_due(); });
}

}  // namespace

STORAGE_TEST("rows that are due are leased, the oldest first, and those of the future are not") {
  pair(bench);
  put(bench, "invite", "s2", kNoon - Milliseconds{1});
  put(bench, "invite", "s1", kNoon - Milliseconds{5});
  put(bench, "invite", "s3", kNoon + Milliseconds{1});
  CHECK(claim(bench, "w", kNoon, 1).front().subject == "s1");
  const auto rows = claim(bench, "w", kNoon);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].subject == "s2");
  CHECK(rows[0].leased_until == kNoon + kLease);
  CHECK(rows[0].leased_by == "w");
  CHECK(rows[0].attempts == 0);
  CHECK(rows[0].payload == json::object{{"of", rows[0].id.value}});
  CHECK(claim(bench, "other", kNoon).empty());
}

STORAGE_TEST("a lease that ended is taken over, and its first holder can no longer write") {
  pair(bench);
  const auto row = put(bench, "invite", "s1", kNoon);
  CHECK(claim(bench, "first", kNoon).size() == 1);
  CHECK(claim(bench, "second", kNoon + kLease - Milliseconds{1}).empty());
  CHECK(claim(bench, "second", kNoon + kLease).size() == 1);
  bench.change([&](UnitOfWork& unit) {
    CHECK(!unit.outbox().extend(row.id, "first", kNoon + 3 * kLease));
    unit.outbox().finish(row.id, "first");
    unit.outbox().again(row.id, "first", kNoon, kTimeOut);
    unit.outbox().set_aside(row.id, "first", kNoon, kTimeOut);
    CHECK(unit.outbox().extend(row.id, "second", kNoon + 3 * kLease));
  });
  const auto found = find(bench, "invite", "s1");
  REQUIRE(found);
  CHECK(found->leased_by == "second");
  CHECK(found->leased_until == kNoon + 3 * kLease);
  CHECK(found->attempts == 0);
  CHECK(!found->set_aside_at);
}

STORAGE_TEST("a finished row is gone, and finishing it again does nothing") {
  pair(bench);
  const auto row = put(bench, "invite", "s1", kNoon);
  bench.change([&](UnitOfWork& unit) { unit.outbox().finish(row.id, ""); });
  CHECK(find(bench, "invite", "s1"));   // nobody holds its lease
  claim(bench, "w", kNoon);
  bench.change([&](UnitOfWork& unit) { unit.outbox().finish(row.id, "w"); });
  CHECK(!find(bench, "invite", "s1"));
  bench.change([&](UnitOfWork& unit) { unit.outbox().finish(row.id, "w"); });
  CHECK(!next_due(bench));
}

STORAGE_TEST("a row that waits is kept when it is put again, and due at the earlier of both times") {
  pair(bench);
  const auto row = put(bench, "invite", "s1", kNoon + Milliseconds{10});
  put(bench, "invite", "s1", kNoon + Milliseconds{20});
  CHECK(find(bench, "invite", "s1")->due_at == kNoon + Milliseconds{10});
  put(bench, "invite", "s1", kNoon);
  const auto found = find(bench, "invite", "s1");
  CHECK(found->due_at == kNoon);
  CHECK(found->id == row.id);
  CHECK(found->payload == row.payload);
  put(bench, "close", "s1", kNoon);
  CHECK(bench.read([](UnitOfWork& unit) { return unit.outbox().counts(kNoon).due; }) == 2);
}

STORAGE_TEST("a row that is put again while it is leased runs again after it finished") {
  pair(bench);
  const auto row = put(bench, "invite", "s1", kNoon);
  claim(bench, "w", kNoon);
  put(bench, "invite", "s1", kNoon + Milliseconds{7});
  put(bench, "invite", "s1", kNoon + Milliseconds{9});
  CHECK(claim(bench, "other", kNoon + Milliseconds{9}).empty());   // it is still leased
  bench.change([&](UnitOfWork& unit) { unit.outbox().finish(row.id, "w"); });
  const auto found = find(bench, "invite", "s1");
  REQUIRE(found);
  CHECK(found->due_at == kNoon + Milliseconds{7});
  CHECK(!found->leased_until);
  claim(bench, "w", kNoon + Milliseconds{7});
  bench.change([&](UnitOfWork& unit) { unit.outbox().finish(row.id, "w"); });
  CHECK(!find(bench, "invite", "s1"));
}

STORAGE_TEST("a row that is put again while it is leased is due at the earlier time after a failure, and not set aside") {
  pair(bench);
  const auto row = put(bench, "invite", "s1", kNoon);
  claim(bench, "w", kNoon);
  put(bench, "invite", "s1", kNoon + Milliseconds{7});
  bench.change([&](UnitOfWork& unit) { unit.outbox().again(row.id, "w", kNoon + Milliseconds{60'000}, kTimeOut); });
  CHECK(find(bench, "invite", "s1")->due_at == kNoon + Milliseconds{7});
  CHECK(find(bench, "invite", "s1")->attempts == 1);

  claim(bench, "w", kNoon + Milliseconds{7});
  put(bench, "invite", "s1", kNoon + Milliseconds{8});
  bench.change([&](UnitOfWork& unit) { unit.outbox().set_aside(row.id, "w", kNoon, kTimeOut); });
  const auto found = find(bench, "invite", "s1");
  CHECK(!found->set_aside_at);
  CHECK(found->due_at == kNoon + Milliseconds{8});
  CHECK(found->attempts == 0);
}

STORAGE_TEST("a row that is replaced is the new one, also later; one that is leased keeps its holder, and what it was replaced by is its next run") {
  pair(bench);
  const auto first = put(bench, "sweep", "s1", kNoon);
  auto second = outbox_row("acme", "sweep", "s1", kNoon + Milliseconds{40});
  second.payload["of"] = "second";
  bench.change([&](UnitOfWork& unit) { unit.outbox().replace(second); });
  auto found = find(bench, "sweep", "s1");
  CHECK(found->id == second.id);
  CHECK(found->due_at == kNoon + Milliseconds{40});
  CHECK(found->payload == second.payload);

  claim(bench, "w", kNoon + Milliseconds{40});
  auto third = outbox_row("acme", "sweep", "s1", kNoon + Milliseconds{90});
  third.payload["of"] = "third";
  bench.change([&](UnitOfWork& unit) { unit.outbox().replace(third); });
  found = find(bench, "sweep", "s1");
  CHECK(found->leased_by == "w");
  CHECK(claim(bench, "other", kNoon + Milliseconds{40}).empty());
  bench.change([&](UnitOfWork& unit) { unit.outbox().finish(second.id, "w"); });
  found = find(bench, "sweep", "s1");
  REQUIRE(found);
  CHECK(found->payload == third.payload);
  CHECK(found->due_at == kNoon + Milliseconds{90});
  CHECK(!found->leased_until);
}

STORAGE_TEST("a failed try is counted and its error kept, until a try without an error starts anew") {
  pair(bench);
  const auto row = put(bench, "invite", "s1", kNoon);
  claim(bench, "w", kNoon);
  bench.change([&](UnitOfWork& unit) { unit.outbox().again(row.id, "w", kNoon + Milliseconds{5}, kTimeOut); });
  auto found = find(bench, "invite", "s1");
  CHECK(found->attempts == 1);
  CHECK(found->due_at == kNoon + Milliseconds{5});
  CHECK(!found->leased_until);
  CHECK(found->leased_by.empty());
  REQUIRE(found->last_error);
  CHECK(found->last_error->code == "provider_unreachable");
  CHECK(claim(bench, "w", kNoon + Milliseconds{5}).front().attempts == 1);
  bench.change([&](UnitOfWork& unit) { unit.outbox().again(row.id, "w", kNoon + Milliseconds{50}, std::nullopt); });
  found = find(bench, "invite", "s1");
  CHECK(found->attempts == 0);
  CHECK(!found->last_error);
  CHECK(found->due_at == kNoon + Milliseconds{50});
}

STORAGE_TEST("a row that was set aside is not due any more, says why, and is replaced by a new one") {
  pair(bench);
  const auto row = put(bench, "invite", "s1", kNoon);
  claim(bench, "w", kNoon);
  bench.change([&](UnitOfWork& unit) { unit.outbox().set_aside(row.id, "w", kNoon + Milliseconds{1}, kTimeOut); });
  auto found = find(bench, "invite", "s1");
  CHECK(found->set_aside_at == kNoon + Milliseconds{1});
  CHECK(found->last_error->cause == "time-out");
  CHECK(found->attempts == 1);
  CHECK(!next_due(bench));
  CHECK(claim(bench, "w", kNoon + kLease).empty());
  bench.change([&](UnitOfWork& unit) { unit.outbox().hasten(acme(), "invite", "s1", kNoon); });
  CHECK(claim(bench, "w", kNoon + kLease).empty());
  CHECK(bench.read([](UnitOfWork& unit) { return unit.outbox().counts(kNoon).set_aside; }) == 1);

  const auto replacing = put(bench, "invite", "s1", kNoon + Milliseconds{9});
  found = find(bench, "invite", "s1");
  CHECK(found->id == replacing.id);
  CHECK(found->payload == replacing.payload);
  CHECK(found->due_at == kNoon + Milliseconds{9});
  CHECK(found->attempts == 0);
  CHECK(!found->set_aside_at);
  CHECK(!found->last_error);
}

STORAGE_TEST("hastening brings a row forward, never back, and makes none") {
  pair(bench);
  put(bench, "poll", "agent", kNoon + Milliseconds{100});
  const auto hasten = [&](Time due_at) { bench.change([&](UnitOfWork& unit) { unit.outbox().hasten(acme(), "poll", "agent", due_at); }); };
  hasten(kNoon + Milliseconds{200});
  CHECK(find(bench, "poll", "agent")->due_at == kNoon + Milliseconds{100});
  hasten(kNoon + Milliseconds{50});
  CHECK(find(bench, "poll", "agent")->due_at == kNoon + Milliseconds{50});
  bench.change([&](UnitOfWork& unit) { unit.outbox().hasten(acme(), "poll", "other", kNoon); });
  CHECK(!find(bench, "poll", "other"));
}

STORAGE_TEST("hastening a leased row counts for its next time, and does not keep it when it finishes") {
  pair(bench);
  const auto row = put(bench, "poll", "agent", kNoon);
  const auto hasten = [&](Time due_at) { bench.change([&](UnitOfWork& unit) { unit.outbox().hasten(acme(), "poll", "agent", due_at); }); };
  claim(bench, "w", kNoon);
  hasten(kNoon + Milliseconds{10});
  hasten(kNoon + Milliseconds{20});
  bench.change([&](UnitOfWork& unit) { unit.outbox().again(row.id, "w", kNoon + Milliseconds{60'000}, std::nullopt); });
  CHECK(find(bench, "poll", "agent")->due_at == kNoon + Milliseconds{10});
  claim(bench, "w", kNoon + Milliseconds{10});
  hasten(kNoon + Milliseconds{20});
  bench.change([&](UnitOfWork& unit) { unit.outbox().finish(row.id, "w"); });
  CHECK(!find(bench, "poll", "agent"));
}

STORAGE_TEST("the next due time is that of the earliest row, a leased one counting when its lease ends") {
  pair(bench);
  CHECK(!next_due(bench));
  put(bench, "invite", "s1", kNoon);
  put(bench, "invite", "s2", kNoon + 2 * kLease);
  CHECK(next_due(bench) == kNoon);
  claim(bench, "w", kNoon);
  CHECK(next_due(bench) == kNoon + kLease);
  const auto counts = bench.read([](UnitOfWork& unit) { return unit.outbox().counts(kNoon); });
  CHECK(counts.due == 0);
  CHECK(counts.waiting == 2);
  CHECK(counts.set_aside == 0);
}

STORAGE_TEST("a clock that was set back: what was to come is as far away as it was, what was soon is due, and no lease lasts longer than one") {
  pair(bench);
  put(bench, "poll", "far", kNoon + Milliseconds{60'000});
  put(bench, "poll", "soon", kNoon - Milliseconds{1'800'000});
  put(bench, "poll", "leased", kNoon - Milliseconds{3'700'000});
  REQUIRE(claim(bench, "killed", kNoon - Milliseconds{3'650'000}, 1).size() == 1);
  bench.change([](UnitOfWork& unit) { REQUIRE(unit.outbox().extend(unit.outbox().find(acme(), "poll", "leased")->id, "killed", kNoon + kLease)); });
  const auto now = kNoon - Milliseconds{3'600'000};
  bench.change([&](UnitOfWork& unit) { unit.outbox().clock_set_back(now, Milliseconds{3'600'000}, kLease); });
  CHECK(find(bench, "poll", "far")->due_at == now + Milliseconds{60'000});
  CHECK(find(bench, "poll", "soon")->due_at == now);
  CHECK(find(bench, "poll", "leased")->leased_until == now + kLease);
}

STORAGE_TEST("after a kill every lease can be given up at once") {
  pair(bench);
  put(bench, "invite", "s1", kNoon);
  put(bench, "invite", "s2", kNoon);
  claim(bench, "w", kNoon);
  bench.change([](UnitOfWork& unit) { unit.outbox().release_all(); });
  CHECK(claim(bench, "next", kNoon).size() == 2);
}

STORAGE_TEST("an erased row is gone, leased or not") {
  pair(bench);
  put(bench, "invite", "s1", kNoon);
  claim(bench, "w", kNoon);
  bench.change([&](UnitOfWork& unit) { unit.outbox().erase(acme(), "invite", "s1"); });
  CHECK(!find(bench, "invite", "s1"));
}

STORAGE_TEST("workers that claim at the same time never get the same row") {
  pair(bench);
  constexpr std::size_t kRows = 120;
  bench.change([](UnitOfWork& unit) {
    for (std::size_t i = 0; i < kRows; ++i) unit.outbox().put(outbox_row("acme", "invite", "s" + std::to_string(i), kNoon));
  });
  constexpr int kWorkers = 6;
  std::latch ready{kWorkers};
  std::mutex mutex;
  std::vector<std::string> taken;
  {
    std::vector<std::jthread> workers;
    for (int i = 0; i < kWorkers; ++i) {
      workers.emplace_back([&, owner = "w" + std::to_string(i)] {
        ready.arrive_and_wait();
        while (true) {
          const auto rows = claim(bench, owner, kNoon, 7);
          if (rows.empty()) return;
          const std::lock_guard lock{mutex};
          for (const auto& row : rows) taken.push_back(row.subject);
        }
      });
    }
  }
  CHECK(taken.size() == kRows);
  CHECK(std::set<std::string>(taken.begin(), taken.end()).size() == kRows);
}
