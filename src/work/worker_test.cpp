#include "work/worker_bench_test.hpp"

#include <rapidcheck.h>

namespace belay::work {
namespace {

Task<Outcome> stumble() {
  throw std::runtime_error("a bug");
  co_return Done{};
}

TEST_CASE("each outcome of a step leaves its row as it should be") {
  Bench bench;
  bench.hire();
  const auto later = bench.clock.now() + Milliseconds{60'000};
  bench.worker->on("done", always(Done{}));
  bench.worker->on("later", always(Again{later, std::nullopt}));
  bench.worker->on("failed", always(Again{later, kTrouble}));
  bench.worker->on("aside", always(SetAside{kTrouble}));
  bench.worker->on("bug", [](ports::OutboxRow) { return stumble(); });
  bench.run([](Bench* at, Time due) -> Task<void> {
    for (const auto* kind : {"done", "later", "failed", "aside", "bug", "unheard"}) co_await at->put(kind, "s");
    co_await at->until([at] { return at->observed.size() >= 7; });   // "unheard" is told twice: no_step, set_aside
    co_await at->settled();
    CHECK_FALSE(co_await at->find("done", "s"));
    const auto waiting = co_await at->find("later", "s");
    REQUIRE(waiting);
    CHECK(waiting->due_at == due);
    CHECK(waiting->attempts == 0);
    const auto failed = co_await at->find("failed", "s");
    REQUIRE(failed);
    CHECK(failed->attempts == 1);
    CHECK(failed->last_error->code == "provider_unreachable");
    CHECK_FALSE(failed->leased_until);
    const auto aside = co_await at->find("aside", "s");
    REQUIRE(aside);
    CHECK(aside->set_aside_at);
    const auto bug = co_await at->find("bug", "s");
    REQUIRE(bug);
    CHECK(bug->attempts == 1);
    CHECK(bug->due_at > at->clock.now());
    const auto unheard = co_await at->find("unheard", "s");
    REQUIRE(unheard);
    CHECK(unheard->set_aside_at);
  }(&bench, later));
}

TEST_CASE("what keeps failing, or throws, is set aside after as many tries as it has; what comes round is not") {
  Bench bench;
  bench.hire();
  bench.worker->on("fails", always(Again{bench.clock.now(), kTrouble}), 3);
  bench.worker->on("throws", [](ports::OutboxRow) { return stumble(); }, 1);
  bench.worker->on("comes round", always(Again{bench.clock.now() + Milliseconds{60'000}, std::nullopt}), 1);
  bench.run([](Bench* at) -> Task<void> {
    for (const auto* kind : {"fails", "throws", "comes round"}) co_await at->put(kind, "s");
    co_await at->until([at] { return at->observed.size() >= 5; });
    co_await at->settled();
    const auto fails = co_await at->find("fails", "s");
    REQUIRE(fails);
    CHECK(fails->set_aside_at);
    CHECK(fails->attempts == 3);
    CHECK(fails->last_error->code == "provider_unreachable");
    const auto throws = co_await at->find("throws", "s");
    REQUIRE(throws);
    CHECK(throws->set_aside_at);
    CHECK(throws->last_error->code == "internal_error");
    const auto round = co_await at->find("comes round", "s");
    REQUIRE(round);
    CHECK_FALSE(round->set_aside_at);
  }(&bench));
}

TEST_CASE("a step that lasts many leases runs once, and nobody else gets its row") {
  Bench bench;
  bench.hire();
  Gate gate(bench);
  bench.worker->on("slow", gate.step());
  bench.run([](Bench* at, Gate* door) -> Task<void> {
    co_await at->put("slow", "s");
    co_await at->until([door] { return door->begun == 1; });
    for (int i = 0; i < 30; ++i) {
      co_await at->pass(Milliseconds{5'000});
      CHECK(co_await at->claimable_by_a_rival() == 0);
    }
    CHECK(door->begun == 1);
    door->release();
    co_await at->until([at] { return !at->observed.empty(); });
    CHECK_FALSE(co_await at->find("slow", "s"));
  }(&bench, &gate));
}

TEST_CASE("with every hand busy for longer than a lease, each step still runs once") {
  Bench bench;
  bench.settings.most_at_once = 2;
  bench.hire();
  Gate gate(bench);
  bench.worker->on("slow", gate.step());
  bench.run([](Bench* at, Gate* door) -> Task<void> {
    for (const auto* subject : {"a", "b", "c"}) co_await at->put("slow", subject);
    co_await at->until([door] { return door->begun == 2; });
    co_await at->pass(Milliseconds{120'000});
    CHECK(door->begun == 2);
    CHECK(co_await at->claimable_by_a_rival() == 1);   // "c", which waits for a hand; the rival's claim soon ends
    door->release();
    co_await at->pass(Milliseconds{5'000});
    co_await at->until([at] { return at->observed.size() == 3; });
    CHECK(door->begun == 3);
  }(&bench, &gate));
}

TEST_CASE("a clock that jumps forward does not make the worker begin its own steps again") {
  Bench bench;
  bench.hire();
  Gate gate(bench);
  bench.worker->on("slow", gate.step());
  bench.run([](Bench* at, Gate* door) -> Task<void> {
    co_await at->put("slow", "s");
    co_await at->until([door] { return door->begun == 1; });
    co_await at->advance(Milliseconds{3'600'000});
    co_await at->settled();
    CHECK(door->begun == 1);
    CHECK(co_await at->claimable_by_a_rival() == 0);
    // Back again: leases follow the present clock.
    co_await at->advance(Milliseconds{-3'600'000});
    co_await at->settled();
    CHECK((co_await at->find("slow", "s"))->leased_until < at->clock.now() + Milliseconds{3'600'000});
    door->release();
  }(&bench, &gate));
  CHECK(gate.begun == 1);
}

TEST_CASE("a clock that is set back an hour keeps nobody waiting an hour longer") {
  Bench bench;
  bench.hire();
  int looked = 0;
  bench.worker->on("poll", [&looked, &bench](const ports::OutboxRow&) -> Task<Outcome> {
    ++looked;
    co_return Again{bench.clock.now() + Milliseconds{8'000}, std::nullopt};
  });
  bench.run([](Bench* at, int* looks) -> Task<void> {
    co_await at->put("poll", "s");
    co_await at->until([looks] { return *looks == 1; });
    co_await at->settled();
    co_await at->advance(Milliseconds{-3'600'000});
    CHECK((co_await at->find("poll", "s"))->due_at <= at->clock.now() + Milliseconds{8'000});
    co_await at->advance(Milliseconds{8'000});
    co_await at->until([looks] { return *looks == 2; });
  }(&bench, &looked));
}

TEST_CASE("a clock that is set back while the worker looks keeps it waiting no longer than any other time") {
  Bench bench;
  bench.hire();
  int looked = 0;
  bench.worker->on("poll", [&looked](const ports::OutboxRow&) -> Task<Outcome> {
    ++looked;
    co_return Done{};
  });
  bench.run([](Bench* at, int* looks) -> Task<void> {
    co_await at->settled();
    at->storage->meanwhile = [at] { at->clock.advance(Milliseconds{-3'600'000}); };
    co_await at->advance(Milliseconds{0});
    co_await at->put_unrung("poll", "s");
    at->clock.advance(Milliseconds{5'000});
    co_await at->until([looks] { return *looks == 1; });
  }(&bench, &looked));
}

TEST_CASE("a step that is under way when the clock is set back may tell a time of the clock as it was, and waits no hour for it") {
  Bench bench;
  bench.hire();
  Gate gate(bench);
  bench.worker->on("poll", [&gate, &bench](const ports::OutboxRow& row) -> Task<Outcome> {
    const auto due = bench.clock.now() + Milliseconds{8'000};
    co_await gate.step()(row);
    co_return Again{due, std::nullopt};
  });
  bench.run([](Bench* at, Gate* door) -> Task<void> {
    co_await at->put("poll", "s");
    co_await at->until([door] { return door->begun == 1; });
    co_await at->settled();
    co_await at->advance(Milliseconds{-3'600'000});
    door->release();
    co_await at->until([at] { return !at->observed.empty(); });
    CHECK((co_await at->find("poll", "s"))->due_at <= at->clock.now() + Milliseconds{8'000});
  }(&bench, &gate));
}

TEST_CASE("what is asked for while its step runs is done again afterwards") {
  Bench bench;
  bench.hire();
  Gate gate(bench);
  bench.worker->on("slow", gate.step());
  bench.run([](Bench* at, Gate* door) -> Task<void> {
    co_await at->put("slow", "s");
    co_await at->until([door] { return door->begun == 1; });
    co_await at->put("slow", "s");
    co_await at->settled();
    CHECK(door->begun == 1);
    door->release();
    co_await at->until([door] { return door->ended == 2; });
  }(&bench, &gate));
}

TEST_CASE("stopping waits for the steps under way, keeps their leases, and begins nothing new") {
  Bench bench;
  bench.hire();
  Gate gate(bench);
  bench.worker->on("slow", gate.step());
  bench.run([](Bench* at, Gate* door) -> Task<void> {
    co_await at->put("slow", "s");
    co_await at->until([door] { return door->begun == 1; });
    at->worker->stop();
    co_await at->put("slow", "late");
    co_await at->pass(Milliseconds{120'000});
    CHECK(door->begun == 1);
    CHECK((co_await at->find("slow", "s"))->leased_by == "this");
    CHECK((co_await at->find("slow", "s"))->leased_until > at->clock.now());
    door->release();
    co_await at->until([at] { return !at->observed.empty(); });
  }(&bench, &gate));
  CHECK(gate.begun == 1);
  CHECK(gate.ended == 1);
}

TEST_CASE("while the database is away nothing is lost: rows wait, outcomes are written when it is back") {
  Bench bench;
  bench.hire();
  Gate gate(bench);
  bench.worker->on("slow", gate.step());
  bench.run([](Bench* at, Gate* door) -> Task<void> {
    co_await at->put("slow", "first");
    co_await at->until([door] { return door->begun == 1; });
    at->storage->away = true;
    door->release();
    co_await at->put("slow", "second");
    co_await at->until([at] { return at->storage->refused >= 1; });   // the outcome could not be written
    for (int i = 0; i < 4; ++i) co_await at->advance(Milliseconds{500});
    CHECK(at->storage->refused >= 4);
    CHECK(door->begun == 1);
    at->storage->away = false;
    co_await at->advance(Milliseconds{500});
    co_await at->until([at] { return at->observed.size() == 2; });
    CHECK_FALSE(co_await at->find("slow", "first"));
    CHECK_FALSE(co_await at->find("slow", "second"));
  }(&bench, &gate));
}

TEST_CASE("pauses grow from two seconds to five minutes, move by a fifth at most, and obey what the other side asked for") {
  ports::FakeRandom random;
  const WorkerSettings settings;
  CHECK(rc::check("pauses", [&](std::uint8_t tries, bool asked) {
    const int attempts = tries % 64;
    const auto now = from_millis(1'800'000'000'000);
    auto error = kTrouble;
    if (asked) error.retry_after = Milliseconds{*rc::gen::inRange(0, 900'000)};
    const auto pause = next_try(settings, now, attempts, error, random) - now;
    const double middle = std::min(2'000.0 * std::pow(2.0, attempts), 300'000.0);
    RC_ASSERT(pause.count() >= static_cast<std::int64_t>(middle * 0.8) - 1);
    if (asked) RC_ASSERT(pause >= *error.retry_after);
    const double most = std::max(middle * 1.2 + 1, asked ? static_cast<double>(error.retry_after->count()) : 0.0);
    RC_ASSERT(static_cast<double>(pause.count()) <= most);
  }));
}

}  // namespace
}  // namespace belay::work
