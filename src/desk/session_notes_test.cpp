#include "desk/stage_test.hpp"

namespace belay::desk {
namespace {

using support::SessionState;

/// An open session, and two agents who write down what they remember of it.
struct Notes : Stage {
  SessionId id = opened();

  Result<json::object> note(const AccountId& who, TypedNotes notes) { return run(sessions->write_notes(caller(who), id, std::move(notes))); }
  Result<json::object> close(const AccountId& who, std::optional<TypedNotes> notes) { return run(sessions->close(caller(who), id, std::move(notes))); }
  [[nodiscard]] std::string kept() { return read(id).notes; }
  [[nodiscard]] auto noted() { return std::ranges::count(audited(), "session_noted"); }
};

TEST_CASE("notes have four thousand characters, whatever they weigh") {
  Notes stage;
  std::string most;
  for (int i = 0; i < 4000; ++i) most += "é";
  REQUIRE(stage.close(stage.agent, TypedNotes{.notes = most}));
  CHECK(stage.kept() == most);
  REQUIRE(stage.note(stage.agent, {.notes = "less", .before = most}));
  const auto refused = stage.note(stage.agent, {.notes = "x", .before = most + "é"});
  CHECK(code_of(refused) == "invalid_field");
  CHECK(refused.error().detail.at("field") == "before");
}

TEST_CASE("notes that are typed while the session's time passes are kept; a close without any is refused, with how it stands") {
  Notes stage;
  stage.clock.time = stage.read(stage.id).valid_until;
  stage.poll();
  REQUIRE(stage.read(stage.id).state == SessionState::expired);
  const auto refused = stage.close(stage.agent, std::nullopt);
  CHECK(code_of(refused) == "invalid_state");
  CHECK(refused.error().detail.at("state") == "expired");
  REQUIRE(stage.close(stage.agent, TypedNotes{.notes = "typed meanwhile"}));
  CHECK(stage.kept() == "typed meanwhile");
  CHECK(stage.noted() == 1);
  CHECK(std::ranges::count(stage.audited(), "session_closed") == 0);
}

TEST_CASE("notes that are typed while somebody else closes the session are kept; a close without any leaves those that are there") {
  Notes stage;
  REQUIRE(stage.close(stage.agent, TypedNotes{.notes = "first"}));
  REQUIRE(stage.close(stage.agent, std::nullopt));
  CHECK(stage.kept() == "first");
  REQUIRE(stage.close(stage.agent, TypedNotes{.notes = "typed meanwhile", .before = "first"}));
  CHECK(stage.kept() == "typed meanwhile");
  CHECK(std::ranges::count(stage.audited(), "session_closed") == 1);
  CHECK(stage.noted() == 2);
}

TEST_CASE("of two agents who began with the same notes the first writes; the second is told what stands there, and writes once they have seen it") {
  Notes stage;
  REQUIRE(stage.note(stage.agent, {.notes = "driver", .before = ""}));
  const auto refused = stage.note(stage.colleague, {.notes = "cable", .before = ""});
  CHECK(code_of(refused) == "notes_changed");
  CHECK(refused.error().detail == json::object{{"notes", "driver"}});
  CHECK(stage.kept() == "driver");
  CHECK(stage.noted() == 1);
  CHECK(stage.note(stage.colleague, {.notes = "driver, cable", .before = "driver"})->at("notes") == "driver, cable");
  CHECK(stage.noted() == 2);
}

TEST_CASE("what was taken away meanwhile is a change too; without a word of what was there before, whatever stands there is written over") {
  Notes stage;
  REQUIRE(stage.note(stage.agent, {.notes = "driver"}));
  REQUIRE(stage.note(stage.agent, {.notes = "", .before = "driver"}));
  const auto refused = stage.note(stage.colleague, {.notes = "driver, cable", .before = "driver"});
  CHECK(code_of(refused) == "notes_changed");
  CHECK(refused.error().detail.at("notes") == "");
  REQUIRE(stage.note(stage.colleague, {.notes = "cable"}));
  CHECK(stage.kept() == "cable");
}

TEST_CASE("the same notes written again are no change, whoever else wrote them: an answer may have been lost") {
  Notes stage;
  REQUIRE(stage.note(stage.agent, {.notes = "driver", .before = ""}));
  REQUIRE(stage.note(stage.agent, {.notes = "driver", .before = ""}));
  REQUIRE(stage.close(stage.colleague, TypedNotes{.notes = "driver", .before = ""}));
  CHECK(stage.read(stage.id).state == SessionState::closed);
  CHECK(stage.noted() == 1);
}

TEST_CASE("a close whose notes somebody was faster with is not begun; without notes it is, and leaves theirs") {
  Notes stage;
  REQUIRE(stage.note(stage.agent, {.notes = "driver", .before = ""}));
  CHECK(code_of(stage.close(stage.colleague, TypedNotes{.notes = "cable", .before = ""})) == "notes_changed");
  CHECK(stage.read(stage.id).state == SessionState::open);
  CHECK(stage.kept() == "driver");
  CHECK_FALSE(stage.is_asked_for("session.close", stage.id.value));
  CHECK(std::ranges::count(stage.audited(), "session_closed") == 0);
  REQUIRE(stage.close(stage.colleague, std::nullopt));
  CHECK(stage.kept() == "driver");
  CHECK(stage.read(stage.id).state == SessionState::closed);
}

TEST_CASE("notes are compared after the end too, and what lost writes no report anew") {
  Notes stage;
  REQUIRE(stage.close(stage.agent, TypedNotes{.notes = "driver", .before = ""}));
  stage.write([&](ports::UnitOfWork& unit) { unit.outbox().erase(stage.installation, "session.report", stage.id.value); });
  CHECK(code_of(stage.close(stage.colleague, TypedNotes{.notes = "cable", .before = ""})) == "notes_changed");
  CHECK(code_of(stage.note(stage.colleague, {.notes = "cable", .before = ""})) == "notes_changed");
  CHECK_FALSE(stage.is_asked_for("session.report", stage.id.value));
  REQUIRE(stage.note(stage.colleague, {.notes = "cable", .before = "driver"}));
  CHECK(stage.is_asked_for("session.report", stage.id.value));
}

}  // namespace
}  // namespace belay::desk
