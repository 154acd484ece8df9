// Who takes part in a request: whom Jira's answer counts for, and how long it is kept.
#include "desk/issue_people.hpp"

#include <boost/json/serialize.hpp>

#include "desk/stage_test.hpp"
#include "net/runtime.hpp"

namespace belay::desk {
namespace {

const Error kNotFound{.code = "not_found", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};

struct Desk : Stage {
  const AccountId outsider{"outsider"};
  const AccountId quiet{"quiet"};

  Desk() {
    for (const auto& who : {reporter, quiet}) users.known[who] = {.id = who, .name = "Name of " + who.value, .picture = {}, .time_zone = {}, .language = {}};
    tickets.taking_part = {users.known[quiet]};
  }
  Result<std::string> show(const AccountId& whose) {
    auto looking = caller(whose);
    looking.call.service_project = true;   // as the token says
    return run(panel->show(looking, ""));
  }
  bool sees_quiet(const AccountId& whose) {
    const auto shown = show(whose);
    REQUIRE(shown);
    const auto answer = json::parse_object(*shown);
    return std::ranges::any_of(answer->at("people").as_array(), [&](const auto& one) { return one.at("id").as_string() == quiet.value; });
  }
};

TEST_CASE("who may not see a request is told by Jira that there is none, and takes its participants from nobody else's panel") {
  Desk desk;
  desk.tickets.participants_down = kNotFound;
  CHECK(code_of(desk.show(desk.outsider)) == "not_found");
  CHECK(desk.tickets.participants_asked == 1);
  desk.tickets.participants_down.reset();   // for those who may
  CHECK(desk.sees_quiet(desk.agent));
  CHECK(desk.sees_quiet(desk.colleague));
  CHECK(desk.tickets.participants_asked == 2);
}

TEST_CASE("an issue of a service project that is no request costs each viewer one question a minute") {
  Desk desk;
  desk.tickets.participants_down = kNotFound;
  for (int seconds = 0; seconds < 60; seconds += 4) {
    CHECK_FALSE(desk.sees_quiet(desk.agent));
    CHECK_FALSE(desk.sees_quiet(desk.colleague));
    desk.clock.time += Milliseconds{4'000};
  }
  CHECK(desk.tickets.participants_asked == 2);
  desk.tickets.participants_down.reset();
  CHECK(desk.sees_quiet(desk.agent));
  CHECK(desk.sees_quiet(desk.colleague));
  CHECK(desk.tickets.participants_asked == 3);
}

TEST_CASE("a panel of an issue that is no request is kept as one that has participants is") {
  Desk desk;
  desk.tickets.participants_down = kNotFound;
  REQUIRE(desk.show(desk.agent));
  std::optional<ports::Roster> stored;
  desk.write([&](ports::UnitOfWork& unit) { stored = unit.rosters().find(desk.installation, desk.tickets.known.id); });
  const auto good_until = [&](const AccountId& whose) { return desk.issue_people->good_until(desk.installation, whose, desk.tickets.known.id, true, stored); };
  CHECK(good_until(desk.agent) == desk.clock.now() + kParticipantsLife);
  CHECK(good_until(desk.colleague) == Time{});
}

// ---- more participants than a page holds ----

struct Crowd : Desk {
  std::vector<json::object> lines;   // what is missing
  bool more = false;

  Crowd() {
    tickets.taking_part.clear();
    tickets.before_further = [] { return net::sleep_for(Milliseconds{20}); };
    for (int n = 0; n < 120; ++n) tickets.taking_part.push_back(one("p" + std::to_string(n)));
  }
  support::Person one(const std::string& id) {
    support::Person person;
    person.id = AccountId{id};
    person.name = "Name of " + id;
    users.known[person.id] = person;
    return person;
  }
  Caller looking() const {
    auto who = caller(agent);
    who.call.service_project = true;
    return who;
  }
  Task<Result<std::string>> show_then_wait(Caller whose) {
    auto answer = co_await panel->show(whose, "");
    const ports::Call call{.installation = installation, .trace_id = {}, .deadline = kLongPatience, .api_base_url = {}};
    co_await issue_people->participants(call, agent, tickets.known.id, Extent::all);
    co_return answer;
  }
  json::object answer_for(const Caller& whose) { return json::parse_object(*run(show_then_wait(whose))).value(); }
  // How many participants the panel shows. When this returns all of them have been read.
  std::size_t shown() {
    const auto answer = answer_for(looking());
    more = answer.at("more").as_bool();
    lines.clear();
    for (const auto& line : answer.at("missing").as_array()) lines.push_back(line.as_object());
    return static_cast<std::size_t>(std::ranges::count_if(answer.at("people").as_array(), [](const auto& person) { return std::string_view(person.at("id").as_string()).starts_with("p"); }));
  }
};

TEST_CASE("a panel waits for the first page of participants alone; the rest is read once and is there at the next look") {
  Crowd crowd;
  CHECK(crowd.shown() == 50);
  CHECK(crowd.more);
  CHECK(crowd.lines.empty());
  CHECK(crowd.shown() == 120);
  CHECK_FALSE(crowd.more);
  for (int seconds = 0; seconds < 56; seconds += 8) {
    crowd.clock.time += Milliseconds{8'000};
    CHECK(crowd.shown() == 120);
  }
  CHECK(crowd.tickets.participants_asked == 1);
  CHECK(crowd.tickets.further_asked == 1);
}

TEST_CASE("when participants are read anew nobody leaves the list before it is certain that they are gone") {
  Crowd crowd;
  crowd.shown();
  CHECK(crowd.shown() == 120);
  crowd.clock.time += kParticipantsLife;
  crowd.tickets.taking_part.pop_back();
  CHECK(crowd.shown() == 120);
  CHECK(crowd.more);
  CHECK(crowd.shown() == 119);
  CHECK_FALSE(crowd.more);
}

TEST_CASE("further participants that do not come are said to be missing, and asked for again after two seconds") {
  Crowd crowd;
  crowd.tickets.further_down = Error{.code = "jira_unreachable", .cause = {}, .detail = {}, .retryable = true, .retry_after = {}};
  CHECK(crowd.shown() == 50);
  CHECK(crowd.shown() == 50);
  CHECK_FALSE(crowd.more);
  CHECK(crowd.lines == std::vector{json::object{{"what", "participants"}, {"why", "jira_unreachable"}}});
  CHECK(crowd.tickets.participants_asked == 1);
  crowd.tickets.further_down.reset();
  crowd.clock.time += Milliseconds{2'000};
  CHECK(crowd.shown() == 50);
  CHECK(crowd.shown() == 120);
  CHECK(crowd.lines.empty());
}

TEST_CASE("whoever is looked for by name is waited for, however far behind they stand; who is not there is nobody") {
  Crowd crowd;
  const auto wish = [&](const std::string& who) {
    SessionWish wanted;
    wanted.customer.account = AccountId{who};
    return crowd.run(crowd.sessions->create(crowd.looking(), wanted));
  };
  CHECK(wish("p119"));
  crowd.clock.time += kParticipantsLife;
  CHECK(code_of(wish("somebody")) == "invalid_field");
}

TEST_CASE("a token that is wrong about the project costs no further round: the participants are there at the next look") {
  Crowd crowd;
  auto looking = crowd.caller(crowd.agent);
  looking.call.service_project = false;
  const auto first = crowd.answer_for(looking);
  CHECK(first.at("more").as_bool());
  CHECK_FALSE(boost::json::serialize(first.at("people")).contains("\"p0\""));
  CHECK(boost::json::serialize(crowd.answer_for(looking).at("people")).contains("\"p0\""));
}

}  // namespace
}  // namespace belay::desk
