// From the end of a session to what is written back of it.
#include "desk/stage_test.hpp"
#include "support/erasure.hpp"

namespace belay::desk {
namespace {

using support::SessionState;
using support::Step;

constexpr Milliseconds kMinute{60'000};

struct Reporting : Stage {
  SessionId id = begun();

  SessionId begun() {
    records.allowed.insert(agent);
    SessionWish wish;
    wish.customer.account = reporter;
    auto made = opened(wish);
    clock.time += 30 * kMinute;
    return made;
  }
  void come(bool online = true) {
    provider.sessions.front().online = online;
    poll();
  }
  void end(std::string notes = {}) {
    REQUIRE(run(sessions->close(caller(agent), id, TypedNotes{.notes = std::move(notes)})));
    close_step(id);
  }
  ports::ConnectionRecord& record(std::string name, Milliseconds from, std::optional<Milliseconds> length) {
    ports::ConnectionRecord one;
    one.id = RecordId{"record " + std::to_string(records.records.size())};
    one.session_code = read(id).made->code;
    one.user_name = "Ada at work";
    one.start = clock.now() + from;
    if (length) one.end = one.start + *length;
    one.notes = std::move(name);
    return records.records.emplace_back(one);
  }
  StepResult look() { return run(reports->look(row("session.report", id.value))); }
  StepResult write_back(int attempts = 0) { return run(reports->write_back(row("session.report_back", id.value, attempts))); }
  StepResult tell() { return run(reports->tell_of_waiting(row("session.waiting", id.value))); }
  Milliseconds until_next(const StepResult& result) {
    REQUIRE(is<LaterAt>(result));
    return std::get<LaterAt>(result).due_at - *read(id).ended_at;
  }
  std::vector<std::string> written_for(ports::CommentPurpose purpose) {
    std::vector<std::string> texts;
    for (const auto& comment : tickets.comments) {
      if (comment.purpose == purpose) texts.push_back(support::to_plain_text(comment.document));
    }
    return texts;
  }
  std::vector<std::string> reported() { return written_for(ports::CommentPurpose::report); }
};

TEST_CASE("two minutes after the end the records are looked for; what they say stands on the issue once, for the team") {
  Reporting stage;
  stage.come();
  stage.record("", -18 * kMinute, 18 * kMinute);
  stage.end();
  CHECK(stage.asked("session.report", stage.id.value)->due_at == stage.clock.now() + 2 * kMinute);
  stage.clock.time += 2 * kMinute;
  CHECK(stage.until_next(stage.look()) == 5 * kMinute);
  REQUIRE(stage.is_asked_for("session.report_back", stage.id.value));
  CHECK(is<Done>(stage.write_back()));
  CHECK(is<Done>(stage.write_back()));
  REQUIRE(stage.reported().size() == 1);
  CHECK(stage.reported().front().find("18 min by Ada at work") != std::string::npos);
  CHECK(stage.read(stage.id).state == SessionState::reported);
  CHECK(stage.audited().front() == "session_reported");
  const auto shown = stage.run(stage.sessions->one(stage.caller(stage.agent), stage.id));
  CHECK(shown->at("report").at("seconds") == 18 * 60);
}

TEST_CASE("a late record edits what was written, and the same one twice changes nothing") {
  Reporting stage;
  stage.come();
  stage.record("", -18 * kMinute, 18 * kMinute);
  stage.end();
  stage.clock.time += 2 * kMinute;
  stage.look();
  stage.write_back();
  stage.record("", -2 * kMinute, kMinute);
  stage.clock.time += 3 * kMinute;
  stage.look();
  stage.write_back();
  REQUIRE(stage.reported().size() == 1);
  CHECK(stage.reported().front().find("19 min") != std::string::npos);
  CHECK(stage.reported().front().find("2 times") != std::string::npos);
  const auto version = stage.read(stage.id).version;
  stage.look();
  CHECK(stage.read(stage.id).version == version);
}

TEST_CASE("nobody connected is a report too: soon where nobody was seen, after a day where somebody was") {
  for (const bool seen : {false, true}) {
    CAPTURE(seen);
    Reporting stage;
    if (seen) stage.come();
    stage.end();
    stage.clock.time += 15 * kMinute;
    stage.look();
    CHECK(stage.is_asked_for("session.report_back", stage.id.value) == !seen);
    stage.clock.time += 24 * 60 * kMinute;
    CHECK(is<Done>(stage.look()));
    stage.write_back();
    CHECK(stage.reported() == std::vector<std::string>{stage.read(stage.id).made->code.value + " with Reporter nobody"});
    CHECK(stage.read(stage.id).state == SessionState::reported);
  }
}

TEST_CASE("who did not let Belay read records has no report, and nothing is set aside for it; who lets it within a day has one") {
  Reporting stage;
  stage.record("", -5 * kMinute, 5 * kMinute);
  const auto allowed = std::exchange(stage.records.allowed, {});
  stage.end();
  stage.clock.time += 2 * kMinute;
  CHECK(is<LaterAt>(stage.look()));
  CHECK_FALSE(stage.read(stage.id).report);
  stage.records.allowed = allowed;
  CHECK(is<LaterAt>(stage.look()));
  CHECK(stage.read(stage.id).report);
  stage.records.allowed.clear();
  stage.clock.time += 24 * 60 * kMinute;
  CHECK(is<Done>(stage.look()));
}

TEST_CASE("killed after the comment was written, the next run finds it; one that somebody deleted stays deleted") {
  Reporting stage;
  stage.record("", -5 * kMinute, 5 * kMinute);
  stage.end();
  stage.clock.time += 2 * kMinute;
  stage.look();
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
  stage.end();
  stage.clock.time += 2 * kMinute;
  stage.look();
  stage.tickets.visible_to_customer = true;
  CHECK(is<GiveUp>(stage.write_back()));
  CHECK(stage.reported().empty());
  CHECK(stage.read(stage.id).report_step == Step::failed);
}

TEST_CASE("a report that the customer can read, and of which the answer was lost, is found and taken away") {
  Reporting stage;
  stage.record("secret", -5 * kMinute, 5 * kMinute);
  stage.end();
  stage.clock.time += 2 * kMinute;
  stage.look();
  stage.tickets.visible_to_customer = true;
  stage.tickets.lose_next_answer = true;
  CHECK(is<TryAgain>(stage.write_back()));
  REQUIRE(stage.reported().size() == 1);
  CHECK(is<GiveUp>(stage.write_back(1)));
  CHECK(stage.reported().empty());
  CHECK(stage.read(stage.id).report_step == Step::failed);
}

TEST_CASE("of a session from which somebody was erased the figures alone are looked for again") {
  Reporting stage;
  stage.record("Ada dropped it", -5 * kMinute, 5 * kMinute).rating = 4;
  stage.end("hers");
  REQUIRE(stage.run(change_session(*stage.doors, stage.installation, stage.id, [&](support::SupportSession& session, ports::UnitOfWork&) -> Result<void> {
    support::take_out(session, stage.reporter);
    return {};
  })));
  const auto before = stage.records.records.front().notes;
  stage.clock.time += 2 * kMinute;
  stage.look();
  const auto report = stage.read(stage.id).report.value();
  CHECK(report.connected == std::chrono::minutes{5});
  CHECK(report.rating == 4);
  CHECK(report.supporters.empty());
  CHECK(report.notes.empty());
  CHECK(stage.records.records.front().notes == before);
}

TEST_CASE("where the admin wants it, or where everybody reads comments, the customer's invitation says who helped and how long, and no notes") {
  for (const bool service_project : {true, false}) {
    CAPTURE(service_project);
    Reporting stage;
    stage.tickets.known.service_project = service_project;
    if (service_project) stage.keep_settings([](support::Settings& settings) { settings.report = support::ReportPlace::invitation; });
    stage.record("for the team", -5 * kMinute, 5 * kMinute);
    stage.end("mine too");
    stage.clock.time += 2 * kMinute;
    stage.look();
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

TEST_CASE("notes typed here go to the provider's record once there is one, in the place of what was typed before") {
  Reporting stage;
  stage.record("typed there", -5 * kMinute, 5 * kMinute);
  stage.end("typed here");
  stage.clock.time += 2 * kMinute;
  stage.look();
  CHECK(stage.records.records.front().notes == "typed there\ntyped here");
  stage.write_back();
  CHECK(stage.reported().front().find("typed there\ntyped here") != std::string::npos);
  REQUIRE(stage.run(stage.sessions->write_notes(stage.caller(stage.agent), stage.id, {.notes = "typed anew"})));
  CHECK(stage.is_asked_for("session.report", stage.id.value));
  stage.look();
  CHECK(stage.records.records.front().notes == "typed there\ntyped anew");
  stage.look();
  stage.write_back();
  CHECK(stage.reported().front().find("typed anew") != std::string::npos);
  CHECK(stage.reported().front().find("typed here") == std::string::npos);
}

TEST_CASE("time worked is logged once, in the supporter's name while Jira lets us, and follows a late record") {
  for (const bool users_may : {true, false}) {
    CAPTURE(users_may);
    Reporting stage;
    stage.marks.users_may = users_may;
    stage.keep_settings([](support::Settings& settings) { settings.worklog = true; });
    stage.record("", -5 * kMinute, Milliseconds{20'000});
    stage.end();
    stage.clock.time += 2 * kMinute;
    stage.look();
    stage.marks.lose_next_answer = true;
    CHECK(is<TryAgain>(stage.write_back()));
    CHECK(is<Done>(stage.write_back(1)));
    REQUIRE(stage.marks.worklogs.size() == 1);
    CHECK(stage.marks.worklogs.front().as_app == !users_may);
    CHECK(stage.marks.worklogs.front().draft.spent == std::chrono::seconds{60});
    stage.record("", -2 * kMinute, kMinute);
    stage.look();
    stage.write_back();
    REQUIRE(stage.marks.worklogs.size() == 1);
    CHECK(stage.marks.worklogs.front().draft.spent == std::chrono::seconds{80});
  }
}

TEST_CASE("a report and a worklog that take effect after others were written in their place are taken away by the sweep, and those that were kept stay") {
  Reporting stage;
  stage.keep_settings([](support::Settings& settings) { settings.worklog = true; });
  stage.record("", -5 * kMinute, 5 * kMinute);
  stage.end();
  stage.clock.time += 2 * kMinute;
  stage.look();
  stage.tickets.lose_next_answer = true;
  CHECK(is<TryAgain>(stage.write_back()));
  const auto late_comment = stage.tickets.comments.back();
  stage.tickets.comments.pop_back();
  stage.marks.lose_next_answer = true;
  CHECK(is<TryAgain>(stage.write_back(1)));
  const auto late_worklog = stage.marks.worklogs.back();
  stage.marks.worklogs.pop_back();
  CHECK(is<Done>(stage.write_back(2)));
  REQUIRE(stage.is_asked_for("session.sweep", stage.id.value));
  stage.tickets.comments.push_back(late_comment);
  stage.marks.worklogs.push_back(late_worklog);
  CHECK(stage.reported().size() == 2);
  stage.clock.time += kLateEffect;
  stage.asked_sweep(stage.id);
  CHECK(stage.reported().size() == 1);
  CHECK(stage.tickets.comments.back().id != late_comment.id);
  REQUIRE(stage.marks.worklogs.size() == 1);
  CHECK(stage.marks.worklogs.front().id != late_worklog.id);
  CHECK(stage.audited().front() == "second_worklog_deleted");
}

TEST_CASE("while a report is being written the sweep takes none away") {
  Reporting stage;
  stage.record("", -5 * kMinute, 5 * kMinute);
  stage.end();
  stage.clock.time += 2 * kMinute;
  stage.look();
  stage.tickets.lose_next_answer = true;
  CHECK(is<TryAgain>(stage.write_back()));
  stage.sweep(stage.id);
  CHECK(is<Done>(stage.write_back(1)));
  CHECK(stage.reported().size() == 1);
}

TEST_CASE("the issue's property counts sessions, minutes and the last end, for Jira's own search") {
  Reporting stage;
  stage.record("", -10 * kMinute, 10 * kMinute);
  stage.end();
  stage.clock.time += 2 * kMinute;
  stage.look();
  stage.write_back();
  REQUIRE(stage.is_asked_for("issue.property", "10001"));
  stage.run(stage.reach->write_property(stage.row("issue.property", "10001")));
  const auto& property = stage.marks.properties.at({IssueId{"10001"}, "belay"});
  CHECK(property == json::object{{"sessions", 1}, {"open", 0}, {"minutes", 10}, {"last", to_iso8601(*stage.read(stage.id).ended_at)}});
}

TEST_CASE("a comment on waiting that Jira surely did not take is tried again; one that it may have taken is not") {
  for (const bool maybe : {false, true}) {
    CAPTURE(maybe);
    Reporting stage;
    stage.keep_settings([](support::Settings& settings) { settings.tell_of_waiting = true; });
    stage.come();
    stage.tickets.on_write.next(std::unexpected(Error{.code = "jira_unreachable", .cause = {}, .detail = maybe ? json::object{{"maybe_done", true}} : json::object{}, .retryable = true, .retry_after = {}}));
    if (maybe) CHECK(is<Done>(stage.tell()));
    else CHECK(is<TryAgain>(stage.tell()));
    stage.tell();
    CHECK(stage.written_for(ports::CommentPurpose::waiting).size() == (maybe ? 0 : 1));
  }
}

TEST_CASE("where the admin wants it the agent is told once that the customer waits; not when somebody went there, nor where everybody would read it") {
  Reporting stage;
  stage.come();
  CHECK_FALSE(stage.is_asked_for("session.waiting", stage.id.value));
  stage.come(false);
  stage.keep_settings([](support::Settings& settings) { settings.tell_of_waiting = true; });
  stage.tickets.known.service_project = false;
  stage.come();
  REQUIRE(stage.is_asked_for("session.waiting", stage.id.value));
  stage.tell();
  CHECK(stage.written_for(ports::CommentPurpose::waiting).empty());
  stage.tickets.known.service_project = true;
  stage.tell();
  stage.tell();
  CHECK(stage.written_for(ports::CommentPurpose::waiting).size() == 1);
  const auto& comment = stage.tickets.comments.back();
  CHECK(std::get<support::Mention>(comment.document.paragraphs.front().front()).account == stage.agent);
}

}  // namespace
}  // namespace belay::desk
