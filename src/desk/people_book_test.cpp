// What is known about accounts, and what it costs Jira.
#include "desk/people_book_stage_test.hpp"

namespace belay::desk {
namespace {

// ---- asking ----

TEST_CASE("people and their addresses are asked for once each, whoever looks, as many together as Jira takes, and not again within the life") {
  PeopleDesk desk;
  const auto who = crowd(desk, 300);
  const auto seen = desk.look(who);
  CHECK(seen.people.size() == 300);
  CHECK_FALSE(seen.failure);
  for (int panel = 0; panel < 20; ++panel) desk.look({who[static_cast<std::size_t>(panel)]});
  CHECK(desk.calls() == 4);
  CHECK(desk.address_calls() == 4);
  CHECK(desk.users.people_asked[0].size() == ports::kMostAccountsOfACall);
  CHECK(desk.users.people_asked[3].size() == 30);
}

TEST_CASE("of questions that go out together one may fail: whoever the others tell of is known, and only the rest is asked for again") {
  PeopleDesk desk;
  const auto who = crowd(desk, 300);
  desk.users.before_answer = [&] {
    desk.users.down = desk.calls() == 2 ? std::optional(kAway) : std::nullopt;
    return do_now([] {});
  };
  const auto seen = desk.look(who);
  CHECK(seen.people.size() == 210);
  CHECK(seen.failure);
  desk.pass(Milliseconds{1'999});
  desk.look(who);
  CHECK(desk.calls() == 4);
  desk.pass(Milliseconds{1});
  const auto later = desk.look(who);
  CHECK(later.people.size() == 300);
  CHECK_FALSE(later.failure);
}

Task<int> past_the_one_that_hangs(PeopleDesk& desk, Bell& gate, std::vector<AccountId> who) {
  const auto seen = co_await desk.people_book->look(desk.installation, who, "trace", Milliseconds{50});
  CHECK(seen.people.size() == 210);
  CHECK(seen.late);
  gate.ring();
  const auto later = co_await desk.people_book->look(desk.installation, who, "trace", kPatient);
  CHECK(later.people.size() == 300);
  co_return 0;
}

TEST_CASE("one that hangs keeps nobody of the others back") {
  PeopleDesk desk;
  const auto who = crowd(desk, 300);
  Bell gate;
  desk.users.before_answer = [&] { return desk.calls() == 2 ? rung(gate) : do_now([] {}); };
  desk.run(past_the_one_that_hangs(desk, gate, who));
}

TEST_CASE("who is known is not asked for with those who are not") {
  PeopleDesk desk;
  desk.look({desk.ana});
  desk.look({desk.ana, desk.ben});
  REQUIRE(desk.calls() == 2);
  CHECK(desk.users.people_asked[1] == std::vector{desk.ben});
  CHECK(desk.users.addresses_asked[1] == std::vector{desk.ben});
}

TEST_CASE("nobody to look at: nothing is asked") {
  PeopleDesk desk;
  CHECK(desk.look({}).people.empty());
  CHECK(desk.calls() == 0);
}

TEST_CASE("what other answers bring along need not be asked for, addresses of the app aside") {
  PeopleDesk desk;
  desk.people_book->note(desk.installation, desk.users.known[desk.ana]);
  CHECK(desk.one(desk.ana).person->address == "ana@example.com");
  CHECK(desk.calls() == 0);
  CHECK(desk.address_calls() == 1);
  desk.people_book->note(desk.installation, support::Person{});   // nobody
}

TEST_CASE("two who look at the same moment ask once") {
  PeopleDesk desk;
  Bell gate;
  desk.users.before_answer = [&] { return rung(gate); };
  std::optional<PeopleSeen> first;
  std::optional<PeopleSeen> second;
  std::vector<Task<void>> tasks;
  tasks.push_back(look_into(desk, first, {desk.ana, desk.ben}, kPatient));
  tasks.push_back(look_into(desk, second, {desk.ana}, kPatient));
  tasks.push_back(do_now([&] { gate.ring(); }));
  desk.run(together(std::move(tasks)));
  CHECK(desk.calls() == 1);
  CHECK(first->people.at(desk.ana).person->name == "Name of ana");
  CHECK(second->people.at(desk.ana).person->name == "Name of ana");
}

Task<int> impatient_then_patient(PeopleDesk& desk, Bell& gate) {
  const auto early = co_await desk.people_book->look(desk.installation, {desk.ana}, "trace", Milliseconds{1});
  CHECK(early.people.empty());
  CHECK(early.failure->code == "jira_unreachable");
  gate.ring();
  const auto late = co_await desk.people_book->look(desk.installation, {desk.ana}, "trace", kPatient);
  CHECK(late.people.contains(desk.ana));
  CHECK_FALSE(late.failure);
  CHECK(desk.calls() == 1);
  co_return 0;
}

TEST_CASE("patience ends, the question goes on, and its answer is there at the next look") {
  PeopleDesk desk;
  Bell gate;
  desk.users.before_answer = [&] { return rung(gate); };
  desk.run(impatient_then_patient(desk, gate));
}

// ---- who is gone ----

TEST_CASE("a deleted account is known to be gone, and is not asked for at every look") {
  PeopleDesk desk;
  const AccountId gone{"gone"};
  for (int i = 0; i < 5; ++i) {
    const auto seen = desk.look({gone, desk.ana});
    REQUIRE(seen.people.contains(gone));
    CHECK_FALSE(seen.people.at(gone).person);
    CHECK_FALSE(seen.failure);
  }
  CHECK(desk.calls() == 1);
}

TEST_CASE("somebody who was deleted, renamed or deactivated is so at the next look of a panel") {
  PeopleDesk desk;
  desk.look({desk.ana, desk.ben});
  desk.users.known.erase(desk.ana);
  desk.users.known[desk.ben].name = "Benedict";
  desk.users.known[desk.ben].active = false;
  desk.pass(Milliseconds{8'000});
  CHECK_FALSE(desk.one(desk.ana).person);
  CHECK(desk.one(desk.ben).person->name == "Benedict");
  CHECK_FALSE(desk.one(desk.ben).person->active);
}

// ---- trouble ----

TEST_CASE("a failure is told, is not repeated by every panel, and leaves what was known") {
  PeopleDesk desk;
  desk.look({desk.ana});
  desk.pass(Milliseconds{8'000});
  desk.users.down = kAway;
  for (int panel = 0; panel < 20; ++panel) {
    const auto seen = desk.look({desk.ana, desk.ben});
    CHECK(seen.failure->code == "jira_unreachable");
    CHECK(seen.people.at(desk.ana).person->name == "Name of ana");
    CHECK_FALSE(seen.people.contains(desk.ben));
  }
  CHECK(desk.calls() == 2);
  desk.users.down.reset();
  desk.pass(Milliseconds{2'000});
  CHECK_FALSE(desk.look({desk.ana, desk.ben}).failure);
}

TEST_CASE("a pause that Jira asked for is kept") {
  PeopleDesk desk;
  desk.users.down = Error{.code = "jira_rate_limited", .cause = {}, .detail = {}, .retryable = true, .retry_after = Milliseconds{30'000}};
  for (int seconds = 0; seconds < 30; seconds += 2) {
    CHECK(desk.look({desk.ana}).failure);
    desk.pass(Milliseconds{2'000});
  }
  CHECK(desk.calls() == 1);
  desk.users.down.reset();
  CHECK_FALSE(desk.look({desk.ana}).failure);
}

// ---- whose ----

TEST_CASE("one installation's people are never another's") {
  PeopleDesk desk;
  desk.look({desk.ana});
  const InstallationId other{"other"};
  CHECK(desk.people_book->good_until(other, {desk.ana}) == Time{});
  desk.users.known[desk.ana].name = "Ana over there";
  CHECK(desk.run(desk.people_book->look(other, {desk.ana}, "trace", kPatient)).people.at(desk.ana).person->name == "Ana over there");
  CHECK(desk.one(desk.ana).person->name == "Name of ana");
}

TEST_CASE("an installation that goes while somebody waits leaves them with nothing, at once") {
  PeopleDesk desk;
  Bell gate;
  desk.users.before_answer = [&] { return rung(gate); };
  std::optional<PeopleSeen> seen;
  std::vector<Task<void>> tasks;
  tasks.push_back(look_into(desk, seen, {desk.ana}, kPatient));
  tasks.push_back(do_now([&] {
    desk.people_book->forget(desk.installation);
    gate.ring();
  }));
  desk.run(together(std::move(tasks)));
  CHECK(seen->people.empty());
  desk.users.before_answer = nullptr;
  desk.look({desk.ana});
  CHECK(desk.calls() == 2);
}

}  // namespace
}  // namespace belay::desk
