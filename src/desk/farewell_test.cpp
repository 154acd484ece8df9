#include "desk/stage_test.hpp"

namespace belay::desk {
namespace {

using support::SessionState;
using support::Step;

const Error kAway{.code = "provider_unreachable", .cause = {}, .detail = {}, .retryable = true, .retry_after = {}};
const Error kRefused{.code = "provider_refused", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
const Error kDead{.code = "link_expired", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
constexpr Milliseconds kDay{24 * 3'600'000};

class Goodbye : public Stage {
 public:
  void disconnect() { REQUIRE(run(account->disconnect(personal_caller(agent)))); }
  void connect_again() {
    const auto url = run(account->start(personal_caller(agent), ports::Registration::base));
    REQUIRE(url);
    const auto state = url->substr(url->rfind('=') + 1);
    const auto back = run(account->come_back({.state = state, .code = "code", .error = {}, .error_description = {}}));
    REQUIRE(back);
    REQUIRE(run(account->finish(personal_caller(agent), back->location.substr(back->location.rfind('/') + 1))));
  }
  StepResult end_link() { return run(farewell->end_link(row("link.end", "link-agent"))); }
  StepResult end_installation() { return run(farewell->end_installation(row("installation.end", installation.value))); }
  StepResult end_issue() { return run(farewell->end_issue(row("issue.gone", tickets.known.id.value))); }
  void leave() { REQUIRE(run(pairing->unpair(admin_caller()))); }
  bool is_paired() {
    bool paired = false;
    write([&](ports::UnitOfWork& unit) { paired = unit.installations().find(installation).has_value(); });
    return paired;
  }
  /// A second effect of this session, which nobody has seen.
  SessionCode late_twin(const SessionId& id) {
    ports::ProviderSession twin;
    twin.code = SessionCode{"s999-999-" + std::to_string(100 + provider.sessions.size())};
    twin.ours = id;
    twin.open = true;
    provider.sessions.push_back(twin);
    return twin.code;
  }
};

TEST_CASE("Disconnect closes the account's sessions, those still closing and late twins too, then gives the token back and forgets") {
  Goodbye stage;
  const auto open = stage.opened();
  stage.clock.time += Milliseconds{120'000};
  const auto closing = stage.opened();
  REQUIRE(stage.run(stage.sessions->close(stage.caller(stage.agent), closing, std::nullopt)));
  stage.late_twin(open);
  ports::ProviderSession foreign;   // another Belay's, or made by hand
  foreign.code = SessionCode{"s777-777-777"};
  foreign.ours = SessionId{"018f0000-0000-7000-8000-999999999999"};
  foreign.open = true;
  stage.provider.sessions.push_back(foreign);

  stage.disconnect();
  CHECK(stage.link_of(stage.agent)->ending_since);
  CHECK(is<Done>(stage.end_link()));
  CHECK(stage.provider.live() == 1);
  CHECK(stage.provider.sessions.back().open);
  CHECK(stage.provider.revoked.size() == 1);
  CHECK_FALSE(stage.link_of(stage.agent));
  CHECK(stage.read(open).state == SessionState::closed);
  CHECK(stage.read(open).closing_step == Step::done);
  CHECK(stage.read(closing).closing_step == Step::done);
  CHECK_FALSE(stage.is_asked_for("session.close", closing.value));
  CHECK_FALSE(stage.is_asked_for("account.poll", stage.agent.value));
}

TEST_CASE("a create that is under way while its account is given back is waited for and closed") {
  Goodbye stage;
  const auto id = stage.create();
  stage.provider.on_create.next(std::unexpected(Error{.code = "provider_unreachable", .cause = {}, .detail = {{"maybe_done", true}}, .retryable = true, .retry_after = {}}));
  stage.provision(id);
  stage.disconnect();
  const auto first = stage.end_link();
  REQUIRE(is<LaterAt>(first));
  CHECK(std::get<LaterAt>(first).due_at > stage.clock.now());
  CHECK(stage.provider.revoked.empty());
  CHECK(stage.read(id).state == SessionState::closed);

  stage.late_twin(id);
  stage.clock.time = std::get<LaterAt>(first).due_at;
  CHECK(is<Done>(stage.end_link()));
  CHECK(stage.provider.live() == 0);
  CHECK(stage.provider.revoked.size() == 1);
}

TEST_CASE("a create that was asked for a second time is waited for as well: the first may still arrive") {
  for (const bool issue_goes : {false, true}) {
    CAPTURE(issue_goes);
    Goodbye stage;
    const auto id = stage.create();
    stage.provider.on_create.next(std::unexpected(Error{.code = "provider_unreachable", .cause = {}, .detail = {{"maybe_done", true}}, .retryable = true, .retry_after = {}}));
    stage.provision(id);
    stage.provision(id, 1);
    REQUIRE(stage.read(id).state == SessionState::open);
    if (!issue_goes) stage.disconnect();
    const auto end = [&] { return issue_goes ? stage.end_issue() : stage.end_link(); };
    const auto first = end();
    REQUIRE(is<LaterAt>(first));
    CHECK(stage.provider.revoked.empty());
    stage.late_twin(id);
    stage.clock.time = std::get<LaterAt>(first).due_at;
    CHECK(is<Done>(end()));
    CHECK(stage.provider.live() == 0);
  }
}

TEST_CASE("a step that still wants to make a session of an account that is being given back makes none") {
  Goodbye stage;
  const auto id = stage.create();
  stage.disconnect();
  CHECK(is<Done>(stage.end_link()));
  CHECK(is<Done>(stage.provision(id)));
  CHECK(stage.provider.creates == 0);
}

TEST_CASE("the token that is given back is the newest, not the one from before the calls") {
  Goodbye stage;
  stage.opened();
  stage.disconnect();
  stage.provider.on_list = [&] {
    stage.change_link(stage.agent, [](ports::AccountLink& link) { link.grant.access_token = "renewed"; });
  };
  CHECK(is<Done>(stage.end_link()));
  REQUIRE(stage.provider.revoked.size() == 1);
  CHECK(stage.provider.revoked.front().access_token == "renewed");
}

TEST_CASE("one session that will not close keeps neither the others nor the link") {
  Goodbye stage;
  const auto stubborn = stage.opened();
  stage.clock.time += Milliseconds{120'000};
  const auto other = stage.opened();
  stage.provider.will_not_close[stage.read(stubborn).made->code] = kRefused;
  stage.disconnect();
  CHECK(is<Done>(stage.end_link()));
  CHECK(stage.provider.live() == 1);
  CHECK(stage.read(stubborn).state == SessionState::closed);
  CHECK(stage.read(stubborn).closing_step == Step::failed);
  CHECK(stage.read(stubborn).last_error->code == "provider_refused");
  CHECK(support::is_over(stage.read(other).state));
  CHECK_FALSE(stage.link_of(stage.agent));
}

TEST_CASE("a link that the provider no longer accepts is given back all the same, and its sessions do not stay open here") {
  for (const bool known : {true, false}) {
    CAPTURE(known);
    Goodbye stage;
    const auto id = stage.opened();
    if (known) stage.change_link(stage.agent, [](ports::AccountLink& link) { link.expired = true; });
    else stage.provider.down = kDead;
    stage.disconnect();
    CHECK(is<Done>(stage.end_link()));
    CHECK(stage.read(id).state == SessionState::closed);
    CHECK(stage.read(id).closing_step == Step::failed);
    CHECK(stage.read(id).last_error->code == "link_expired");
    CHECK_FALSE(stage.link_of(stage.agent));
  }
}

TEST_CASE("what a dead link left open at the provider is closed when the same account is connected again, while it could be joined") {
  for (const bool in_time : {true, false}) {
    CAPTURE(in_time);
    Goodbye stage;
    const auto id = stage.opened();
    stage.change_link(stage.agent, [](ports::AccountLink& link) { link.expired = true; });
    stage.disconnect();
    CHECK(is<Done>(stage.end_link()));
    CHECK(stage.provider.live() == 1);
    if (!in_time) stage.clock.time = stage.read(id).valid_until;
    stage.connect_again();
    CHECK(stage.is_asked_for("session.close", id.value) == in_time);
    if (in_time) stage.close_step(id);
    CHECK(stage.provider.live() == (in_time ? 0 : 1));
  }
}

TEST_CASE("a deleted issue's session that a dead link cannot close is remembered until it is closed, or can be joined by nobody") {
  for (const bool again : {true, false}) {
    CAPTURE(again);
    Goodbye stage;
    const auto id = stage.opened();
    stage.provider.down = kDead;
    CHECK(is<LaterAt>(stage.end_issue()));
    CHECK(stage.read(id).state == SessionState::closed);
    if (again) stage.provider.down.reset();
    else stage.clock.time = stage.read(id).valid_until;
    CHECK(is<Done>(stage.end_issue()));
    CHECK(stage.provider.live() == (again ? 0 : 1));
    CHECK(code_of(stage.run(read_session(*stage.doors, stage.installation, id))) == "not_found");
  }
}

TEST_CASE("a deleted issue's session in an account that was connected before is remembered until that one is connected again") {
  Goodbye stage;
  const auto id = stage.opened();
  const auto link_to = [&](std::string account) {
    stage.change_link(stage.agent, [](ports::AccountLink& link) { link.expired = true; });
    stage.provider.granted.id = ProviderAccountId{std::move(account)};
    stage.connect_again();
  };
  link_to("u2");
  stage.provider.elsewhere.insert(stage.read(id).made->code);
  CHECK(is<LaterAt>(stage.end_issue()));
  CHECK(stage.read(id).state == SessionState::closed);
  CHECK(stage.provider.live() == 1);
  link_to(ports::FakeProvider::eligible().id.value);
  stage.provider.elsewhere.clear();
  CHECK(is<Done>(stage.end_issue()));
  CHECK(stage.provider.live() == 0);
  CHECK(code_of(stage.run(read_session(*stage.doors, stage.installation, id))) == "not_found");
}

TEST_CASE("with the provider away giving back is tried for a day; then what is ours goes all the same") {
  Goodbye stage;
  const auto id = stage.opened();
  stage.disconnect();
  stage.provider.down = kAway;
  CHECK(is<TryAgain>(stage.end_link()));
  CHECK(stage.read(id).state == SessionState::closed);   // here at once
  CHECK(stage.read(id).closing_step == Step::pending);
  stage.clock.time += kDay - Milliseconds{1};
  CHECK(is<TryAgain>(stage.end_link()));
  CHECK(stage.link_of(stage.agent));
  stage.clock.time += Milliseconds{1};
  CHECK(is<Done>(stage.end_link()));
  CHECK_FALSE(stage.link_of(stage.agent));
  CHECK(stage.read(id).closing_step == Step::failed);
}

TEST_CASE("unpairing gives every link and every parked grant back, whichever fails, then forgets the installation") {
  Goodbye stage;
  const auto id = stage.opened();
  stage.link(stage.colleague);
  stage.write([&](ports::UnitOfWork& unit) {
    ports::ParkedGrant parked;
    parked.token_hash = "hash";
    parked.installation = stage.installation;
    parked.account = stage.reporter;
    parked.grant = {.access_token = "parked", .refresh_token = "r", .expires_at = stage.clock.now()};
    parked.expires_at = stage.clock.now() + Milliseconds{300'000};
    unit.links().park(parked);
  });
  stage.leave();
  stage.provider.down = kAway;
  CHECK(is<TryAgain>(stage.end_installation()));
  CHECK(stage.is_paired());
  stage.provider.down.reset();
  CHECK(is<LaterAt>(stage.end_installation()));
  stage.notice(id);
  CHECK(is<Done>(stage.end_installation()));
  CHECK_FALSE(stage.is_paired());
  CHECK(stage.provider.live() == 0);
  CHECK(stage.provider.revoked.size() == 3);
}

TEST_CASE("an account that cannot be reached does not keep the others of its installation") {
  Goodbye stage;
  const auto id = stage.opened();
  stage.link(stage.colleague);
  stage.provider.will_not_close[stage.read(id).made->code] = kAway;
  stage.leave();
  CHECK(is<TryAgain>(stage.end_installation()));
  CHECK_FALSE(stage.link_of(stage.colleague));
  CHECK(stage.link_of(stage.agent));
  stage.provider.will_not_close.clear();
  CHECK(is<LaterAt>(stage.end_installation()));
  stage.notice(id);
  CHECK(is<Done>(stage.end_installation()));
  CHECK(stage.provider.revoked.size() == 2);   // each once
}

TEST_CASE("an installation that was paired again, or never left, is not ended") {
  Goodbye stage;
  CHECK(is<Done>(stage.end_installation()));
  CHECK(is<Done>(stage.end_link()));
  CHECK(stage.is_paired());
  CHECK(stage.link_of(stage.agent));
}

TEST_CASE("an installation that leaves waits a moment for the comments that say so, and not for ever") {
  for (const bool written : {true, false}) {
    CAPTURE(written);
    Goodbye stage;
    const auto id = stage.opened();
    stage.leave();
    CHECK(is<LaterAt>(stage.end_installation()));
    CHECK(stage.provider.live() == 0);
    CHECK(stage.asked("session.notice", id.value)->due_at <= stage.clock.now());
    if (written) CHECK(is<Done>(stage.notice(id)));
    else stage.clock.time += Milliseconds{60'000};
    CHECK(is<Done>(stage.end_installation()));
    CHECK_FALSE(stage.is_paired());
    CHECK(stage.tickets.comments.front().edited == written);
  }
}

TEST_CASE("a deleted issue ends its sessions at the provider before they are forgotten here; the comment is left alone") {
  Goodbye stage;
  const auto id = stage.opened();
  stage.provider.down = kAway;
  CHECK(is<TryAgain>(stage.end_issue()));
  CHECK(stage.read(id).state == SessionState::closed);
  CHECK_FALSE(stage.is_asked_for("session.notice", id.value));
  stage.provider.down.reset();
  CHECK(is<Done>(stage.end_issue()));
  CHECK(stage.provider.live() == 0);
  CHECK(code_of(stage.run(read_session(*stage.doors, stage.installation, id))) == "not_found");
  CHECK(is<Done>(stage.end_issue()));
}

TEST_CASE("what is being given back, or was deleted, is closed by one hand: no step of its own is asked for beside it") {
  for (const bool deleted : {false, true}) {
    CAPTURE(deleted);
    Goodbye stage;
    const auto id = stage.opened();
    bool beside = true;
    stage.provider.on_list = [&] { beside = stage.is_asked_for("session.close", id.value); };
    if (!deleted) stage.disconnect();
    CHECK(is<Done>(deleted ? stage.end_issue() : stage.end_link()));
    CHECK_FALSE(beside);
    CHECK(stage.provider.live() == 0);
  }
}

TEST_CASE("a session that was asked for while its issue is being forgotten is ended too, and not merely forgotten") {
  Goodbye stage;
  stage.opened();
  stage.provider.on_list = [&] {
    SessionWish another;
    another.customer.name = "Somebody else";
    const auto late = stage.create(another);
    stage.provision(late);
  };
  CHECK(is<LaterAt>(stage.end_issue()));
  CHECK(stage.provider.live() == 1);
  CHECK(is<Done>(stage.end_issue()));
  CHECK(stage.provider.live() == 0);
  std::size_t left = 1;
  stage.write([&](ports::UnitOfWork& unit) { left = unit.sessions().of_issue(stage.installation, stage.tickets.known.id).size(); });
  CHECK(left == 0);
}

TEST_CASE("a create under way on an issue that is deleted is waited for and closed") {
  Goodbye stage;
  const auto id = stage.create();
  stage.provider.on_create.next(std::unexpected(Error{.code = "provider_unreachable", .cause = {}, .detail = {{"maybe_done", true}}, .retryable = true, .retry_after = {}}));
  stage.provision(id);
  const auto first = stage.end_issue();
  REQUIRE(is<LaterAt>(first));
  stage.late_twin(id);
  stage.clock.time = std::get<LaterAt>(first).due_at;
  CHECK(is<Done>(stage.end_issue()));
  CHECK(stage.provider.live() == 0);
}

TEST_CASE("a create under way on an issue that is deleted is waited for also where another session on it can never be closed") {
  Goodbye stage;
  const auto forsaken = stage.opened();
  stage.link(stage.colleague);
  stage.clock.time += Milliseconds{120'000};
  const auto created = stage.run(stage.sessions->create(stage.caller(stage.colleague), SessionWish{}));
  const SessionId id{std::string(created.value().session.at("id").as_string())};
  stage.provider.on_create.next(std::unexpected(Error{.code = "provider_unreachable", .cause = {}, .detail = {{"maybe_done", true}}, .retryable = true, .retry_after = {}}));
  stage.provision(id);
  stage.provider.will_not_close.emplace(stage.read(forsaken).made->code, Error{.code = "not_linked", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}});
  stage.write([&](ports::UnitOfWork& unit) {
    auto old = *unit.sessions().find(stage.installation, forsaken);
    old.valid_until = stage.clock.now();   // nobody can join it any more
    REQUIRE(unit.sessions().update(old));
  });
  const auto first = stage.end_issue();
  REQUIRE(is<LaterAt>(first));
  const auto twin = stage.late_twin(id);
  stage.clock.time = std::get<LaterAt>(first).due_at;
  stage.end_issue();
  const auto late = std::ranges::find(stage.provider.sessions, twin, &ports::ProviderSession::code);
  REQUIRE(late != stage.provider.sessions.end());
  CHECK_FALSE(late->open);
}

TEST_CASE("a parked grant is given back when its time is over, not before, and not when it was fetched") {
  Goodbye stage;
  const auto end_grant = [&] { return stage.run(stage.farewell->end_grant(stage.row("grant.expire", "hash"))); };
  CHECK(is<Done>(end_grant()));
  ports::ParkedGrant parked;
  parked.token_hash = "hash";
  parked.installation = stage.installation;
  parked.account = stage.agent;
  parked.grant = {.access_token = "parked", .refresh_token = "r", .expires_at = stage.clock.now()};
  parked.expires_at = stage.clock.now() + Milliseconds{300'000};
  stage.write([&](ports::UnitOfWork& unit) { unit.links().park(parked); });
  CHECK(is<LaterAt>(end_grant()));
  stage.clock.time = parked.expires_at;
  stage.provider.down = kAway;
  CHECK(is<TryAgain>(end_grant()));
  stage.provider.down.reset();
  CHECK(is<Done>(end_grant()));
  CHECK(stage.provider.revoked.size() == 1);
  CHECK(is<Done>(end_grant()));
  CHECK(stage.provider.revoked.size() == 1);
}

}  // namespace
}  // namespace belay::desk
