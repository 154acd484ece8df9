// What the panel shows of people who can be reached, and of what could not be found out.
#include "desk/reach.hpp"

#include <boost/json/serialize.hpp>

#include "desk/reach_stage_test.hpp"

namespace belay::desk {
namespace {

using Desk = ReachStage;
using support::LaunchMode;

TEST_CASE("a participant of a request and everybody who spoke can be reached, also beyond the newest pages once they are read") {
  Desk desk;
  const AccountId early{"early"};
  desk.shows(early, "early@example.com");
  desk.listed("early@example.com", "c9");
  desk.shows(AccountId{"quiet"}, "quiet@example.com");
  desk.tickets.taking_part = {desk.users.known[AccountId{"quiet"}]};
  desk.listed("quiet@example.com", "c10");
  for (int n = 0; n < 300; ++n) desk.tickets.authors.push_back({.person = Desk::person(n == 299 ? early : desk.ana, ""), .at = desk.clock.now() - Milliseconds{n * 1'000}});
  CHECK(code_of(desk.run(desk.reach->launch(desk.caller(desk.agent), AccountId{"quiet"}, LaunchMode::chat))) == "none");
  CHECK(code_of(desk.run(desk.reach->launch(desk.caller(desk.agent), early, LaunchMode::chat))) == "not_found");
  const auto rings = desk.work.rings;
  CHECK(desk.seen(desk.agent, early).empty());   // the panel has the rest read, and soon
  CHECK(desk.is_asked_for("roster.read", "10001"));
  CHECK(desk.work.rings == rings + 1);
  CHECK(is<Done>(desk.run(desk.rosters->read(desk.row("roster.read", "10001")))));
  desk.pass(Milliseconds{8'000});   // what the comments said about them was no address
  CHECK(code_of(desk.run(desk.reach->launch(desk.caller(desk.agent), early, LaunchMode::chat))) == "none");
}

TEST_CASE("what does not come of the people is said to be missing, and what came is shown") {
  for (const bool comments_come : {true, false}) {
    CAPTURE(comments_come);
    Desk desk;
    desk.shows(AccountId{"spoke"}, "");
    desk.shows(AccountId{"quiet"}, "");
    desk.tickets.authors = {{.person = desk.users.known[AccountId{"spoke"}], .at = desk.clock.now()}};
    desk.tickets.taking_part = {desk.users.known[AccountId{"quiet"}]};
    auto& down = comments_come ? desk.tickets.participants_down : desk.tickets.authors_down;
    down = error("jira_unreachable", true);
    auto caller = desk.caller(desk.agent);
    caller.call.service_project = true;
    const auto answer = json::parse_object(desk.run(desk.panel->show(caller, "")).value()).value();
    const json::object line{{"what", comments_come ? "participants" : "commenters"}, {"why", "jira_unreachable"}};
    CHECK(answer.at("missing") == json::value(json::array{line}));
    const auto people = boost::json::serialize(answer.at("people"));
    CHECK(people.contains(R"("id":"ana")"));
    CHECK(people.contains(R"("id":"spoke")") == comments_come);
    CHECK(people.contains(R"("id":"quiet")") != comments_come);
    // And whoever may be among those who did not come is not said to be nobody.
    const AccountId perhaps{comments_come ? "quiet" : "spoke"};
    CHECK(code_of(desk.run(desk.reach->launch(desk.caller(desk.agent), perhaps, LaunchMode::chat))) == "jira_unreachable");
    CHECK(code_of(desk.run(desk.reach->launch(desk.caller(desk.agent), desk.ana, LaunchMode::chat))) == "contact_gone");
  }
}

TEST_CASE("people who are shown from memory are said to be as of then, and only what is not known is called so") {
  Desk desk;
  const auto missing = [&] { return json::parse_object(desk.run(desk.panel->show(desk.caller(desk.agent), "")).value())->at("missing"); };
  CHECK(missing() == json::value(json::array{}));
  const auto seen_at = to_iso8601(desk.clock.now());
  desk.users.down = error("jira_unreachable", true);
  desk.pass(Milliseconds{8'000});
  CHECK(missing() == json::value(json::array{json::object{{"what", "people"}, {"why", "jira_unreachable"}, {"asOf", seen_at}}}));
  desk.tickets.known.reporter = Desk::person(AccountId{"new"}, "");   // of whom nothing is known
  desk.pass(Milliseconds{60'000});
  const auto lines = missing();
  CHECK(lines == json::value(json::array{json::object{{"what", "people"}, {"why", "jira_unreachable"}}}));
}

TEST_CASE("where only hidden addresses do not come, that is said, and nothing of the people") {
  Desk desk;
  desk.users.addresses_down = error("jira_unreachable", true);
  const auto missing = [&] { return json::parse_object(desk.run(desk.panel->show(desk.caller(desk.agent), "")).value())->at("missing"); };
  const json::value hidden = json::array{json::object{{"what", "addresses"}, {"why", "jira_unreachable"}}};
  CHECK(missing() == hidden);
  CHECK(missing() == hidden);
  desk.shows(desk.reporter, "reporter@example.com");   // now everybody shows one
  desk.pass(Milliseconds{8'000});
  CHECK(missing() == json::value(json::array{}));
  desk.shows(desk.reporter, "");
  desk.users.addresses_down = error("jira_forbidden");   // not granted: that is no trouble
  desk.pass(Milliseconds{8'000});
  CHECK(missing() == json::value(json::array{}));
}

TEST_CASE("who was never seen since no call was left for them is told for what it is, with when to ask again") {
  Desk desk;
  desk.doors->house.calls_per_minute = 6;   // one at once, five in a minute
  desk.listed(desk.address, "c7");
  const auto show = [&] { return json::parse_object(desk.run(desk.panel->show(desk.caller(desk.agent), "")).value()).value(); };
  CHECK(show().at("missing") == json::value(json::array{}));
  desk.shows(desk.reporter, "reporter@example.com");
  desk.pass(Milliseconds{8'000});
  const auto answer = show();
  CHECK(answer.at("missing") == json::value(json::array{json::object{{"what", "presence"}, {"why", "provider_rate_limited"}, {"retryAfter", 5}}}));
  CHECK(desk.standing() == "online");   // who was seen a moment ago stands as then
  CHECK(desk.seen(desk.agent, desk.reporter).at("standing") == "unknown");
  const auto refused = desk.run(desk.reach->launch(desk.caller(desk.agent), desk.reporter, LaunchMode::chat));
  CHECK(refused.error().code == "provider_rate_limited");
  CHECK(refused.error().retry_after > Milliseconds{3'990});
  desk.pass(Milliseconds{5'000});
  CHECK(show().at("missing") == json::value(json::array{}));
  CHECK(desk.seen(desk.agent, desk.reporter).at("standing") == "not_contact");
}

TEST_CASE("who is left out of an issue with too many people is told, and it is nothing that passes") {
  Desk desk;
  desk.shows(AccountId{"quiet"}, "");
  desk.tickets.taking_part = {desk.users.known[AccountId{"quiet"}]};
  desk.tickets.more_take_part = true;
  for (std::size_t n = 0; n <= ports::kMostRosterAuthors; ++n) {
    desk.tickets.authors.push_back({.person = Desk::person(AccountId{"person-" + std::to_string(n)}, ""), .at = desk.clock.now() - Milliseconds{static_cast<std::int64_t>(n)}});
  }
  const auto missing = [&] { return json::parse_object(desk.run(desk.panel->show(desk.caller(desk.agent), "")).value())->at("missing"); };
  const json::object participants{{"what", "participants"}, {"why", "too_many_people"}, {"shown", 1}};
  CHECK(missing() == json::value(json::array{participants}));
  while (!is<Done>(desk.run(desk.rosters->read(desk.row("roster.read", "10001"))))) {}
  CHECK(missing() == json::value(json::array{json::object{{"what", "commenters"}, {"why", "too_many_people"}, {"shown", ports::kMostRosterAuthors}}, participants}));
}

// Every question outside that a panel may ask, by now.
std::size_t calls(const Desk& desk) {
  return desk.contacts.asked.size() + desk.contacts.looked_at.size() + desk.users.people_asked.size() + desk.users.addresses_asked.size() + desk.tickets.pages_asked.size() +
         static_cast<std::size_t>(desk.tickets.participants_asked + desk.permissions.asked);
}

TEST_CASE("looking again and again at a panel on which nothing changes costs no call outside") {
  Desk desk;
  desk.listed(desk.address, "c7");
  auto caller = desk.caller(desk.agent);
  caller.call.service_project = true;   // as the token says
  REQUIRE(desk.run(desk.panel->show(caller, "")));
  CHECK(calls(desk) == 7);   // rights; two pages; participants; people; addresses; contacts
  for (int i = 0; i < 20; ++i) REQUIRE(desk.run(desk.panel->show(caller, "")));
  CHECK(calls(desk) == 7);
}

TEST_CASE("a token that does not say what kind of project it is costs the participants, and not the comments a second time") {
  Desk desk;
  REQUIRE(desk.run(desk.panel->show(desk.caller(desk.agent), "")));
  CHECK(desk.tickets.participants_asked == 1);
  CHECK(desk.tickets.pages_asked.size() == 2);
}

}  // namespace
}  // namespace belay::desk
