// The comment that tells the agent that the customer waits.
#include "desk/report_stage_test.hpp"

namespace belay::desk {
namespace {

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
