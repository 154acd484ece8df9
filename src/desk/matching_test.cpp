// Who people are at the provider, one example a rule (docs/people.md).
#include "desk/matching_stage_test.hpp"
#include "desk/person_view.hpp"
#include "support/address.hpp"

namespace belay::desk {
namespace {

using support::LaunchMode;

TEST_CASE("nobody is asked about who cannot be reached anyway: oneself, apps, the deactivated, and nobody at all without a usable link") {
  MatchingDesk desk;
  desk.somebody(desk.agent, "agent@example.com");
  desk.somebody(AccountId{"bot"}, "bot@example.com");
  desk.users.known[AccountId{"bot"}].app = true;
  desk.somebody(AccountId{"left"}, "left@example.com");
  desk.users.known[AccountId{"left"}].active = false;
  const support::NamedPeople all{.reporter = desk.agent, .assignee = AccountId{"left"}, .request = false, .participants = {AccountId{"bot"}}, .commenters = {}};
  CHECK(desk.match(all).people.size() == 2);
  CHECK(desk.contacts.asked.empty());
  desk.somebody(AccountId{"ana"}, "ana@example.com");
  desk.change_link(desk.agent, [](ports::AccountLink& link) { link.expired = true; });
  CHECK(desk.one_of(AccountId{"ana"}).standing == support::Standing::not_linked);
  CHECK(desk.contacts.asked.empty());
}

// ---- one example a rule ----

TEST_CASE("two Jira accounts with one address are the same contact, and the address is asked for once") {
  MatchingDesk desk;
  desk.somebody(AccountId{"ana"}, "ana@example.com");
  desk.somebody(AccountId{"ana-too"}, "ANA@example.com");
  desk.listed("ana@example.com", "c1", Presence::busy);
  const auto matched = desk.match({.reporter = AccountId{"ana"}, .assignee = AccountId{"ana-too"}, .request = false, .participants = {}, .commenters = {}});
  REQUIRE(matched.people.size() == 2);
  for (const auto& person : matched.people) CHECK(person.standing == support::Standing::busy);
  REQUIRE(desk.contacts.asked.size() == 1);
  CHECK(desk.contacts.asked[0] == std::vector<std::string>{"ana@example.com"});
}

// A provider that compares addresses literally, as TeamViewer may. Two forms of one address, none of them the normal one.
const std::string kTwoPieces = "Rene\xCC\x81@example.com";                 // the accent stands apart
const std::string kUnicodeDomain = "Anna@B\xC3\xBC" "cher.example";
const std::string kUnicodeCapital = "ZO\xC3\x8B@example.com";
const std::string kSharpS = "STRA\xE1\xBA\x9E" "E@example.com";            // the capital one

TEST_CASE("an address that stands in the same form on both sides is found, whatever the form, and whoever told it") {
  for (const auto& written : {kTwoPieces, kUnicodeDomain, kUnicodeCapital, kSharpS}) {
    CAPTURE(written);
    MatchingDesk shown;
    shown.somebody(AccountId{"ana"}, "  " + written + "\n");
    shown.listed(written, "c1");
    CHECK(shown.one_of(AccountId{"ana"}).standing == support::Standing::online);
    CHECK(shown.one_of(AccountId{"ana"}).address == *support::normal_address(written));
    REQUIRE(shown.contacts.asked.size() == 1);
    CHECK(shown.contacts.asked[0] == std::vector{*support::normal_address(written), written});

    MatchingDesk given;
    given.somebody(AccountId{"ana"}, "");
    given.users.app_addresses[AccountId{"ana"}] = written;
    given.listed(written, "c1");
    CHECK(given.one_of(AccountId{"ana"}).standing == support::Standing::online);
    CHECK(given.one_of(AccountId{"ana"}).facts.matched_by == support::MatchedBy::app);

    MatchingDesk linked;
    linked.somebody(linked.colleague, "");
    linked.link(linked.colleague);
    linked.change_link(linked.colleague, [&](ports::AccountLink& link) {
      link.at_provider.id = ProviderAccountId{"u2"};
      link.at_provider.email = written;
    });
    linked.listed(written, "c1", Presence::busy, "u2");
    CHECK(linked.one_of(linked.colleague).standing == support::Standing::busy);

    MatchingDesk invited;
    invited.somebody(AccountId{"ana"}, written);
    invited.contacts.invitations = {written};
    CHECK(invited.one_of(AccountId{"ana"}).standing == support::Standing::invited);
  }
}

TEST_CASE("two people who write one address each in another way are the same contact, in whichever form the provider has it") {
  const std::string one_piece = "REN\xC3\x89@example.com";
  for (const auto& listed : {kTwoPieces, one_piece, *support::normal_address(kTwoPieces)}) {
    CAPTURE(listed);
    MatchingDesk desk;
    desk.somebody(AccountId{"ana"}, kTwoPieces);
    desk.somebody(AccountId{"ana-too"}, one_piece);
    desk.listed(listed, "c1");
    const auto matched = desk.match({.reporter = AccountId{"ana"}, .assignee = AccountId{"ana-too"}, .request = false, .participants = {}, .commenters = {}});
    REQUIRE(matched.people.size() == 2);
    for (const auto& person : matched.people) CHECK(person.standing == support::Standing::online);
    REQUIRE(desk.contacts.asked.size() == 1);
    CHECK(desk.contacts.asked[0].size() == 3);
  }
}

TEST_CASE("the form that the provider is asked in is of no use to it with a comma, a space or a control character, or too long: then nobody is asked") {
  for (const std::string address : {"ren\xC3\xA9,eve@example.com", "ren\xC3\xA9 eve@example.com", "ren\xC3\xA9\x01@example.com", "anna@b\xC3\xBC" "cher,eve.example", "anna@b\xEF\xBC\x8C" "eve.example",
                              "anna@b\xE3\x80\x80" "eve.example", "ren\xC3\xA9\xC2\x85@example.com"}) {
    CAPTURE(address);
    MatchingDesk desk;
    desk.somebody(AccountId{"ana"}, address);
    CHECK(desk.one_of(AccountId{"ana"}).standing == support::Standing::address_not_shared);
    CHECK(desk.contacts.asked.empty());
  }
  MatchingDesk desk;
  std::string accents;
  for (int n = 0; n < 81; ++n) accents += "e\xCC\x81";   // 243 bytes, and 162 in one piece each
  desk.somebody(AccountId{"short"}, accents.substr(0, 240) + "@example.com");
  desk.somebody(AccountId{"long"}, accents + "@example.com");   // 255
  CHECK(desk.one_of(AccountId{"long"}).standing == support::Standing::address_not_shared);
  CHECK(desk.contacts.asked.empty());
  CHECK(desk.one_of(AccountId{"short"}).standing == support::Standing::not_contact);
  CHECK(desk.contacts.asked[0].size() == 2);
}

TEST_CASE("an address that the profile shows is the profile's, also where Jira gives it to the app: Add is offered") {
  MatchingDesk desk;
  desk.somebody(AccountId{"ana"}, "ana@example.com");
  desk.users.app_addresses[AccountId{"ana"}] = "ana@example.com";
  CHECK(desk.one_of(AccountId{"ana"}).facts.matched_by == support::MatchedBy::profile);
  CHECK(said(desk.one_of(AccountId{"ana"})).actions == std::vector<std::string>{"add", "map", "create_session"});
}

TEST_CASE("an address with a comma, or none that can be one, is nobody's address, and is asked of nobody") {
  MatchingDesk desk;
  for (const auto* address : {"\"a,b\"@example.com", "ana@example.com,eve@example.com", "ana", "", "@", "a b@example.com"}) {
    desk.somebody(AccountId{std::string("who-") + address}, address);
    CHECK(desk.one_of(AccountId{std::string("who-") + address}).standing == support::Standing::address_not_shared);
  }
  CHECK(desk.contacts.asked.empty());
}

TEST_CASE("who linked an account themselves is found by that account's address, and by nobody else who has it now") {
  MatchingDesk desk;
  desk.somebody(desk.colleague, "private@example.com");
  desk.link(desk.colleague);
  desk.change_link(desk.colleague, [](ports::AccountLink& link) {
    link.at_provider.id = ProviderAccountId{"u2"};
    link.at_provider.email = "Work@Example.com";
  });
  desk.listed("work@example.com", "c1", Presence::online, "u2");
  CHECK(desk.one_of(desk.colleague).standing == support::Standing::online);
  CHECK(desk.one_of(desk.colleague).facts.matched_by == support::MatchedBy::link);
  desk.contacts.list[0].contact.user = ProviderAccountId{"u3"};
  desk.clock.time += Milliseconds{8'000};
  CHECK(desk.one_of(desk.colleague).standing == support::Standing::not_contact);
  desk.contacts.list[0].contact.user = ProviderAccountId{};   // the provider does not say
  desk.clock.time += Milliseconds{8'000};
  CHECK(desk.one_of(desk.colleague).standing == support::Standing::online);
}

TEST_CASE("a contact without a user id or a list of features is a contact, and is offered everything") {
  MatchingDesk desk;
  desk.somebody(AccountId{"ana"}, "ana@example.com");
  desk.listed("ana@example.com", "c1");
  CHECK(said(desk.one_of(AccountId{"ana"})) == table::Told{"online", {"chat", "call", "control", "present", "create_session"}, {}});
}

TEST_CASE("an invitation of which the provider knows nothing any more is none: the person is simply no contact again") {
  MatchingDesk desk;
  desk.somebody(AccountId{"ana"}, "ana@example.com");
  desk.write([&](ports::UnitOfWork& unit) {
    unit.invitations().put({.installation = desk.installation, .agent = desk.agent, .person = AccountId{"ana"}, .provider = desk.provider.name(), .issue = IssueId{"10001"},
                            .asked_at = desk.clock.now() - kHour, .sent_at = desk.clock.now() - kHour, .last_error = {}});
  });
  CHECK(desk.one_of(AccountId{"ana"}).standing == support::Standing::not_contact);
}

TEST_CASE("what the provider said before Belay sent an invitation says nothing about it: the person is invited until it is asked again") {
  MatchingDesk desk;
  desk.somebody(AccountId{"ana"}, "ana@example.com");
  CHECK(desk.one_of(AccountId{"ana"}).standing == support::Standing::not_contact);
  desk.clock.time += Milliseconds{5'000};
  desk.write([&](ports::UnitOfWork& unit) {
    unit.invitations().put({.installation = desk.installation, .agent = desk.agent, .person = AccountId{"ana"}, .provider = desk.provider.name(), .issue = IssueId{"10001"},
                            .asked_at = desk.clock.now(), .sent_at = desk.clock.now(), .last_error = {}});
  });
  desk.contacts.down = error("provider_rate_limited");
  CHECK(said(desk.one_of(AccountId{"ana"})) == table::Told{"invited", {"create_session"}, {{"resend_invitation", "resend_too_early"}}});
  desk.contacts.down.reset();
  desk.clock.time += Milliseconds{65'000};
  CHECK(desk.one_of(AccountId{"ana"}).standing == support::Standing::not_contact);
}

TEST_CASE("while the provider is away the last known presence is told with its age, and the panel is not good any longer than now") {
  MatchingDesk desk;
  desk.somebody(AccountId{"ana"}, "ana@example.com");
  desk.listed("ana@example.com", "c1", Presence::away);
  desk.one_of(AccountId{"ana"});
  desk.contacts.down = error("provider_unreachable");
  desk.clock.time += Milliseconds{65'000};
  const auto matched = desk.match({.reporter = AccountId{"ana"}, .assignee = {}, .request = false, .participants = {}, .commenters = {}});
  CHECK(matched.good_until == Time{});
  CHECK(matched.presence_failure->code == "provider_unreachable");
  CHECK(matched.presence_as_of == desk.clock.now() - Milliseconds{65'000});
  const auto view = person_view(matched.people[0], desk.clock.now());
  CHECK(view.at("standing") == "unknown");
  CHECK(view.at("presence") == "away");
  CHECK(view.at("presenceAge") == 60);
  CHECK(view.at("actions").as_array().empty());
}

TEST_CASE("asked to slow down: what is known stays usable and says how old it is") {
  MatchingDesk desk;
  desk.somebody(AccountId{"ana"}, "ana@example.com");
  desk.listed("ana@example.com", "c1");
  desk.one_of(AccountId{"ana"});
  desk.contacts.down = error("provider_rate_limited");
  const auto seen_at = desk.clock.now();
  desk.clock.time += Milliseconds{31'000};
  const auto person = desk.one_of(AccountId{"ana"});
  CHECK(person.standing == support::Standing::online);
  CHECK(person_view(person, desk.clock.now()).at("presenceAge") == 30);
  CHECK(person_view(person, seen_at + Milliseconds{10'000}).at("presenceAge") == 10);
  CHECK_FALSE(person_view(person, seen_at + Milliseconds{9'999}).contains("presenceAge"));
  for (const std::int64_t age : {0, 1, 9'999, 10'000, 31'000, 3'600'000}) {
    CAPTURE(age);
    const auto now = seen_at + Milliseconds{age};
    const auto until = same_until(person, now);
    CHECK(person_view(person, now) == person_view(person, until - Milliseconds{1}));
    CHECK(person_view(person, now) != person_view(person, until));
  }
}

TEST_CASE("a Jira that does not say who they are: those who are known are shown, and the panel is told that some are missing") {
  MatchingDesk desk;
  desk.somebody(AccountId{"ana"}, "ana@example.com");
  desk.one_of(AccountId{"ana"});
  desk.users.down = error("jira_unreachable");
  desk.clock.time += Milliseconds{8'000};
  const auto matched = desk.match({.reporter = AccountId{"ana"}, .assignee = AccountId{"ben"}, .request = false, .participants = {}, .commenters = {}});
  REQUIRE(matched.people.size() == 1);
  CHECK(matched.people_failure->code == "jira_unreachable");
  CHECK(matched.good_until == Time{});
}

TEST_CASE("somebody whom Jira does not know any more is shown as a former user, with no action, and nobody is asked about them") {
  MatchingDesk desk;
  desk.somebody(AccountId{"ana"}, "ana@example.com");
  const support::NamedPeople named{.reporter = AccountId{"gone"}, .assignee = AccountId{"ana"}, .request = false, .participants = {}, .commenters = {}};
  const auto matched = desk.match(named);
  REQUIRE(matched.people.size() == 2);
  CHECK_FALSE(matched.people_failure);
  const auto view = person_view(matched.people[0], desk.clock.now());
  CHECK(view.at("former") == true);
  CHECK(view.at("standing") == "inactive");
  CHECK(view.at("actions").as_array().empty());
  CHECK(view.at("disabled").as_array().empty());
  CHECK_FALSE(person_view(matched.people[1], desk.clock.now()).contains("former"));
  CHECK(desk.contacts.asked == std::vector<std::vector<std::string>>{{"ana@example.com"}});
}

TEST_CASE("an address that is of no use is told for what it is: none at all, one that the provider does not take, the agent's own") {
  MatchingDesk desk;
  desk.change_link(desk.agent, [](ports::AccountLink& link) { link.at_provider.email = "Mara@Example.com"; });
  desk.somebody(AccountId{"ana"}, "ana@example.com");
  desk.somebody(AccountId{"ben"}, "");
  for (const auto& [address, problem] : std::vector<std::pair<std::string, std::string>>{{"a,b@example.com", "malformed"}, {"nobody", "malformed"}, {"strange@example.com", "refused"}, {"mara@EXAMPLE.com", "own"}, {" ", "none"}}) {
    CAPTURE(address);
    desk.contacts.not_taken = {"strange@example.com"};
    desk.somebody(AccountId{"ben"}, address);
    desk.clock.time += Milliseconds{10'000};
    const auto matched = desk.match({.reporter = AccountId{"ana"}, .assignee = AccountId{"ben"}, .request = false, .participants = {}, .commenters = {}});
    REQUIRE(matched.people.size() == 2);
    CHECK(support::to_string(matched.people[0].standing) == "not_contact");
    const auto view = person_view(matched.people[1], desk.clock.now());
    CHECK(view.at("standing") == "address_not_shared");
    CHECK(view.at("actions") == json::value(json::array{"map", "create_session"}));
    CHECK(view.at("disabled").as_array().empty());
    CHECK((view.contains("addressProblem") ? std::string(view.at("addressProblem").as_string()) : "none") == problem);
    CHECK(matched.good_until > desk.clock.now());
  }
  for (const auto& asked : desk.contacts.asked) CHECK(std::ranges::find(asked, "mara@example.com") == asked.end());
}

TEST_CASE("an address given to the app stands in for one that the profile shows and that is none") {
  MatchingDesk desk;
  desk.somebody(AccountId{"ana"}, "a,b@example.com");
  desk.users.app_addresses[AccountId{"ana"}] = "ana@example.com";
  const auto one = desk.one_of(AccountId{"ana"});
  CHECK(one.standing == support::Standing::not_contact);
  CHECK_FALSE(one.facts.problem);
}

TEST_CASE("names of any kind are told as they are") {
  MatchingDesk desk;
  for (const auto& name : {std::string("\xD9\x8A\xD8\xA7\xD8\xB3\xD9\x85\xD9\x8A\xD9\x86"), std::string("\xF0\x9F\x91\xA9\xF0\x9F\x8F\xBD\xE2\x80\x8D\xF0\x9F\x9A\x80"), std::string(255, 'n'), std::string("<img src=x onerror=alert(1)> {{name}}"), std::string()}) {
    desk.somebody(AccountId{"odd"}, "odd@example.com");
    desk.users.known[AccountId{"odd"}].name = name;
    desk.clock.time += Milliseconds{8'000};
    CHECK(person_view(desk.one_of(AccountId{"odd"}), desk.clock.now()).at("name").as_string() == name);
  }
}

// ---- ties to contacts ----

ports::PersonMapping tie(const MatchingDesk& desk, const AccountId& who, const std::string& contact, const std::string& owner, const std::string& user) {
  ports::PersonMapping made;
  made.installation = desk.installation;
  made.person = who;
  made.provider = desk.provider.name();
  made.contact = ContactId{contact};
  made.contact_owner = ProviderAccountId{owner};
  made.contact_user = ProviderAccountId{user};
  made.contact_name = "Name of " + contact;
  made.mapped_by = desk.colleague;
  made.mapped_at = desk.clock.now();
  return made;
}

TEST_CASE("of two questions one comes to nothing: whoever the other has told of stays where they are, until that is old too") {
  MatchingDesk desk;
  desk.somebody(AccountId{"ana"}, "ana@example.com");
  desk.somebody(AccountId{"ben"}, "");
  desk.listed("ana@example.com", "c1");
  desk.listed("elsewhere@example.net", "c2");
  desk.write([&](ports::UnitOfWork& unit) {
    unit.mappings().put(tie(desk, AccountId{"ben"}, "c2", "u1", ""));
  });
  const auto both = [&] { return desk.match({.reporter = AccountId{"ana"}, .assignee = AccountId{"ben"}, .request = false, .participants = {}, .commenters = {}}); };
  desk.contacts.contact_down = error("provider_unreachable");
  auto seen = both();
  REQUIRE(seen.people.size() == 2);
  CHECK(seen.people[0].standing == support::Standing::online);
  CHECK(seen.people[1].standing == support::Standing::unknown);
  CHECK(seen.presence_failure->code == "provider_unreachable");
  CHECK(seen.presence_lacks);

  desk.contacts.down = error("provider_unreachable");
  desk.clock.time += Milliseconds{1'999};
  CHECK(both().people[0].standing == support::Standing::online);
  desk.clock.time += Milliseconds{30'000};
  CHECK(both().people[0].standing == support::Standing::unknown);
}

TEST_CASE("somebody tied to a contact who is gone, and who shows no address, has shared none") {
  MatchingDesk desk;
  desk.somebody(AccountId{"ana"}, "");
  desk.write([&](ports::UnitOfWork& unit) { unit.mappings().put(tie(desk, AccountId{"ana"}, "c7", "u1", "u7")); });
  const auto person = desk.one_of(AccountId{"ana"});
  CHECK(said(person) == table::Told{"address_not_shared", {"map", "create_session"}, {}});
  CHECK(person_view(person, desk.clock.now()).contains("mapping"));   // so that it can be undone
}

TEST_CASE("a tie to a contact who is gone does not hide the address that the profile shows") {
  MatchingDesk desk;
  desk.somebody(AccountId{"ana"}, "ana@example.com");
  desk.write([&](ports::UnitOfWork& unit) { unit.mappings().put(tie(desk, AccountId{"ana"}, "c7", "u1", "u7")); });
  const auto person = desk.one_of(AccountId{"ana"});
  CHECK(person.facts.matched_by == support::MatchedBy::profile);
  CHECK(said(person) == table::Told{"not_contact", {"add", "map", "create_session"}, {}});
}

TEST_CASE("a colleague's tie to somebody who is not in this agent's list does not hide the address that the profile shows") {
  MatchingDesk desk;
  desk.somebody(AccountId{"ana"}, "ana@example.com");
  desk.listed("ana@example.com", "c1", Presence::online, "u8");   // another account of hers
  desk.write([&](ports::UnitOfWork& unit) { unit.mappings().put(tie(desk, AccountId{"ana"}, "c7", "u2", "u7")); });
  const auto person = desk.one_of(AccountId{"ana"});
  CHECK(person.facts.matched_by == support::MatchedBy::profile);
  CHECK(person.standing == support::Standing::online);
}

TEST_CASE("a colleague's tie is worth the same to an agent who has the same person under another id") {
  MatchingDesk desk;
  desk.somebody(AccountId{"ana"}, "");
  desk.contacts.list.push_back({.address = "x@example.com", .contact = {.id = ContactId{"c1"}, .user = ProviderAccountId{"u7"}, .name = "Name of c7", .picture = {}, .presence = Presence::away, .supported = {}}});
  desk.write([&](ports::UnitOfWork& unit) { unit.mappings().put(tie(desk, AccountId{"ana"}, "c7", "u2", "u7")); });
  const auto person = desk.one_of(AccountId{"ana"});
  CHECK(person.standing == support::Standing::away);
  CHECK(person.facts.contact->id == ContactId{"c1"});
  CHECK(person.facts.matched_by == support::MatchedBy::mapping);
}

TEST_CASE("the same id in a colleague's list is somebody else: it is not looked up in this one") {
  MatchingDesk desk;
  desk.somebody(AccountId{"ana"}, "");
  desk.listed("stranger@example.com", "c7", Presence::online, "u99");
  desk.write([&](ports::UnitOfWork& unit) { unit.mappings().put(tie(desk, AccountId{"ana"}, "c7", "u2", "")); });
  CHECK(desk.one_of(AccountId{"ana"}).standing == support::Standing::address_not_shared);
}

}  // namespace
}  // namespace belay::desk
