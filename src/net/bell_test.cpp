// The bell that wakes who waits for it, on the loop that everything waits on.
#include "base/bell.hpp"

#include <doctest/doctest.h>

#include "net/runtime.hpp"

namespace belay::net {
namespace {

constexpr Milliseconds kPatient{10'000};

Task<void> do_now(std::function<void()> what) {
  what();
  co_return;
}

// All begin in this order, on one thread.
Task<int> together(std::vector<Task<void>> tasks) {
  co_await all_of(std::move(tasks));
  co_return 0;
}

Task<void> wait_for(Bell& bell, Milliseconds patience, std::vector<bool>& rung) { rung.push_back(co_await bell.wait(patience)); }

TEST_CASE("a bell wakes all who wait, and keeps nothing for who comes later") {
  net::Runtime runtime;
  Bell bell;
  std::vector<bool> rung;
  bell.ring();
  std::vector<Task<void>> tasks;
  for (int i = 0; i < 3; ++i) tasks.push_back(wait_for(bell, kPatient, rung));
  tasks.push_back(do_now([&] { bell.ring(); }));
  runtime.run(together(std::move(tasks)), [] {});
  CHECK(rung == std::vector<bool>{true, true, true});
  std::vector<Task<void>> late;
  late.push_back(wait_for(bell, Milliseconds{1}, rung));
  runtime.run(together(std::move(late)), [] {});
  CHECK_FALSE(rung.back());
}

TEST_CASE("a bell that goes while somebody waits lets them go in vain") {
  net::Runtime runtime;
  auto bell = std::make_unique<Bell>();
  std::vector<bool> rung;
  std::vector<Task<void>> tasks;
  tasks.push_back(wait_for(*bell, kPatient, rung));
  tasks.push_back(wait_for(*bell, kPatient, rung));
  tasks.push_back(do_now([&] { bell.reset(); }));
  runtime.run(together(std::move(tasks)), [] {});
  CHECK(rung == std::vector<bool>{false, false});
}

TEST_CASE("whoever rings for each other in a circle is heard: nobody waits who was woken") {
  net::Runtime runtime;
  Bell first;
  Bell second;
  std::vector<bool> rung;
  const auto answer = [](Bell& heard, Bell& answered, std::vector<bool>& all) -> Task<void> {
    all.push_back(co_await heard.wait(kPatient));
    answered.ring();
  };
  std::vector<Task<void>> tasks;
  tasks.push_back(wait_for(second, kPatient, rung));
  tasks.push_back(answer(first, second, rung));
  tasks.push_back(do_now([&] { first.ring(); }));
  runtime.run(together(std::move(tasks)), [] {});
  CHECK(rung == std::vector<bool>{true, true});
}

}  // namespace
}  // namespace belay::net
