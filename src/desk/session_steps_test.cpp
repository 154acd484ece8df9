#include "desk/stage_test.hpp"

#include <tuple>

namespace belay::desk {
namespace {

using support::SessionState;
using support::Step;

const Error kMaybeDone{.code = "provider_unreachable", .cause = "no answer", .detail = {{"maybe_done", true}}, .retryable = true, .retry_after = {}};

TEST_CASE("an accepted session becomes one at the provider, and its invitation is asked for") {
  Stage stage;
  const auto id = stage.create();
  CHECK(stage.read(id).state == SessionState::intended);
  CHECK(stage.is_asked_for("session.provision", id.value));

  CHECK(is<Done>(stage.provision(id)));
  const auto session = stage.read(id);
  CHECK(session.state == SessionState::open);
  CHECK(session.session_step == Step::done);
  CHECK(session.made->code == stage.provider.sessions.front().code);
  CHECK(stage.is_asked_for("session.invite", id.value));
  CHECK(stage.is_asked_for("account.poll", stage.agent.value));
}

TEST_CASE("with a hand free, making the session and inviting to it are begun as soon as they are written down, and are nobody else's") {
  Stage stage;
  const ports::Lease lease{.owner = "this", .until = stage.clock.now() + Milliseconds{30'000}};
  stage.work.free_hand = lease;
  const auto claimable = [&] {
    std::vector<std::string> kinds;
    stage.write([&](ports::UnitOfWork& unit) {
      for (const auto& row : unit.outbox().claim("rival", stage.clock.now(), Milliseconds{1}, 100)) kinds.push_back(row.kind);
    });
    return kinds;
  };
  const auto id = stage.create();
  REQUIRE(stage.work.begun.size() == 1);
  CHECK(stage.work.begun.back().kind == "session.provision");
  CHECK(stage.work.begun.back().subject == id.value);
  CHECK(stage.work.begun.back().leased_until == lease.until);
  CHECK(stage.asked("session.provision", id.value)->leased_by == "this");
  CHECK(std::ranges::count(claimable(), "session.provision") == 0);

  CHECK(stage.create() == id);   // joined: there is nothing new to begin
  CHECK(stage.work.begun.size() == 1);

  CHECK(is<Done>(stage.provision(id)));
  REQUIRE(stage.work.begun.size() == 2);
  CHECK(stage.work.begun.back().kind == "session.invite");
  CHECK(stage.asked("session.invite", id.value)->leased_by == "this");
  CHECK(std::ranges::count(claimable(), "session.invite") == 0);
}

/// Somebody whose group is known has asked for a session, and the worker was handed its row.
struct HandedOver : Stage {
  SessionId id;
  HandedOver() {
    opened();
    clock.time += Milliseconds{120'000};
    work.free_hand = ports::Lease{.owner = "this", .until = clock.now() + Milliseconds{30'000}};
    id = create();
  }
  /// What was handed over last: the very run, or, killed before, one that found the row. The provider answers when Jira has.
  StepResult begun(bool found_later = false) {
    auto row = work.begun.back();
    if (found_later) row.in_hand.reset();
    provider.before_create = [this] { return jira_has_answered(); };
    return run(row.kind == "session.provision" ? steps->provision(row) : invitations->invite(row));
  }
  // What answers at once has, once the thread of the storage has been asked some more: each time everything that is ready goes on first.
  Task<void> jira_has_answered() {
    for (int hops = 0; hops < 50; ++hops) std::ignore = co_await read_session(*doors, installation, id);
  }
  std::size_t written() { return tickets.comments.size(); }
};

TEST_CASE("what is handed over is written down as asked for with the wish itself, and is asked for without a look") {
  HandedOver stage;
  CHECK(stage.read(stage.id).provider_asked);
  CHECK(stage.read(stage.id).provider_account == stage.link_of(stage.agent)->at_provider.id);
  CHECK(is<Done>(stage.begun()));
  CHECK(stage.provider.creates == 2);
  CHECK(stage.provider.looks == 0);
  CHECK_FALSE(stage.is_asked_for("session.sweep", stage.id.value));

  REQUIRE(stage.work.begun.back().kind == "session.invite");
  CHECK(stage.read(stage.id).comment_asked);
  CHECK(is<Done>(stage.begun()));
  CHECK(stage.tickets.looks == 0);
  CHECK(stage.written() == 2);   // and the other session's
  CHECK_FALSE(stage.is_asked_for("session.sweep", stage.id.value));
  CHECK(stage.read(stage.id).invitation_step == Step::done);
}

TEST_CASE("whoever finds a row that was to be handed over looks first: its process may have been killed at any instruction") {
  HandedOver stage;
  CHECK(is<Done>(stage.begun(true)));
  CHECK(stage.provider.looks == 1);
  CHECK(stage.provider.creates == 2);
  CHECK(is<Done>(stage.begun(true)));
  CHECK(stage.tickets.looks == 1);
  CHECK(stage.written() == 2);
}

TEST_CASE("what changes between the wish and the request that is handed over counts as if it changed while that was under way") {
  HandedOver stage;
  SUBCASE("no account any more") {
    stage.change_link(stage.agent, [&](ports::AccountLink& link) { link.ending_since = stage.clock.now(); });
    stage.provider.on_create.next(fail("not_linked", "the link is gone"));
    CHECK(is<Done>(stage.begun()));
    CHECK(stage.read(stage.id).state == SessionState::failed);
    CHECK(stage.is_asked_for("session.sweep", stage.id.value));
  }
  SUBCASE("cancelled") {
    REQUIRE(stage.run(stage.sessions->cancel(stage.caller(stage.agent), stage.id)));
    CHECK(is<Done>(stage.begun()));
    CHECK(stage.provider.creates == 2);
    CHECK(stage.is_asked_for("session.close", stage.id.value));
    CHECK(stage.work.begun.size() == 1);   // nobody is invited to it
  }
}

TEST_CASE("a session that ends between being made and the comment that is handed over has it corrected") {
  HandedOver stage;
  CHECK(is<Done>(stage.begun()));
  REQUIRE(stage.read(stage.id).comment_asked);
  REQUIRE(stage.run(stage.sessions->close(stage.caller(stage.agent), stage.id, std::nullopt)));
  CHECK(is<Done>(stage.begun()));
  CHECK(stage.written() == 2);   // and the other session's
  CHECK(stage.read(stage.id).notice_step == Step::pending);
  CHECK(stage.is_asked_for("session.notice", stage.id.value));
}

TEST_CASE("when the request leaves, it is written down that it does") {
  Stage stage;
  const auto id = stage.create();
  stage.provider.on_create.next(std::unexpected(kMaybeDone));
  stage.provision(id);
  CHECK(stage.read(id).provider_asked);
  CHECK(stage.provider.looks == 0);   // for the first request nobody looks before
  stage.provision(id, 1);
  CHECK(stage.provider.looks == 1);
}

TEST_CASE("a step that runs twice makes one session") {
  Stage stage;
  const auto id = stage.create();
  stage.provision(id);
  CHECK(is<Done>(stage.provision(id)));
  CHECK(stage.provider.creates == 1);
}

TEST_CASE("after an answer that never came, the session of that try is found and kept") {
  Stage stage;
  const auto id = stage.create();
  stage.provider.lose_next_answer = true;
  CHECK(is<TryAgain>(stage.provision(id)));
  CHECK(stage.read(id).state == SessionState::intended);
  CHECK(stage.read(id).last_error->code == "provider_unreachable");

  CHECK(is<Done>(stage.provision(id, 1)));
  CHECK(stage.provider.creates == 1);
  CHECK(stage.provider.looks == 1);
  CHECK(stage.read(id).state == SessionState::open);
  CHECK_FALSE(stage.read(id).last_error);
}

TEST_CASE("a process killed after asking looks before it asks again, although no try was counted") {
  Stage stage;
  const auto id = stage.create();
  stage.provider.lose_next_answer = true;
  stage.provision(id, 0);
  CHECK(is<Done>(stage.provision(id, 0)));
  CHECK(stage.provider.creates == 1);
}

/// A session that was made and whose customer was invited, and a power cut that took both from our storage.
struct PowerCut : Stage {
  SessionId id;
  explicit PowerCut(bool invited = true) {
    id = create();
    CHECK(is<Done>(provision(id)));
    if (invited) CHECK(is<Done>(invite(id)));
    write([&](ports::UnitOfWork& unit) {   // as it stood when the request left
      auto session = *unit.sessions().find(installation, id);
      session.state = SessionState::intended;
      session.made.reset();
      session.session_step = Step::pending;
      session.invitation_step = Step::pending;
      session.comment = {};
      session.comment_asked = false;
      REQUIRE(session.provider_asked);
      REQUIRE(unit.sessions().update(session));
    });
  }
};

TEST_CASE("what a power cut took of a session that was made is found again, and so is its invitation") {
  for (const bool invited : {false, true}) {
    CAPTURE(invited);
    PowerCut stage(invited);
    CHECK(is<Done>(stage.provision(stage.id)));
    CHECK(is<Done>(stage.invite(stage.id)));
    CHECK(stage.provider.sessions.size() == 1);
    CHECK(stage.tickets.comments.size() == 1);
    CHECK(stage.read(stage.id).state == SessionState::open);
    CHECK(stage.read(stage.id).comment == stage.tickets.comments.front().id);
  }
}

TEST_CASE("an invitation that a power cut took from our storage goes with its session") {
  PowerCut stage;
  SUBCASE("cancelled") { REQUIRE(stage.run(stage.sessions->cancel(stage.caller(stage.agent), stage.id))); }
  SUBCASE("given up") {
    stage.clock.time += std::chrono::hours{48};
    stage.provider.sessions.clear();
    CHECK(is<Done>(stage.provision(stage.id)));
    CHECK(stage.read(stage.id).state == SessionState::failed);
  }
  CHECK(stage.is_asked_for("session.sweep", stage.id.value));
  stage.sweep(stage.id);
  CHECK(stage.tickets.comments.empty());
  CHECK(stage.provider.live() == 0);
}

TEST_CASE("where the session that a power cut took is gone at the provider too, its invitation is not taken for the new one's") {
  PowerCut stage;
  stage.provider.sessions.front().open = false;
  CHECK(is<Done>(stage.provision(stage.id)));
  CHECK(is<Done>(stage.invite(stage.id)));
  CHECK(stage.provider.sessions.size() == 2);
  CHECK(stage.provider.live() == 1);
  CHECK(stage.tickets.comments.size() == 2);
  stage.sweep(stage.id);
  REQUIRE(stage.tickets.comments.size() == 1);
  CHECK(stage.tickets.comments.front().id == stage.read(stage.id).comment);
}

TEST_CASE("an effect that comes later than the look is found by the sweep and closed") {
  Stage stage;
  const auto id = stage.create();
  stage.provider.on_create.next(std::unexpected(kMaybeDone));
  stage.provision(id);
  stage.provision(id, 1);
  CHECK(stage.is_asked_for("session.sweep", id.value));

  auto late = stage.provider.sessions.front();
  late.code = SessionCode{"s999-999-999"};
  stage.provider.sessions.push_back(late);
  CHECK(stage.provider.live() == 2);
  stage.sweep(id);
  CHECK(stage.provider.live() == 1);
  CHECK(stage.provider.sessions.front().open);
}

TEST_CASE("a sweep goes on at its pace by a clock that was set back since it began") {
  Stage stage;
  const auto id = stage.create();
  stage.provider.lose_next_answer = true;
  stage.provision(id);
  REQUIRE(stage.run(stage.sessions->cancel(stage.caller(stage.agent), id)));
  REQUIRE(stage.is_asked_for("session.sweep", id.value));
  stage.clock.time -= Milliseconds{3'600'000};
  CHECK(is<Done>(stage.asked_sweep(id)));
  CHECK(stage.asked("session.sweep", id.value)->due_at == stage.clock.now() + kLateEffect);
  stage.clock.time += kLateEffect;
  CHECK(is<LaterAt>(stage.asked_sweep(id)));
}

TEST_CASE("the sweep leaves a session alone that is being made again") {
  Stage stage;
  const auto id = stage.create();
  stage.provider.on_create.next(fail("provider_refused", "no"));
  stage.provision(id);
  CHECK(stage.read(id).state == SessionState::failed);
  REQUIRE(stage.run(stage.sessions->retry(stage.caller(stage.agent), id)));
  stage.provider.lose_next_answer = true;
  stage.provision(id);
  CHECK(is<LaterAt>(stage.sweep(id)));
  CHECK(stage.provider.live() == 1);
}

TEST_CASE("while the sweep looks nothing is adopted that it may be closing; afterwards Try again goes on") {
  Stage stage;
  const auto id = stage.create();
  stage.provider.on_create.next(fail("provider_refused", "no"));
  stage.provision(id);
  REQUIRE(stage.run(stage.sessions->retry(stage.caller(stage.agent), id)));
  stage.clock.time += kLateEffect;
  const auto release = stage.claim_sweep(id);
  const auto session = stage.read(id);
  stage.write([&](ports::UnitOfWork& unit) { begin_sweep(*stage.doors, unit, session, kLateEffect); });   // something else wants one, too
  const auto waiting = stage.provision(id);
  REQUIRE(is<LaterAt>(waiting));
  CHECK(std::get<LaterAt>(waiting).due_at > stage.clock.now());
  CHECK(stage.read(id).state == SessionState::intended);
  CHECK(stage.provider.live() == 0);
  release();
  CHECK(is<Done>(stage.provision(id)));
  CHECK(stage.read(id).state == SessionState::open);
}

TEST_CASE("a session whose time passed before it was made is not made; Try again gives it a new time") {
  Stage stage;
  const auto id = stage.create();
  stage.clock.time = stage.read(id).valid_until;
  CHECK(is<Done>(stage.provision(id)));
  CHECK(stage.provider.sessions.empty());
  CHECK(stage.read(id).state == SessionState::failed);
  CHECK(stage.read(id).last_error->code == "validity_over");
  REQUIRE(stage.run(stage.sessions->retry(stage.caller(stage.agent), id)));
  CHECK(is<Done>(stage.provision(id)));
  CHECK(stage.read(id).state == SessionState::open);
}

TEST_CASE("one that an earlier try made in time is kept, also when it is found after its time") {
  Stage stage;
  const auto id = stage.create();
  stage.provider.lose_next_answer = true;
  CHECK(is<TryAgain>(stage.provision(id)));
  stage.clock.time = stage.read(id).valid_until;
  CHECK(is<Done>(stage.provision(id)));
  CHECK(stage.read(id).state == SessionState::open);
  CHECK(stage.provider.live() == 1);
}

TEST_CASE("a refusal fails the session at once with the provider's reason, and Try again begins anew") {
  Stage stage;
  const auto id = stage.create();
  stage.provider.on_create.next(fail("licence_limit_reached", "license limitations", {{"provider", "TeamViewer"}}));
  CHECK(is<Done>(stage.provision(id)));
  auto session = stage.read(id);
  CHECK(session.state == SessionState::failed);
  CHECK(session.session_step == Step::failed);
  CHECK(session.last_error->code == "licence_limit_reached");
  CHECK(session.ended_at.has_value());

  stage.clock.time += Milliseconds{3'600'000};
  REQUIRE(stage.run(stage.sessions->retry(stage.caller(stage.agent), id)));
  session = stage.read(id);
  CHECK(session.state == SessionState::intended);
  CHECK(session.valid_until == stage.clock.now() + support::kDefaultValidity);
  stage.provision(id);
  CHECK(stage.read(id).state == SessionState::open);
}

TEST_CASE("a licence that allows no further session: the oldest that still runs is named") {
  Stage stage;
  const auto first = stage.opened();
  stage.clock.time += Milliseconds{120'000};
  const auto second = stage.create();
  stage.provider.on_create.next(fail("licence_limit_reached", "400", {{"provider", "TeamViewer"}}));
  stage.provision(second);
  CHECK(stage.read(second).last_error->detail.at("sessionCode").as_string() == stage.read(first).made->code.value);
  CHECK(stage.read(second).last_error->detail.at("issueKey").as_string() == stage.read(first).issue_key.value);

  // That one may be on an issue which a colleague may not see.
  const auto shown_to = [&](const AccountId& who) { return stage.run(stage.sessions->one(stage.caller(who), second))->at("error").at("detail").as_object(); };
  CHECK(shown_to(stage.agent).contains("issueKey"));
  CHECK(shown_to(stage.colleague) == json::object{{"provider", "TeamViewer"}});
}

TEST_CASE("a group that is gone at the provider is looked for anew by its name") {
  Stage stage;
  stage.opened();
  CHECK(stage.provider.group_looks == 1);
  stage.clock.time += Milliseconds{120'000};
  const auto id = stage.create();
  stage.provider.on_create.next(fail("not_found", "404", {{"provider", "TeamViewer"}}));
  const auto result = stage.provision(id);
  REQUIRE(is<TryAgain>(result));
  CHECK(std::get<TryAgain>(result).error.code == "provider_refused");
  CHECK(stage.read(id).state == SessionState::intended);
  stage.provision(id, 1);
  CHECK(stage.read(id).state == SessionState::open);
  CHECK(stage.provider.group_looks == 2);
}

TEST_CASE("a provider that stays away is tried eight times, then the session fails, and the admin sees it; a refusal is the agent's alone") {
  Stage stage;
  const auto id = stage.create();
  stage.provider.down = Error{.code = "provider_unreachable", .cause = {}, .detail = {}, .retryable = true, .retry_after = {}};
  for (int attempts = 0; attempts < 7; ++attempts) CHECK(is<TryAgain>(stage.provision(id, attempts)));
  CHECK(is<GiveUp>(stage.provision(id, 7)));
  CHECK(stage.read(id).state == SessionState::failed);
  stage.clock.time += Milliseconds{120'000};
  const auto refused = stage.create();
  stage.provider.down = Error{.code = "licence_limit_reached", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
  CHECK(is<Done>(stage.provision(refused)));
  CHECK(stage.read(refused).state == SessionState::failed);
}

TEST_CASE("a session that is cancelled while its request is under way is closed when it turns up") {
  Stage stage;
  const auto id = stage.create();
  stage.provider.lose_next_answer = true;
  stage.provision(id);
  REQUIRE(stage.run(stage.sessions->cancel(stage.caller(stage.agent), id)));
  CHECK(stage.read(id).state == SessionState::closed);
  CHECK(is<Done>(stage.provision(id, 1)));
  stage.sweep(id);
  CHECK(stage.provider.live() == 0);
}

TEST_CASE("a run that was thought dead and made a second session has it swept") {
  Stage stage;
  const auto id = stage.create();
  stage.provider.on_create.next(std::unexpected(kMaybeDone));
  stage.provision(id);
  // The first run is still at work: its session is kept by the second run, which finds it.
  stage.provision(id, 1);
  auto second = stage.provider.sessions.front();
  second.code = SessionCode{"s999-999-999"};
  stage.write([&](ports::UnitOfWork& unit) {
    unit.outbox().erase(stage.installation, "session.sweep", id.value);
    auto session = *unit.sessions().find(stage.installation, id);
    session.state = SessionState::intended;   // as the slow run has read it
    session.made.reset();
    REQUIRE(unit.sessions().update(session));
  });
  stage.provider.sessions.clear();
  stage.provider.on_create.next(second);
  stage.provider.sessions.push_back(second);
  // Meanwhile somebody else keeps another one.
  stage.provider.before_answer = [&] {
    stage.write([&](ports::UnitOfWork& unit) {
      auto session = *unit.sessions().find(stage.installation, id);
      session.state = SessionState::open;
      session.made = support::ProviderSide{.code = SessionCode{"s100-000-101"}, .customer_link = "https://get.example/first", .created_at = stage.clock.now()};
      REQUIRE(unit.sessions().update(session));
    });
  };
  stage.provider.sessions.front().open = false;   // not seen by the look before
  stage.provision(id);
  stage.provider.sessions.front().open = true;
  CHECK(stage.is_asked_for("session.sweep", id.value));
  stage.sweep(id);
  CHECK(stage.provider.live() == 0);   // "s999…" is gone; the kept one was made by somebody else
}

TEST_CASE("a close that the provider refuses leaves the reason of a withdrawn invitation alone until it gives up") {
  Stage stage;
  const auto id = stage.opened();
  REQUIRE(stage.run(stage.sessions->close(stage.caller(stage.agent), id, std::nullopt)));
  stage.write([&](ports::UnitOfWork& unit) {
    auto session = *unit.sessions().find(stage.installation, id);
    session.invitation_step = Step::failed;
    session.last_error = Error{.code = "comment_visibility_surprise", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
    REQUIRE(unit.sessions().update(session));
  });
  stage.provider.down = Error{.code = "provider_blocked", .cause = {}, .detail = {}, .retryable = false, .retry_after = Milliseconds{600'000}};
  CHECK(is<TryAgain>(stage.close_step(id)));
  CHECK(stage.read(id).last_error->code == "comment_visibility_surprise");
  stage.provider.down = Error{.code = "provider_permission", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
  CHECK(is<GiveUp>(stage.close_step(id)));
  CHECK(stage.read(id).closing_step == Step::failed);
  CHECK(stage.read(id).last_error->code == "provider_permission");
  REQUIRE(stage.run(stage.sessions->retry(stage.caller(stage.agent), id)));
  stage.provider.down.reset();
  CHECK(is<Done>(stage.close_step(id)));
  CHECK(stage.provider.live() == 0);
}

TEST_CASE("what was refused at the first asking is no uncertainty: that nothing can be looked for is nobody's concern") {
  Stage stage;
  const auto id = stage.create();
  stage.provider.on_create.next(fail("link_expired", "401"));
  stage.provision(id);
  REQUIRE(stage.read(id).state == SessionState::failed);
  stage.provider.down = Error{.code = "link_expired", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
  stage.clock.time += Milliseconds{3'600'000};
  CHECK(is<Done>(stage.asked_sweep(id)));
}

TEST_CASE("a provider that blocks us for a while is swept after that while") {
  Stage stage;
  const auto id = stage.create();
  stage.provider.on_create.next(std::unexpected(kMaybeDone));
  stage.provision(id);
  REQUIRE(stage.run(stage.sessions->cancel(stage.caller(stage.agent), id)));
  stage.provider.down = Error{.code = "provider_blocked", .cause = {}, .detail = {}, .retryable = false, .retry_after = Milliseconds{600'000}};
  CHECK(is<TryAgain>(stage.sweep(id)));
  stage.provider.down = Error{.code = "link_expired", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
  stage.clock.time += Milliseconds{3'600'000};
  CHECK(is<GiveUp>(stage.asked_sweep(id)));
  stage.provider.down = Error{.code = "not_linked", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};   // what went with the link was closed before
  CHECK(is<Done>(stage.asked_sweep(id)));
}

TEST_CASE("the customer is told that the link is dead when it is: once the provider has closed the session, or its time has passed") {
  Stage stage;
  const auto id = stage.opened();
  REQUIRE(stage.read(id).comment);
  REQUIRE(stage.run(stage.sessions->close(stage.caller(stage.agent), id, std::nullopt)));
  const auto end = stage.read(id).valid_until;
  CHECK(stage.asked("session.notice", id.value)->due_at == end);
  stage.provider.down = Error{.code = "provider_permission", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
  CHECK(is<GiveUp>(stage.close_step(id)));
  CHECK(stage.asked("session.notice", id.value)->due_at == end);
  REQUIRE(stage.run(stage.sessions->retry(stage.caller(stage.agent), id)));
  stage.provider.down.reset();
  CHECK(is<Done>(stage.close_step(id)));
  CHECK(stage.asked("session.notice", id.value)->due_at == stage.clock.now());
}

TEST_CASE("closing is tried until the provider says yes, and says meanwhile that it is not done") {
  Stage stage;
  const auto id = stage.opened();
  REQUIRE(stage.run(stage.sessions->close(stage.caller(stage.agent), id, TypedNotes{.notes = "fixed"})));
  CHECK(stage.read(id).state == SessionState::closed);
  stage.provider.down = Error{.code = "provider_unreachable", .cause = {}, .detail = {}, .retryable = true, .retry_after = {}};
  CHECK(is<TryAgain>(stage.close_step(id)));
  CHECK(stage.read(id).closing_step == Step::pending);
  CHECK(stage.read(id).last_error->code == "provider_unreachable");
  stage.provider.down.reset();
  CHECK(is<Done>(stage.close_step(id, 1)));
  CHECK(stage.read(id).closing_step == Step::done);
  CHECK(stage.read(id).notes == "fixed");
  CHECK(stage.provider.live() == 0);
}

}  // namespace
}  // namespace belay::desk
