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

TEST_CASE("a customer by account id has to be on the issue, and is not the agent") {
  Stage stage;
  SessionWish wish;
  wish.customer.account = AccountId{"stranger"};
  CHECK(code_of(stage.run(stage.sessions->create(stage.caller(stage.agent), wish))) == "invalid_field");
  stage.tickets.known.assignee = support::Person{.id = stage.agent, .name = "Agent", .picture = {}, .time_zone = {}, .language = {}};
  wish.customer.account = stage.agent;
  CHECK(code_of(stage.run(stage.sessions->create(stage.caller(stage.agent), wish))) == "invalid_field");
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
  CHECK(*stage.run(stage.sessions->connect(stage.caller(stage.agent), id, Client::browser)) == stage.provider.sessions.front().browser_link);

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
  CHECK(code_of(stage.run(stage.sessions->close(elsewhere, id, ""))) == "not_found");
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

}  // namespace
}  // namespace belay::desk
