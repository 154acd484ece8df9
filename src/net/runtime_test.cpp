#include "net/runtime.hpp"

#include <condition_variable>
#include <csignal>
#include <stdexcept>
#include <thread>

#include <doctest/doctest.h>

#include "net/testing.hpp"

using namespace belay;
using namespace belay::net;
using namespace std::chrono_literals;
using testing::World;

namespace {

// Holds pool threads back until the test opens it.
class Gate {
 public:
  void pass() {
    std::unique_lock lock{mutex_};
    ++arrived_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return open_; });
  }
  void open() {
    const std::lock_guard lock{mutex_};
    open_ = true;
    changed_.notify_all();
  }
  void wait_for(int count) {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return arrived_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int arrived_ = 0;
  bool open_ = false;
};

}  // namespace

TEST_CASE("run gives back what main returns, throws what main throws, and can be used again") {
  Runtime runtime;
  const auto seven = []() -> Task<int> { co_return 7; };
  const auto broken = []() -> Task<int> {
    throw std::runtime_error{"a bug"};
    co_return 0;
  };
  CHECK(runtime.run(seven(), nullptr) == 7);
  CHECK_THROWS_AS(runtime.run(broken(), nullptr), std::runtime_error);
  CHECK(runtime.run(seven(), nullptr) == 7);
}

TEST_CASE("SIGTERM is told to main once, and main decides when to end") {
  Runtime runtime;
  Signal asked{runtime.io()};
  int told = 0;
  const auto main = [&]() -> Task<int> {
    std::raise(SIGTERM);
    co_return co_await asked.wait(5s) ? 3 : 4;
  };
  CHECK(runtime.run(main(), [&] {
    ++told;
    asked.notify();
  }) == 3);
  CHECK(told == 1);
}

TEST_CASE("a spawned task that throws is logged and takes nobody with it") {
  Runtime runtime;
  const auto broken = []() -> Task<void> {
    throw std::runtime_error{"a bug"};
    co_return;
  };
  const auto main = [&]() -> Task<int> {
    runtime.spawn("broken", broken());
    co_await sleep_for(1ms);
    co_return 0;
  };
  CHECK(runtime.run(main(), nullptr) == 0);
}

TEST_CASE("a task still waiting when main returns is let go with the runtime") {
  bool destroyed = false;
  {
    Runtime runtime;
    struct Witness {
      bool& flag;
      ~Witness() { flag = true; }
    };
    const auto forever = [](bool& flag) -> Task<void> {
      const Witness witness{flag};
      co_await sleep_for(1h);
    };
    const auto main = [&]() -> Task<int> {
      runtime.spawn("forever", forever(destroyed));
      co_await sleep_for(1ms);
      co_return 0;
    };
    CHECK(runtime.run(main(), nullptr) == 0);
    CHECK(!destroyed);
  }
  CHECK(destroyed);
}

TEST_CASE("a signal wakes its waiters, keeps one notification for the next, and otherwise lets patience end") {
  testing::run([](World& world) -> Task<void> {
    Signal signal{world.runtime.io()};
    CHECK(!co_await signal.wait(1ms));
    signal.notify();
    signal.notify();
    CHECK(co_await signal.wait(1ms));
    CHECK(!co_await signal.wait(1ms));
    int woken = 0;
    const auto waiter = [&]() -> Task<void> {
      if (co_await signal.wait(5s)) ++woken;
    };
    const auto caller = [&]() -> Task<void> {
      signal.notify();
      co_return;
    };
    std::vector<Task<void>> all;
    all.push_back(waiter());
    all.push_back(waiter());
    all.push_back(caller());
    co_await all_of(std::move(all));
    CHECK(woken == 2);
  });
}

TEST_CASE("a signal that goes away tells its waiters that nothing came") {
  testing::run([](World& world) -> Task<void> {
    auto signal = std::make_unique<Signal>(world.runtime.io());
    std::optional<bool> heard;
    const auto waiter = [&]() -> Task<void> { heard = co_await signal->wait(5s); };
    const auto destroyer = [&]() -> Task<void> {
      signal.reset();
      co_return;
    };
    std::vector<Task<void>> all;
    all.push_back(waiter());
    all.push_back(destroyer());
    co_await all_of(std::move(all));
    CHECK(heard == false);
  });
}

TEST_CASE("blocking work runs on another thread, and the coroutine goes on where it was") {
  testing::run([](World& world) -> Task<void> {
    BlockingPool pool{world.runtime.io(), 2, 16};
    const auto here = std::this_thread::get_id();
    std::thread::id there = here;
    CHECK(co_await pool.run([&] { there = std::this_thread::get_id(); }));
    CHECK(there != here);
    CHECK(std::this_thread::get_id() == here);
  });
}

TEST_CASE("an exception of blocking work is thrown where the work was asked for") {
  testing::run([](World& world) -> Task<void> {
    BlockingPool pool{world.runtime.io(), 1, 16};
    bool caught = false;
    try {
      co_await pool.run([] { throw std::runtime_error{"no such table"}; });
    } catch (const std::runtime_error& problem) {
      caught = std::string_view{problem.what()} == "no such table";
    }
    CHECK(caught);
    CHECK(co_await pool.run([] {}));
  });
}

TEST_CASE("a pool that is full says so, and works on once it is not") {
  testing::run([](World& world) -> Task<void> {
    BlockingPool pool{world.runtime.io(), 1, 2};
    Gate gate;
    int done = 0;
    const auto held = [&]() -> Task<void> {
      if (co_await pool.run([&] { gate.pass(); })) ++done;
    };
    const auto prober = [&]() -> Task<void> {
      gate.wait_for(1);  // one runs
      for (int i = 0; i < 2; ++i) world.runtime.spawn("queued", held());
      co_await sleep_for(1ms);
      bool ran = false;
      CHECK(!co_await pool.run([&] { ran = true; }));
      CHECK(!ran);
      gate.open();
    };
    std::vector<Task<void>> all;
    all.push_back(held());
    all.push_back(prober());
    co_await all_of(std::move(all));
    while (done < 3) co_await sleep_for(1ms);
    CHECK(co_await pool.run([] {}));
  });
}

TEST_CASE("a thousand pieces of work from many coroutines all come back") {
  testing::run([](World& world) -> Task<void> {
    BlockingPool pool{world.runtime.io(), 4, 10'000};
    std::atomic<int> ran = 0;
    int resumed = 0;
    const auto one = [&]() -> Task<void> {
      for (int i = 0; i < 20; ++i) {
        if (co_await pool.run([&] { ++ran; })) ++resumed;
      }
    };
    std::vector<Task<void>> all;
    for (int i = 0; i < 50; ++i) all.push_back(one());
    co_await all_of(std::move(all));
    CHECK(ran == 1000);
    CHECK(resumed == 1000);
  });
}

TEST_CASE("a pool that goes away ends what runs and drops what waits") {
  int ran = 0;
  testing::run([&](World& world) -> Task<void> {
    Gate gate;
    auto pool = std::make_unique<BlockingPool>(world.runtime.io(), 1, 16);
    const auto first = [&]() -> Task<void> {
      co_await pool->run([&] {
        gate.pass();
        ++ran;
      });
    };
    const auto second = [&]() -> Task<void> { co_await pool->run([&] { ran += 100; }); };
    world.runtime.spawn("first", first());
    world.runtime.spawn("second", second());
    co_await sleep_for(1ms);
    gate.wait_for(1);
    std::jthread opener{[&] { gate.open(); }};
    pool.reset();
    co_await sleep_for(1ms);
  });
  CHECK(ran % 100 == 1);
}
