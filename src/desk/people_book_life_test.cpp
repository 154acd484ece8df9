// Whose address is known to whom, and how long anything about an account is believed and kept.
#include "desk/people_book_stage_test.hpp"

namespace belay::desk {
namespace {

// ---- whose address ----

TEST_CASE("an address that somebody hides is gone at the next look of a panel") {
  PeopleDesk desk;
  CHECK(desk.one(desk.ana).person->address == "ana@example.com");
  desk.users.known[desk.ana].address.clear();
  desk.pass(Milliseconds{8'000});
  CHECK(desk.one(desk.ana).person->address.empty());
  CHECK(desk.one(desk.ana).app_address.empty());
}

TEST_CASE("what Jira gives to the app alone is kept apart from what the profile shows, in its normal form") {
  PeopleDesk desk;
  desk.users.app_addresses = {{desk.ana, "Ana@Example.com"}, {desk.ben, "Ben@B\xC3\xBC" "cher.example"}};
  CHECK(desk.one(desk.ana).app_address == "ana@example.com");
  CHECK(desk.one(desk.ben).app_address == "ben@xn--bcher-kva.example");
  CHECK(desk.one(desk.ben).person->address.empty());
  desk.users.app_addresses = {{desk.ana, "no address, at all"}};
  desk.pass(Milliseconds{601'000});
  CHECK(desk.one(desk.ana).app_address.empty());
}

TEST_CASE("an address of the app is told by the very look that asked for it, though time passes until Jira answers, and by every later one") {
  PeopleDesk desk;
  desk.users.app_addresses = {{desk.ben, "ben@example.com"}};
  desk.users.before_answer = [&] { return do_now([&] { desk.pass(Milliseconds{300}); }); };
  for (int seconds = 0; seconds < 1'300; seconds += 8) {   // a panel stays open, and its ten minutes end twice
    CAPTURE(seconds);
    CHECK(desk.one(desk.ben).app_address == "ben@example.com");
    desk.pass(Milliseconds{8'000});
  }
  CHECK(desk.address_calls() == 3);
}

TEST_CASE("a site that did not grant the scope is asked for addresses every ten minutes, not by every panel") {
  PeopleDesk desk;
  desk.users.addresses_down = kForbidden;
  for (int seconds = 0; seconds < 590; seconds += 8) {
    const auto seen = desk.look({desk.ana, desk.ben});
    CHECK_FALSE(seen.failure);   // then what profiles show has to do
    CHECK(seen.people.at(desk.ana).person->address == "ana@example.com");
    desk.pass(Milliseconds{8'000});
  }
  CHECK(desk.address_calls() == 1);
  desk.users.addresses_down.reset();
  desk.users.app_addresses = {{desk.ben, "ben@example.com"}};
  desk.pass(Milliseconds{20'000});
  CHECK(desk.one(desk.ben).app_address == "ben@example.com");
}

// Atlassian's gateway answers 401 where the scope is not in the token, and Jira documents 400 for an app that may not ask.
TEST_CASE("other words for a scope that was not granted do not make every panel ask either") {
  for (const auto& down : {kRefused, kNoToken, kAway}) {
    CAPTURE(down.code);
    PeopleDesk desk;
    desk.users.addresses_down = down;
    for (int seconds = 0; seconds < 3'600; seconds += 8) {
      CHECK_FALSE(desk.look({desk.ana, desk.ben}).failure);
      desk.pass(Milliseconds{8'000});
    }
    CHECK(desk.address_calls() <= (down.retryable ? 64 : 10));
  }
}

TEST_CASE("a refusal that is not about the scope passes: addresses are asked for again a minute later, and what was given stays") {
  for (const auto* code : {"jira_refused", "not_found"}) {
    CAPTURE(code);
    PeopleDesk desk;
    desk.users.app_addresses = {{desk.ana, "ana@example.net"}, {desk.ben, "ben@example.net"}};
    desk.look({desk.ana});
    desk.users.addresses_down = Error{.code = code, .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
    for (int seconds = 0; seconds < 56; seconds += 8) {
      CHECK(desk.one(desk.ben).app_address.empty());
      CHECK(desk.one(desk.ana).app_address == "ana@example.net");
      desk.pass(Milliseconds{8'000});
    }
    CHECK(desk.address_calls() == 2);
    desk.users.addresses_down.reset();
    desk.pass(Milliseconds{4'000});
    CHECK(desk.one(desk.ben).app_address == "ben@example.net");
  }
}

TEST_CASE("one try in a minute at most after such a refusal, whoever looks at whom, and fewer while it stays") {
  PeopleDesk desk;
  const auto who = crowd(desk, 100);
  desk.users.addresses_down = kRefused;
  std::vector<Time> tries;
  for (int seconds = 0; seconds < 3'600; seconds += 2) {
    const auto before = desk.address_calls();
    desk.look({who[static_cast<std::size_t>(seconds / 2) % who.size()]});
    if (desk.address_calls() > before) tries.push_back(desk.clock.now());
    desk.pass(Milliseconds{2'000});
  }
  REQUIRE(tries.size() >= 6);
  for (std::size_t i = 1; i < tries.size(); ++i) {
    CHECK(tries[i] - tries[i - 1] >= kMinute);
    CHECK(tries[i] - tries[i - 1] <= 10 * kMinute);
  }
  CHECK(tries.size() <= 10);
}

TEST_CASE("addresses that did not come are asked for after two seconds, or as long as Jira said") {
  for (const auto pause : {Milliseconds{2'000}, Milliseconds{90'000}}) {
    PeopleDesk desk;
    desk.users.app_addresses = {{desk.ben, "ben@example.com"}};
    desk.users.addresses_down = kAway;
    if (pause > Milliseconds{2'000}) desk.users.addresses_down->retry_after = pause;
    desk.look({desk.ben});
    desk.users.addresses_down.reset();
    desk.pass(pause - Milliseconds{1});
    CHECK(desk.one(desk.ben).app_address.empty());
    desk.pass(Milliseconds{1});
    CHECK(desk.one(desk.ben).app_address == "ben@example.com");
    CHECK(desk.address_calls() == 2);
  }
}

TEST_CASE("an address of the app is not kept longer than its life: a scope that was taken back takes it along") {
  PeopleDesk desk;
  desk.users.app_addresses = {{desk.ben, "ben@example.com"}};
  CHECK(desk.one(desk.ben).app_address == "ben@example.com");
  desk.users.addresses_down = kForbidden;
  for (int minutes = 0; minutes < 30; ++minutes) {   // a panel stays open
    desk.pass(kMinute);
    desk.one(desk.ben);
  }
  CHECK(desk.one(desk.ben).app_address.empty());
}

TEST_CASE("whom nobody looks at any more is forgotten, address and all") {
  PeopleDesk desk;
  desk.users.app_addresses = {{desk.ben, "ben@example.com"}};
  desk.look({desk.ben});
  desk.users.addresses_down = kAway;
  desk.pass(Milliseconds{601'000});
  CHECK(desk.one(desk.ben).app_address.empty());
}

TEST_CASE("nobody is in memory ten minutes after the last look, also where nobody looks at the site again") {
  PeopleDesk desk;
  desk.users.app_addresses = {{desk.ben, "ben@example.com"}};
  const InstallationId elsewhere{"elsewhere"};
  const auto look_elsewhere = [&] { desk.run(desk.people_book->look(elsewhere, {desk.ana}, "trace", kPatient)); };
  desk.look({desk.ana, desk.ben});
  desk.people_book->note(InstallationId{"noted"}, desk.users.known[desk.ana]);
  for (int minute = 0; minute < 10; ++minute) {
    look_elsewhere();
    CHECK(desk.people_book->held().sites == (minute < 9 ? 3 : 1));
    CHECK(desk.people_book->held().people == (minute < 9 ? 4 : 1));
    desk.pass(kMinute);
    desk.people_book->tidy();
  }
  look_elsewhere();
  CHECK(desk.calls() == 12);   // who is looked at stays, and is kept true
  desk.pass(10 * kMinute);
  desk.people_book->tidy();
  CHECK(desk.people_book->held().sites == 0);
  CHECK(desk.people_book->held().people == 0);
}

TEST_CASE("a clock that was set back keeps nobody longer") {
  PeopleDesk desk;
  desk.look({desk.ana});
  desk.pass(-600 * kMinute);
  for (int minute = 0; minute < 10; ++minute) {
    desk.people_book->tidy();
    desk.pass(kMinute);
  }
  CHECK(desk.people_book->held().sites == 0);
}

TEST_CASE("with the last of its people a site does not lose the pause that Jira asked for") {
  PeopleDesk desk;
  desk.users.down = Error{.code = "jira_rate_limited", .cause = {}, .detail = {}, .retryable = true, .retry_after = 20 * kMinute};
  desk.look({desk.ana});
  desk.pass(10 * kMinute);
  desk.people_book->tidy();
  CHECK(desk.people_book->held().people == 0);
  CHECK(desk.look({desk.ana}).failure);
  CHECK(desk.calls() == 1);
  desk.pass(10 * kMinute);
  desk.people_book->tidy();
  CHECK(desk.people_book->held().sites == 0);
}

Task<int> tidied_under_way(PeopleDesk& desk, Bell& gate) {
  const auto early = co_await desk.people_book->look(desk.installation, {desk.ana}, "trace", Milliseconds{1});
  CHECK(early.people.empty());
  desk.pass(10 * kMinute);
  desk.people_book->tidy();
  CHECK(desk.people_book->held().people == 1);
  gate.ring();
  const auto late = co_await desk.people_book->look(desk.installation, {desk.ana}, "trace", kPatient);
  CHECK(late.people.contains(desk.ana));
  CHECK(desk.calls() == 1);
  co_return 0;
}

TEST_CASE("what is being asked is not tidied away") {
  PeopleDesk desk;
  Bell gate;
  desk.users.before_answer = [&] { return rung(gate); };
  desk.run(tidied_under_way(desk, gate));
}

// ---- life ----

// Jira counts one point for a call and two for each user it reads.
double points(const PeopleDesk& desk, std::size_t from) {
  double sum = 0;
  for (std::size_t i = from; i < desk.users.people_asked.size(); ++i) sum += 1 + 2 * static_cast<double>(desk.users.people_asked[i].size());
  return sum;
}

TEST_CASE("keeping people true costs at most so many points an hour, however many are looked at") {
  struct Case { std::size_t people, showing; };
  std::vector<Case> cases{{1, 1}, {5, 5}, {50, 50}, {20, 4}, {50, 0}, {300, 300}, {800, 800}, {300, 20}, {700, 100}, {800, 1}};
  cases.resize(many(cases.size(), 5));
  for (const auto& [people, showing] : cases) {
    CAPTURE(people);
    CAPTURE(showing);
    PeopleDesk desk;
    const auto who = crowd(desk, people, showing);
    const auto an_hour = [&] {
      for (int seconds = 0; seconds < 3'600; seconds += 8) {
        desk.look(who);
        desk.pass(Milliseconds{8'000});
      }
    };
    desk.look(who);
    const auto before = desk.calls();
    an_hour();
    CHECK(points(desk, before) <= 20'000);
  }
}

TEST_CASE("few people are as fresh as a panel's own pace, and nobody is believed longer than five minutes") {
  PeopleDesk desk;
  const auto life = [&](const std::vector<AccountId>& who) {
    desk.look(who);
    return desk.people_book->good_until(desk.installation, who) - desk.clock.now();
  };
  CHECK(life({desk.ana, desk.ben}) == Milliseconds{2'000});
  CHECK(life(crowd(desk, 40)) <= Milliseconds{16'000});
  CHECK(life(crowd(desk, 5'000)) == Milliseconds{300'000});
  CHECK(desk.people_book->good_until(desk.installation, {AccountId{"never"}}) == Time{});
  CHECK(desk.people_book->good_until(InstallationId{"never"}, {desk.ana}) == Time{});
}

TEST_CASE("who shows an address is looked at more often than who does not, when not all can be at a panel's own pace") {
  PeopleDesk desk;
  const auto life = [&](const std::vector<AccountId>& who, const std::vector<AccountId>& of) {
    desk.look(who);
    return desk.people_book->good_until(desk.installation, of) - desk.clock.now();
  };
  const auto few = crowd(desk, 5, 3);
  CHECK(life(few, {few.front()}) == Milliseconds{2'000});
  CHECK(life(few, {few.back()}) == Milliseconds{2'000});
  desk.pass(kMinute + kMinute);
  const auto many = crowd(desk, 20, 4);
  CHECK(life(many, {many.front()}) <= Milliseconds{2'400});   // of 20 who all show one it would be seven seconds
  CHECK(life(many, {many.back()}) <= Milliseconds{20'000});
  CHECK(life(many, {many.back()}) > Milliseconds{10'000});
}

TEST_CASE("a clock that was set back makes nothing last") {
  PeopleDesk desk;
  desk.look({desk.ana});
  desk.users.known[desk.ana].name = "Anastasia";
  desk.pass(-60 * kMinute);
  CHECK(desk.one(desk.ana).person->name == "Anastasia");
  desk.users.addresses_down = kForbidden;
  desk.pass(11 * kMinute);
  desk.look({desk.ben});
  desk.users.addresses_down.reset();
  desk.users.app_addresses = {{desk.ben, "ben@example.com"}};
  desk.pass(-60 * kMinute);
  CHECK(desk.one(desk.ben).app_address == "ben@example.com");
}

}  // namespace
}  // namespace belay::desk
