// The comment that tells the agent that the customer waits.
#include "desk/report_stage_test.hpp"

namespace belay::desk {
namespace {

struct Waiting : Reporting {
  Waiting() {
    keep_settings([](support::Settings& settings) { settings.tell_of_waiting = true; });
    come();
  }
  std::size_t told() { return written_for(ports::CommentPurpose::waiting).size(); }
};

TEST_CASE("a comment on waiting that Jira did not take is written by the next try, and one that it took without our hearing so is found") {
  for (const bool taken : {false, true}) {
    CAPTURE(taken);
    Waiting stage;
    if (taken) stage.tickets.lose_next_answer = true;
    else stage.tickets.on_write.next(std::unexpected(Error{.code = "jira_unreachable", .cause = {}, .detail = {}, .retryable = true, .retry_after = {}}));
    CHECK(is<TryAgain>(stage.tell()));
    CHECK(stage.told() == (taken ? 1 : 0));
    CHECK(is<Done>(stage.tell()));
    CHECK(stage.told() == 1);
  }
}

TEST_CASE("a comment on waiting that takes effect after another was written is taken away by the sweep") {
  Waiting stage;
  stage.tickets.lose_next_answer = true;
  CHECK(is<TryAgain>(stage.tell()));
  const auto late = stage.tickets.comments.back();
  stage.tickets.comments.pop_back();
  CHECK(is<Done>(stage.tell()));
  stage.tickets.comments.push_back(late);
  stage.clock.time += kLateEffect;
  stage.asked_sweep(stage.id);
  CHECK(stage.told() == 1);
}

TEST_CASE("a comment on waiting that the customer can read is taken away, also after its answer was lost") {
  for (const bool lost : {false, true}) {
    CAPTURE(lost);
    Waiting stage;
    stage.tickets.visible_to_customer = true;
    stage.tickets.lose_next_answer = lost;
    if (lost) CHECK(is<TryAgain>(stage.tell()));
    CHECK(is<Done>(stage.tell()));
    CHECK(stage.told() == 0);
  }
}

TEST_CASE("what Jira refuses for good is set aside while the customer waits, and is nobody's any more once they left or the session ended") {
  const auto refused = [](Waiting& stage) { stage.tickets.on_write.next(std::unexpected(Error{.code = "jira_refused", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}})); };
  {
    Waiting stage;
    refused(stage);
    CHECK(is<GiveUp>(stage.tell()));
    CHECK(is<Done>(stage.tell()));   // tried again by the admin
    CHECK(stage.told() == 1);
  }
  {
    Waiting stage;
    stage.tickets.ticket_down = Error{.code = "jira_token_missing", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
    CHECK(is<GiveUp>(stage.tell()));
    stage.come(false);
    CHECK(is<Done>(stage.tell()));
  }
  Waiting stage;
  REQUIRE(stage.is_asked_for("session.waiting", stage.id.value));
  stage.end();
  CHECK_FALSE(stage.is_asked_for("session.waiting", stage.id.value));
}

TEST_CASE("what Jira refused is written when the customer comes again, though they were away when it was tried again; what was written is not written twice") {
  for (const bool refused : {true, false}) {
    CAPTURE(refused);
    Waiting stage;
    if (refused) stage.tickets.on_write.next(std::unexpected(Error{.code = "jira_rate_limited", .cause = {}, .detail = {}, .retryable = true, .retry_after = {}}));
    CHECK(is<TryAgain>(stage.tell()) == refused);
    if (!refused) stage.forget("session.waiting");   // as the worker does with what is done
    stage.come(false);
    if (refused) CHECK(std::get<LaterAt>(stage.tell()).due_at >= stage.read(stage.id).valid_until);
    stage.put_off("session.waiting");
    stage.come();
    CHECK(stage.is_due("session.waiting") == refused);
    if (refused) CHECK(is<Done>(stage.tell()));
    CHECK(stage.told() == 1);
  }
}

TEST_CASE("a comment on waiting of which the answer was lost, and that Jira refused to write once more, is not written twice when it arrives after all") {
  Waiting stage;
  stage.tickets.lose_next_answer = true;
  CHECK(is<TryAgain>(stage.tell()));
  const auto late = stage.tickets.comments.back();
  stage.tickets.comments.pop_back();
  stage.tickets.on_write.next(std::unexpected(Error{.code = "jira_rate_limited", .cause = {}, .detail = {}, .retryable = true, .retry_after = {}}));
  CHECK(is<TryAgain>(stage.tell()));
  stage.come(false);
  CHECK(is<LaterAt>(stage.tell()));
  stage.tickets.comments.push_back(late);
  stage.come();
  CHECK(is<Done>(stage.tell()));
  CHECK(stage.told() == 1);
}

TEST_CASE("a comment on waiting that the customer can read and that cannot be deleted is set aside, whoever waits or does not") {
  Waiting stage;
  stage.tickets.visible_to_customer = true;
  stage.tickets.lose_next_answer = true;
  CHECK(is<TryAgain>(stage.tell()));
  stage.end();
  stage.tickets.on_delete = Error{.code = "jira_forbidden", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
  CHECK(is<GiveUp>(stage.tell()));
}

TEST_CASE("a comment on waiting of which the answer was lost is kept from the customer though somebody went to them meanwhile, or the session ended") {
  for (const bool ended : {false, true}) {
    CAPTURE(ended);
    Waiting stage;
    stage.tickets.visible_to_customer = true;
    stage.tickets.lose_next_answer = true;
    CHECK(is<TryAgain>(stage.tell()));
    CHECK(stage.told() == 1);
    if (ended) stage.end();
    else REQUIRE(stage.run(stage.sessions->connect(stage.caller(stage.agent), stage.id, Client::app)));
    REQUIRE(stage.is_asked_for("session.waiting", stage.id.value));
    CHECK(is<Done>(stage.tell()));
    CHECK(stage.told() == 0);
  }
}

TEST_CASE("nobody is told of a customer to whom somebody went while Jira was being asked") {
  Waiting stage;
  stage.users.on_user = [&] {
    stage.write([&](ports::UnitOfWork& unit) {
      auto session = *unit.sessions().find(stage.installation, stage.id);
      REQUIRE(support::connect(session, {.account = stage.agent, .name = "Alex"}, stage.clock.now()));
      REQUIRE(unit.sessions().update(session));
    });
  };
  CHECK(is<Done>(stage.tell()));
  CHECK(stage.told() == 0);
  CHECK_FALSE(stage.read(stage.id).waiting_told);
}

TEST_CASE("an issue that the app may not see for now is asked for again, and set aside in words of its own") {
  Waiting stage;
  stage.tickets.ticket_down = Error{.code = "not_found", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
  CHECK(is<TryAgain>(stage.tell()));
  stage.tickets.ticket_down.reset();
  CHECK(is<Done>(stage.tell()));
  CHECK(stage.told() == 1);
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
