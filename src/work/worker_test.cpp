// The worker on a real SQLite database, with a clock that the test moves: nothing here waits for real time.
#include "work/worker.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <filesystem>

#include "crypto/digest.hpp"
#include "net/runtime.hpp"
#include "ports/fake_doors.hpp"
#include "ports/scratch.hpp"
#include "storage/storage.hpp"

namespace belay::work {
namespace {

const InstallationId kInstallation{"ari:cloud:ecosystem::installation/1"};
const Error kTrouble{.code = "provider_unreachable", .cause = "no answer", .detail = {}, .retryable = true, .retry_after = {}};

// Only a test that fails waits for it.
constexpr std::chrono::milliseconds kPatience{20'000};

/// Stands still until the test moves it, and wakes who waits for it.
class MovedClock final : public ports::Clock, public ports::Alarm {
 public:
  MovedClock(boost::asio::io_context& io, net::Signal& news) : news_(news), worker_(io), sleepers_(io) {}

  [[nodiscard]] Time now() const override { return time_; }
  Task<void> wait(Time until) override {
    ++waits;
    news_.notify();
    while (!rung_ && time_ < until && co_await worker_.wait(kPatience)) {}
    rung_ = false;
  }
  void ring() override {
    rung_ = true;
    worker_.notify();
  }
  Task<void> sleep(Milliseconds time) override {
    ++sleeps;
    news_.notify();
    const auto until = time_ + time;
    while (time_ < until && co_await sleepers_.wait(kPatience)) {}
  }
  void advance(Milliseconds by) {
    time_ += by;
    worker_.notify();
    sleepers_.notify();
  }

  int waits = 0;    ///< how often the worker had nothing more to do
  int sleeps = 0;

 private:
  net::Signal& news_;
  Time time_ = from_millis(1'800'000'000'000);
  net::Signal worker_;
  net::Signal sleepers_;
  bool rung_ = false;
};

/// A real database that answers nothing for a while.
class FlakyStorage final : public ports::Storage {
 public:
  explicit FlakyStorage(ports::Storage& real) : real_(real) {}
  bool away = false;
  int refused = 0;

 private:
  Task<Result<void>> transact(Mode mode, std::function<Result<void>(ports::UnitOfWork&)> work) override {
    if (away) {
      ++refused;
      co_return fail_for_now("storage_unavailable", "as the test asked");
    }
    if (mode == Mode::write) co_return co_await real_.write<void>(std::move(work));
    if (mode == Mode::write_unforced) co_return co_await real_.write_unforced<void>(std::move(work));
    co_return co_await real_.read<void>(std::move(work));
  }
  ports::Storage& real_;
};

class Bench {
 public:
  net::Runtime runtime;
  net::Signal news{runtime.io()};
  MovedClock clock{runtime.io(), news};
  ports::FakeRandom random;
  std::filesystem::path folder = ports::scratch_place() / ("belay-work-" + crypto::hex(crypto::random_bytes(6)));
  std::unique_ptr<storage::Database> database;
  std::optional<FlakyStorage> storage;
  std::optional<Worker> worker;
  WorkerSettings settings{.owner = "this"};
  std::vector<std::string> observed;

  Bench() {
    std::filesystem::create_directories(folder);
    auto opened = storage::Database::open({.url = "sqlite:" + (folder / "belay.db").string()}, *crypto::Sealer::from_key_file(crypto::base64(std::string(32, 'k'))));
    REQUIRE(opened);
    database = std::move(*opened);
    REQUIRE(database->migrate(clock.now()));
    storage.emplace(*database);
  }
  ~Bench() {
    worker.reset();
    database.reset();
    std::filesystem::remove_all(folder);
  }

  void hire() {
    worker.emplace(settings, *storage, clock, random, clock, [this](std::string_view kind, std::string_view outcome) {
      observed.push_back(std::string(kind) + " " + std::string(outcome));
      news.notify();
    });
  }

  /// Runs `scenario` beside the worker; then the worker is stopped and awaited.
  void run(Task<void> scenario) { runtime.run(beside(std::move(scenario)), [] {}); }

  Task<void> write(std::function<void(ports::UnitOfWork&)> work) {
    auto done = co_await static_cast<ports::Storage&>(*database).write<void>([work](ports::UnitOfWork& unit) -> Result<void> {
      work(unit);
      return {};
    });
    REQUIRE(done);
  }
  Task<void> pair() {
    ports::Installation paired;
    paired.id = kInstallation;
    co_await write([paired](ports::UnitOfWork& unit) { unit.installations().insert(paired); });
  }
  Task<void> put(std::string kind, std::string subject) {
    ports::OutboxRow row;
    row.id = OutboxId{random.uuid()};
    row.installation = kInstallation;
    row.kind = std::move(kind);
    row.subject = std::move(subject);
    row.due_at = clock.now();
    co_await write([row](ports::UnitOfWork& unit) { unit.outbox().put(row); });
    clock.ring();
  }
  /// As whoever hands a row over does it: leased in the unit of work that writes it.
  Task<ports::OutboxRow> put_leased(std::string kind, std::string subject, ports::Lease lease) {
    ports::OutboxRow row;
    row.id = OutboxId{random.uuid()};
    row.installation = kInstallation;
    row.kind = std::move(kind);
    row.subject = std::move(subject);
    row.due_at = clock.now();
    row.leased_until = lease.until;
    row.leased_by = lease.owner;
    co_await write([row, lease](ports::UnitOfWork& unit) { CHECK(unit.outbox().put_leased(row, lease)); });
    co_return row;
  }
  Task<std::optional<ports::OutboxRow>> find(std::string kind, std::string subject) {
    std::optional<ports::OutboxRow> found;
    co_await write([&found, kind, subject](ports::UnitOfWork& unit) { found = unit.outbox().find(kInstallation, kind, subject); });
    co_return found;
  }
  Task<std::size_t> claimable_by_a_rival() {
    std::size_t count = 0;
    co_await write([&count, now = clock.now()](ports::UnitOfWork& unit) { count = unit.outbox().claim("rival", now, Milliseconds{1'000}, 100).size(); });
    co_return count;
  }

  /// Until it is true; what it looks at changes with `news`.
  Task<void> until(std::function<bool()> is_true) {
    while (!is_true()) {
      const bool came = co_await news.wait(kPatience);
      REQUIRE_MESSAGE(came, "waited in vain");
    }
  }
  /// Until the worker has looked twice and has nothing more to do at this time.
  Task<void> settled() {
    co_await advance(Milliseconds{0});
    co_await advance(Milliseconds{0});
  }
  Task<void> advance(Milliseconds by) {
    const auto before = clock.waits;
    clock.advance(by);
    clock.ring();
    co_await until([this, before] { return clock.waits > before; });
  }
  /// Time passes in pieces, as it does.
  Task<void> pass(Milliseconds time) {
    for (Milliseconds piece{5'000}; time.count() > 0; time -= piece) co_await advance(std::min(piece, time));
  }

 private:
  Task<int> beside(Task<void> scenario) {
    TaskGroup group;
    co_await pair();
    co_await group.start("worker", worker->run());
    std::exception_ptr failure;
    try {
      co_await std::move(scenario);
    } catch (...) {
      failure = std::current_exception();
    }
    worker->stop();
    co_await group.all_done();
    if (failure) std::rethrow_exception(failure);
    co_return 0;
  }
};

/// Steps that begin and then wait until the test lets them end.
struct Gate {
  explicit Gate(Bench& bench) : bench(bench), opened(bench.runtime.io()) {}
  Bench& bench;
  net::Signal opened;
  int begun = 0;
  int ended = 0;
  bool open = false;

  Step step() {
    return [this](ports::OutboxRow) { return pass(this); };
  }
  void release() {
    open = true;
    opened.notify();
  }

 private:
  static Task<Outcome> pass(Gate* gate) {
    ++gate->begun;
    gate->bench.news.notify();
    while (!gate->open && co_await gate->opened.wait(kPatience)) {}
    ++gate->ended;
    co_return Done{};
  }
};

Task<Outcome> answer(Outcome outcome) { co_return outcome; }
Step always(Outcome outcome) {
  return [outcome](ports::OutboxRow) { return answer(outcome); };
}
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

TEST_CASE("a row that is handed over is begun at once, runs once, and is nobody else's for as long as that takes") {
  Bench bench;
  bench.hire();
  Gate gate(bench);
  bench.worker->on("slow", gate.step());
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
  }(&bench, &gate));
  CHECK(gate.ended == 1);
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
  Bench bench;
  bench.settings.most_at_once = 2;
  bench.hire();
  Gate gate(bench);
  bench.worker->on("slow", gate.step());
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
  }(&bench, &gate));
  CHECK(gate.begun == 3);
}

TEST_CASE("what is handed over to a worker that stops is left for the next one, which need not wait for a lease to run out") {
  Bench bench;
  bench.hire();
  Gate gate(bench);
  bench.worker->on("slow", gate.step());
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
  CHECK(gate.begun == 0);
}

TEST_CASE("a hand-over whose lease has run out meanwhile begins nothing that somebody else may have begun") {
  Bench bench;
  bench.hire();
  Gate gate(bench);
  bench.worker->on("slow", gate.step());
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
