#include "desk/stage_test.hpp"

namespace belay::desk {
namespace {

using support::SessionState;
using support::Step;

SessionWish for_the_reporter() {
  SessionWish wish;
  wish.customer.account = AccountId{"reporter"};
  return wish;
}

// "none" for an error that is final, or no error.
std::string outcome_shown(Stage& stage, const SessionId& id) {
  const auto shown = stage.run(stage.sessions->one(stage.caller(stage.agent), id));
  const auto* error = shown->if_contains("error");
  const auto* outcome = error == nullptr ? nullptr : error->as_object().if_contains("outcome");
  return outcome == nullptr ? "none" : std::string(outcome->as_string());
}

TEST_CASE("the invitation mentions a customer who is on the issue, and holds the customer's link once") {
  Stage stage;
  const auto id = stage.opened(for_the_reporter());
  REQUIRE(stage.tickets.comments.size() == 1);
  const auto& paragraphs = stage.tickets.comments.front().document.paragraphs;
  REQUIRE(paragraphs.size() == 2);
  CHECK(std::get<support::Mention>(paragraphs.front().front()).account == stage.reporter);
  int links = 0;
  for (const auto& piece : paragraphs.back()) {
    if (const auto* link = std::get_if<support::Link>(&piece)) {
      ++links;
      CHECK(link->url == stage.provider.sessions.front().customer_link);
    }
  }
  CHECK(links == 1);
  CHECK(stage.read(id).invitation_step == Step::done);
}

TEST_CASE("an invitation for a customer who was typed in mentions nobody, and a mail text is offered") {
  Stage stage;
  SessionWish wish;
  wish.customer = {.account = std::nullopt, .name = "Ada", .email = "ada@example.com"};
  const auto id = stage.opened(wish);
  CHECK(stage.tickets.comments.front().document.paragraphs.size() == 1);
  const auto mail = mail_for(stage.read(id), stage.words);
  REQUIRE(mail);
  CHECK(mail->to == "ada@example.com");
  CHECK(mail->body.find(stage.provider.sessions.front().customer_link) != std::string::npos);
  CHECK(mail->body.find("secret") == std::string::npos);
}

TEST_CASE("after an answer that never came, the comment of that try is found; there is one") {
  Stage stage;
  const auto id = stage.create();
  stage.provision(id);
  stage.tickets.lose_next_answer = true;
  CHECK(is<TryAgain>(stage.invite(id)));
  CHECK(is<Done>(stage.invite(id, 1)));
  CHECK(stage.tickets.comments.size() == 1);
  CHECK(stage.read(id).comment == stage.tickets.comments.front().id);
}

TEST_CASE("a second comment that comes late is deleted by the sweep") {
  Stage stage;
  const auto id = stage.create();
  stage.provision(id);
  stage.tickets.on_write.next(fail_for_now("jira_unreachable", "no answer", std::nullopt, {{"maybe_done", true}}));
  stage.invite(id);
  stage.invite(id, 1);
  auto late = stage.tickets.comments.front();
  late.id = CommentId{"999"};
  stage.tickets.comments.push_back(late);
  stage.sweep(id);
  REQUIRE(stage.tickets.comments.size() == 1);
  CHECK(stage.tickets.comments.front().id == *stage.read(id).comment);
}

TEST_CASE("a comment Jira refuses leaves the session open and says so; Try again writes it") {
  Stage stage;
  const auto id = stage.create();
  stage.provision(id);
  stage.tickets.on_write.next(fail("jira_refused_comment", "400"));
  CHECK(is<Done>(stage.invite(id)));
  CHECK(stage.read(id).state == SessionState::open);
  CHECK(stage.read(id).invitation_step == Step::failed);
  REQUIRE(stage.run(stage.sessions->retry(stage.caller(stage.agent), id)));
  stage.invite(id);
  CHECK(stage.read(id).invitation_step == Step::done);
}

TEST_CASE("Jira that stays away is tried ten times, then the admin sees it as well, until the session is over; a refusal is the agent's alone") {
  for (const bool away : {true, false}) {
    CAPTURE(away);
    Stage stage;
    const auto id = stage.create();
    stage.provision(id);
    for (int tries = 0; tries < 10; ++tries) {
      stage.tickets.on_write.next(std::unexpected(Error{.code = away ? "jira_unreachable" : "jira_forbidden", .cause = {}, .detail = {}, .retryable = away, .retry_after = {}}));
    }
    if (away) {
      for (int attempts = 0; attempts < 9; ++attempts) CHECK(is<TryAgain>(stage.invite(id, attempts)));
      CHECK(is<GiveUp>(stage.invite(id, 9)));
    } else {
      CHECK(is<Done>(stage.invite(id)));
    }
    CHECK(stage.read(id).invitation_step == Step::failed);
    stage.write([&](ports::UnitOfWork& unit) { unit.outbox().put(outbox_row(*stage.doors, stage.installation, "session.invite", id.value)); });
    REQUIRE(stage.run(stage.sessions->close(stage.caller(stage.agent), id, std::nullopt)));
    CHECK_FALSE(stage.is_asked_for("session.invite", id.value));
  }
}

TEST_CASE("while the sweep looks no comment is adopted that it may be deleting") {
  Stage stage;
  const auto id = stage.create(for_the_reporter());
  stage.provision(id);
  stage.tickets.on_write.next(fail("jira_refused_comment", "400"));
  stage.invite(id);
  REQUIRE(stage.run(stage.sessions->retry(stage.caller(stage.agent), id)));
  stage.clock.time += kLateEffect;
  const auto release = stage.claim_sweep(id);
  CHECK(is<LaterAt>(stage.invite(id)));
  CHECK(stage.tickets.comments.empty());
  release();
  CHECK(is<Done>(stage.invite(id)));
  CHECK(stage.read(id).invitation_step == Step::done);
}

TEST_CASE("nobody is invited to a session whose time has passed") {
  Stage stage;
  const auto id = stage.create(for_the_reporter());
  stage.provision(id);
  stage.clock.time = stage.read(id).valid_until;
  CHECK(is<Done>(stage.invite(id)));
  CHECK(stage.tickets.comments.empty());
  CHECK(stage.read(id).invitation_step == Step::none);
}

TEST_CASE("an invitation that was given up and stands all the same is taken away") {
  Stage stage;
  const auto id = stage.create();
  stage.provision(id);
  stage.tickets.lose_next_answer = true;
  CHECK(is<TryAgain>(stage.invite(id)));
  CHECK(outcome_shown(stage, id) == "unknown");
  stage.tickets.on_write.next(fail("jira_forbidden", "403"));
  auto hidden = std::exchange(stage.tickets.comments, {});   // on its way still
  stage.invite(id, 1);
  CHECK(stage.read(id).invitation_step == Step::failed);
  stage.tickets.comments = std::move(hidden);
  stage.clock.time += kLateEffect;
  stage.asked_sweep(id);
  CHECK(stage.tickets.comments.empty());
}

TEST_CASE("a step's error says what becomes of it, not when the next try was due long ago") {
  Stage stage;
  const auto id = stage.create();
  stage.provision(id);
  stage.tickets.on_write.next(fail_for_now("jira_rate_limited", "429", Milliseconds{30'000}));
  stage.invite(id);
  const auto shown = stage.run(stage.sessions->one(stage.caller(stage.agent), id));
  CHECK(shown->at("error").at("outcome") == "waiting");
  CHECK_FALSE(shown->at("error").as_object().contains("retryAfter"));
  stage.tickets.on_write.next(fail_for_now("jira_unreachable", "503"));
  stage.invite(id, 9);
  CHECK(outcome_shown(stage, id) == "not_invited");
  REQUIRE(stage.run(stage.sessions->retry(stage.caller(stage.agent), id)));
  stage.tickets.on_write.next(fail("jira_refused_comment", "400"));
  stage.invite(id);
  CHECK(outcome_shown(stage, id) == "not_invited");
}

TEST_CASE("an invitation that Jira refuses for good is said not to be there, whatever the refusal; the session is") {
  for (const auto& [refused_with, told] : {std::pair{"jira_refused_comment", "jira_refused_comment"}, {"jira_forbidden", "jira_forbidden"}, {"not_found", "jira_issue_gone"}}) {
    CAPTURE(refused_with);
    Stage stage;
    const auto id = stage.create();
    stage.provision(id);
    stage.tickets.on_write.next(fail(refused_with, "no"));
    stage.invite(id);
    const auto shown = stage.run(stage.sessions->one(stage.caller(stage.agent), id));
    CHECK(shown->at("state") == "open");
    CHECK(shown->at("error").at("code") == told);
    CHECK(shown->at("error").at("outcome") == "not_invited");
  }
}

TEST_CASE("an issue that moved to where everybody would read the comment gets none") {
  Stage stage;
  auto wish = for_the_reporter();
  wish.invitation = support::Invitation::internal;
  const auto id = stage.create(wish);
  stage.provision(id);
  stage.tickets.known.service_project = false;
  stage.invite(id);
  CHECK(stage.tickets.written == 0);
  CHECK(stage.read(id).last_error->code == "comment_not_internal");
  CHECK(outcome_shown(stage, id) == "not_invited");
}

TEST_CASE("what a customer's invitation is written from is read while the session is made, is used once and soon, and is read again where that failed") {
  const Error away{.code = "jira_unreachable", .cause = {}, .detail = {}, .retryable = true, .retry_after = {}};
  SUBCASE("read ahead") {
    Stage stage;
    const auto id = stage.create();
    stage.provision(id);
    stage.tickets.ticket_down = away;
    SUBCASE("used") {
      CHECK(is<Done>(stage.invite(id)));
      CHECK(stage.tickets.written == 1);
    }
    SUBCASE("too late to be true") {
      stage.clock.time += Milliseconds{15'000};
      CHECK(is<TryAgain>(stage.invite(id)));
      CHECK(stage.tickets.written == 0);
    }
    SUBCASE("told once") {
      stage.tickets.on_write.next(fail_for_now("jira_rate_limited", "429", Milliseconds{30'000}));
      stage.invite(id);
      CHECK(is<TryAgain>(stage.invite(id)));
      CHECK(stage.tickets.written == 0);
    }
  }
  SUBCASE("not to be had ahead") {
    Stage stage;
    const auto id = stage.create();
    stage.tickets.ticket_down = away;
    stage.provision(id);
    stage.tickets.ticket_down.reset();
    CHECK(is<Done>(stage.invite(id)));
    CHECK(stage.tickets.written == 1);
  }
}

TEST_CASE("a comment that has to go and may not is said to stay") {
  Stage stage;
  auto wish = for_the_reporter();
  wish.invitation = support::Invitation::internal;
  const auto id = stage.create(wish);
  stage.provision(id);
  stage.tickets.visible_to_customer = true;
  stage.invite(id);
  stage.close_step(id);
  stage.tickets.on_delete = Error{.code = "jira_forbidden", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
  stage.sweep(id);
  CHECK(stage.read(id).last_error->code == "comment_not_deleted");
}

TEST_CASE("Jira's Retry-After travels to the worker with the failed try") {
  Stage stage;
  const auto id = stage.create();
  stage.provision(id);
  stage.tickets.on_write.next(fail_for_now("jira_rate_limited", "429", Milliseconds{30'000}));
  const auto result = stage.invite(id);
  REQUIRE(is<TryAgain>(result));
  CHECK(std::get<TryAgain>(result).error.retry_after == Milliseconds{30'000});
  CHECK(stage.read(id).invitation_step == Step::pending);
}

TEST_CASE("an internal comment that the customer can see ends the session first, then goes away") {
  Stage stage;
  auto wish = for_the_reporter();
  wish.invitation = support::Invitation::internal;
  const auto id = stage.create(wish);
  stage.provision(id);
  stage.tickets.visible_to_customer = true;
  stage.invite(id);
  CHECK(stage.read(id).state == SessionState::closed);
  CHECK(stage.is_asked_for("session.close", id.value));
  CHECK(stage.is_asked_for("session.sweep", id.value));

  CHECK(is<LaterAt>(stage.sweep(id)));
  CHECK(stage.tickets.comments.size() == 1);   // not before the session is closed
  stage.close_step(id);
  CHECK(stage.provider.live() == 0);
  stage.sweep(id);
  CHECK(stage.tickets.comments.empty());
  CHECK(stage.read(id).last_error->code == "comment_visibility_surprise");  // no later step takes the word away
}

TEST_CASE("an invitation that the customer cannot see is kept, and the agent is told that nobody was") {
  Stage stage;
  const auto id = stage.create(for_the_reporter());
  stage.provision(id);
  stage.tickets.visible_to_customer = false;
  stage.invite(id);
  CHECK(stage.read(id).state == SessionState::open);
  CHECK(stage.read(id).invitation_step == Step::done);
  REQUIRE(stage.read(id).last_error);
  CHECK(stage.read(id).last_error->code == "comment_hidden_from_customer");
}

TEST_CASE("a process killed while it withdraws an invitation does not invite again") {
  Stage stage;
  auto wish = for_the_reporter();
  wish.invitation = support::Invitation::internal;
  const auto id = stage.create(wish);
  stage.provision(id);
  stage.tickets.visible_to_customer = true;
  stage.invite(id);
  stage.close_step(id);
  stage.sweep(id);
  stage.invite(id);   // the row comes back
  CHECK(stage.tickets.comments.empty());
  CHECK(stage.tickets.written == 1);
}

TEST_CASE("a session that ended before its invitation was written is not announced any more") {
  Stage stage;
  const auto id = stage.create(for_the_reporter());
  stage.provision(id);
  REQUIRE(stage.run(stage.sessions->close(stage.caller(stage.agent), id, std::nullopt)));
  CHECK(stage.read(id).invitation_step == Step::none);
  CHECK(is<Done>(stage.invite(id)));
  CHECK(stage.tickets.comments.empty());
}

TEST_CASE("a session that ended after a try whose answer never came is not announced again; what that try wrote goes") {
  Stage stage;
  const auto id = stage.create(for_the_reporter());
  stage.provision(id);
  stage.tickets.on_write.next(fail_for_now("jira_unreachable", "no answer", std::nullopt, {{"maybe_done", true}}));
  CHECK(is<TryAgain>(stage.invite(id)));
  REQUIRE(stage.run(stage.sessions->close(stage.caller(stage.agent), id, std::nullopt)));
  CHECK(is<Done>(stage.invite(id, 1)));
  CHECK(stage.tickets.written == 0);
  CHECK(stage.read(id).invitation_step == Step::none);

  stage.tickets.comments.push_back({.id = CommentId{"late"}, .issue = stage.tickets.known.id, .session = id, .document = {}});
  stage.close_step(id);
  stage.sweep(id);
  CHECK(stage.tickets.comments.empty());
}

TEST_CASE("a comment that was found after the session ended says that it ended, unless the admin wants no edits") {
  for (const bool edits : {true, false}) {
    CAPTURE(edits);
    Stage stage;
    stage.keep_settings([&](support::Settings& settings) { settings.edit_when_ended = edits; });
    const auto id = stage.create(for_the_reporter());
    stage.provision(id);
    stage.tickets.lose_next_answer = true;
    stage.invite(id);
    REQUIRE(stage.run(stage.sessions->close(stage.caller(stage.agent), id, std::nullopt)));
    CHECK(is<Done>(stage.invite(id, 1)));
    CHECK(stage.is_asked_for("session.notice", id.value) == edits);
  }
}

TEST_CASE("the sweep looks for a second comment from when it was written, however old the session is") {
  Stage stage;
  const auto id = stage.create(for_the_reporter());
  stage.provision(id);
  stage.clock.time += Milliseconds{3'600'000};   // Jira was away for an hour
  stage.tickets.on_write.next(fail_for_now("jira_unreachable", "no answer", std::nullopt, {{"maybe_done", true}}));
  stage.invite(id);
  stage.invite(id, 1);
  stage.clock.time += kLateEffect;
  CHECK(is<LaterAt>(stage.asked_sweep(id)));
  stage.tickets.comments.push_back({.id = CommentId{"late"}, .issue = stage.tickets.known.id, .session = id, .document = {}});
  stage.clock.time += Milliseconds{600'000};
  CHECK(is<Done>(stage.asked_sweep(id)));
  CHECK(stage.tickets.comments.size() == 1);
}

TEST_CASE("sent again after a take-over, the invitation names the agent who has the session now") {
  Stage stage;
  stage.keep_settings([](support::Settings& settings) { settings.customer_text["en"] = "{{agent.name}}: {{session.link}}"; });
  const auto id = stage.opened(for_the_reporter());
  CHECK(to_plain_text(stage.tickets.comments.back().document).find("Name of agent") != std::string::npos);
  stage.link(stage.colleague);
  REQUIRE(stage.run(stage.sessions->connect(stage.caller(stage.colleague), id, Client::app)));
  stage.clock.time += support::kBetweenSendings;
  REQUIRE(stage.run(stage.sessions->retry(stage.caller(stage.colleague), id)));
  stage.invite(id);
  CHECK(to_plain_text(stage.tickets.comments.back().document).find("Name of colleague") != std::string::npos);
}

TEST_CASE("when the session has ended the comment says so; a comment somebody deleted is left alone") {
  Stage stage;
  const auto id = stage.opened(for_the_reporter());
  REQUIRE(stage.run(stage.sessions->close(stage.caller(stage.agent), id, std::nullopt)));
  CHECK(is<Done>(stage.notice(id)));
  CHECK(stage.tickets.comments.front().edited);
  CHECK(to_plain_text(stage.tickets.comments.front().document) == "Ended " + stage.provider.sessions.front().code.value);

  const auto second = stage.opened();
  stage.tickets.comments.clear();
  REQUIRE(stage.run(stage.sessions->close(stage.caller(stage.agent), second, std::nullopt)));
  CHECK(is<Done>(stage.notice(second)));
}

}  // namespace
}  // namespace belay::desk
