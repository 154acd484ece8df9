// The worker on a real SQLite database, with a clock that the test moves: nothing here waits for real time.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>

#include "crypto/digest.hpp"
#include "net/runtime.hpp"
#include "ports/fake_doors.hpp"
#include "ports/scratch.hpp"
#include "storage/storage.hpp"
#include "work/worker.hpp"

namespace belay::work {


inline const InstallationId kInstallation{"ari:cloud:ecosystem::installation/1"};
inline const Error kTrouble{.code = "provider_unreachable", .cause = "no answer", .detail = {}, .retryable = true, .retry_after = {}};

// Only a test that fails waits for it.
inline constexpr std::chrono::milliseconds kPatience{20'000};

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

/// A real database that may answer nothing for a while.
class FlakyStorage final : public ports::Storage {
 public:
  explicit FlakyStorage(ports::Storage& real) : real_(real) {}
  bool away = false;
  int refused = 0;
  std::function<void()> meanwhile;   ///< what happens elsewhere during the next unit of work

 private:
  Task<Result<void>> transact(Mode mode, std::function<Result<void>(ports::UnitOfWork&)> work) override {
    if (away) {
      ++refused;
      co_return fail_for_now("storage_unavailable", "as the test asked");
    }
    if (meanwhile) std::exchange(meanwhile, nullptr)();
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
  ports::OutboxRow row_due(std::string kind, std::string subject) {
    ports::OutboxRow row;
    row.id = OutboxId{random.uuid()};
    row.installation = kInstallation;
    row.kind = std::move(kind);
    row.subject = std::move(subject);
    row.due_at = clock.now();
    return row;
  }
  Task<void> put(std::string kind, std::string subject) {
    co_await put_unrung(std::move(kind), std::move(subject));
    clock.ring();
  }
  /// As another instance does it.
  Task<void> put_unrung(std::string kind, std::string subject) {
    const auto row = row_due(std::move(kind), std::move(subject));
    co_await write([row](ports::UnitOfWork& unit) { unit.outbox().put(row); });
  }
  /// As whoever hands a row over does it: leased in the unit of work that writes it.
  Task<ports::OutboxRow> put_leased(std::string kind, std::string subject, ports::Lease lease) {
    auto row = row_due(std::move(kind), std::move(subject));
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

inline Task<Outcome> answer(Outcome outcome) { co_return outcome; }
inline Step always(Outcome outcome) {
  return [outcome](ports::OutboxRow) { return answer(outcome); };
}

}  // namespace belay::work
