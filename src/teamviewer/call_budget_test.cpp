#include "teamviewer/call_budget.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

namespace belay::teamviewer {
namespace {

const Time kNow = from_millis(1'800'000'000'000);
constexpr Milliseconds kSecond{1'000};

TEST_CASE("as many calls go as a minute has, the next when the oldest is a minute old") {
  CallBudget budget{3};
  for (int i = 0; i < 3; ++i) CHECK_FALSE(budget.take("f|a", kNow + i * kSecond));
  CHECK(budget.take("f|a", kNow + 10 * kSecond) == Milliseconds{51'000});
  CHECK_FALSE(budget.take("f|b", kNow + 10 * kSecond));
  CHECK_FALSE(budget.take("g|a", kNow + 10 * kSecond));
  CHECK_FALSE(budget.take("f|a", kNow + 61 * kSecond));
  CHECK(budget.take("f|a", kNow + 61 * kSecond) == kSecond);
}

TEST_CASE("a refusal teaches the limit, for an hour") {
  CallBudget budget{40};
  for (int i = 0; i < 7; ++i) CHECK_FALSE(budget.take("f|a", kNow));
  budget.refused("f|a", kNow);   // the seventh
  CHECK(budget.limit("f|a", kNow) == 6);
  CHECK(budget.limit("f|b", kNow) == 40);
  CHECK(budget.take("f|a", kNow + kSecond) == Milliseconds{60'000});
  const auto later = kNow + CallBudget::kWindow;
  for (int i = 0; i < 6; ++i) CHECK_FALSE(budget.take("f|a", later));
  CHECK(budget.take("f|a", later));
  CHECK(budget.limit("f|a", kNow + CallBudget::kLessonLife) == 40);
}

TEST_CASE("a limit that is far below what was configured is felt in the first minute, and never again in the hour") {
  for (const std::size_t burst : {1U, 4U, 10U}) {   // so many are on their way when the first refusal comes
    CAPTURE(burst);
    CallBudget budget{40};
    std::vector<Time> passed;
    std::size_t refused = 0;
    std::size_t refused_later = 0;
    for (auto now = kNow; now < kNow + 59 * 60 * kSecond; now += kSecond) {
      std::size_t sent = 0;
      while (sent < burst && !budget.take("f|a", now)) ++sent;
      std::size_t too_many = 0;
      for (std::size_t call = 0; call < sent; ++call) {
        std::erase_if(passed, [&](Time at) { return now - at >= 60 * kSecond; });
        if (passed.size() < 6) passed.push_back(now);
        else ++too_many;
      }
      for (std::size_t call = 0; call < too_many; ++call) budget.refused("f|a", now);
      (now < kNow + 60 * kSecond ? refused : refused_later) += too_many;
    }
    CHECK(refused >= 1);
    CHECK(refused <= burst);
    CHECK(refused_later == 0);
    CHECK(budget.limit("f|a", kNow + 59 * 60 * kSecond) == 6);
  }
}

TEST_CASE("a clock that was set back does not close the door") {
  CallBudget budget{1};
  CHECK_FALSE(budget.take("f|a", kNow));
  CHECK_FALSE(budget.take("f|a", kNow - Milliseconds{3'600'000}));
}

TEST_CASE("in no minute more calls go than the limit, and who waits as long as was said is let go") {
  CHECK(rc::check([] {
    const auto most = *rc::gen::inRange<std::size_t>(1, 8);
    const auto pauses = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 20'000));
    CallBudget budget{most};
    std::vector<Time> gone;
    auto now = kNow;
    for (const auto pause : pauses) {
      now += Milliseconds{pause};
      if (const auto wait = budget.take("f|a", now)) {
        now += *wait;
        RC_ASSERT_FALSE(budget.take("f|a", now).has_value());
      }
      gone.push_back(now);
    }
    for (std::size_t i = most; i < gone.size(); ++i) RC_ASSERT(gone[i] - gone[i - most] >= CallBudget::kWindow);
  }));
}

}  // namespace
}  // namespace belay::teamviewer
