#include "desk/stage_test.hpp"

namespace belay::desk {
namespace {

using support::SessionState;
using support::Step;

const Error kAway{.code = "provider_unreachable", .cause = {}, .detail = {}, .retryable = true, .retry_after = {}};

class Linking : public Stage {
 public:
  std::string start(const AccountId& who) {
    auto url = run(account->start(personal_caller(who), ports::Registration::base));
    REQUIRE_MESSAGE(url, url.error().code);
    return url->substr(url->find("state=") + 6);
  }
  std::string come_back(std::string state, std::string error = {}) {
    auto answer = run(account->come_back({.state = std::move(state), .code = error.empty() ? "code" : "", .error = std::move(error)}));
    REQUIRE_MESSAGE(answer, answer.error().code);
    return answer->location;
  }
  /// The whole way to the parked grant's token.
  std::string parked(const AccountId& who) {
    const auto location = come_back(start(who));
    const auto finish = location.find("/finish/");
    REQUIRE(finish != std::string::npos);
    return location.substr(finish + 8);
  }
  auto finish(const AccountId& who, const std::string& token) { return run(account->finish(personal_caller(who), token)); }
  std::optional<ports::ParkedGrant> grant(const std::string& token) {
    std::optional<ports::ParkedGrant> found;
    write([&](ports::UnitOfWork& unit) { found = unit.links().parked(digests.sha256_hex(token)); });
    return found;
  }
  StepResult end_grant(const std::string& token) { return run(farewell->end_grant(row("grant.expire", digests.sha256_hex(token)))); }
};

TEST_CASE("from Connect to Finish connecting: both identities are shown before anything is linked") {
  Linking stage;
  const auto state = stage.start(stage.colleague);
  const auto consent = stage.run(stage.account->begin_consent(state));
  REQUIRE(consent);
  CHECK(consent->location.find("state=" + state) != std::string::npos);
  const auto location = stage.come_back(state);
  CHECK(location.starts_with("https://site.example/jira/settings/personal/apps/app-1/env-1/finish/"));
  const auto token = location.substr(location.find("/finish/") + 8);

  const auto look = stage.run(stage.account->show(stage.personal_caller(stage.colleague), token));
  REQUIRE(look);
  CHECK(look->at("linked") == false);
  CHECK(look->at("jira").at("name") == "Name of colleague");
  CHECK(look->at("grant").at("account").at("name") == "Agent at the provider");
  CHECK_FALSE(stage.link_of(stage.colleague));

  const auto done = stage.finish(stage.colleague, token);
  REQUIRE(done);
  CHECK(done->at("linked") == true);
  CHECK(stage.link_of(stage.colleague)->grant.access_token == "access code");
  CHECK_FALSE(stage.is_asked_for("grant.expire", stage.digests.sha256_hex(token)));
  CHECK(stage.is_asked_for("link.check", "colleague"));
  CHECK(code_of(stage.finish(stage.colleague, token)) == "grant_expired");
}

TEST_CASE("somebody else's grant is neither shown nor linked, and goes back to whom it was taken from") {
  for (const bool by_looking : {true, false}) {
    CAPTURE(by_looking);
    Linking stage;
    const auto token = stage.parked(stage.colleague);
    if (by_looking) CHECK(code_of(stage.run(stage.account->show(stage.personal_caller(stage.agent), token))) == "grant_not_yours");
    else CHECK(code_of(stage.finish(stage.reporter, token)) == "grant_not_yours");
    CHECK(code_of(stage.finish(stage.colleague, token)) == "grant_expired");
    CHECK(is<Done>(stage.end_grant(token)));
    CHECK(stage.provider.revoked.size() == 1);
    CHECK_FALSE(stage.link_of(stage.colleague));
    CHECK_FALSE(stage.link_of(stage.reporter));
  }
}

TEST_CASE("the same account in another installation is somebody else") {
  Linking stage;
  const auto token = stage.parked(stage.colleague);
  stage.write([&](ports::UnitOfWork& unit) {
    ports::Installation other;
    other.id = InstallationId{"other"};
    unit.installations().insert(other);
  });
  auto there = stage.personal_caller(stage.colleague);
  there.call.installation = InstallationId{"other"};
  CHECK(code_of(stage.run(stage.account->finish(there, token))) == "grant_not_yours");
}

TEST_CASE("a state works once, for ten minutes; a wrong one exchanges nothing") {
  Linking stage;
  const auto state = stage.start(stage.colleague);
  stage.come_back(state);
  CHECK(code_of(stage.run(stage.account->come_back({.state = state, .code = "code", .error = ""}))) == "oauth_state_invalid");
  CHECK(code_of(stage.run(stage.account->begin_consent(state))) == "oauth_state_invalid");
  CHECK(code_of(stage.run(stage.account->come_back({.state = "foreign", .code = "code", .error = ""}))) == "oauth_state_invalid");
  const auto late = stage.start(stage.colleague);
  stage.clock.time += kAttemptLife;
  CHECK(code_of(stage.run(stage.account->begin_consent(late))) == "oauth_state_invalid");
  CHECK(code_of(stage.run(stage.account->come_back({.state = late, .code = "code", .error = ""}))) == "oauth_state_invalid");
}

TEST_CASE("a consent that was denied, and a provider that is away, bring the browser back with the reason") {
  Linking stage;
  CHECK(stage.come_back(stage.start(stage.colleague), "access_denied").ends_with("/problem/consent_denied"));
  CHECK(stage.come_back(stage.start(stage.colleague), "server_error").ends_with("/problem/provider_refused"));
  const auto state = stage.start(stage.colleague);
  stage.provider.down = kAway;   // the exchange works, who it is cannot be asked
  CHECK(stage.come_back(state).ends_with("/problem/provider_unreachable"));
}

TEST_CASE("a grant whose owner could not be asked is parked only to be given back") {
  Linking stage;
  const auto state = stage.start(stage.colleague);
  stage.provider.down = kAway;
  stage.come_back(state);
  std::vector<ports::ParkedGrant> parked;
  stage.write([&](ports::UnitOfWork& unit) { parked = unit.links().all_parked(stage.installation); });
  REQUIRE(parked.size() == 1);
  CHECK(parked.front().expires_at == stage.clock.now());
  CHECK(stage.is_asked_for("grant.expire", parked.front().token_hash));
}

TEST_CASE("a token lives five minutes; in the moment it ends it is the worker's, not the user's") {
  Linking stage;
  const auto token = stage.parked(stage.colleague);
  stage.clock.time += kParkedLife - Milliseconds{1};
  stage.users.on_user = [&] { stage.clock.time += Milliseconds{1}; };   // while Jira is asked for the name
  CHECK(code_of(stage.finish(stage.colleague, token)) == "grant_expired");
  CHECK_FALSE(stage.link_of(stage.colleague));
  CHECK(stage.grant(token));   // still there for the worker
  CHECK(is<Done>(stage.end_grant(token)));
  CHECK(stage.provider.revoked.size() == 1);
}

TEST_CASE("with a live link neither Connect nor Finish is possible") {
  Linking stage;
  CHECK(code_of(stage.run(stage.account->start(stage.personal_caller(stage.agent), ports::Registration::base))) == "already_linked");
  const auto token = stage.parked(stage.colleague);
  const auto second = stage.parked(stage.colleague);
  REQUIRE(stage.finish(stage.colleague, token));
  CHECK(code_of(stage.finish(stage.colleague, second)) == "already_linked");
  CHECK(stage.grant(second));   // and will be given back in time
}

TEST_CASE("the account is shown and changed from the personal page only") {
  Linking stage;
  for (const auto page : {support::Page::portal, support::Page::issue_panel, support::Page::admin, support::Page::global, support::Page::backend, support::Page::other}) {
    const auto caller = stage.caller_on(page, stage.agent);
    CHECK(code_of(stage.run(stage.account->show(caller, std::nullopt))) == "forbidden");
    CHECK(code_of(stage.run(stage.account->start(caller, ports::Registration::base))) == "forbidden");
    CHECK(code_of(stage.run(stage.account->finish(caller, "token"))) == "forbidden");
    CHECK(code_of(stage.run(stage.account->disconnect(caller))) == "forbidden");
  }
  CHECK(stage.link_of(stage.agent));
}

TEST_CASE("the browser is only ever brought back to a plain address of the site") {
  Linking stage;
  auto caller = stage.personal_caller(stage.colleague);
  for (const auto* site : {"https://evil.example\r\nSet-Cookie: a=b", "https://user@evil.example", "javascript:alert(1)", "https://evil.example/path", "https://", ""}) {
    caller.call.site_url = site;
    CHECK(code_of(stage.run(stage.account->start(caller, ports::Registration::base))) == "forbidden");
  }
  caller.call.site_url.reset();
  CHECK(code_of(stage.run(stage.account->start(caller, ports::Registration::base))) == "forbidden");
}

TEST_CASE("linking the same account again after the link died goes on with its sessions") {
  Linking stage;
  const auto id = stage.opened();
  stage.change_link(stage.agent, [](ports::AccountLink& link) { link.expired = true; });
  const auto old = stage.link_of(stage.agent)->id;
  REQUIRE(stage.finish(stage.agent, stage.parked(stage.agent)));
  CHECK(stage.link_of(stage.agent)->id == old);
  CHECK_FALSE(stage.link_of(stage.agent)->expired);
  CHECK(stage.read(id).state == SessionState::open);
  CHECK(stage.asked("account.poll", stage.agent.value)->due_at <= stage.clock.now());
}

TEST_CASE("linking the same account again closes what came into being late while nothing was accepted in its name, also by way of another account") {
  for (const bool another_between : {false, true}) {
    CAPTURE(another_between);
    Linking stage;
    const auto id = stage.create();
    stage.provider.lose_next_answer = true;
    stage.provision(id);
    REQUIRE(stage.run(stage.sessions->cancel(stage.caller(stage.agent), id)));
    REQUIRE(stage.provider.live() == 1);
    const auto link_again = [&](std::string account) {
      stage.change_link(stage.agent, [](ports::AccountLink& link) { link.expired = true; });
      stage.provider.granted.id = ProviderAccountId{std::move(account)};
      REQUIRE(stage.finish(stage.agent, stage.parked(stage.agent)));
    };
    const auto is_set_aside = [&] { return stage.asked("session.sweep", id.value)->set_aside_at.has_value(); };
    stage.write([&](ports::UnitOfWork& unit) {
      for (const auto& row : unit.outbox().claim("worker", stage.clock.now() + kLateEffect, Milliseconds{60'000}, 10)) {
        if (row.kind == "session.sweep") unit.outbox().set_aside(row.id, "worker", stage.clock.now(), kAway);
      }
    });
    REQUIRE(is_set_aside());
    if (another_between) {
      link_again("u2");
      CHECK(is_set_aside());
    }
    link_again(ports::FakeProvider::eligible().id.value);
    CHECK_FALSE(is_set_aside());
    stage.asked_sweep(id);
    CHECK(stage.provider.live() == 0);
  }
}

TEST_CASE("linking the same account again looks for the results of sessions that ended meanwhile, for a day") {
  for (const int hours : {1, 25}) {
    CAPTURE(hours);
    Linking stage;
    const auto id = stage.opened();
    REQUIRE(stage.run(stage.sessions->close(stage.caller(stage.agent), id, std::nullopt)));
    const auto next = stage.clock.now() + Milliseconds{100 * 3'600'000};
    REQUIRE(stage.run(stage.database->write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
      auto row = *unit.outbox().find(stage.installation, "session.report", id.value);
      row.due_at = next;   // looked, and was not let in
      unit.outbox().erase(stage.installation, "session.report", id.value);
      unit.outbox().put(row);
      return {};
    })));
    stage.change_link(stage.agent, [](ports::AccountLink& link) { link.expired = true; });
    stage.clock.time += Milliseconds{hours * 3'600'000};
    REQUIRE(stage.finish(stage.agent, stage.parked(stage.agent)));
    CHECK((stage.asked("session.report", id.value)->due_at <= stage.clock.now()) == (hours < 24));
  }
}

TEST_CASE("what was cancelled while it was made has no result, also when its account is linked again") {
  Linking stage;
  const auto id = stage.create();
  REQUIRE(stage.run(stage.sessions->cancel(stage.caller(stage.agent), id)));
  // As the step that made it leaves it, whose request was under way.
  REQUIRE(stage.run(change_session(*stage.doors, stage.installation, id, [&](support::SupportSession& now, ports::UnitOfWork&) -> Result<void> {
    now.made = support::ProviderSide{.code = SessionCode{"s1"}, .customer_link = {}, .created_at = stage.clock.now()};
    return {};
  })));
  stage.change_link(stage.agent, [](ports::AccountLink& link) { link.expired = true; });
  REQUIRE(stage.finish(stage.agent, stage.parked(stage.agent)));
  CHECK_FALSE(stage.asked("session.report", id.value));
}

TEST_CASE("linking another account leaves the sessions of the old one behind, and makes none of them a second time") {
  Linking stage;
  const auto open = stage.opened();
  stage.clock.time += Milliseconds{120'000};
  const auto uncertain = stage.create();
  stage.provider.lose_next_answer = true;
  stage.provision(uncertain);
  stage.clock.time += Milliseconds{120'000};
  const auto untouched = stage.create();
  stage.change_link(stage.agent, [](ports::AccountLink& link) { link.expired = true; });
  stage.provider.granted.id = ProviderAccountId{"u2"};
  REQUIRE(stage.finish(stage.agent, stage.parked(stage.agent)));

  CHECK(stage.read(open).state == SessionState::closed);
  CHECK(stage.read(open).closing_step == Step::failed);
  CHECK(stage.read(open).last_error->code == "account_changed");
  CHECK_FALSE(stage.is_asked_for("session.close", open.value));
  CHECK(stage.read(uncertain).state == SessionState::closed);
  CHECK(stage.read(uncertain).closing_step == Step::none);   // it may have been made, which is looked for where that account is connected again
  CHECK(is<Done>(stage.provision(uncertain, 1)));
  CHECK(stage.provider.creates == 2);
  CHECK(stage.read(untouched).state == SessionState::intended);
  CHECK(stage.link_of(stage.agent)->group_id.empty());
  CHECK(is<Done>(stage.provision(untouched)));
  CHECK(stage.read(untouched).state == SessionState::open);
  stage.clock.time += Milliseconds{2 * 24 * 3'600'000};
  CHECK(is<GiveUp>(stage.asked_sweep(uncertain)));
}

TEST_CASE("while a link is being given back a new one waits") {
  Linking stage;
  REQUIRE(stage.run(stage.account->disconnect(stage.personal_caller(stage.agent))));
  const auto shown = stage.run(stage.account->show(stage.personal_caller(stage.agent), std::nullopt));
  CHECK(shown->at("linked") == false);
  CHECK_FALSE(shown->contains("account"));
  const auto busy = stage.run(stage.account->start(stage.personal_caller(stage.agent), ports::Registration::base));
  REQUIRE_FALSE(busy);
  CHECK(busy.error().code == "link_ending");
  CHECK(busy.error().retry_after);
  REQUIRE(is<Done>(stage.run(stage.farewell->end_link(stage.row("link.end", "link-agent")))));
  CHECK(stage.finish(stage.agent, stage.parked(stage.agent)));
}

TEST_CASE("a link that is given back between consent and finishing makes finishing wait, and costs nothing") {
  Linking stage;
  stage.change_link(stage.agent, [](ports::AccountLink& link) { link.expired = true; });
  const auto token = stage.parked(stage.agent);
  REQUIRE(stage.run(stage.account->disconnect(stage.personal_caller(stage.agent))));
  CHECK(code_of(stage.finish(stage.agent, token)) == "link_ending");
  REQUIRE(is<Done>(stage.run(stage.farewell->end_link(stage.row("link.end", "link-agent")))));
  CHECK(stage.finish(stage.agent, token));
}

TEST_CASE("a session asked for in another account is neither looked for, made nor closed from this one") {
  Linking stage;
  const auto id = stage.create();
  stage.provider.lose_next_answer = true;
  for (int attempts = 0; attempts < 8; ++attempts) {
    stage.provider.down = attempts == 0 ? std::nullopt : std::optional(kAway);
    stage.provision(id, attempts);
  }
  REQUIRE(stage.read(id).state == SessionState::failed);
  CHECK(stage.read(id).provider_account == ports::FakeProvider::eligible().id);
  stage.provider.down.reset();
  stage.change_link(stage.agent, [](ports::AccountLink& link) { link.expired = true; });
  stage.provider.granted.id = ProviderAccountId{"u2"};
  REQUIRE(stage.finish(stage.agent, stage.parked(stage.agent)));
  const auto looks = stage.provider.looks;
  REQUIRE(stage.run(stage.sessions->retry(stage.caller(stage.agent), id)));
  stage.provision(id);
  CHECK(stage.read(id).state == SessionState::failed);
  CHECK(stage.read(id).last_error->code == "account_changed");
  CHECK(stage.provider.looks == looks);
  CHECK(stage.provider.creates == 1);
}

TEST_CASE("a close that was to be tried again after linking another account does not take a stranger's word for it") {
  Linking stage;
  const auto id = stage.opened();
  stage.change_link(stage.agent, [](ports::AccountLink& link) { link.expired = true; });
  stage.provider.granted.id = ProviderAccountId{"u2"};
  REQUIRE(stage.finish(stage.agent, stage.parked(stage.agent)));
  REQUIRE(stage.run(stage.sessions->retry(stage.caller(stage.agent), id)));
  CHECK(is<GiveUp>(stage.close_step(id)));
  CHECK(stage.read(id).closing_step == Step::failed);
  CHECK(stage.read(id).last_error->code == "account_changed");
  CHECK(stage.provider.live() == 1);
}

TEST_CASE("who says that it is not them gives the grant back, and nothing else") {
  Linking stage;
  const auto token = stage.parked(stage.colleague);
  const auto shown = stage.run(stage.account->decline(stage.personal_caller(stage.colleague), token));
  REQUIRE(shown);
  CHECK(shown->at("linked") == false);
  CHECK(code_of(stage.finish(stage.colleague, token)) == "grant_expired");
  CHECK(is<Done>(stage.end_grant(token)));
  REQUIRE(stage.provider.revoked.size() == 1);
  CHECK_FALSE(stage.grant(token));
  CHECK(code_of(stage.run(stage.account->decline(stage.personal_caller(stage.colleague), token))) == "grant_expired");
  CHECK(stage.link_of(stage.agent).has_value());
}

TEST_CASE("what comes back for an installation that is leaving is given back, not parked") {
  Linking stage;
  const auto state = stage.start(stage.colleague);
  stage.write([&](ports::UnitOfWork& unit) {
    auto installation = *unit.installations().find(stage.installation);
    installation.leaving_since = stage.clock.now();
    unit.installations().update(installation);
  });
  CHECK(stage.come_back(state).ends_with("/problem/not_paired"));
  CHECK(stage.provider.revoked.size() == 1);
}

TEST_CASE("a licence is looked at again when asked, once in ten seconds, and only of whoever asks") {
  Stage stage;
  const auto look = [&](const AccountId& who) { return stage.run(stage.account->look_again(stage.personal_caller(who))); };
  CHECK(code_of(look(stage.colleague)) == "not_linked");
  stage.change_link(stage.agent, [](ports::AccountLink& link) { link.at_provider.licence = {.type = "Free", .active = true, .paid = false}; });
  CHECK(look(stage.agent)->at("licence").at("eligible") == false);   // linked a moment ago
  stage.clock.time += Milliseconds{10'000};
  CHECK(look(stage.agent)->at("licence").at("eligible") == true);
  CHECK(stage.link_of(stage.agent)->checked_at == stage.clock.now());
  stage.clock.time += Milliseconds{10'000};
  stage.provider.down = Error{.code = "provider_unreachable", .cause = {}, .detail = {}, .retryable = true, .retry_after = {}};
  CHECK(code_of(look(stage.agent)) == "provider_unreachable");
  CHECK(stage.link_of(stage.agent)->at_provider.licence.paid);
  stage.change_link(stage.agent, [](ports::AccountLink& link) { link.expired = true; });
  CHECK(code_of(look(stage.agent)) == "link_expired");
}

}  // namespace
}  // namespace belay::desk
