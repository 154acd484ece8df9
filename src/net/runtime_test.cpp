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
