// One session in the place of another, an invitation that is sent again, and notes.
#include "desk/stage_test.hpp"

namespace belay::desk {
namespace {

using support::SessionState;
using support::Step;

constexpr Milliseconds kMinute{60'000};

struct Replacing : Stage {
  SessionId old = opened();

  Result<CreatedSession> replace(const AccountId& who, const SessionId& id) { return run(sessions->replace(caller(who), id, std::chrono::minutes{60})); }
  SessionId replaced(const SessionId& id) {
    auto made = replace(agent, id);
    REQUIRE_MESSAGE(made, made.error().code);
    return SessionId{std::string(made->session.at("id").as_string())};
  }
  void join(const SessionId& id, bool online = true) {
    const auto code = read(id).made->code;
    for (auto& one : provider.sessions) {
      if (one.code == code) one.online = online;
    }
  }
  std::string state_of(const SessionId& id) { return std::string(support::to_string(read(id).state)); }
};

TEST_CASE("another session takes the place of one that is open: same customer, validity of its own, and asked for twice it is one") {
  Replacing stage;
  const auto fresh = stage.replaced(stage.old);
  const auto session = stage.read(fresh);
  CHECK(session.replaces == stage.old);
  CHECK(session.customer == stage.read(stage.old).customer);
  CHECK(session.valid_until == stage.clock.now() + std::chrono::minutes{60});
  CHECK(stage.read(stage.old).replaced_by == fresh);
  CHECK(stage.is_asked_for("session.provision", fresh.value));
  auto again = stage.replace(stage.agent, stage.old);
  REQUIRE(again);
  CHECK(again->joined);
  CHECK(again->session.at("id").as_string() == fresh.value);
  CHECK(stage.audited().front() == "session_replaced");
}

TEST_CASE("the old session stays until somebody joins the new one; then it is closed, and its invitation says where to go") {
  Replacing stage;
  const auto fresh = stage.replaced(stage.old);
  stage.provision(fresh);
  stage.invite(fresh);
  stage.poll();
  CHECK(stage.state_of(stage.old) == "open");
  stage.join(fresh);
  stage.poll();
  CHECK(stage.state_of(fresh) == "customer_present");
  CHECK(stage.state_of(stage.old) == "closed");
  CHECK(stage.is_asked_for("session.close", stage.old.value));
  stage.close_step(stage.old);
  stage.notice(stage.old);
  CHECK(std::get<support::Text>(stage.tickets.comments.front().document.paragraphs.front().front()).text.starts_with("Replaced"));
}

TEST_CASE("who is still in the old session is not thrown out: it ends when they leave") {
  Replacing stage;
  const auto fresh = stage.replaced(stage.old);
  stage.provision(fresh);
  stage.join(stage.old);
  stage.join(fresh);
  stage.poll();
  CHECK(stage.state_of(stage.old) == "customer_present");
  stage.join(stage.old, false);
  stage.poll();
  CHECK(stage.state_of(stage.old) == "closed");
}

TEST_CASE("of three in a row, both earlier ones end when the last is joined") {
  Replacing stage;
  const auto second = stage.replaced(stage.old);
  stage.provision(second);
  const auto third = stage.replaced(second);
  stage.provision(third);
  stage.join(third);
  stage.poll();
  CHECK(stage.state_of(stage.old) == "closed");
  CHECK(stage.state_of(second) == "closed");
}

TEST_CASE("a replacement that ends without anybody having come gives its place back; tried again, it takes it again") {
  Replacing stage;
  const auto fresh = stage.replaced(stage.old);
  stage.provider.on_create.next(fail("licence_limit_reached", "one at a time"));
  stage.provision(fresh);
  CHECK(stage.state_of(fresh) == "failed");
  CHECK_FALSE(stage.read(stage.old).replaced_by);
  REQUIRE(stage.run(stage.sessions->retry(stage.caller(stage.agent), fresh)));
  CHECK(stage.read(stage.old).replaced_by == fresh);
  stage.provision(fresh);
  REQUIRE(stage.run(stage.sessions->close(stage.caller(stage.agent), fresh, std::nullopt)));
  CHECK_FALSE(stage.read(stage.old).replaced_by);
  CHECK(stage.replaced(stage.old) != fresh);
}

TEST_CASE("of three in a row to whose last two nobody came, the first has its place back when both are over") {
  for (const bool expires : {false, true}) {
    CAPTURE(expires);
    Replacing stage;
    const auto second = stage.replaced(stage.old);
    stage.provision(second);
    const auto third = stage.replaced(second);
    stage.provision(third);
    const auto close = [&](const SessionId& id) { REQUIRE(stage.run(stage.sessions->close(stage.caller(stage.agent), id, std::nullopt))); };
    if (expires) {
      stage.clock.time = stage.read(second).valid_until;
      stage.poll();
    } else {
      close(second);
      CHECK(stage.read(stage.old).replaced_by == second);   // the third goes on for it
      close(third);
    }
    CHECK(support::is_over(stage.read(third).state));
    CHECK_FALSE(stage.read(stage.old).replaced_by);
    CHECK(stage.state_of(stage.old) == "open");
    stage.replaced(stage.old);
  }
}

TEST_CASE("the last of three that could not be made and is tried again takes back what it gave back over the one between, which is over by then") {
  Replacing stage;
  const auto second = stage.replaced(stage.old);
  stage.provision(second);
  const auto third = stage.replaced(second);
  REQUIRE(stage.run(stage.sessions->close(stage.caller(stage.agent), second, std::nullopt)));
  stage.provider.on_create.next(fail("licence_limit_reached", "one at a time"));
  stage.provision(third);
  CHECK_FALSE(stage.read(stage.old).replaced_by);
  REQUIRE(stage.run(stage.sessions->retry(stage.caller(stage.agent), third)));
  CHECK(stage.read(stage.old).replaced_by == second);
  stage.provision(third);
  stage.join(third);
  stage.poll();
  CHECK(stage.state_of(third) == "customer_present");
  CHECK(stage.state_of(stage.old) == "closed");
}

TEST_CASE("nothing takes the place of a session where somebody is, or that is over, or that the caller is helped in") {
  Replacing stage;
  stage.join(stage.old);
  stage.poll();
  CHECK(code_of(stage.replace(stage.agent, stage.old)) == "invalid_state");
  REQUIRE(stage.run(stage.sessions->close(stage.caller(stage.agent), stage.old, std::nullopt)));
  CHECK(code_of(stage.replace(stage.agent, stage.old)) == "invalid_state");
  CHECK(code_of(stage.replace(stage.colleague, stage.old)) == "not_linked");
  stage.permissions.rights_of[stage.reporter] = {.browse = true};
  CHECK(code_of(stage.replace(stage.reporter, stage.old)) == "forbidden");
}

TEST_CASE("a clock that was set back keeps nobody from sending an invitation again") {
  Replacing stage;
  stage.clock.time -= 60 * kMinute;
  CHECK(stage.run(stage.sessions->retry(stage.caller(stage.agent), stage.old)));
}

TEST_CASE("an invitation is sent again as a new comment, and the one that stood goes; not twice within five minutes") {
  Replacing stage;
  const auto send = [&] { return stage.run(stage.sessions->retry(stage.caller(stage.agent), stage.old)); };
  const auto early = send();
  REQUIRE(code_of(early) == "invited_recently");
  CHECK(early.error().retry_after == Milliseconds{5 * kMinute});
  const auto first = *stage.read(stage.old).comment;
  stage.clock.time += 5 * kMinute;
  REQUIRE(send());
  stage.invite(stage.old);
  CHECK(stage.tickets.written == 2);
  CHECK(stage.read(stage.old).comment != first);
  stage.asked_sweep(stage.old);
  REQUIRE(stage.tickets.comments.size() == 1);
  CHECK(stage.tickets.comments.front().id == *stage.read(stage.old).comment);
}

TEST_CASE("killed after the second comment was written, the next run finds that one and not the first") {
  Replacing stage;
  stage.clock.time += 5 * kMinute;
  REQUIRE(stage.run(stage.sessions->retry(stage.caller(stage.agent), stage.old)));
  stage.tickets.lose_next_answer = true;
  CHECK(is<TryAgain>(stage.invite(stage.old)));
  CHECK(is<Done>(stage.invite(stage.old, 1)));
  CHECK(stage.tickets.written == 2);
  CHECK(stage.read(stage.old).comment == stage.tickets.comments.back().id);
}

TEST_CASE("an invitation that could not be sent again leaves the one that stands, and says so") {
  Replacing stage;
  stage.clock.time += 5 * kMinute;
  REQUIRE(stage.run(stage.sessions->retry(stage.caller(stage.agent), stage.old)));
  stage.tickets.on_write.next(fail("jira_refused_comment", "no"));
  stage.invite(stage.old);
  const auto session = stage.read(stage.old);
  CHECK(session.invitation_step == Step::done);
  CHECK(session.comment == stage.tickets.comments.front().id);
  CHECK(stage.run(stage.sessions->one(stage.caller(stage.agent), stage.old))->at("error").at("outcome") == "not_sent_again");
}

TEST_CASE("notes are the team's: kept, replaced, taken away, also after the end; none where nothing was made") {
  Replacing stage;
  const auto write = [&](const SessionId& id, std::string notes) { return stage.run(stage.sessions->write_notes(stage.caller(stage.agent), id, {.notes = std::move(notes)})); };
  CHECK(write(stage.old, "Driver rolled back")->at("notes") == "Driver rolled back");
  REQUIRE(stage.run(stage.sessions->close(stage.caller(stage.agent), stage.old, std::nullopt)));
  CHECK(stage.read(stage.old).notes == "Driver rolled back");
  CHECK_FALSE(write(stage.old, "")->contains("notes"));
  CHECK(code_of(write(stage.old, std::string(4'001, 'n'))) == "invalid_field");
  SessionWish other;
  other.customer.name = "Ada";
  CHECK(code_of(write(stage.create(other), "too early")) == "invalid_state");
  for (const auto& action : stage.audited()) CHECK(action.find("Driver") == std::string::npos);
}

}  // namespace
}  // namespace belay::desk
