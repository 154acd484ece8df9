// Jira or the provider takes its time while people are matched. What is slow is held at a gate that the test opens.
#include "desk/matching_stage_test.hpp"

namespace belay::desk {
namespace {

Task<void> rung(Bell& bell) { co_await bell.wait(kPatient); }

struct SlowDesk : MatchingDesk {
  Bell gate;
  const AccountId ana{"ana"};
  const AccountId ben{"ben"};
  SlowDesk() {
    somebody(ana, "ana@example.com");
    somebody(ben, "");
    listed("ana@example.com", "c1");
    contacts.before_answer = [] { return a_moment(); };
  }
  static Task<void> a_moment() {
    Bell nobody;
    co_await nobody.wait(Milliseconds{20});
  }
  Task<MatchedPeople> look(Milliseconds patience) {
    return matching->match(caller(agent), {.reporter = ana, .assignee = ben, .request = false, .participants = {}, .commenters = {}}, facts, patience);
  }
  MatchingFacts facts;
  int go(Task<int> (*what)(SlowDesk&)) {
    write([&](ports::UnitOfWork& unit) { facts = matching_facts(unit, installation, agent, provider.name(), {}, provider.display_name()); });
    return run(what(*this));
  }
  std::function<Task<void>()> at_gate() {
    return [this] { return rung(gate); };
  }
};

Task<int> addresses_hang(SlowDesk& desk) {
  desk.users.before_addresses = desk.at_gate();
  for (int question = 0; question < 3; ++question) {   // a panel that opens, and then stays open
    const auto matched = co_await desk.look(Milliseconds{800});
    CAPTURE(question);
    CHECK_FALSE(matched.people_failure);
    CHECK_FALSE(matched.presence_failure);
    CHECK(matched.addresses_failure);
    REQUIRE(matched.people.size() == 2);
    CHECK(matched.people[0].standing == support::Standing::online);
    CHECK(matched.people[0].as_of == desk.clock.now());
    CHECK(matched.people[1].standing == support::Standing::address_not_shared);
    desk.clock.time += Milliseconds{8'000};
  }
  desk.gate.ring();
  const auto matched = co_await desk.look(kPatient);
  CHECK_FALSE(matched.addresses_failure);
  co_return 0;
}

TEST_CASE("addresses for the app that do not come keep nobody's presence from coming, in a panel that opens and in one that is open") {
  SlowDesk desk;
  desk.go(addresses_hang);
}

Task<int> people_hang(SlowDesk& desk) {
  co_await desk.look(kPatient);
  desk.clock.time += Milliseconds{8'000};
  const auto asked = desk.contacts.asked.size();
  desk.users.before_answer = desk.at_gate();
  const auto matched = co_await desk.look(Milliseconds{800});
  CHECK(matched.people_failure->code == "jira_unreachable");
  CHECK(matched.people_as_of == desk.clock.now() - Milliseconds{8'000});
  CHECK_FALSE(matched.presence_failure);
  CHECK(matched.people[0].standing == support::Standing::online);
  CHECK(matched.people[0].as_of == desk.clock.now());
  CHECK(desk.contacts.asked.size() == asked + 1);
  desk.gate.ring();
  co_await desk.look(kPatient);
  co_return 0;
}

TEST_CASE("while Jira does not say who they are, those who are known are asked about, once") {
  SlowDesk desk;
  desk.go(people_hang);
}

Task<int> no_time_left(SlowDesk& desk) {
  co_await desk.look(kPatient);
  desk.clock.time += Milliseconds{8'000};
  desk.contacts.before_answer = desk.at_gate();
  const auto matched = co_await desk.look(Milliseconds{20});
  CHECK(matched.presence_failure->code == "not_answered_yet");
  CHECK(matched.good_until == Time{});
  CHECK(matched.people[0].standing == support::Standing::online);
  CHECK(matched.people[0].as_of == desk.clock.now() - Milliseconds{8'000});
  // A question that was given its time is another matter, whoever waits for it.
  const auto patient = co_await desk.look(Milliseconds{1'200});
  CHECK(patient.presence_failure->code == "provider_unreachable");
  CHECK(patient.people[0].standing == support::Standing::unknown);
  CHECK((co_await desk.look(Milliseconds{20})).people[0].standing == support::Standing::unknown);
  desk.gate.ring();
  co_await desk.look(kPatient);
  co_return 0;
}

TEST_CASE("a provider that was given no time to answer is not away: who was seen a moment ago stands as then, with the age") {
  SlowDesk desk;
  desk.go(no_time_left);
}

}  // namespace
}  // namespace belay::desk
