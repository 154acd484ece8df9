#include "net/single_flight.hpp"

#include <stdexcept>

#include <doctest/doctest.h>

#include "net/testing.hpp"

using namespace belay;
using namespace belay::net;
using namespace std::chrono_literals;
using testing::World;

TEST_CASE("nothing is kept of a call that has ended, whether it answered or threw") {
  testing::run([](World& world) -> Task<void> {
    SingleFlight<int> flights{world.runtime.io()};
    int calls = 0;
    const auto answer = [&](SingleFlight<int>::Until) -> Task<int> {
      CHECK(flights.under_way() == 1);
      co_return ++calls;
    };
    const auto broken = [&](SingleFlight<int>::Until) -> Task<int> {
      ++calls;
      throw std::runtime_error{"a bug"};
      co_return 0;
    };
    CHECK(co_await flights.share("a", 5s, answer) == 1);
    CHECK(flights.under_way() == 0);
    CHECK(co_await flights.share("a", 5s, broken) == std::nullopt);
    CHECK(flights.under_way() == 0);
    CHECK(co_await flights.share("a", 5s, answer) == 3);
  });
}

TEST_CASE("different keys are different calls") {
  testing::run([](World& world) -> Task<void> {
    SingleFlight<int> flights{world.runtime.io()};
    Signal release{world.runtime.io()};
    int calls = 0;
    const auto call = [&](SingleFlight<int>::Until) -> Task<int> {
      if (++calls == 2) release.notify();
      else CHECK(co_await release.wait(5s));
      co_return calls;
    };
    const auto both_calls = co_await both(flights.share("a", 5s, call), flights.share("b", 5s, call));
    CHECK(both_calls.first == 2);
    CHECK(both_calls.second == 2);
  });
}
