// What came of a session, written on its issue: once, also after a kill, and where it may be read.
#include "desk/report_stage_test.hpp"

namespace belay::desk {
namespace {

using support::Step;

TEST_CASE("killed after the comment was written, the next run finds it; one that somebody deleted stays deleted") {
  Reporting stage;
  stage.record("", -5 * kMinute, 5 * kMinute);
  stage.end_and_look();
  stage.tickets.lose_next_answer = true;
  CHECK(is<TryAgain>(stage.write_back()));
  CHECK(is<Done>(stage.write_back(1)));
  CHECK(stage.reported().size() == 1);
  std::erase_if(stage.tickets.comments, [](const auto& one) { return one.purpose == ports::CommentPurpose::report; });
  stage.record("", -kMinute, kMinute);
  stage.look();
  CHECK(is<Done>(stage.write_back()));
  CHECK(stage.reported().empty());
}

TEST_CASE("a report for the team that the customer can read is taken away at once, and kept for the admin to see") {
  Reporting stage;
  stage.record("secret", -5 * kMinute, 5 * kMinute);
  stage.end_and_look();
  stage.tickets.visible_to_customer = true;
  CHECK(is<GiveUp>(stage.write_back()));
  CHECK(stage.reported().empty());
  CHECK(stage.read(stage.id).report_step == Step::failed);
}

TEST_CASE("a report that the customer can read, and of which the answer was lost, is found and taken away") {
  Reporting stage;
  stage.record("secret", -5 * kMinute, 5 * kMinute);
  stage.end_and_look();
  stage.tickets.visible_to_customer = true;
  stage.tickets.lose_next_answer = true;
  CHECK(is<TryAgain>(stage.write_back()));
  REQUIRE(stage.reported().size() == 1);
  CHECK(is<GiveUp>(stage.write_back(1)));
  CHECK(stage.reported().empty());
  CHECK(stage.read(stage.id).report_step == Step::failed);
}

TEST_CASE("where the admin wants it, or where everybody reads comments, the customer's invitation says who helped and how long, and no notes") {
  for (const bool service_project : {true, false}) {
    CAPTURE(service_project);
    Reporting stage;
    stage.tickets.known.service_project = service_project;
    if (service_project) stage.keep_settings([](support::Settings& settings) { settings.report = support::ReportPlace::invitation; });
    stage.record("for the team", -5 * kMinute, 5 * kMinute);
    stage.end_and_look("mine too");
    stage.write_back();
    stage.notice(stage.id);
    CHECK(stage.reported().empty());
    const auto said = stage.written_for(ports::CommentPurpose::invitation);
    REQUIRE(said.size() == 1);
    CHECK(said.front().find("Ada at work helped 5 min") != std::string::npos);
    CHECK(said.front().find("team") == std::string::npos);
    CHECK(said.front().find("mine") == std::string::npos);
  }
}

TEST_CASE("what the invitation is to say and cannot is said to the team, where the team has comments of its own") {
  enum class Why { no_invitation, not_to_be_edited, nobody_came, none };
  for (const auto why : {Why::no_invitation, Why::not_to_be_edited, Why::nobody_came, Why::none}) {
    for (const bool service_project : {true, false}) {
      CAPTURE(static_cast<int>(why));
      CAPTURE(service_project);
      Reporting stage;
      stage.tickets.known.service_project = service_project;
      stage.keep_settings([&](support::Settings& settings) {
        settings.report = support::ReportPlace::invitation;
        settings.edit_when_ended = why != Why::not_to_be_edited;
      });
      if (why == Why::no_invitation) {
        REQUIRE(stage.run(change_session(*stage.doors, stage.installation, stage.id, [](support::SupportSession& now, ports::UnitOfWork&) -> Result<void> {
          now.comment.reset();
          return {};
        })));
      }
      if (why != Why::nobody_came) stage.record("", -5 * kMinute, 5 * kMinute);
      stage.end();
      stage.clock.time += 20 * kMinute;
      stage.look();
      CHECK(is<Done>(stage.write_back()));
      CHECK(stage.reported().size() == (why != Why::none && service_project ? 1 : 0));
      // Where the team has no other place, that nobody came stands there too.
      stage.notice(stage.id);
      const bool says_nobody = to_plain_text(stage.tickets.comments.front().document).find("Nobody came") != std::string::npos;
      CHECK(says_nobody == (why == Why::nobody_came && !service_project));
      CHECK(stage.read(stage.id).state == support::SessionState::reported);
    }
  }
}

TEST_CASE("an invitation that somebody deleted does not take along the result that was to stand in it") {
  for (const bool before_the_report : {true, false}) {
    CAPTURE(before_the_report);
    Reporting stage;
    stage.keep_settings([](support::Settings& settings) { settings.report = support::ReportPlace::invitation; });
    stage.record("", -5 * kMinute, 5 * kMinute);
    stage.tickets.comments.clear();
    stage.end();
    if (before_the_report) stage.notice(stage.id);
    stage.clock.time += 2 * kMinute;
    stage.look();
    stage.write_back();
    if (!before_the_report) {
      CHECK(stage.reported().empty());
      stage.notice(stage.id);
      CHECK(stage.read(stage.id).report_step == Step::pending);
      CHECK(is<Done>(stage.write_back()));
    }
    REQUIRE(stage.reported().size() == 1);
    CHECK(stage.reported().front().find("5 min") != std::string::npos);
    CHECK(is<Done>(stage.notice(stage.id)));
    CHECK(stage.read(stage.id).report_step == Step::done);
  }
}

Task<void> learn_and_write(Reporting& stage) {
  co_await stage.report_look->look(stage.row("session.report", stage.id.value));
  co_await stage.report_writing->write_back(stage.row("session.report_back", stage.id.value));
}

TEST_CASE("a result that comes while the invitation is being edited without it is written into it by the next edit") {
  Reporting stage;
  stage.keep_settings([](support::Settings& settings) { settings.report = support::ReportPlace::invitation; });
  stage.record("", -5 * kMinute, 5 * kMinute);
  stage.end();
  stage.clock.time += 2 * kMinute;
  stage.tickets.before_edit = [&] { return learn_and_write(stage); };
  CHECK(is<LaterAt>(stage.notice(stage.id)));
  CHECK(stage.read(stage.id).state == support::SessionState::reported);
  CHECK(stage.read(stage.id).notice_step == Step::pending);
  CHECK(is<Done>(stage.notice(stage.id)));
  CHECK(support::to_plain_text(stage.tickets.comments.front().document).find("5 min") != std::string::npos);
  CHECK(stage.read(stage.id).notice_step == Step::done);
}

TEST_CASE("a result for an issue that the app may not see for a while is written when it may, and set aside in words of its own after a day") {
  const Error hidden{.code = "not_found", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
  for (const bool for_good : {false, true}) {
    CAPTURE(for_good);
    Reporting stage;
    stage.keep_settings([](support::Settings& settings) { settings.worklog = true; });
    stage.record("", -5 * kMinute, 5 * kMinute);
    stage.end_and_look();
    stage.tickets.comments.clear();   // what Jira says of the comment on an issue that it does not show
    stage.tickets.ticket_down = hidden;
    stage.marks.down = hidden;
    CHECK(is<TryAgain>(stage.notice(stage.id)));
    CHECK(stage.read(stage.id).comment);
    CHECK(is<TryAgain>(stage.write_back()));
    CHECK(is<TryAgain>(stage.book()));
    CHECK(is<TryAgain>(stage.run(stage.reach->write_property(stage.row("issue.property", stage.tickets.known.id.value)))));
    if (for_good) {
      const auto result = stage.write_back(299);
      REQUIRE(is<GiveUp>(result));
      CHECK(std::get<GiveUp>(result).error.code == "jira_issue_gone");
      CHECK(is<GiveUp>(stage.book(299)));
      continue;
    }
    stage.tickets.ticket_down.reset();
    stage.marks.down.reset();
    CHECK(is<Done>(stage.write_back()));
    CHECK(stage.reported().size() == 1);
    CHECK(is<Done>(stage.book()));
    CHECK(is<Done>(stage.notice(stage.id)));   // and of the comment it is known now that somebody took it away
    CHECK_FALSE(stage.read(stage.id).comment);
  }
}

TEST_CASE("what the team was told is kept true when the invitation says it as well by then") {
  Reporting stage;
  stage.keep_settings([](support::Settings& settings) { settings.report = support::ReportPlace::invitation; });
  stage.end();
  stage.clock.time += 20 * kMinute;
  stage.look();
  stage.write_back();
  REQUIRE(stage.reported().size() == 1);
  stage.record("", -25 * kMinute, 5 * kMinute);
  stage.clock.time += 20 * kMinute;
  stage.look();
  stage.write_back();
  stage.notice(stage.id);
  REQUIRE(stage.reported().size() == 1);
  CHECK(stage.reported().front().find("5 min") != std::string::npos);
  CHECK(stage.written_for(ports::CommentPurpose::invitation).front().find("helped 5 min") != std::string::npos);
}

TEST_CASE("a report that takes effect after another was written in its place is taken away by the sweep, and the one that was kept stays") {
  Reporting stage;
  stage.record("", -5 * kMinute, 5 * kMinute);
  stage.end_and_look();
  stage.tickets.lose_next_answer = true;
  CHECK(is<TryAgain>(stage.write_back()));
  const auto late = stage.tickets.comments.back();
  stage.tickets.comments.pop_back();
  CHECK(is<Done>(stage.write_back(1)));
  REQUIRE(stage.is_asked_for("session.sweep", stage.id.value));
  stage.tickets.comments.push_back(late);
  CHECK(stage.reported().size() == 2);
  stage.clock.time += kLateEffect;
  stage.asked_sweep(stage.id);
  CHECK(stage.reported().size() == 1);
  CHECK(stage.tickets.comments.back().id != late.id);
  CHECK(stage.audited().front() == "second_comment_deleted");
}

TEST_CASE("while a report is being written the sweep takes none away") {
  Reporting stage;
  stage.record("", -5 * kMinute, 5 * kMinute);
  stage.end_and_look();
  stage.tickets.lose_next_answer = true;
  CHECK(is<TryAgain>(stage.write_back()));
  stage.sweep(stage.id);
  CHECK(is<Done>(stage.write_back(1)));
  CHECK(stage.reported().size() == 1);
}

TEST_CASE("the issue's property counts sessions, minutes and the last end, for Jira's own search") {
  Reporting stage;
  stage.record("", -10 * kMinute, 10 * kMinute);
  stage.end_and_look();
  stage.write_back();
  REQUIRE(stage.is_asked_for("issue.property", "10001"));
  stage.run(stage.reach->write_property(stage.row("issue.property", "10001")));
  const auto& property = stage.marks.properties.at({IssueId{"10001"}, "belay"});
  CHECK(property == json::object{{"sessions", 1}, {"open", 0}, {"minutes", 10}, {"last", to_iso8601(*stage.read(stage.id).ended_at)}});
}

}  // namespace
}  // namespace belay::desk
