// When the records of a session are looked for, and what is made of them.
#include "desk/report_stage_test.hpp"
#include "support/erasure.hpp"

namespace belay::desk {
namespace {

using support::SessionState;

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

TEST_CASE("a clock that was set back since the end keeps nothing waiting for that time to come again") {
  Reporting stage;
  stage.come();
  stage.record("", -18 * kMinute, 18 * kMinute);
  stage.end();
  stage.clock.time += kMinute - 60 * kMinute;   // the worker brings the row back by as much
  CHECK(stage.until_next(stage.look()) == 5 * kMinute);   // since its end, as that counts now
  CHECK(stage.read(stage.id).ended_at == stage.clock.now() - 2 * kMinute);
  CHECK(is<Done>(stage.write_back()));
  CHECK(stage.reported().size() == 1);
}

TEST_CASE("a late record edits what was written, and the same one twice changes nothing") {
  Reporting stage;
  stage.come();
  stage.record("", -18 * kMinute, 18 * kMinute);
  stage.end_and_look();
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

TEST_CASE("where an agent went to the customer, a session without records is not told as one in which nobody connected") {
  Reporting stage;
  stage.come();
  REQUIRE(stage.run(stage.sessions->connect(stage.caller(stage.agent), stage.id, Client::app)));
  stage.end();
  stage.clock.time += 24 * 60 * kMinute;
  CHECK(is<Done>(stage.look()));
  stage.write_back();
  CHECK(stage.reported() == std::vector<std::string>{stage.read(stage.id).made->code.value + " with Reporter unrecorded"});
  const auto view = stage.run(stage.sessions->one(stage.caller(stage.agent), stage.id));
  CHECK(view->at("report").at("unrecorded") == true);
}

TEST_CASE("records are not looked for in the first two minutes, whoever asks for it") {
  Reporting stage;
  stage.record("", -5 * kMinute, 5 * kMinute);
  stage.end();
  REQUIRE(stage.run(stage.sessions->write_notes(stage.caller(stage.agent), stage.id, {.notes = "at once"})));
  CHECK(stage.until_next(stage.look()) == 2 * kMinute);
  CHECK(stage.records.asked.empty());
  stage.clock.time += 2 * kMinute;
  stage.look();
  CHECK(stage.read(stage.id).report->notes == "at once");
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

TEST_CASE("an account that was connected in the place of the session's own has no records of it: what was reported stays") {
  Reporting stage;
  stage.record("", -5 * kMinute, 5 * kMinute);
  stage.end_and_look();
  stage.write_back();
  stage.change_link(stage.agent, [](ports::AccountLink& link) { link.at_provider.id = ProviderAccountId{"another"}; });
  stage.records.records.clear();
  stage.clock.time += 60 * kMinute;
  CHECK(is<LaterAt>(stage.look()));
  stage.clock.time += 24 * 60 * kMinute;
  CHECK(is<Done>(stage.look()));
  CHECK(stage.read(stage.id).report->connected == std::chrono::minutes{5});
}

TEST_CASE("notes typed here go to the provider's record once there is one, in the place of what was typed before") {
  Reporting stage;
  stage.record("typed there", -5 * kMinute, 5 * kMinute);
  stage.end_and_look("typed here");
  CHECK(stage.records.records.front().notes == "typed there\ntyped here");
  stage.write_back();
  CHECK(stage.reported().front().find("typed there\ntyped here") != std::string::npos);
  REQUIRE(stage.run(stage.sessions->write_notes(stage.caller(stage.agent), stage.id, {.notes = "typed anew"})));
  REQUIRE(stage.is_asked_for("session.report_back", stage.id.value));
  stage.write_back();
  CHECK(stage.reported().front().find("typed there\ntyped anew") != std::string::npos);
  CHECK(stage.reported().front().find("typed here") == std::string::npos);
  REQUIRE(stage.is_asked_for("session.report", stage.id.value));
  stage.look();
  CHECK(stage.records.records.front().notes == "typed there\ntyped anew");
  CHECK(stage.read(stage.id).report_step == support::Step::done);
}

TEST_CASE("notes that the provider refuses are said to have stayed here, once, until it takes them; the report is written all the same") {
  Reporting stage;
  stage.record("typed there", -5 * kMinute, 5 * kMinute);
  const auto record = stage.records.records.front().id;
  stage.records.will_not_note[record] = Error{.code = "provider_permission", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
  stage.end_and_look("typed here");
  CHECK(stage.read(stage.id).last_error->code == "notes_refused");
  CHECK(stage.audited().front() == "notes_refused");
  stage.write_back();
  CHECK(stage.reported().front().find("typed there\ntyped here") != std::string::npos);
  const auto version = stage.read(stage.id).version;
  stage.look();
  CHECK(stage.read(stage.id).version == version);
  stage.records.will_not_note.clear();
  stage.look();
  CHECK_FALSE(stage.read(stage.id).last_error);
  CHECK(stage.records.records.front().notes == "typed there\ntyped here");
}

TEST_CASE("notes that cannot be handed over for now keep nobody from the report, and are handed over later") {
  Reporting stage;
  stage.record("typed there", -5 * kMinute, 5 * kMinute);
  const auto record = stage.records.records.front().id;
  stage.records.will_not_note[record] = Error{.code = "provider_unreachable", .cause = {}, .detail = {}, .retryable = true, .retry_after = {}};
  stage.end("typed here");
  stage.clock.time += 2 * kMinute;
  CHECK(is<TryAgain>(stage.look()));
  stage.write_back();
  CHECK(stage.reported().front().find("typed there\ntyped here") != std::string::npos);
  CHECK(is<TryAgain>(stage.look()));
  CHECK(stage.read(stage.id).report_step == support::Step::done);   // nothing new
  stage.records.will_not_note.clear();
  CHECK(is<LaterAt>(stage.look()));
  CHECK(stage.records.records.front().notes == "typed there\ntyped here");

  // What was taken away here since does not come back from there.
  stage.records.will_not_note[record] = Error{.code = "provider_unreachable", .cause = {}, .detail = {}, .retryable = true, .retry_after = {}};
  REQUIRE(stage.run(stage.sessions->write_notes(stage.caller(stage.agent), stage.id, {.notes = ""})));
  CHECK(is<TryAgain>(stage.look()));
  stage.write_back();
  CHECK(stage.read(stage.id).report->notes == "typed there");
  CHECK(stage.reported().front().find("typed here") == std::string::npos);
}

TEST_CASE("notes stay on the record that they were written on, also when an earlier one comes later") {
  Reporting stage;
  stage.come();
  stage.record("", 10 * kMinute, 5 * kMinute);
  stage.end_and_look("Rebooted.");
  CHECK(stage.records.records.at(0).notes == "Rebooted.");
  stage.record("", -20 * kMinute, 5 * kMinute);
  std::ranges::rotate(stage.records.records, stage.records.records.end() - 1);   // the provider tells them in order
  REQUIRE(stage.run(stage.sessions->write_notes(stage.caller(stage.agent), stage.id, {.notes = "Rebooted twice."})));
  stage.look();
  CHECK(stage.records.records.at(0).notes.empty());
  CHECK(stage.records.records.at(1).notes == "Rebooted twice.");
  CHECK(stage.read(stage.id).report->notes == "Rebooted twice.");
}

TEST_CASE("notes typed after the report stand in it also where Belay may not read records any more") {
  Reporting stage;
  stage.record("typed there", -5 * kMinute, 5 * kMinute);
  stage.end_and_look("typed here");
  stage.write_back();
  stage.records.allowed.clear();
  const auto shown = stage.run(stage.sessions->write_notes(stage.caller(stage.agent), stage.id, {.notes = "typed anew"}));
  CHECK(shown->at("report").at("notes") == "typed there\ntyped anew");
  CHECK(is<LaterAt>(stage.look()));
  stage.write_back();
  CHECK(stage.reported().front().find("typed anew") != std::string::npos);
  CHECK(stage.reported().front().find("typed here") == std::string::npos);
}

}  // namespace
}  // namespace belay::desk
