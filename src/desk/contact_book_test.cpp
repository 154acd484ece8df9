// The book of contacts, and the bell that wakes who waits for it. What is under way is held at a gate that the test opens: nobody sleeps.
#include "desk/contact_book.hpp"

#include <rapidcheck.h>

#include "desk/stage_test.hpp"

namespace belay::desk {
namespace {

using support::Presence;

constexpr Milliseconds kPatient{10'000};
const Error kAway{.code = "provider_unreachable", .cause = {}, .detail = {}, .retryable = true, .retry_after = {}};

Error slow_down(Milliseconds after) { return {.code = "provider_rate_limited", .cause = {}, .detail = {}, .retryable = true, .retry_after = after}; }

std::string address(std::size_t n) { return "person-" + std::to_string(n) + "@example.com"; }

std::vector<std::string> addresses(std::size_t count, std::size_t from = 0) {
  std::vector<std::string> all;
  for (std::size_t n = from; n < from + count; ++n) all.push_back(address(n));
  return all;
}

ports::ContactAt contact_at(std::string at, std::string id, Presence presence = Presence::online, std::string user = {}, std::string name = "A contact") {
  return {.address = std::move(at), .contact = {.id = ContactId{std::move(id)}, .user = ProviderAccountId{std::move(user)}, .name = std::move(name), .picture = {}, .presence = presence, .supported = {}}};
}

struct Desk : Stage {
  // As many calls as anybody may wish for, but where a test says otherwise.
  explicit Desk(std::size_t calls_a_minute = 100'000) { doors->house.calls_per_minute = calls_a_minute; }

  ContactsWanted wanted(std::vector<std::string> at, std::vector<ContactKey> contacts_by_id = {}) const {
    return {.link = {.installation = installation, .account = agent}, .owner = ProviderAccountId{"u1"}, .addresses = std::move(at), .contacts = std::move(contacts_by_id), .trace_id = "trace"};
  }
  ContactsSeen look(ContactsWanted what, Milliseconds patience = kPatient) { return run(contact_book->look(std::move(what), patience)); }
  ContactsSeen look(std::vector<std::string> at) { return look(wanted(std::move(at))); }
  [[nodiscard]] std::size_t calls() const { return contacts.asked.size(); }
  void pass(Milliseconds time) { clock.time += time; }
};

// Nobody gets past before it is opened.
class Gate {
 public:
  Task<void> pass() {
    ++waiting_;
    while (!open_) co_await bell_.wait(kPatient);
  }
  void open() {
    open_ = true;
    bell_.ring();
  }
  [[nodiscard]] int waiting() const { return waiting_; }

 private:
  Bell bell_;
  bool open_ = false;
  int waiting_ = 0;
};

std::function<Task<void>()> at(Gate& gate) {
  return [&gate] { return gate.pass(); };
}

Task<void> do_now(std::function<void()> what) {
  what();
  co_return;
}

// All begin in this order, on one thread.
Task<int> together(std::vector<Task<void>> tasks) {
  co_await all_of(std::move(tasks));
  co_return 0;
}

Task<void> look_into(Desk& desk, std::optional<ContactsSeen>& seen, ContactsWanted wanted, Milliseconds patience) {
  seen = co_await desk.contact_book->look(std::move(wanted), patience);
}

// ---- how often ----

TEST_CASE("one call for fifty addresses, each of them once") {
  Desk desk;
  desk.contacts.list = {contact_at(address(0), "c0"), contact_at(address(119), "c119")};
  const auto seen = desk.look(addresses(120));
  REQUIRE(desk.calls() == 3);
  std::set<std::string> asked;
  for (const auto& call : desk.contacts.asked) {
    CHECK(call.size() <= 50);
    asked.insert(call.begin(), call.end());
  }
  CHECK(asked.size() == 120);
  CHECK(seen.by_address.size() == 120);
  CHECK(seen.by_address.at(address(0)).contact->id == ContactId{"c0"});
  CHECK(seen.by_address.at(address(119)).contact->id == ContactId{"c119"});
  CHECK_FALSE(seen.by_address.at(address(1)).contact);
  CHECK_FALSE(seen.failure);
}

TEST_CASE("fifty are one call, and one more is two") {
  for (const auto& [count, calls] : {std::pair<std::size_t, std::size_t>{1, 1}, {50, 1}, {51, 2}, {100, 2}, {101, 3}}) {
    Desk desk;
    desk.look(addresses(count));
    CHECK(desk.calls() == calls);
  }
}

TEST_CASE("nobody to ask about: nothing is asked") {
  Desk desk;
  const auto seen = desk.look(addresses(0));
  CHECK(desk.calls() == 0);
  CHECK_FALSE(seen.failure);
}

// Written with the accent apart, which is not the normal form.
std::string accented(std::size_t n) { return "ren\xC3\xA9-" + std::to_string(n) + "@example.com"; }
std::string apart(std::size_t n) { return "rene\xCC\x81-" + std::to_string(n) + "@example.com"; }

ContactsWanted both_forms(const Desk& desk, std::size_t count) {
  auto wanted = desk.wanted({});
  for (std::size_t n = 0; n < count; ++n) {
    wanted.addresses.push_back(accented(n));
    wanted.written[accented(n)].insert(apart(n));
  }
  return wanted;
}

TEST_CASE("an address in two forms takes two places of the fifty, and is found in either") {
  for (const auto& [count, calls] : {std::pair<std::size_t, std::size_t>{1, 1}, {25, 1}, {26, 2}, {60, 3}}) {
    CAPTURE(count);
    Desk desk;
    desk.contacts.list = {contact_at(accented(0), "c0")};
    desk.contacts.list.push_back(contact_at(apart(count - 1), "c1"));
    desk.contacts.invitations = {apart(count / 2)};
    const auto seen = desk.look(both_forms(desk, count));
    CHECK(desk.calls() == calls);
    std::set<std::string> asked;
    for (const auto& call : desk.contacts.asked) {
      CHECK(call.size() <= 50);
      asked.insert(call.begin(), call.end());
    }
    CHECK(asked.size() == 2 * count);
    CHECK(seen.by_address.size() == count);
    CHECK(seen.by_address.at(accented(count - 1)).contact->id == ContactId{"c1"});
    CHECK(seen.by_address.at(accented(count / 2)).invited);
    if (count > 1) CHECK(seen.by_address.at(accented(0)).contact->id == ContactId{"c0"});
    desk.look(both_forms(desk, count));
    CHECK(desk.calls() == calls);
  }
}

TEST_CASE("that nobody is there, the provider has to say of every form") {
  for (const std::string there : {"nobody", "normal", "written"}) {
    CAPTURE(there);
    Desk desk;
    auto wanted = desk.wanted(addresses(49));
    wanted.addresses.push_back(accented(0));
    wanted.written[accented(0)].insert(apart(0));
    if (there != "nobody") desk.contacts.list = {contact_at(there == "normal" ? accented(0) : apart(0), "c0")};
    // The first call asks for the normal forms, and the second for the one that was written.
    desk.contacts.before_answer = [&] {
      return do_now([&] { desk.contacts.down = desk.calls() == 1 ? std::nullopt : std::optional(kAway); });
    };
    const auto seen = desk.look(wanted);
    CHECK(desk.calls() == 2);
    CHECK(seen.failure);
    CHECK(seen.by_address.size() == (there == "normal" ? 50 : 49));
    CHECK(seen.by_address.contains(accented(0)) == (there == "normal"));
    CHECK(desk.contact_book->good_until(wanted) == Time{});
    desk.contacts.before_answer = nullptr;
    desk.contacts.down.reset();
    desk.pass(Milliseconds{2'000});
    CHECK(desk.look(wanted).by_address.at(accented(0)).contact.has_value() == (there != "nobody"));
  }
}

TEST_CASE("a contact who left is gone, in whichever form they were found, and one who is there in two is told as seen last") {
  Desk desk;
  desk.contacts.list = {contact_at(apart(0), "c0")};
  CHECK(desk.look(both_forms(desk, 1)).by_address.at(accented(0)).contact);
  desk.contacts.list.clear();
  desk.pass(Milliseconds{2'000});
  CHECK_FALSE(desk.look(both_forms(desk, 1)).by_address.at(accented(0)).contact);
  desk.contacts.list = {contact_at(accented(0), "c0", Presence::online)};
  desk.pass(Milliseconds{2'000});
  desk.look(both_forms(desk, 1));
  desk.contacts.list[0].contact.presence = Presence::away;
  desk.pass(Milliseconds{2'000});
  desk.look({accented(0)});   // somebody else looks, in whose Jira it is written normally
  const auto seen = desk.look(both_forms(desk, 1));
  CHECK(seen.by_address.at(accented(0)).contact->presence == Presence::away);
  CHECK(seen.by_address.at(accented(0)).as_of == desk.clock.now());
}

TEST_CASE("the life stretches with the forms that are watched") {
  Desk desk{40};
  desk.look(desk.wanted(addresses(100)));
  const auto of_a_hundred = desk.contact_book->good_until(desk.wanted(addresses(100))) - desk.clock.now();
  Desk other{40};
  other.look(both_forms(other, 50));
  CHECK(other.contact_book->good_until(both_forms(other, 50)) - other.clock.now() == of_a_hundred);
  CHECK(of_a_hundred == Milliseconds{4'000});
}

TEST_CASE("a second look within the life asks nothing, whoever looks; after it, once more") {
  Desk desk;
  desk.contacts.list = {contact_at(address(0), "c0")};
  desk.look(addresses(3));
  const auto until = desk.contact_book->good_until(desk.wanted(addresses(3)));
  CHECK(until == desk.clock.now() + Milliseconds{2'000});
  for (int panel = 0; panel < 100; ++panel) CHECK(desk.look(addresses(3)).by_address.at(address(0)).contact->presence == Presence::online);
  CHECK(desk.calls() == 1);
  desk.clock.time = until - Milliseconds{1};
  desk.look(addresses(3));
  CHECK(desk.calls() == 1);
  desk.contacts.list[0].contact.presence = Presence::away;
  desk.clock.time = until;
  CHECK(desk.look(addresses(3)).by_address.at(address(0)).contact->presence == Presence::away);
  CHECK(desk.calls() == 2);
}

TEST_CASE("what has never been looked at is not good until any time") {
  Desk desk;
  CHECK(desk.contact_book->good_until(desk.wanted(addresses(1))) == Time{});
  desk.look(addresses(1));
  CHECK(desk.contact_book->good_until(desk.wanted(addresses(2))) == Time{});
}

TEST_CASE("a question takes along what else is watched and due, and nobody whom nobody looks at any more") {
  Desk desk;
  desk.look({"forgotten@example.com"});
  desk.pass(Milliseconds{71'000});
  desk.look({"old@example.com"});
  desk.pass(Milliseconds{3'000});
  desk.look({"new@example.com"});
  REQUIRE(desk.calls() == 3);
  CHECK(desk.contacts.asked.back() == std::vector<std::string>{"new@example.com", "old@example.com"});
  desk.look({"old@example.com"});
  CHECK(desk.calls() == 3);
}

TEST_CASE("there is no room for others in a call that is full") {
  Desk desk;
  desk.look({"old@example.com"});
  desk.pass(Milliseconds{5'000});
  desk.look(addresses(50));
  REQUIRE(desk.calls() == 2);
  CHECK(desk.contacts.asked.back().size() == 50);
  desk.pass(Milliseconds{5'000});
  desk.look(addresses(51));
  CHECK(desk.calls() == 4);
  CHECK(desk.contacts.asked.back().size() == 2);
}

TEST_CASE("the life stretches with who is watched, so that the calls of a minute suffice, and shrinks again") {
  Desk desk{40};
  const auto life = [&](const ContactsWanted& wanted) { return desk.contact_book->good_until(wanted) - desk.clock.now(); };
  desk.look(addresses(1));
  CHECK(life(desk.wanted(addresses(1))) == Milliseconds{2'000});
  for (int seconds = 0; seconds < 120; seconds += 8) {
    desk.look(desk.wanted(addresses(1'000)), Milliseconds{0});
    desk.pass(Milliseconds{8'000});
  }
  desk.look(desk.wanted(addresses(1)), Milliseconds{0});
  CHECK(desk.contact_book->good_until(desk.wanted(addresses(1))) - desk.clock.now() > Milliseconds{20'000});
  // Nobody looks at the many any more.
  desk.pass(Milliseconds{71'000});
  desk.look(addresses(1));
  CHECK(life(desk.wanted(addresses(1))) == Milliseconds{2'000});
}

// The most calls of any minute that began after `from`.
std::size_t most_in_a_minute(const std::vector<Time>& calls, Time from = Time{}) {
  std::size_t most = 0;
  for (std::size_t first = 0, last = 0; last < calls.size(); ++last) {
    while (calls[last] - calls[first] >= Milliseconds{60'000}) ++first;
    if (calls[first] >= from) most = std::max(most, last - first + 1);
  }
  return most;
}

// Panels that stay open for some minutes, each with people of its own, and each asks every eight seconds.
struct Crowd {
  explicit Crowd(std::size_t calls_a_minute) : desk(calls_a_minute) {}
  Desk desk;
  std::vector<Time> calls;

  void look(std::size_t people_of_each, std::size_t panel) {
    const auto before = desk.calls();
    desk.look(desk.wanted(addresses(people_of_each, panel * people_of_each)), Milliseconds{0});
    for (auto call = before; call < desk.calls(); ++call) calls.push_back(desk.clock.now());
  }
  void stay_open(std::size_t panels, std::size_t people_of_each, std::int64_t minutes) {
    const auto end = desk.clock.now() + Milliseconds{minutes * 60'000};
    const Milliseconds step{8'000 / static_cast<std::int64_t>(panels)};
    for (std::size_t panel = 0; desk.clock.now() < end; panel = (panel + 1) % panels) {
      look(people_of_each, panel);
      desk.pass(step);
    }
  }
  // How old the oldest is of what is known, and whether all are.
  std::pair<Milliseconds, bool> age(std::size_t people) {
    const auto seen = desk.look(desk.wanted(addresses(people)), Milliseconds{0});
    Milliseconds oldest{0};
    for (const auto& [at, sight] : seen.by_address) oldest = std::max(oldest, Milliseconds{desk.clock.now() - sight.as_of});
    return {oldest, seen.by_address.size() == people};
  }
};

TEST_CASE("calls a minute do not depend on how many panels are open, and never exceed what the provider takes") {
  for (const std::size_t a_minute : {6U, 30U, 120U}) {
    CAPTURE(a_minute);
    for (const std::size_t panels : {1U, 4U, 10U, 25U, 50U}) {
      CAPTURE(panels);
      Crowd crowd{a_minute};
      const auto settled = crowd.desk.clock.now() + Milliseconds{120'000};
      crowd.stay_open(panels, 1, 5);
      CHECK(most_in_a_minute(crowd.calls) <= a_minute);
      CHECK(most_in_a_minute(crowd.calls, settled) <= 31);   // one call has room for all of them, and every two seconds is often enough
      const auto [oldest, all] = crowd.age(panels);
      CHECK(all);
      CHECK(oldest <= Milliseconds{60'000 / static_cast<std::int64_t>(a_minute) * 2 + 10'000});
    }
  }
}

TEST_CASE("with more people than the calls of a minute can keep fresh, all are seen in the end, and presence only ages") {
  for (const auto& [a_minute, people] : {std::pair<std::size_t, std::size_t>{6, 300}, {6, 1'000}, {30, 5'000}, {120, 5'000}}) {
    CAPTURE(a_minute);
    CAPTURE(people);
    Crowd crowd{a_minute};
    crowd.stay_open(1, people, 15);
    CHECK(most_in_a_minute(crowd.calls) <= a_minute);
    const auto [oldest, all] = crowd.age(people);
    CHECK(all);
    const auto calls_needed = static_cast<std::int64_t>((people + 49) / 50);
    CHECK(oldest <= Milliseconds{2 * calls_needed * 60'000 / static_cast<std::int64_t>(a_minute) + 20'000});
  }
}

TEST_CASE("whoever looks at whomever, whenever: never more calls in any minute than the provider takes") {
  CHECK(rc::check([] {
    const auto a_minute = *rc::gen::inRange<std::size_t>(2, 130);
    Crowd crowd{a_minute};
    const auto looks = *rc::gen::inRange(20, 150);
    for (int i = 0; i < looks; ++i) {
      crowd.look(*rc::gen::inRange<std::size_t>(1, 120), *rc::gen::inRange<std::size_t>(0, 40));
      crowd.desk.pass(Milliseconds{*rc::gen::weightedOneOf<int>({{4, rc::gen::inRange(0, 300)}, {2, rc::gen::inRange(0, 9'000)}, {1, rc::gen::inRange(0, 90'000)}})});
    }
    RC_ASSERT(most_in_a_minute(crowd.calls) <= a_minute);
  }));
}

TEST_CASE("contacts asked for by id count as well") {
  Desk desk{12};
  std::vector<ContactKey> keys;
  for (int n = 0; n < 40; ++n) keys.push_back({.id = ContactId{"c" + std::to_string(n)}, .user = {}, .name = {}});
  const auto begun = desk.clock.now();
  while (desk.clock.now() - begun < Milliseconds{59'000}) {
    desk.look(desk.wanted({}, keys), Milliseconds{0});
    desk.pass(Milliseconds{1'000});
  }
  CHECK(desk.contacts.looked_at.size() <= 12);
  CHECK(desk.contacts.looked_at.size() >= 6);
}

TEST_CASE("who was never seen is asked for before who was seen a while ago") {
  Desk desk{4};   // one call at once
  desk.look(desk.wanted(addresses(50)), Milliseconds{0});
  desk.pass(Milliseconds{60'000});
  auto everybody = addresses(51);
  const auto seen = desk.look(desk.wanted(everybody), Milliseconds{0});
  CHECK(seen.by_address.contains(address(50)));
  CHECK(desk.calls() == 2);
}

// ---- an address that the provider takes for none ----

TEST_CASE("one address that is refused darkens nobody else's: it is found in ever smaller calls, remembered, and left out") {
  for (const std::size_t guilty : {0U, 17U, 49U}) {
    CAPTURE(guilty);
    Desk desk;
    desk.contacts.list = {contact_at(address(20), "c20")};
    desk.contacts.not_taken = {address(guilty)};
    const auto seen = desk.look(addresses(50));
    CHECK_FALSE(seen.failure);
    CHECK(seen.by_address.size() == 50);
    CHECK(seen.by_address.at(address(20)).contact->id == ContactId{"c20"});
    for (const auto& [at, sight] : seen.by_address) CHECK(sight.refused == (at == address(guilty)));
    CHECK(desk.calls() <= 13);   // 50, then twice 25, 13, 7, 4, 2, 1
    // From now on one call for all the others.
    const auto before = desk.calls();
    for (int looks = 0; looks < 20; ++looks) {
      desk.pass(Milliseconds{8'000});
      CHECK(desk.look(addresses(50)).by_address.at(address(guilty)).refused);
    }
    CHECK(desk.calls() == before + 20);
  }
}

TEST_CASE("those of a refused call keep the standing that was known") {
  Desk desk{4};   // one call at once, and three more in a minute
  desk.contacts.list = {contact_at(address(3), "c3", Presence::busy)};
  desk.look(addresses(40));
  desk.contacts.not_taken = {address(7)};
  desk.pass(Milliseconds{20'000});
  const auto seen = desk.look(addresses(40));
  CHECK_FALSE(seen.failure);
  CHECK(seen.by_address.size() == 40);
  CHECK(seen.by_address.at(address(3)).contact->presence == Presence::busy);
}

TEST_CASE("with few calls a minute the guilty one is found over some minutes, never with more calls than the provider takes") {
  Crowd crowd{6};
  crowd.desk.contacts.not_taken = {address(11), address(42)};
  crowd.stay_open(1, 50, 8);
  CHECK(most_in_a_minute(crowd.calls) <= 6);
  const auto seen = crowd.desk.look(crowd.desk.wanted(addresses(50)), Milliseconds{0});
  CHECK(seen.by_address.size() == 50);
  CHECK(std::ranges::count_if(seen.by_address, [](const auto& entry) { return entry.second.refused; }) == 2);
}

TEST_CASE("after ten minutes a refused address is tried once more, alone; a doubt about the account does not bring it back") {
  Desk desk;
  desk.contacts.not_taken = {address(1)};
  desk.look(addresses(3));
  const auto tried = [&] { return std::ranges::count_if(desk.contacts.asked, [](const auto& call) { return std::ranges::find(call, address(1)) != call.end(); }); };
  const auto before = tried();
  for (int looks = 0; looks < 8; ++looks) {
    desk.pass(Milliseconds{60'000});
    desk.contact_book->doubt(desk.installation, ProviderAccountId{"u1"});
    desk.look(addresses(3));
  }
  CHECK(tried() == before);
  desk.contacts.not_taken.clear();
  desk.pass(Milliseconds{120'000});
  CHECK_FALSE(desk.look(addresses(3)).by_address.at(address(1)).refused);
  CHECK(tried() == before + 1);
  CHECK(std::ranges::find(desk.contacts.asked, std::vector{address(1)}) != desk.contacts.asked.end());
  desk.pass(Milliseconds{8'000});
  desk.look(addresses(3));
  CHECK(desk.contacts.asked.back().size() == 3);
}

TEST_CASE("of two forms of an address one may be refused: the other one counts") {
  Desk desk;
  desk.contacts.not_taken = {apart(0)};
  desk.contacts.list = {contact_at(accented(0), "c0")};
  CHECK(desk.look(both_forms(desk, 1)).by_address.at(accented(0)).contact->id == ContactId{"c0"});
  desk.contacts.not_taken = {apart(1), accented(1)};
  auto both = desk.wanted({accented(1)});
  both.written[accented(1)].insert(apart(1));
  CHECK(desk.look(both).by_address.at(accented(1)).refused);
}

// ---- under way ----

TEST_CASE("what is being asked is waited for, not asked a second time") {
  Desk desk;
  desk.contacts.list = {contact_at(address(0), "c0")};
  Gate gate;
  desk.contacts.before_answer = at(gate);
  std::optional<ContactsSeen> first;
  std::optional<ContactsSeen> second;
  std::optional<ContactsSeen> third;
  std::vector<Task<void>> tasks;
  tasks.push_back(look_into(desk, first, desk.wanted(addresses(2)), kPatient));
  tasks.push_back(look_into(desk, second, desk.wanted(addresses(2)), kPatient));
  tasks.push_back(look_into(desk, third, desk.wanted({address(1)}), kPatient));
  tasks.push_back(do_now([&] { gate.open(); }));
  desk.run(together(std::move(tasks)));
  CHECK(desk.calls() == 1);
  for (const auto* seen : {&first, &second}) CHECK((*seen)->by_address.at(address(0)).contact->id == ContactId{"c0"});
  CHECK(third->by_address.contains(address(1)));
}

TEST_CASE("who wants more than what is being asked asks for the rest only") {
  Desk desk;
  Gate gate;
  desk.contacts.before_answer = at(gate);
  std::optional<ContactsSeen> first;
  std::optional<ContactsSeen> second;
  std::vector<Task<void>> tasks;
  tasks.push_back(look_into(desk, first, desk.wanted({address(0)}), kPatient));
  tasks.push_back(look_into(desk, second, desk.wanted(addresses(2)), kPatient));
  tasks.push_back(do_now([&] { gate.open(); }));
  desk.run(together(std::move(tasks)));
  REQUIRE(desk.calls() == 2);
  CHECK(desk.contacts.asked[1] == std::vector{address(1)});
  CHECK(second->by_address.size() == 2);
}

Task<int> impatient_then_patient(Desk& desk, Gate& gate) {
  const auto early = co_await desk.contact_book->look(desk.wanted({address(0)}), Milliseconds{1});
  CHECK(early.by_address.empty());
  CHECK(early.failure->code == "provider_unreachable");
  CHECK(desk.contact_book->good_until(desk.wanted({address(0)})) == Time{});
  const auto again = co_await desk.contact_book->look(desk.wanted({address(0)}), Milliseconds{1});
  CHECK(again.failure);
  gate.open();
  const auto late = co_await desk.contact_book->look(desk.wanted({address(0)}), kPatient);
  CHECK(late.by_address.at(address(0)).contact->id == ContactId{"c0"});
  CHECK_FALSE(late.failure);
  CHECK(desk.calls() == 1);
  co_return 0;
}

TEST_CASE("patience ends, the question goes on, and its answer is there at the next look") {
  Desk desk;
  desk.contacts.list = {contact_at(address(0), "c0")};
  Gate gate;
  desk.contacts.before_answer = at(gate);
  desk.run(impatient_then_patient(desk, gate));
}

Task<int> patience_ends_with_old_news(Desk& desk, Gate& gate) {
  co_await desk.contact_book->look(desk.wanted({address(0)}), kPatient);
  desk.pass(Milliseconds{5'000});
  desk.contacts.before_answer = at(gate);
  const auto seen = co_await desk.contact_book->look(desk.wanted({address(0)}), Milliseconds{1});
  CHECK(seen.by_address.at(address(0)).contact->presence == Presence::online);
  CHECK(desk.clock.now() - seen.by_address.at(address(0)).as_of == Milliseconds{5'000});
  CHECK(seen.failure);
  gate.open();
  const auto fresh = co_await desk.contact_book->look(desk.wanted({address(0)}), kPatient);
  CHECK(fresh.by_address.at(address(0)).as_of == desk.clock.now());
  co_return 0;
}

TEST_CASE("while an answer is late, what was known is told with its age") {
  Desk desk;
  desk.contacts.list = {contact_at(address(0), "c0")};
  Gate gate;
  desk.run(patience_ends_with_old_news(desk, gate));
}

TEST_CASE("an installation that goes while somebody waits leaves them with nothing, at once, and nothing of itself") {
  Desk desk;
  desk.contacts.list = {contact_at(address(0), "c0")};
  Gate gate;
  desk.contacts.before_answer = at(gate);
  std::optional<ContactsSeen> seen;
  std::vector<Task<void>> tasks;
  tasks.push_back(look_into(desk, seen, desk.wanted({address(0)}), kPatient));
  tasks.push_back(do_now([&] {
    desk.contact_book->forget(desk.installation);
    gate.open();
  }));
  desk.run(together(std::move(tasks)));
  CHECK(seen->by_address.empty());
  CHECK(desk.contact_book->good_until(desk.wanted({address(0)})) == Time{});
}

// ---- trouble ----

TEST_CASE("a failure is not repeated by every panel that looks") {
  Desk desk;
  desk.contacts.down = kAway;
  for (int panel = 0; panel < 50; ++panel) {
    const auto seen = desk.look({address(static_cast<std::size_t>(panel))});
    CHECK(seen.failure->code == "provider_unreachable");
    CHECK(seen.by_address.empty());
  }
  CHECK(desk.calls() == 1);
  desk.pass(Milliseconds{2'000});
  desk.look({address(0)});
  CHECK(desk.calls() == 2);
}

TEST_CASE("a pause that the provider asked for is kept, and everybody is asked for in one call when it ends") {
  Desk desk;
  desk.contacts.down = slow_down(Milliseconds{30'000});
  desk.look({address(0)});
  for (int second = 1; second < 30; ++second) {
    desk.pass(Milliseconds{1'000});
    CHECK(desk.look({address(static_cast<std::size_t>(second % 10))}).failure->code == "provider_rate_limited");
  }
  CHECK(desk.calls() == 1);
  desk.contacts.down.reset();
  desk.pass(Milliseconds{1'000});
  const auto seen = desk.look({address(0)});
  CHECK(desk.calls() == 2);
  CHECK(desk.contacts.asked.back().size() == 10);
  CHECK_FALSE(seen.failure);
}

TEST_CASE("trouble keeps what was known, with its age, and passes with the next answer") {
  Desk desk;
  desk.contacts.list = {contact_at(address(0), "c0", Presence::busy)};
  desk.look({address(0)});
  desk.contacts.down = kAway;
  desk.pass(Milliseconds{60'000});
  const auto seen = desk.look({address(0)});
  CHECK(seen.failure);
  CHECK(seen.by_address.at(address(0)).contact->presence == Presence::busy);
  CHECK(desk.clock.now() - seen.by_address.at(address(0)).as_of == Milliseconds{60'000});
  desk.contacts.down.reset();
  desk.pass(Milliseconds{2'000});
  CHECK_FALSE(desk.look({address(0)}).failure);
}

TEST_CASE("of two calls at once one fails: that some are not known is told, although the other went well, and is not tried again at once") {
  Desk desk;
  desk.contacts.before_answer = [&] {
    return do_now([&] {
      desk.contacts.down.reset();
      if (std::ranges::find(desk.contacts.asked.back(), address(0)) != desk.contacts.asked.back().end()) desk.contacts.down = kAway;
    });
  };
  const auto seen = desk.look(desk.wanted(addresses(60)), Milliseconds{0});
  CHECK(seen.by_address.size() == 10);
  CHECK(seen.failure);
  const auto before = desk.calls();
  CHECK(before == 2);
  for (int panel = 0; panel < 10; ++panel) CHECK(desk.look(desk.wanted(addresses(60)), Milliseconds{0}).failure);
  CHECK(desk.calls() == before);
}

// ---- whose ----

TEST_CASE("the book of one account is never used for another's, nor for the same account in another installation") {
  Desk desk;
  desk.contacts.lists[desk.agent] = {contact_at(address(0), "c1", Presence::online)};
  desk.contacts.lists[desk.colleague] = {contact_at(address(0), "c2", Presence::offline)};
  CHECK(desk.look({address(0)}).by_address.at(address(0)).contact->id == ContactId{"c1"});
  auto others = desk.wanted({address(0)});
  others.link.account = desk.colleague;
  others.owner = ProviderAccountId{"u2"};
  const auto seen = desk.look(others);
  CHECK(seen.by_address.at(address(0)).contact->id == ContactId{"c2"});
  CHECK(seen.by_address.at(address(0)).contact->presence == Presence::offline);
  CHECK(desk.calls() == 2);

  auto elsewhere = desk.wanted({address(0)});
  elsewhere.link.installation = InstallationId{"another"};
  CHECK(desk.contact_book->good_until(elsewhere) == Time{});
  desk.look(elsewhere);
  CHECK(desk.calls() == 3);
}

TEST_CASE("what one account waits for, or was refused, does not keep another from asking") {
  Desk desk;
  desk.contacts.down = slow_down(Milliseconds{60'000});
  desk.look({address(0)});
  desk.contacts.down.reset();
  auto others = desk.wanted({address(0)});
  others.link.account = desk.colleague;
  others.owner = ProviderAccountId{"u2"};
  CHECK_FALSE(desk.look(others).failure);
  CHECK(desk.calls() == 2);
}

// ---- how long ----

constexpr Milliseconds kMinute{60'000};

TEST_CASE("nothing of a contact list is in memory ten minutes after the last look, also where nobody looks with this account again") {
  Desk desk;
  auto others = desk.wanted({address(0)});
  others.owner = ProviderAccountId{"u2"};
  desk.look(desk.wanted(addresses(2), {{.id = ContactId{"c7"}, .user = {}, .name = {}}}));
  for (int minute = 0; minute < 10; ++minute) {
    desk.look(others);
    CHECK(desk.contact_book->held().books == (minute < 9 ? 2 : 1));
    CHECK(desk.contact_book->held().sights == (minute < 9 ? 4 : 1));
    desk.pass(kMinute);
    desk.contact_book->tidy();
  }
  desk.pass(-600 * kMinute);   // a clock that was set back keeps nobody longer
  desk.contact_book->tidy();
  CHECK(desk.contact_book->held().books == 1);
  desk.pass(10 * kMinute);
  desk.contact_book->tidy();
  CHECK(desk.contact_book->held().books == 0);
  CHECK(desk.contact_book->held().sights == 0);
}

TEST_CASE("presence that nobody looked at for ten minutes is not the last known one") {
  Desk desk;
  desk.contacts.list = {contact_at(address(0), "c0", Presence::busy)};
  desk.look({address(0)});
  desk.contacts.down = kAway;
  desk.pass(10 * kMinute);
  const auto seen = desk.look({address(0)});
  CHECK(seen.failure);
  CHECK(seen.by_address.empty());
}

TEST_CASE("with the last of its contacts an account does not lose the pause that the provider asked for") {
  Desk desk;
  desk.contacts.down = slow_down(20 * kMinute);
  desk.look({address(0)});
  desk.pass(10 * kMinute);
  desk.contact_book->tidy();
  CHECK(desk.contact_book->held().sights == 0);
  CHECK(desk.look({address(0)}).failure);
  CHECK(desk.calls() == 1);
  desk.pass(10 * kMinute);
  desk.contact_book->tidy();
  CHECK(desk.contact_book->held().books == 0);
}

Task<int> tidied_under_way(Desk& desk, Gate& gate) {
  co_await desk.contact_book->look(desk.wanted({address(0)}), Milliseconds{1});
  desk.pass(10 * kMinute);
  desk.contact_book->tidy();
  CHECK(desk.contact_book->held().sights == 1);
  gate.open();
  const auto late = co_await desk.contact_book->look(desk.wanted({address(0)}), kPatient);
  CHECK(late.by_address.contains(address(0)));
  CHECK(desk.calls() == 1);
  co_return 0;
}

TEST_CASE("what is being asked is not tidied away") {
  Desk desk;
  Gate gate;
  desk.contacts.before_answer = at(gate);
  desk.run(tidied_under_way(desk, gate));
}

// ---- the clock ----

TEST_CASE("a clock that was set back makes nothing last, neither what was seen nor a failure") {
  Desk desk;
  desk.contacts.list = {contact_at(address(0), "c0")};
  desk.look({address(0)});
  desk.pass(-Milliseconds{3'600'000});
  CHECK(desk.look({address(0)}).by_address.at(address(0)).as_of == desk.clock.now());
  CHECK(desk.calls() == 2);

  desk.contacts.down = slow_down(Milliseconds{600'000});
  desk.pass(Milliseconds{5'000});
  desk.look({address(0)});
  desk.contacts.down.reset();
  desk.pass(-Milliseconds{3'600'000});
  CHECK_FALSE(desk.look({address(0)}).failure);
  CHECK(desk.calls() == 4);
}

// ---- what is seen ----

TEST_CASE("contacts and invitations are found however the provider writes the address") {
  Desk desk;
  desk.contacts.list = {contact_at("Ada@Example.COM", "c1")};
  desk.contacts.invitations = {"Bob@EXAMPLE.com"};
  const auto seen = desk.look({"ada@example.com", "bob@example.com", "cleo@example.com"});
  CHECK(seen.by_address.at("ada@example.com").contact->id == ContactId{"c1"});
  CHECK(seen.by_address.at("bob@example.com").invited);
  CHECK_FALSE(seen.by_address.at("bob@example.com").contact);
  CHECK_FALSE(seen.by_address.at("cleo@example.com").invited);
}

TEST_CASE("an invitation that went away, and a contact who was deleted, are gone at the next answer") {
  Desk desk;
  desk.contacts.list = {contact_at("ada@example.com", "c1")};
  desk.contacts.invitations = {"bob@example.com"};
  desk.look({"ada@example.com", "bob@example.com"});
  desk.contacts.list.clear();
  desk.contacts.invitations.clear();
  desk.pass(Milliseconds{2'000});
  const auto seen = desk.look({"ada@example.com", "bob@example.com"});
  CHECK_FALSE(seen.by_address.at("ada@example.com").contact);
  CHECK_FALSE(seen.by_address.at("bob@example.com").invited);
}

TEST_CASE("a contact of one's own is asked for by id; one who is gone is an answer, not a failure") {
  Desk desk;
  desk.contacts.list = {contact_at("hidden@example.com", "c7", Presence::away)};
  const ContactKey known{.id = ContactId{"c7"}, .user = {}, .name = {}};
  const ContactKey gone{.id = ContactId{"c8"}, .user = {}, .name = {}};
  const auto seen = desk.look(desk.wanted({}, {known, gone}));
  CHECK(seen.by_contact.at(known).contact->presence == Presence::away);
  CHECK_FALSE(seen.by_contact.at(gone).contact);
  CHECK_FALSE(seen.failure);
  desk.look(desk.wanted({}, {known, gone}));
  CHECK(desk.contacts.looked_at.size() == 2);
  CHECK(desk.calls() == 0);
}

TEST_CASE("somebody tied in a colleague's list is found in this one by name and user, and nobody else of that name") {
  Desk desk;
  desk.contacts.list = {contact_at("a@example.com", "c1", Presence::online, "u77", "Sam Smith"), contact_at("b@example.com", "c2", Presence::busy, "u78", "Sam Smith"),
                        contact_at("c@example.com", "c3", Presence::away, {}, "Sam Smith")};
  const ContactKey sam{.id = {}, .user = ProviderAccountId{"u78"}, .name = "Sam Smith"};
  const ContactKey other{.id = {}, .user = ProviderAccountId{"u79"}, .name = "Sam Smith"};
  const auto seen = desk.look(desk.wanted({}, {sam, other}));
  CHECK(seen.by_contact.at(sam).contact->id == ContactId{"c2"});
  CHECK_FALSE(seen.by_contact.at(other).contact);
}

TEST_CASE("a contact that cannot be looked at is a failure, and is not asked for again at once") {
  Desk desk;
  desk.contacts.down = kAway;
  const ContactKey key{.id = ContactId{"c7"}, .user = {}, .name = {}};
  for (int i = 0; i < 10; ++i) {
    const auto seen = desk.look(desk.wanted({}, {key}));
    CHECK(seen.failure);
    CHECK(seen.by_contact.empty());
  }
  CHECK(desk.contacts.looked_at.size() == 1);
}

// ---- doubt ----

TEST_CASE("what is doubted is asked anew at the next look, and only of that account") {
  Desk desk;
  auto others = desk.wanted({address(0)});
  others.owner = ProviderAccountId{"u2"};
  desk.look({address(0)});
  desk.look(others);
  desk.contact_book->doubt(desk.installation, ProviderAccountId{"u1"});
  CHECK(desk.contact_book->good_until(desk.wanted({address(0)})) == Time{});
  desk.contacts.invitations = {address(0)};
  CHECK(desk.look({address(0)}).by_address.at(address(0)).invited);
  CHECK(desk.calls() == 3);
  desk.look({address(0)});
  desk.look(others);
  CHECK(desk.calls() == 3);
  desk.contact_book->doubt(desk.installation, ProviderAccountId{"nobody"});
}

Task<int> doubted_under_way(Desk& desk, Gate& gate) {
  std::optional<ContactsSeen> seen;
  std::vector<Task<void>> tasks;
  tasks.push_back(look_into(desk, seen, desk.wanted({address(0)}), kPatient));
  tasks.push_back(do_now([&] {
    desk.contact_book->doubt(desk.installation, ProviderAccountId{"u1"});
    gate.open();
  }));
  co_await all_of(std::move(tasks));
  co_await desk.contact_book->look(desk.wanted({address(0)}), kPatient);
  co_return 0;
}

TEST_CASE("an answer that was on its way when the doubt came is older than the doubt: it is asked anew") {
  Desk desk;
  Gate gate;
  desk.contacts.before_answer = at(gate);
  desk.run(doubted_under_way(desk, gate));
  CHECK(desk.calls() == 2);
}

// ---- the bell ----

Task<void> wait_for(Bell& bell, Milliseconds patience, std::vector<bool>& rung) { rung.push_back(co_await bell.wait(patience)); }

TEST_CASE("a bell wakes all who wait, and keeps nothing for who comes later") {
  net::Runtime runtime;
  Bell bell;
  std::vector<bool> rung;
  bell.ring();
  std::vector<Task<void>> tasks;
  for (int i = 0; i < 3; ++i) tasks.push_back(wait_for(bell, kPatient, rung));
  tasks.push_back(do_now([&] { bell.ring(); }));
  runtime.run(together(std::move(tasks)), [] {});
  CHECK(rung == std::vector<bool>{true, true, true});
  std::vector<Task<void>> late;
  late.push_back(wait_for(bell, Milliseconds{1}, rung));
  runtime.run(together(std::move(late)), [] {});
  CHECK_FALSE(rung.back());
}

TEST_CASE("a bell that goes while somebody waits lets them go in vain") {
  net::Runtime runtime;
  auto bell = std::make_unique<Bell>();
  std::vector<bool> rung;
  std::vector<Task<void>> tasks;
  tasks.push_back(wait_for(*bell, kPatient, rung));
  tasks.push_back(wait_for(*bell, kPatient, rung));
  tasks.push_back(do_now([&] { bell.reset(); }));
  runtime.run(together(std::move(tasks)), [] {});
  CHECK(rung == std::vector<bool>{false, false});
}

TEST_CASE("whoever rings for each other in a circle is heard: nobody waits who was woken") {
  net::Runtime runtime;
  Bell first;
  Bell second;
  std::vector<bool> rung;
  const auto answer = [](Bell& heard, Bell& answered, std::vector<bool>& all) -> Task<void> {
    all.push_back(co_await heard.wait(kPatient));
    answered.ring();
  };
  std::vector<Task<void>> tasks;
  tasks.push_back(wait_for(second, kPatient, rung));
  tasks.push_back(answer(first, second, rung));
  tasks.push_back(do_now([&] { first.ring(); }));
  runtime.run(together(std::move(tasks)), [] {});
  CHECK(rung == std::vector<bool>{true, true});
}

}  // namespace
}  // namespace belay::desk
