#include "desk/stage_test.hpp"

namespace belay::desk {
namespace {

using support::SessionState;

SessionWish typed_in(std::string name) {
  SessionWish wish;
  wish.customer.name = std::move(name);
  return wish;
}

TEST_CASE("without rights, link or eligible licence nothing is accepted, and each says its own reason") {
  Stage stage;
  stage.permissions.rights_of[stage.reporter] = {.browse = true};
  CHECK(code_of(stage.run(stage.sessions->create(stage.caller(stage.reporter), {}))) == "forbidden");
  CHECK(code_of(stage.run(stage.sessions->create(stage.caller(stage.colleague), {}))) == "not_linked");

  stage.link(stage.colleague);
  stage.write([&](ports::UnitOfWork& unit) {
    auto link = *unit.links().find(stage.installation, stage.colleague, stage.provider.name());
    link.at_provider.licence = {.type = "Free", .active = true, .paid = false};
    unit.links().put(link);
  });
  CHECK(code_of(stage.run(stage.sessions->create(stage.caller(stage.colleague), {}))) == "licence_not_eligible");
  stage.write([&](ports::UnitOfWork& unit) { CHECK(unit.sessions().of_issue(stage.installation, stage.tickets.known.id).empty()); });
}

TEST_CASE("one wish within a minute is one session; the second hears that it joined") {
  Stage stage;
  auto first = stage.run(stage.sessions->create(stage.caller(stage.agent), typed_in("Ada")));
  auto second = stage.run(stage.sessions->create(stage.caller(stage.agent), typed_in("Ada")));
  REQUIRE(first);
  REQUIRE(second);
  CHECK_FALSE(first->joined);
  CHECK(second->joined);
  CHECK(first->session.at("id") == second->session.at("id"));
  stage.clock.time += Milliseconds{60'001};
  auto third = stage.run(stage.sessions->create(stage.caller(stage.agent), typed_in("Ada")));
  CHECK_FALSE(third->joined);
}

TEST_CASE("a comment for the team alone is for service projects; elsewhere it is refused, and never the silent default") {
  Stage stage;
  stage.tickets.known.service_project = false;
  auto wish = typed_in("Ada");
  wish.invitation = support::Invitation::internal;
  const auto refused = stage.run(stage.sessions->create(stage.caller(stage.agent), wish));
  CHECK(code_of(refused) == "invalid_field");
  CHECK(refused.error().detail.at("rule") == "service_project");
  stage.keep_settings([](support::Settings& settings) { settings.invitation = support::Invitation::internal; });
  wish.invitation.reset();
  CHECK(stage.run(stage.sessions->create(stage.caller(stage.agent), wish))->session.at("invitation") == "none");
}

TEST_CASE("an idempotency key gives the same session for a day, and refuses another body") {
  Stage stage;
  auto wish = typed_in("Ada");
  wish.idempotency_key = "key";
  const auto id = stage.create(wish);
  stage.clock.time += Milliseconds{23 * 3'600'000};
  CHECK(stage.create(wish) == id);
  auto other = wish;
  other.description = "something else";
  CHECK(code_of(stage.run(stage.sessions->create(stage.caller(stage.agent), other))) == "idempotency_conflict");
  stage.clock.time += Milliseconds{2 * 3'600'000};
  CHECK(stage.create(other) != id);
}

TEST_CASE("another try with the same key is answered with its session, though nothing could be begun any more") {
  Stage stage;
  SessionWish wish;
  wish.idempotency_key = "key";
  wish.customer.account = stage.reporter;
  const auto id = stage.create(wish);
  stage.tickets.known.reporter = {};
  stage.change_link(stage.agent, [](ports::AccountLink& link) { link.expired = true; });
  auto fresh = wish;
  fresh.idempotency_key = "another";
  CHECK(code_of(stage.run(stage.sessions->create(stage.caller(stage.agent), fresh))) == "link_expired");
  CHECK(stage.create(wish) == id);
}

TEST_CASE("an agent whom Jira asked whether to leave, and who stayed, leaves all as it was; nobody else's connection is undone") {
  Stage stage;
  stage.link(stage.colleague);
  const auto id = stage.opened();
  const auto connect = [&](const AccountId& who) { return stage.run(stage.sessions->connect(stage.caller(who), id, Client::app)); };
  const auto stay = [&](const AccountId& who) { return stage.run(stage.sessions->stay(stage.caller(who), id)); };
  REQUIRE(connect(stage.agent));   // nobody is there yet
  stage.write([&](ports::UnitOfWork& unit) {
    auto session = *unit.sessions().find(stage.installation, id);
    session.state = SessionState::customer_present;
    REQUIRE(unit.sessions().update(session));
  });
  REQUIRE(connect(stage.agent));
  CHECK(stage.read(id).state == SessionState::in_progress);
  CHECK(stay(stage.colleague)->at("state") == "in_progress");
  CHECK(stay(stage.agent)->at("state") == "customer_present");
  CHECK(stay(stage.agent)->at("state") == "customer_present");
  REQUIRE(connect(stage.agent));
  // The colleague looks in, and does not go: the agent who is there keeps the session.
  REQUIRE(connect(stage.colleague));
  CHECK(stage.read(id).supporter == stage.colleague);
  const auto stayed = stay(stage.colleague);
  CHECK(stayed->at("state") == "in_progress");
  CHECK(stayed->at("supporter").at("id").as_string() == stage.agent.value);
  stage.permissions.rights_of[stage.reporter] = {.browse = true};
  CHECK(code_of(stay(stage.reporter)) == "forbidden");
}

TEST_CASE("a customer by account id has to be on the issue, and is not the agent") {
  Stage stage;
  SessionWish wish;
  wish.customer.account = AccountId{"stranger"};
  CHECK(code_of(stage.run(stage.sessions->create(stage.caller(stage.agent), wish))) == "invalid_field");
  stage.tickets.known.assignee = support::Person{.id = stage.agent, .name = "Agent", .picture = {}, .time_zone = {}, .language = {}};
  wish.customer.account = stage.agent;
  CHECK(code_of(stage.run(stage.sessions->create(stage.caller(stage.agent), wish))) == "invalid_field");
}

TEST_CASE("a customer is invited in the language of their own profile, which the ticket does not tell; otherwise in the site's") {
  Stage stage;
  SessionWish wish;
  wish.customer.account = stage.reporter;
  CHECK(stage.read(stage.create(wish)).language == "en");   // Jira says no more about them
  stage.users.known[stage.reporter] = {.id = stage.reporter, .name = "Reporter", .picture = {}, .time_zone = {}, .language = "fr_FR"};
  stage.clock.time += Milliseconds{120'000};
  CHECK(stage.read(stage.create(wish)).language == "fr");
}

TEST_CASE("a customer whose name in Jira is long, or turns text around, is taken with what fits of it") {
  Stage stage;
  stage.tickets.known.reporter->name = "\u202e" + std::string(250, 'n') + "\n";
  SessionWish wish;
  wish.customer.account = stage.reporter;
  const auto id = stage.create(wish);
  CHECK(stage.read(id).customer.name == std::string(100, 'n'));
}

TEST_CASE("connecting gives the supporter link of the moment and records a take-over; the customer of the session never connects") {
  Stage stage;
  SessionWish wish;
  wish.customer.account = stage.reporter;
  const auto id = stage.opened(wish);
  auto url = stage.run(stage.sessions->connect(stage.caller(stage.agent), id, Client::app));
  REQUIRE(url);
  CHECK(*url == stage.provider.sessions.front().supporter_link);
  CHECK(stage.run(stage.sessions->connect(stage.caller(stage.agent), id, Client::browser)).value() == stage.provider.sessions.front().browser_link);

  stage.link(stage.colleague);
  REQUIRE(stage.run(stage.sessions->connect(stage.caller(stage.colleague), id, Client::app)));
  CHECK(stage.read(id).supporter == stage.colleague);
  CHECK(stage.read(id).creator == stage.agent);

  stage.permissions.rights_of[stage.reporter] = {.browse = true, .edit_issues = true, .service_agent = true};
  stage.link(stage.reporter);
  CHECK(code_of(stage.run(stage.sessions->connect(stage.caller(stage.reporter), id, Client::app))) == "forbidden");
}

TEST_CASE("connecting to a session that the provider has closed says so and ends it here") {
  Stage stage;
  const auto id = stage.opened();
  stage.provider.sessions.front().open = false;
  CHECK(code_of(stage.run(stage.sessions->connect(stage.caller(stage.agent), id, Client::app))) == "invalid_state");
  CHECK(stage.read(id).state == SessionState::closed);
}

TEST_CASE("a session of another issue is not found, for every action") {
  Stage stage;
  const auto id = stage.opened();
  stage.tickets.known.id = IssueId{"10002"};
  const auto elsewhere = stage.caller(stage.agent);
  CHECK(code_of(stage.run(stage.sessions->one(elsewhere, id))) == "not_found");
  CHECK(code_of(stage.run(stage.sessions->connect(elsewhere, id, Client::app))) == "not_found");
  CHECK(code_of(stage.run(stage.sessions->close(elsewhere, id, std::nullopt))) == "not_found");
  CHECK(code_of(stage.run(stage.sessions->cancel(elsewhere, id))) == "not_found");
  CHECK(code_of(stage.run(stage.sessions->retry(elsewhere, id))) == "not_found");
}

TEST_CASE("what the state does not allow is refused with the present state") {
  Stage stage;
  const auto id = stage.opened();
  const auto refused = stage.run(stage.sessions->cancel(stage.caller(stage.agent), id));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "invalid_state");
  CHECK(refused.error().detail.at("state") == "open");
}

TEST_CASE("rights are asked once in five minutes, and again after") {
  Stage stage;
  const auto id = stage.opened();
  const auto asked = stage.permissions.asked;
  for (int i = 0; i < 5; ++i) REQUIRE(stage.run(stage.sessions->one(stage.caller(stage.agent), id)));
  CHECK(stage.permissions.asked == asked);
  stage.clock.time += kRightsLife + Milliseconds{1};
  stage.permissions.rights_of[stage.agent] = {.browse = true};
  CHECK(code_of(stage.run(stage.sessions->one(stage.caller(stage.agent), id))) == "forbidden");
}

TEST_CASE("both agents are told of a wish they share: the second by the answer, the first by the session") {
  Stage stage;
  stage.link(stage.colleague);
  const auto id = stage.create(typed_in("Ada"));
  for (int i = 0; i < 2; ++i) {
    auto joined = stage.run(stage.sessions->create(stage.caller(stage.colleague), typed_in("Ada")));
    REQUIRE(joined);
    CHECK(joined->joined);
    CHECK(joined->session.at("id").as_string() == id.value);
  }
  REQUIRE(stage.read(id).joined_by.size() == 1);
  CHECK(stage.read(id).joined_by.front() == support::AgentName{.account = stage.colleague, .name = "Name of colleague"});
  const auto shown = stage.run(stage.sessions->one(stage.caller(stage.agent), id));
  CHECK(shown->at("joinedBy").as_array().front().at("name") == "Name of colleague");
  CHECK(std::ranges::count(stage.audited(), "session_joined") == 1);
  // An agent who asks twice has not joined anybody.
  REQUIRE(stage.run(stage.sessions->create(stage.caller(stage.agent), typed_in("Ada"))));
  CHECK(stage.read(id).joined_by.size() == 1);
  CHECK(stage.provider.creates == 0);
}

TEST_CASE("whoever commented, and whose account was deleted since, cannot be the customer any more: it is said of the field") {
  Stage stage;
  const AccountId gone{"gone"};
  support::Person person;
  person.id = gone;
  stage.tickets.authors = {{.person = person, .at = stage.clock.now()}};
  SessionWish wish;
  wish.customer.account = gone;
  const auto refused = stage.run(stage.sessions->create(stage.caller(stage.agent), wish));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "invalid_field");
  CHECK(refused.error().detail == json::object{{"field", "customer.id"}, {"rule", "person_of_the_issue"}});
  CHECK(stage.audited().empty());
}

TEST_CASE("nobody in particular is shared with oneself only") {
  Stage stage;
  stage.link(stage.colleague);
  const auto id = stage.create();
  auto other = stage.run(stage.sessions->create(stage.caller(stage.colleague), {}));
  REQUIRE(other);
  CHECK_FALSE(other->joined);
  CHECK(other->session.at("id").as_string() != id.value);
}

TEST_CASE("a wish that cannot be fulfilled is refused before Jira is asked") {
  Stage stage;
  SessionWish long_one;
  long_one.description = std::string(4001, 'x');
  CHECK(code_of(stage.run(stage.sessions->create(stage.caller(stage.agent), long_one))) == "invalid_field");
  SessionWish short_one;
  short_one.validity = std::chrono::minutes{14};
  CHECK(code_of(stage.run(stage.sessions->create(stage.caller(stage.agent), short_one))) == "invalid_field");
  CHECK(code_of(stage.run(stage.sessions->create(stage.caller(stage.agent), typed_in(std::string(101, 'x'))))) == "invalid_field");
  CHECK(code_of(stage.run(stage.sessions->close(stage.caller(stage.agent), SessionId{"x"}, TypedNotes{.notes = std::string(4001, 'x')}))) == "invalid_field");
  CHECK(stage.permissions.asked == 0);
}

TEST_CASE("sessions are made and shown on the issue panel only") {
  Stage stage;
  const auto id = stage.opened();
  for (const auto page : {support::Page::portal, support::Page::admin, support::Page::personal, support::Page::queue, support::Page::backend, support::Page::other}) {
    auto elsewhere = stage.caller(stage.agent);
    elsewhere.call.page = page;
    CHECK(code_of(stage.run(stage.sessions->create(elsewhere, {}))) == "forbidden");
    CHECK(code_of(stage.run(stage.sessions->of_issue(elsewhere))) == "forbidden");
    CHECK(code_of(stage.run(stage.sessions->one(elsewhere, id))) == "forbidden");
    CHECK(code_of(stage.run(stage.sessions->connect(elsewhere, id, Client::app))) == "forbidden");
    CHECK(code_of(stage.run(stage.sessions->close(elsewhere, id, std::nullopt))) == "forbidden");
    CHECK(code_of(stage.run(stage.sessions->cancel(elsewhere, id))) == "forbidden");
    CHECK(code_of(stage.run(stage.sessions->retry(elsewhere, id))) == "forbidden");
  }
}

TEST_CASE("a session of another installation is not found, even by who is an agent in both") {
  Stage stage;
  const auto id = stage.opened();
  stage.write([&](ports::UnitOfWork& unit) {
    ports::Installation other;
    other.id = InstallationId{"ari:cloud:ecosystem::installation/2"};
    unit.installations().insert(other);
  });
  auto there = stage.caller(stage.agent);
  there.call.installation = InstallationId{"ari:cloud:ecosystem::installation/2"};
  CHECK(code_of(stage.run(stage.sessions->one(there, id))) == "not_found");
  CHECK(code_of(stage.run(stage.sessions->close(there, id, std::nullopt))) == "not_found");
  CHECK(stage.run(stage.sessions->of_issue(there))->empty());
}

TEST_CASE("a provider's answer without the link that is wanted takes nothing over") {
  Stage stage;
  const auto id = stage.opened();
  stage.link(stage.colleague);
  stage.provider.sessions.front().browser_link.clear();
  CHECK(code_of(stage.run(stage.sessions->connect(stage.caller(stage.colleague), id, Client::browser))) == "provider_refused");
  CHECK(stage.read(id).supporter == stage.agent);
  CHECK(stage.run(stage.sessions->connect(stage.caller(stage.colleague), id, Client::app)));
  CHECK(stage.read(id).supporter == stage.colleague);
}

TEST_CASE("a dead link of the creator is not laid at the door of the colleague who connects") {
  Stage stage;
  const auto id = stage.opened();
  stage.link(stage.colleague);
  stage.provider.down = Error{.code = "link_expired", .cause = {}, .detail = {{"provider", "TeamViewer"}}, .retryable = false, .retry_after = {}};
  const auto refused = stage.run(stage.sessions->connect(stage.caller(stage.colleague), id, Client::app));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().detail.at("agent") == "Name of agent");
  const auto own = stage.run(stage.sessions->connect(stage.caller(stage.agent), id, Client::app));
  CHECK_FALSE(own.error().detail.contains("agent"));
  CHECK(stage.read(id).state == SessionState::open);
}

TEST_CASE("what is being given back gets no session any more") {
  Stage stage;
  REQUIRE(stage.run(stage.sessions->of_issue(stage.caller(stage.agent))));
  stage.change_link(stage.agent, [&](ports::AccountLink& link) { link.ending_since = stage.clock.now(); });
  CHECK(code_of(stage.run(stage.sessions->create(stage.caller(stage.agent), {}))) == "not_linked");
  stage.change_link(stage.agent, [&](ports::AccountLink& link) { link.ending_since.reset(); });
  stage.write([&](ports::UnitOfWork& unit) {
    auto installation = *unit.installations().find(stage.installation);
    installation.leaving_since = stage.clock.now();
    unit.installations().update(installation);
  });
  CHECK(code_of(stage.run(stage.sessions->create(stage.caller(stage.agent), {}))) == "not_paired");
}

TEST_CASE("cancelling while the request is on its way closes what it makes, whenever it arrives") {
  Stage stage;
  const auto id = stage.create();
  stage.provider.lose_next_answer = true;
  stage.provision(id);
  REQUIRE(stage.run(stage.sessions->cancel(stage.caller(stage.agent), id)));
  CHECK(stage.read(id).invitation_step == support::Step::none);
  stage.asked_sweep(id);
  CHECK(stage.provider.live() == 0);
  CHECK(code_of(stage.run(stage.sessions->cancel(stage.caller(stage.agent), id))) == "invalid_state");
}

}  // namespace
}  // namespace belay::desk
