// What is known about accounts, for how long, and what it costs Jira.
#include "desk/people_book.hpp"

#include "desk/stage_test.hpp"

namespace belay::desk {
namespace {

constexpr Milliseconds kPatient{10'000};
constexpr Milliseconds kMinute{60'000};
const Error kAway{.code = "jira_unreachable", .cause = {}, .detail = {}, .retryable = true, .retry_after = {}};
const Error kForbidden{.code = "jira_forbidden", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
const Error kRefused{.code = "jira_refused", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
const Error kNoToken{.code = "jira_token_missing", .cause = {}, .detail = {}, .retryable = true, .retry_after = {}};

struct Desk : Stage {
  const AccountId ana{"ana"};
  const AccountId ben{"ben"};

  Desk() {
    add(ana, "ana@example.com");
    add(ben, "");
  }
  void add(const AccountId& who, const std::string& address) {
    users.known[who] = {.id = who, .name = "Name of " + who.value, .picture = {}, .time_zone = {}, .language = {}, .address = address};
  }
  PeopleSeen look(std::vector<AccountId> who, Milliseconds patience = kPatient) { return run(people_book->look(installation, std::move(who), "trace", patience)); }
  PersonSeen one(const AccountId& who) {
    const auto seen = look({who});
    REQUIRE(seen.people.contains(who));
    return seen.people.at(who);
  }
  [[nodiscard]] std::size_t calls() const { return users.people_asked.size(); }
  [[nodiscard]] std::size_t address_calls() const { return users.addresses_asked.size(); }
  void pass(Milliseconds time) { clock.time += time; }
};

/// The first `showing` of them show an address.
std::vector<AccountId> crowd(Desk& desk, std::size_t count, std::size_t showing = SIZE_MAX) {
  std::vector<AccountId> all;
  for (std::size_t n = 0; n < count; ++n) {
    all.push_back(AccountId{"person-" + std::to_string(n)});
    desk.add(all.back(), n < showing ? all.back().value + "@example.com" : "");
  }
  return all;
}

Task<void> do_now(std::function<void()> what) {
  what();
  co_return;
}

Task<void> rung(Bell& gate) { co_await gate.wait(kPatient); }

Task<void> look_into(Desk& desk, std::optional<PeopleSeen>& seen, std::vector<AccountId> who, Milliseconds patience) {
  seen = co_await desk.people_book->look(desk.installation, std::move(who), "trace", patience);
}

Task<int> together(std::vector<Task<void>> tasks) {
  co_await all_of(std::move(tasks));
  co_return 0;
}

// ---- asking ----

TEST_CASE("people and their addresses are asked for once each, whoever looks, as many together as Jira takes, and not again within the life") {
  Desk desk;
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
  Desk desk;
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

Task<int> past_the_one_that_hangs(Desk& desk, Bell& gate, std::vector<AccountId> who) {
  const auto seen = co_await desk.people_book->look(desk.installation, who, "trace", Milliseconds{50});
  CHECK(seen.people.size() == 210);
  CHECK(seen.late);
  gate.ring();
  const auto later = co_await desk.people_book->look(desk.installation, who, "trace", kPatient);
  CHECK(later.people.size() == 300);
  co_return 0;
}

TEST_CASE("one that hangs keeps nobody of the others back") {
  Desk desk;
  const auto who = crowd(desk, 300);
  Bell gate;
  desk.users.before_answer = [&] { return desk.calls() == 2 ? rung(gate) : do_now([] {}); };
  desk.run(past_the_one_that_hangs(desk, gate, who));
}

TEST_CASE("who is known is not asked for with those who are not") {
  Desk desk;
  desk.look({desk.ana});
  desk.look({desk.ana, desk.ben});
  REQUIRE(desk.calls() == 2);
  CHECK(desk.users.people_asked[1] == std::vector{desk.ben});
  CHECK(desk.users.addresses_asked[1] == std::vector{desk.ben});
}

TEST_CASE("nobody to look at: nothing is asked") {
  Desk desk;
  CHECK(desk.look({}).people.empty());
  CHECK(desk.calls() == 0);
}

TEST_CASE("what other answers bring along need not be asked for, addresses of the app aside") {
  Desk desk;
  desk.people_book->note(desk.installation, desk.users.known[desk.ana]);
  CHECK(desk.one(desk.ana).person->address == "ana@example.com");
  CHECK(desk.calls() == 0);
  CHECK(desk.address_calls() == 1);
  desk.people_book->note(desk.installation, support::Person{});   // nobody
}

TEST_CASE("two who look at the same moment ask once") {
  Desk desk;
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

Task<int> impatient_then_patient(Desk& desk, Bell& gate) {
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
  Desk desk;
  Bell gate;
  desk.users.before_answer = [&] { return rung(gate); };
  desk.run(impatient_then_patient(desk, gate));
}

// ---- whose address ----

TEST_CASE("an address that somebody hides is gone at the next look of a panel") {
  Desk desk;
  CHECK(desk.one(desk.ana).person->address == "ana@example.com");
  desk.users.known[desk.ana].address.clear();
  desk.pass(Milliseconds{8'000});
  CHECK(desk.one(desk.ana).person->address.empty());
  CHECK(desk.one(desk.ana).app_address.empty());
}

TEST_CASE("what Jira gives to the app alone is kept apart from what the profile shows, in its normal form") {
  Desk desk;
  desk.users.app_addresses = {{desk.ana, "Ana@Example.com"}, {desk.ben, "Ben@B\xC3\xBC" "cher.example"}};
  CHECK(desk.one(desk.ana).app_address == "ana@example.com");
  CHECK(desk.one(desk.ben).app_address == "ben@xn--bcher-kva.example");
  CHECK(desk.one(desk.ben).person->address.empty());
  desk.users.app_addresses = {{desk.ana, "no address, at all"}};
  desk.pass(Milliseconds{601'000});
  CHECK(desk.one(desk.ana).app_address.empty());
}

TEST_CASE("an address of the app is told by the very look that asked for it, though time passes until Jira answers, and by every later one") {
  Desk desk;
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
  Desk desk;
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
    Desk desk;
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
    Desk desk;
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
  Desk desk;
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
    Desk desk;
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
  Desk desk;
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
  Desk desk;
  desk.users.app_addresses = {{desk.ben, "ben@example.com"}};
  desk.look({desk.ben});
  desk.users.addresses_down = kAway;
  desk.pass(Milliseconds{601'000});
  CHECK(desk.one(desk.ben).app_address.empty());
}

TEST_CASE("nobody is in memory ten minutes after the last look, also where nobody looks at the site again") {
  Desk desk;
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
  Desk desk;
  desk.look({desk.ana});
  desk.pass(-600 * kMinute);
  for (int minute = 0; minute < 10; ++minute) {
    desk.people_book->tidy();
    desk.pass(kMinute);
  }
  CHECK(desk.people_book->held().sites == 0);
}

TEST_CASE("with the last of its people a site does not lose the pause that Jira asked for") {
  Desk desk;
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

Task<int> tidied_under_way(Desk& desk, Bell& gate) {
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
  Desk desk;
  Bell gate;
  desk.users.before_answer = [&] { return rung(gate); };
  desk.run(tidied_under_way(desk, gate));
}

// ---- who is gone ----

TEST_CASE("a deleted account is known to be gone, and is not asked for at every look") {
  Desk desk;
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
  Desk desk;
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
  Desk desk;
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
  Desk desk;
  desk.users.down = Error{.code = "jira_rate_limited", .cause = {}, .detail = {}, .retryable = true, .retry_after = Milliseconds{30'000}};
  for (int seconds = 0; seconds < 30; seconds += 2) {
    CHECK(desk.look({desk.ana}).failure);
    desk.pass(Milliseconds{2'000});
  }
  CHECK(desk.calls() == 1);
  desk.users.down.reset();
  CHECK_FALSE(desk.look({desk.ana}).failure);
}

// ---- life ----

// Jira counts one point for a call and two for each user it reads.
double points(const Desk& desk, std::size_t from) {
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
    Desk desk;
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
  Desk desk;
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
  Desk desk;
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
  Desk desk;
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

// ---- whose ----

TEST_CASE("one installation's people are never another's") {
  Desk desk;
  desk.look({desk.ana});
  const InstallationId other{"other"};
  CHECK(desk.people_book->good_until(other, {desk.ana}) == Time{});
  desk.users.known[desk.ana].name = "Ana over there";
  CHECK(desk.run(desk.people_book->look(other, {desk.ana}, "trace", kPatient)).people.at(desk.ana).person->name == "Ana over there");
  CHECK(desk.one(desk.ana).person->name == "Name of ana");
}

TEST_CASE("an installation that goes while somebody waits leaves them with nothing, at once") {
  Desk desk;
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
