// The book of contacts: what is under way is waited for, what failed is told, and nothing is another account's. What is under way is held at a gate that
// the test opens: nobody sleeps.
#include "desk/contact_book_stage_test.hpp"

namespace belay::desk {
namespace {

// ---- under way ----

TEST_CASE("what is being asked is waited for, not asked a second time") {
  BookDesk desk;
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
  BookDesk desk;
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

Task<int> impatient_then_patient(BookDesk& desk, Gate& gate) {
  const auto early = co_await desk.contact_book->look(desk.wanted({address(0)}), Milliseconds{1});
  CHECK(early.by_address.empty());
  CHECK(early.failure->code == "not_answered_yet");
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
  BookDesk desk;
  desk.contacts.list = {contact_at(address(0), "c0")};
  Gate gate;
  desk.contacts.before_answer = at(gate);
  desk.run(impatient_then_patient(desk, gate));
}

Task<int> patience_ends_with_old_news(BookDesk& desk, Gate& gate) {
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
  BookDesk desk;
  desk.contacts.list = {contact_at(address(0), "c0")};
  Gate gate;
  desk.run(patience_ends_with_old_news(desk, gate));
}

TEST_CASE("an installation that goes while somebody waits leaves them with nothing, at once, and nothing of itself") {
  BookDesk desk;
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
  BookDesk desk;
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
  BookDesk desk;
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
  BookDesk desk;
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
  BookDesk desk;
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
  BookDesk desk;
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
  BookDesk desk;
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
  BookDesk desk;
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
  BookDesk desk;
  desk.contacts.list = {contact_at(address(0), "c0", Presence::busy)};
  desk.look({address(0)});
  desk.contacts.down = kAway;
  desk.pass(10 * kMinute);
  const auto seen = desk.look({address(0)});
  CHECK(seen.failure);
  CHECK(seen.by_address.empty());
}

TEST_CASE("with the last of its contacts an account does not lose the pause that the provider asked for") {
  BookDesk desk;
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

Task<int> tidied_under_way(BookDesk& desk, Gate& gate) {
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
  BookDesk desk;
  Gate gate;
  desk.contacts.before_answer = at(gate);
  desk.run(tidied_under_way(desk, gate));
}

// ---- the clock ----

TEST_CASE("a clock that was set back makes nothing last, neither what was seen nor a failure") {
  BookDesk desk;
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
  BookDesk desk;
  desk.contacts.list = {contact_at("Ada@Example.COM", "c1")};
  desk.contacts.invitations = {"Bob@EXAMPLE.com"};
  const auto seen = desk.look({"ada@example.com", "bob@example.com", "cleo@example.com"});
  CHECK(seen.by_address.at("ada@example.com").contact->id == ContactId{"c1"});
  CHECK(seen.by_address.at("bob@example.com").invited);
  CHECK_FALSE(seen.by_address.at("bob@example.com").contact);
  CHECK_FALSE(seen.by_address.at("cleo@example.com").invited);
}

TEST_CASE("an invitation that went away, and a contact who was deleted, are gone at the next answer") {
  BookDesk desk;
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
  BookDesk desk;
  desk.contacts.list = {contact_at("hidden@example.com", "c7", Presence::away)};
  const ContactKey known{.id = ContactId{"c7"}, .user = {}, .name = {}};
  const ContactKey gone{.id = ContactId{"c8"}, .user = {}, .name = {}};
  CHECK(desk.look(desk.wanted({}, {known})).by_contact.at(known).contact->presence == Presence::away);
  BookDesk other;
  const auto seen = other.look(other.wanted({}, {gone}));
  CHECK_FALSE(seen.by_contact.at(gone).contact);
  CHECK_FALSE(seen.failure);
  other.look(other.wanted({}, {gone}));
  CHECK(other.contacts.looked_at.size() == 1);
  desk.look(desk.wanted({}, {known}));
  CHECK(desk.contacts.looked_at.size() == 1);
  CHECK(desk.calls() == 0);
}

TEST_CASE("who is not in the list is asked for by id before they are called gone, once; a list that proves to be cut short is not read for a while") {
  BookDesk desk;
  desk.contacts.list = {contact_at(address(1), "c1"), contact_at(address(2), "c2")};
  const ContactKey first{.id = ContactId{"c1"}, .user = {}, .name = {}};
  const ContactKey second{.id = ContactId{"c2"}, .user = {}, .name = {}};
  const auto both = desk.wanted({}, {first, second});
  desk.look(both);
  desk.contacts.list.erase(desk.contacts.list.begin());
  for (int i = 0; i < 3; ++i) {
    desk.pass(Milliseconds{8'000});
    const auto seen = desk.look(both);
    CHECK_FALSE(seen.by_contact.at(first).contact);
    CHECK(seen.by_contact.at(second).contact);
    CHECK(desk.contacts.looked_at == std::vector{ContactId{"c1"}});
  }
  CHECK(desk.contacts.names_asked.size() == 4);
  desk.contacts.left_out_of_lists = ContactId{"c2"};
  desk.pass(Milliseconds{8'000});
  for (int i = 0; i < 3; ++i) {
    CHECK(desk.look(both).by_contact.at(second).contact);
    desk.pass(Milliseconds{8'000});
  }
  CHECK(desk.contacts.names_asked.size() == 5);
}

TEST_CASE("somebody tied in a colleague's list is found in this one by name and user, and nobody else of that name") {
  BookDesk desk;
  desk.contacts.list = {contact_at("a@example.com", "c1", Presence::online, "u77", "Sam Smith"), contact_at("b@example.com", "c2", Presence::busy, "u78", "Sam Smith"),
                        contact_at("c@example.com", "c3", Presence::away, {}, "Sam Smith")};
  const ContactKey sam{.id = {}, .user = ProviderAccountId{"u78"}, .name = "Sam Smith"};
  const ContactKey other{.id = {}, .user = ProviderAccountId{"u79"}, .name = "Sam Smith"};
  const auto seen = desk.look(desk.wanted({}, {sam, other}));
  CHECK(seen.by_contact.at(sam).contact->id == ContactId{"c2"});
  CHECK_FALSE(seen.by_contact.at(other).contact);
}

TEST_CASE("tied in a colleague's list, where they have another name than in this one, somebody is found all the same") {
  BookDesk desk;
  desk.contacts.list = {contact_at("a@example.com", "c1", Presence::online, "u77", "Sam Smith"), contact_at("b@example.com", "c2", Presence::busy, "u78", "Samuel")};
  const ContactKey sam{.id = {}, .user = ProviderAccountId{"u78"}, .name = "Sam Smith"};
  CHECK(desk.look(desk.wanted({}, {sam})).by_contact.at(sam).contact->id == ContactId{"c2"});
  CHECK(desk.contacts.names_asked == std::vector<std::string>{""});
  CHECK(desk.contacts.looked_at.empty());
  desk.pass(Milliseconds{8'000});
  CHECK(desk.look(desk.wanted({}, {sam})).by_contact.at(sam).contact->id == ContactId{"c2"});
  CHECK(desk.contacts.names_asked.size() == 1);
  CHECK(desk.contacts.looked_at == std::vector{ContactId{"c2"}});   // as they are known by now
  const ContactKey nobody{.id = {}, .user = ProviderAccountId{"u79"}, .name = "Sam Smith"};
  CHECK_FALSE(desk.look(desk.wanted({}, {nobody})).by_contact.at(nobody).contact);
  CHECK(desk.contacts.names_asked.size() == 2);

  // Added anew, they have another id.
  desk.contacts.list[1].contact.id = ContactId{"c3"};
  desk.pass(Milliseconds{8'000});
  CHECK(desk.look(desk.wanted({}, {sam})).by_contact.at(sam).contact->id == ContactId{"c3"});
}

TEST_CASE("whoever a colleague tied costs a panel one round, also where nobody in this list is that user") {
  for (const bool listed : {true, false}) {
    CAPTURE(listed);
    BookDesk desk;
    if (listed) desk.contacts.list = {contact_at("b@example.com", "c2", Presence::busy, "u78", "Samuel")};
    const ContactKey sam{.id = {}, .user = ProviderAccountId{"u78"}, .name = "Sam Smith"};
    CHECK(desk.run(desk.contact_book->look(desk.wanted({}, {sam}), kPatient, Rounds::one)).by_contact.at(sam).contact.has_value() == listed);
    CHECK(desk.contacts.names_asked.size() + desk.contacts.looked_at.size() == 1);
  }
}

TEST_CASE("a contact that cannot be looked at is a failure, and is not asked for again at once") {
  BookDesk desk;
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
  BookDesk desk;
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

Task<int> doubted_under_way(BookDesk& desk, Gate& gate) {
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
  BookDesk desk;
  Gate gate;
  desk.contacts.before_answer = at(gate);
  desk.run(doubted_under_way(desk, gate));
  CHECK(desk.calls() == 2);
}

}  // namespace
}  // namespace belay::desk
