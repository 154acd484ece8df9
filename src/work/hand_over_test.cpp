// Rows that are begun by the process that wrote them, without being looked for.
#include "work/worker_bench_test.hpp"

namespace belay::work {
namespace {

/// A worker with one kind of step, which the test lets end.
struct Handing : Bench {
  Gate gate{*this};
  explicit Handing(std::size_t hands = 16) {
    settings.most_at_once = hands;
    hire();
    worker->on("slow", gate.step());
  }
};

TEST_CASE("a row that is handed over is begun at once, runs once, and is nobody else's for as long as that takes") {
  Handing bench;
  bench.run([](Bench* at, Gate* door) -> Task<void> {
    co_await at->settled();
    const auto lease = at->worker->lease();
    REQUIRE(lease);
    CHECK(lease->owner == "this");
    const auto row = co_await at->put_leased("slow", "s", *lease);
    const auto looks = at->clock.waits;
    co_await at->worker->begin(row);
    co_await at->until([door] { return door->begun == 1; });
    CHECK(at->clock.waits == looks);   // no look at the outbox came between
    co_await at->worker->begin(row);   // a second hand-over of the same row
    for (int i = 0; i < 30; ++i) {
      co_await at->pass(Milliseconds{5'000});
      CHECK(co_await at->claimable_by_a_rival() == 0);
    }
    CHECK(door->begun == 1);
    door->release();
    co_await at->until([at] { return !at->observed.empty(); });
    CHECK_FALSE(co_await at->find("slow", "s"));
  }(&bench, &bench.gate));
  CHECK(bench.gate.ended == 1);
}

TEST_CASE("a row that was to be handed over when its process was killed is done when its lease has run out") {
  Bench bench;
  bench.hire();
  bench.worker->on("quick", always(Done{}));
  bench.run([](Bench* at) -> Task<void> {
    co_await at->put_leased("quick", "s", {.owner = "killed", .until = at->clock.now() + at->settings.lease});
    co_await at->pass(at->settings.lease - Milliseconds{5'000});
    CHECK(at->observed.empty());
    co_await at->pass(Milliseconds{10'000});
    co_await at->until([at] { return !at->observed.empty(); });
    CHECK_FALSE(co_await at->find("quick", "s"));
  }(&bench));
}

TEST_CASE("with every hand busy nothing is handed over, and what was about to be waits its turn") {
  Handing bench(2);
  bench.run([](Bench* at, Gate* door) -> Task<void> {
    const auto lease = at->worker->lease();
    REQUIRE(lease);
    for (const auto* subject : {"a", "b"}) co_await at->put("slow", subject);
    co_await at->until([door] { return door->begun == 2; });
    CHECK_FALSE(at->worker->lease());
    const auto row = co_await at->put_leased("slow", "c", *lease);
    co_await at->worker->begin(row);
    co_await at->settled();
    CHECK(door->begun == 2);
    CHECK_FALSE((co_await at->find("slow", "c"))->leased_until);
    door->release();
    co_await at->pass(Milliseconds{5'000});
    co_await at->until([door] { return door->ended == 3; });
  }(&bench, &bench.gate));
  CHECK(bench.gate.begun == 3);
}

TEST_CASE("what is handed over to a worker that stops is left for the next one, which need not wait for a lease to run out") {
  Handing bench;
  bench.run([](Bench* at) -> Task<void> {
    const auto lease = at->worker->lease();
    REQUIRE(lease);
    at->worker->stop();
    CHECK_FALSE(at->worker->lease());
    const auto row = co_await at->put_leased("slow", "s", *lease);
    co_await at->worker->begin(row);
    CHECK_FALSE((co_await at->find("slow", "s"))->leased_until);
    CHECK(co_await at->claimable_by_a_rival() == 1);
  }(&bench));
  CHECK(bench.gate.begun == 0);
}

TEST_CASE("a hand-over whose lease has run out meanwhile begins nothing that somebody else may have begun") {
  Handing bench;
  bench.run([](Bench* at, Gate* door) -> Task<void> {
    co_await at->settled();
    const auto lease = at->worker->lease();
    const auto row = co_await at->put_leased("slow", "s", *lease);
    at->clock.advance(at->settings.lease);
    CHECK(co_await at->claimable_by_a_rival() == 1);
    co_await at->worker->begin(row);
    co_await at->settled();
    CHECK(door->begun == 0);
    CHECK((co_await at->find("slow", "s"))->leased_by == "rival");
  }(&bench, &bench.gate));
}

}  // namespace
}  // namespace belay::work
