// How often the provider is asked about contacts: one call for fifty, and never more in a minute than it takes.
#include <rapidcheck.h>

#include "desk/contact_book_stage_test.hpp"

namespace belay::desk {
namespace {

// ---- how often ----

TEST_CASE("one call for fifty addresses, each of them once") {
  BookDesk desk;
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
    BookDesk desk;
    desk.look(addresses(count));
    CHECK(desk.calls() == calls);
  }
}

TEST_CASE("nobody to ask about: nothing is asked") {
  BookDesk desk;
  const auto seen = desk.look(addresses(0));
  CHECK(desk.calls() == 0);
  CHECK_FALSE(seen.failure);
}

TEST_CASE("an address in two forms takes two places of the fifty, and is found in either") {
  for (const auto& [count, calls] : {std::pair<std::size_t, std::size_t>{1, 1}, {25, 1}, {26, 2}, {60, 3}}) {
    CAPTURE(count);
    BookDesk desk;
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
    BookDesk desk;
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
  BookDesk desk;
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
  BookDesk desk{40};
  desk.look(desk.wanted(addresses(100)));
  const auto of_a_hundred = desk.contact_book->good_until(desk.wanted(addresses(100))) - desk.clock.now();
  BookDesk other{40};
  other.look(both_forms(other, 50));
  CHECK(other.contact_book->good_until(both_forms(other, 50)) - other.clock.now() == of_a_hundred);
  CHECK(of_a_hundred == Milliseconds{4'000});
}

TEST_CASE("a second look within the life asks nothing, whoever looks; after it, once more") {
  BookDesk desk;
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
  BookDesk desk;
  CHECK(desk.contact_book->good_until(desk.wanted(addresses(1))) == Time{});
  desk.look(addresses(1));
  CHECK(desk.contact_book->good_until(desk.wanted(addresses(2))) == Time{});
}

TEST_CASE("a question takes along what else is watched and due, and nobody whom nobody looks at any more") {
  BookDesk desk;
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
  BookDesk desk;
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
  BookDesk desk{40};
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

TEST_CASE("with hundreds of panels nobody is looked at less often than others, whatever their address begins with") {
  Crowd crowd{40};
  const auto panels = many(300, 50);
  crowd.stay_open(panels, 3, 10);
  CHECK(most_in_a_minute(crowd.calls) <= 40);
  const auto [oldest, all] = crowd.age(3 * panels);
  CHECK(all);
  CHECK(oldest <= Milliseconds{36'000 + 8'000});   // 18 calls for 900 people at 30 a minute; and a panel asks every eight seconds
}

TEST_CASE("with more people than the calls of a minute can keep fresh, all are seen in the end, and presence only ages") {
  std::vector<std::pair<std::size_t, std::size_t>> cases{{6, 300}, {6, 1'000}, {30, 5'000}, {120, 5'000}};
  cases.resize(many(cases.size(), 1));
  for (const auto& [a_minute, people] : cases) {
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
    for (std::size_t n = 0; n < *rc::gen::element<std::size_t>(0, 30, 501); ++n) {
      crowd.desk.contacts.list.push_back(contact_at(address(n), "c" + std::to_string(n), Presence::online, "u" + std::to_string(n), "Name"));
    }
    for (int i = 0; i < looks; ++i) {
      std::vector<ContactKey> by_hand;
      for (auto many = *rc::gen::inRange(0, 4); many > 0; --many) {
        const auto n = std::to_string(*rc::gen::inRange(0, 60));
        if (*rc::gen::arbitrary<bool>()) by_hand.push_back({.id = ContactId{"c" + n}, .user = {}, .name = {}});
        else by_hand.push_back({.id = {}, .user = ProviderAccountId{"u" + n}, .name = *rc::gen::element<std::string>("Name", "Another name")});
      }
      crowd.look(*rc::gen::inRange<std::size_t>(1, 120), *rc::gen::inRange<std::size_t>(0, 40), std::move(by_hand));
      crowd.desk.pass(Milliseconds{*rc::gen::weightedOneOf<int>({{4, rc::gen::inRange(0, 300)}, {2, rc::gen::inRange(0, 9'000)}, {1, rc::gen::inRange(0, 90'000)}})});
    }
    RC_ASSERT(most_in_a_minute(crowd.calls) <= a_minute);
  }));
}

std::vector<ContactKey> tied(std::size_t count, std::size_t from = 0) {
  std::vector<ContactKey> keys;
  for (auto n = from; n < from + count; ++n) keys.push_back({.id = ContactId{"c" + std::to_string(n)}, .user = {}, .name = {}});
  return keys;
}

TEST_CASE("one who is tied by hand is asked for by id; several are one call, which lists all contacts") {
  BookDesk desk;
  for (std::size_t n = 0; n < 12; ++n) desk.contacts.list.push_back(contact_at(address(n), "c" + std::to_string(n), Presence::online, "u" + std::to_string(100 + n), "Name"));
  desk.look(desk.wanted({}, tied(1)));
  CHECK(desk.contacts.looked_at.size() == 1);
  CHECK(desk.contacts.names_asked.empty());
  desk.pass(Milliseconds{8'000});
  auto keys = tied(13);   // one is gone
  keys.push_back({.id = {}, .user = ProviderAccountId{"u103"}, .name = "Name"});   // tied in a colleague's list
  const auto seen = desk.look(desk.wanted({}, keys));
  CHECK(desk.contacts.looked_at == std::vector{ContactId{"c0"}, ContactId{"c12"}});   // the one who is gone
  CHECK(desk.contacts.names_asked == std::vector<std::string>{""});
  REQUIRE(seen.by_contact.size() == 14);
  for (std::size_t n = 0; n < 12; ++n) CHECK(seen.by_contact.at(keys[n]).contact->id == keys[n].id);
  CHECK_FALSE(seen.by_contact.at(keys[12]).contact);
  CHECK(seen.by_contact.at(keys[13]).contact->id == ContactId{"c3"});
  CHECK(seen.by_contact.at(keys[13]).as_of == desk.clock.now());
  CHECK_FALSE(seen.failure);
}

TEST_CASE("however many are tied by hand, they are as fresh as others") {
  BookDesk desk{40};
  for (std::size_t n = 0; n < 12; ++n) desk.contacts.list.push_back(contact_at(address(n), "c" + std::to_string(n)));
  const auto begun = desk.clock.now();
  Milliseconds oldest{0};
  while (desk.clock.now() - begun < Milliseconds{180'000}) {
    const auto seen = desk.look(desk.wanted({}, tied(12)), Milliseconds{0});
    CHECK(seen.by_contact.size() == 12);
    for (const auto& [key, sight] : seen.by_contact) oldest = std::max(oldest, Milliseconds{desk.clock.now() - sight.as_of});
    desk.pass(Milliseconds{8'000});
  }
  CHECK(oldest <= Milliseconds{8'000});
  CHECK(desk.contacts.looked_at.size() + desk.contacts.names_asked.size() <= 24);
}

TEST_CASE("who is tied on several panels is one call for all of them") {
  BookDesk desk;
  for (std::size_t n = 0; n < 20; ++n) desk.contacts.list.push_back(contact_at(address(n), "c" + std::to_string(n)));
  desk.look(desk.wanted({}, tied(3)));
  desk.look(desk.wanted({}, tied(3, 3)));
  desk.pass(Milliseconds{1'500});
  desk.look(desk.wanted({}, tied(3, 6)));   // takes along those who will be due soon
  desk.pass(Milliseconds{1'000});
  const auto before = desk.contacts.names_asked.size();
  desk.look(desk.wanted({}, tied(6)));
  CHECK(desk.contacts.names_asked.size() == before);
}

TEST_CASE("a list with very many contacts is not read again and again: then each who is tied is asked for alone, within the calls of a minute") {
  BookDesk desk{12};
  for (std::size_t n = 0; n < 501; ++n) desk.contacts.list.push_back(contact_at(address(n), "c" + std::to_string(n)));
  const auto keys = tied(40);
  const auto begun = desk.clock.now();
  while (desk.clock.now() - begun < Milliseconds{590'000}) {
    desk.look(desk.wanted({}, keys), Milliseconds{0});
    desk.pass(Milliseconds{1'000});
  }
  CHECK(desk.contacts.names_asked.size() == 1);
  CHECK(desk.contacts.looked_at.size() <= 120);
  CHECK(desk.contacts.looked_at.size() >= 40);
}

TEST_CASE("whoever a colleague tied does not make a list with very many contacts be read again and again") {
  BookDesk desk{12};
  for (std::size_t n = 0; n < 501; ++n) desk.contacts.list.push_back(contact_at(address(n), "c" + std::to_string(n), Presence::online, "u" + std::to_string(n), "Name here"));
  const ContactKey listed{.id = {}, .user = ProviderAccountId{"u7"}, .name = "Name there"};
  const ContactKey unlisted{.id = {}, .user = ProviderAccountId{"u900"}, .name = "Name there"};
  const auto begun = desk.clock.now();
  while (desk.clock.now() - begun < Milliseconds{590'000}) {
    const auto seen = desk.look(desk.wanted({}, {listed, unlisted}), Milliseconds{0});
    CHECK(seen.by_contact.at(listed).contact.has_value());
    CHECK_FALSE(seen.by_contact.at(unlisted).contact.has_value());
    desk.pass(Milliseconds{4'000});
  }
  CHECK(std::ranges::count(desk.contacts.names_asked, "") == 1);
  CHECK(desk.contacts.names_asked.size() + desk.contacts.looked_at.size() <= 120);
}

TEST_CASE("who was never seen is asked for before who was seen a while ago") {
  BookDesk desk{4};   // one call at once
  desk.look(desk.wanted(addresses(50)), Milliseconds{0});
  desk.pass(Milliseconds{60'000});
  auto everybody = addresses(51);
  const auto seen = desk.look(desk.wanted(everybody), Milliseconds{0});
  CHECK(seen.by_address.contains(address(50)));
  CHECK(desk.calls() == 2);
}

}  // namespace
}  // namespace belay::desk
