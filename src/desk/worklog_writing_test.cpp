// The time of a session, booked on its issue: once, also after a kill, and apart from the rest of the result.
#include "desk/report_stage_test.hpp"

namespace belay::desk {
namespace {

TEST_CASE("time worked is logged once, in the supporter's name while Jira lets us, and follows a late record") {
  for (const bool users_may : {true, false}) {
    CAPTURE(users_may);
    Reporting stage;
    stage.marks.users_may = users_may;
    stage.keep_settings([](support::Settings& settings) { settings.worklog = true; });
    stage.record("", -5 * kMinute, Milliseconds{20'000});
    stage.end_and_look();
    stage.marks.lose_next_answer = true;
    CHECK(is<TryAgain>(stage.book()));
    CHECK(is<Done>(stage.book(1)));
    REQUIRE(stage.marks.worklogs.size() == 1);
    CHECK(stage.marks.worklogs.front().as_app == !users_may);
    CHECK(stage.marks.worklogs.front().draft.spent == std::chrono::seconds{60});
    stage.record("", -2 * kMinute, kMinute);
    stage.look();
    stage.book();
    REQUIRE(stage.marks.worklogs.size() == 1);
    CHECK(stage.marks.worklogs.front().draft.spent == std::chrono::seconds{80});
  }
}

TEST_CASE("time that neither the supporter nor the app may log or change now waits for the supporter's next page") {
  for (const bool logged : {false, true}) {
    CAPTURE(logged);
    Reporting stage;
    stage.keep_settings([](support::Settings& settings) { settings.worklog = true; });
    stage.record("", -5 * kMinute, 4 * kMinute);
    stage.end_and_look();
    if (logged) {
      stage.book();
      stage.record("", -kMinute, kMinute);
      stage.look();
    }
    stage.marks.users_may = false;
    stage.marks.app_may = false;
    CHECK(is<TryAgain>(stage.book()));
    stage.marks.users_may = true;
    CHECK(is<Done>(stage.book(1)));
    REQUIRE(stage.marks.worklogs.size() == 1);
    CHECK(stage.marks.worklogs.front().draft.spent == std::chrono::minutes{logged ? 5 : 4});
  }
}

TEST_CASE("time that is refused for good is set aside, and keeps neither the report nor the counts back") {
  Reporting stage;
  stage.keep_settings([](support::Settings& settings) { settings.worklog = true; });
  stage.record("", -5 * kMinute, 4 * kMinute);
  stage.end_and_look();
  stage.marks.on_worklog = Error{.code = "jira_refused", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
  CHECK(is<GiveUp>(stage.book()));
  CHECK(is<Done>(stage.write_back()));
  CHECK(stage.reported().size() == 1);
  CHECK(stage.read(stage.id).state == support::SessionState::reported);
  CHECK(stage.is_asked_for("issue.property", "10001"));
  stage.marks.on_worklog.reset();
  CHECK(is<Done>(stage.book()));
  CHECK(stage.marks.worklogs.size() == 1);
}

TEST_CASE("no time is booked where the admin does not want it, nor where nobody connected") {
  for (const bool wanted : {true, false}) {
    CAPTURE(wanted);
    Reporting stage;
    stage.keep_settings([&](support::Settings& settings) { settings.worklog = wanted; });
    if (!wanted) stage.record("", -5 * kMinute, 4 * kMinute);
    stage.end();
    stage.clock.time += std::chrono::hours{25};
    stage.look();
    CHECK(stage.is_asked_for("session.worklog", stage.id.value) == wanted);
    CHECK(is<Done>(stage.book()));
    CHECK(stage.marks.worklogs.empty());
  }
}

TEST_CASE("a supporter who may not see the issue any more has not taken their time away: the app follows the late record, and says where it may not") {
  for (const bool app_may : {true, false}) {
    CAPTURE(app_may);
    Reporting stage;
    stage.keep_settings([](support::Settings& settings) { settings.worklog = true; });
    stage.record("", -5 * kMinute, 4 * kMinute);
    stage.end_and_look();
    stage.book();
    stage.record("", -kMinute, kMinute);
    stage.look();
    stage.marks.users_see = false;
    stage.marks.app_may = app_may;
    if (app_may) CHECK(is<Done>(stage.book()));
    else CHECK(is<GiveUp>(stage.book()));
    CHECK(stage.marks.worklogs.at(0).draft.spent == std::chrono::minutes{app_may ? 5 : 4});
  }
}

TEST_CASE("a record whose end was never told says nothing of how long it was: no time is booked, until one says it") {
  Reporting stage;
  stage.keep_settings([](support::Settings& settings) { settings.worklog = true; });
  stage.record("", -5 * kMinute, std::nullopt);
  stage.end();
  stage.clock.time += 24 * 60 * kMinute;
  stage.look();
  CHECK(is<Done>(stage.write_back()));
  CHECK(is<Done>(stage.book()));
  CHECK(stage.reported().at(0).find("with Reporter for some time by Ada at work") != std::string::npos);
  CHECK(stage.marks.worklogs.empty());
}

TEST_CASE("time that takes effect after it was booked again is taken away by the sweep, and what was kept stays") {
  Reporting stage;
  stage.keep_settings([](support::Settings& settings) { settings.worklog = true; });
  stage.record("", -5 * kMinute, 5 * kMinute);
  stage.end_and_look();
  stage.marks.lose_next_answer = true;
  CHECK(is<TryAgain>(stage.book()));
  const auto late = stage.marks.worklogs.back();
  stage.marks.worklogs.pop_back();
  CHECK(is<Done>(stage.book(1)));
  REQUIRE(stage.is_asked_for("session.sweep", stage.id.value));
  stage.marks.worklogs.push_back(late);
  stage.clock.time += kLateEffect;
  stage.asked_sweep(stage.id);
  REQUIRE(stage.marks.worklogs.size() == 1);
  CHECK(stage.marks.worklogs.front().id != late.id);
  CHECK(stage.audited().front() == "second_worklog_deleted");
}

}  // namespace
}  // namespace belay::desk
