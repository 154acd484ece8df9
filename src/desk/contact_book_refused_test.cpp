// An address that the provider takes for none, among others that are good.
#include "desk/contact_book_stage_test.hpp"
#include "net/runtime.hpp"

namespace belay::desk {
namespace {

// ---- an address that the provider takes for none ----

TEST_CASE("one address that is refused darkens nobody else's: it is found in ever smaller calls, remembered, and left out") {
  for (const std::size_t guilty : {0U, 17U, 49U}) {
    CAPTURE(guilty);
    BookDesk desk;
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
  BookDesk desk{4};   // one call at once, and three more in a minute
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
  BookDesk desk;
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
  BookDesk desk;
  desk.contacts.not_taken = {apart(0)};
  desk.contacts.list = {contact_at(accented(0), "c0")};
  CHECK(desk.look(both_forms(desk, 1)).by_address.at(accented(0)).contact->id == ContactId{"c0"});
  desk.contacts.not_taken = {apart(1), accented(1)};
  auto both = desk.wanted({accented(1)});
  both.written[accented(1)].insert(apart(1));
  CHECK(desk.look(both).by_address.at(accented(1)).refused);
}

TEST_CASE("a look for one round ends with the refusal, and names what is not known; the guilty one is found with nobody waiting") {
  BookDesk desk;
  desk.contacts.list = {contact_at(address(20), "c20")};
  desk.contacts.not_taken = {address(17)};
  desk.contacts.before_answer = [] { return net::sleep_for(Milliseconds{20}); };
  std::size_t calls_when_answered = 0;
  const auto seen = desk.run([](BookDesk& one, std::size_t& calls) -> Task<ContactsSeen> {
    auto found = co_await one.contact_book->look(one.wanted(addresses(50)), kPatient, Rounds::one);
    calls = one.calls();
    const auto found_out = [&] { return std::ranges::find(one.contacts.asked, std::vector{address(17)}) != one.contacts.asked.end(); };
    for (int times = 0; times < 500 && !found_out(); ++times) co_await net::sleep_for(Milliseconds{10});
    CHECK(found_out());
    co_await one.contact_book->look(one.wanted(addresses(50)), kPatient);   // whatever is under way
    co_return found;
  }(desk, calls_when_answered));
  CHECK(calls_when_answered <= 3);   // the whole list, and the halves of it that are begun
  CHECK(seen.by_address.empty());
  REQUIRE(seen.failure);
  CHECK(seen.failure->code == "not_answered_yet");
  const auto before = desk.calls();
  const auto known = desk.look(desk.wanted(addresses(50)), Milliseconds{0});
  CHECK(known.by_address.size() == 50);
  CHECK(known.by_address.at(address(17)).refused);
  CHECK(known.by_address.at(address(20)).contact);
  CHECK(desk.calls() == before);
}

}  // namespace
}  // namespace belay::desk
