// Where people stand, through the books and the storage, against the tables of docs/people.md written down a second time
// (support/standing_table_test.hpp). The world is drawn at random; what follows from it is worked out here, from the rules alone.
#include "desk/matching.hpp"

#include <rapidcheck.h>

#include "desk/link_state.hpp"
#include "desk/stage_test.hpp"
#include "support/address.hpp"
#include "support/standing_table_test.hpp"

namespace belay::desk {
namespace {

namespace table = support::table;
using support::LaunchMode;
using support::Presence;

constexpr Milliseconds kPatient{10'000};
constexpr Milliseconds kHour{3'600'000};
const ProviderAccountId kMine{"u1"};   // the agent's account at the provider

Error error(std::string code) { return {.code = std::move(code), .cause = {}, .detail = {}, .retryable = true, .retry_after = {}}; }

// ---- the world, as it is drawn ----

// What the agent's list holds for one address, or for one id.
struct Listed {
  std::string id;
  std::string user;
  Presence presence = Presence::offline;
  std::optional<std::vector<LaunchMode>> modes;
};

struct Place {
  std::string address;            ///< as the provider writes it
  std::optional<Listed> contact;
  bool invited = false;
};

struct Somebody {
  AccountId id;
  bool active = true;
  bool app = false;
  bool deleted = false;
  int shown = -1;                 ///< which place the profile's address leads to; -1: hidden
  int given = -1;                 ///< the same, of what Jira gives to the app
  std::string link = "none";      ///< none, linked, without_address, ending
  int link_place = 0;
  bool link_is_theirs = true;     ///< the contact at that address is the account that was linked
  std::string mapping = "none";   ///< none, address, own_contact, own_contact_gone, others_found, others_missing, others_nameless
  int mapping_place = 0;
  std::string invitation = "none";   ///< none, pending, today, old, failed; an old one: pending_again, failed_again
};

struct World {
  std::vector<Place> places;
  std::vector<Somebody> people;
  bool scope_granted = true;
  std::string licence = "eligible";   ///< eligible, free, inactive
  bool policy_lists = false;          ///< the admin lists "Corporate"
  std::string agent = "linked";       ///< linked, none, expired, ending
  std::string provider = "answers";   ///< at the second look: answers, away, slow_down
  bool seen_before = true;            ///< there was a first look, when all was well
  std::vector<std::pair<std::size_t, Presence>> later;   ///< what changed between the looks
};

std::string spelled(const std::string& address, int how) {
  auto text = address;
  if (how == 1) text[0] = static_cast<char>(std::toupper(text[0]));
  if (how == 2) std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (how == 3) text = "  " + text + "\t";
  return text;
}

template <class... Text>
std::string one_of(Text... text) { return *rc::gen::element(std::string(text)...); }
bool mostly() { return *rc::gen::weightedElement<bool>({{5, true}, {1, false}}); }

World draw() {
  World world;
  const auto presence = [] { return *rc::gen::element(Presence::online, Presence::busy, Presence::away, Presence::offline); };
  for (int n = 0; n < 4; ++n) {
    Place place{.address = "place" + std::to_string(n) + "@example.com", .contact = {}, .invited = false};
    const auto kind = one_of("contact", "contact", "invited", "nobody");
    place.invited = kind == "invited";
    if (kind == "contact") {
      place.contact = Listed{.id = "c" + std::to_string(10 + n), .user = *rc::gen::arbitrary<bool>() ? "u" + std::to_string(10 + n) : std::string(), .presence = presence(), .modes = {}};
      if (*rc::gen::arbitrary<bool>()) {
        place.contact->modes.emplace();
        for (const auto mode : {LaunchMode::chat, LaunchMode::call, LaunchMode::control, LaunchMode::present}) {
          if (*rc::gen::arbitrary<bool>()) place.contact->modes->push_back(mode);
        }
      }
    }
    world.places.push_back(std::move(place));
  }
  const auto place = [] { return *rc::gen::inRange(0, 4); };
  const auto count = *rc::gen::inRange(1, 6);
  for (int n = 0; n < count; ++n) {
    Somebody one;
    one.id = AccountId{n == 0 && !mostly() ? "agent" : "person-" + std::to_string(n)};
    one.active = mostly();
    one.app = !mostly() && *rc::gen::arbitrary<bool>();
    one.deleted = !mostly() && *rc::gen::arbitrary<bool>();
    if (*rc::gen::arbitrary<bool>()) one.shown = place();
    if (*rc::gen::arbitrary<bool>()) one.given = place();
    one.link = one_of("none", "none", "none", "linked", "without_address", "ending");
    one.link_place = place();
    one.link_is_theirs = mostly();
    one.mapping = one_of("none", "none", "none", "address", "own_contact", "others_found", "others_nameless", "own_contact_gone", "others_missing");
    one.mapping_place = place();
    one.invitation = one_of("none", "none", "pending", "today", "old", "failed", "pending_again", "failed_again");
    world.people.push_back(std::move(one));
  }
  world.scope_granted = mostly();
  world.policy_lists = *rc::gen::arbitrary<bool>();
  world.licence = mostly() ? "eligible" : one_of("free", "inactive");
  world.agent = mostly() ? "linked" : one_of("none", "expired", "ending");
  world.provider = one_of("answers", "answers", "away", "slow_down");
  world.seen_before = mostly();
  for (std::size_t n = 0; n < world.places.size(); ++n) {
    if (*rc::gen::arbitrary<bool>()) world.later.emplace_back(n, presence());
  }
  return world;
}

// ---- the rules, worked out from the drawing ----

// Tried in this order, the first that answers wins.
struct TieRow { std::string_view if_link, if_mapping, if_shown, if_given, tied; };
constexpr TieRow kTies[]{
    // link     mapping            shown  given  tied by
    {"linked", "*",               "*",   "*",   "linked_account"},
    {"*",      "address",         "*",   "*",   "mapping"},
    {"*",      "own_contact",     "*",   "*",   "mapping"},
    {"*",      "others_found",    "*",   "*",   "mapping"},
    {"*",      "*",               "yes", "*",   "profile_address"},
    {"*",      "*",               "*",   "yes", "jira_address"},
    {"*",      "*",               "*",   "*",   "nothing"},
};

std::string tied_by(const World& world, const Somebody& one) {
  const std::string shown = one.shown >= 0 ? "yes" : "no";
  const std::string given = one.given >= 0 && world.scope_granted ? "yes" : "no";
  // That a contact is gone is something that the provider says.
  const bool gone = one.mapping == "own_contact_gone" || one.mapping == "others_missing";
  const std::string mapping = gone && world.provider != "answers" && !world.seen_before ? std::string("own_contact") : one.mapping;
  const auto fits = [](std::string_view cell, std::string_view is) { return cell == "*" || cell == is; };
  for (const auto& row : kTies) {
    if (fits(row.if_link, one.link) && fits(row.if_mapping, mapping) && fits(row.if_shown, shown) && fits(row.if_given, given)) return std::string(row.tied);
  }
  return "nothing";
}

table::Situation situation(const World& world, const Somebody& one, bool old_news) {
  table::Situation of;
  of.self = one.id == AccountId{"agent"} ? "yes" : "no";
  of.account = one.active && !one.deleted ? "active" : "inactive";
  of.agent = world.agent != "linked" ? "not_linked" : world.licence == "eligible" ? "usable" : "not_eligible";
  const auto tied = tied_by(world, one);
  for (const auto* word : {"linked_account", "mapping", "profile_address", "jira_address"}) {
    if (tied == word) of.tied = word;
  }
  of.provider = world.provider == "answers" || (world.provider == "slow_down" && world.seen_before) ? "knows" : "silent";
  // Sent, or being sent, less than a day ago.
  const bool pending = one.invitation.starts_with("pending");
  of.sending = pending || one.invitation == "today" ? "today" : "free";
  if (tied == "nothing") return of;

  const auto number = tied == "linked_account" ? one.link_place : tied == "mapping" ? one.mapping_place : tied == "profile_address" ? one.shown : one.given;
  const auto& place = world.places[static_cast<std::size_t>(number)];
  const bool to_contact = one.mapping != "address" && tied == "mapping";
  if (to_contact) {
    // Tied to a contact without an address, who is always there and online: see arrange().
    of.contact = "online";
    return of;
  }
  if (pending) of.invited = "yes";
  if (place.invited) of.invited = "yes";
  if (!place.contact) return of;
  const bool somebody_else = tied == "linked_account" && !one.link_is_theirs && !place.contact->user.empty();
  if (somebody_else) return of;
  auto presence = place.contact->presence;
  if (!old_news) {
    for (const auto& [which, now] : world.later) {
      if (which == static_cast<std::size_t>(number)) presence = now;
    }
  }
  of.contact = support::to_string(presence);
  if (!place.contact->modes) return of;
  of.modes.emplace();
  for (const auto mode : *place.contact->modes) of.modes->insert(std::string(support::to_string(mode)));
  return of;
}

// ---- the world, as it is built ----

struct Desk : Stage {
  void arrange(const World& world) {
    users.known.clear();
    users.app_addresses.clear();
    if (!world.scope_granted) users.addresses_down = error("jira_forbidden");
    for (const auto& place : world.places) {
      if (place.invited) contacts.invitations.push_back(place.address);
      if (place.contact) contacts.list.push_back({.address = place.address, .contact = contact(*place.contact)});
    }
    for (const auto& one : world.people) arrange(world, one);
    arrange_agent(world);
  }

  static support::Contact contact(const Listed& listed) {
    return {.id = ContactId{listed.id}, .user = ProviderAccountId{listed.user}, .name = "Name of " + listed.id, .picture = {}, .presence = listed.presence, .supported = listed.modes};
  }

  void arrange(const World& world, const Somebody& one) {
    const auto address_at = [&](int place, int how) { return spelled(world.places[static_cast<std::size_t>(place)].address, how); };
    if (!one.deleted) {
      users.known[one.id] = {.id = one.id, .name = "Name", .picture = {}, .time_zone = {}, .language = {}, .address = one.shown < 0 ? std::string() : address_at(one.shown, one.shown),
                             .active = one.active, .app = one.app};
    }
    if (one.given >= 0) users.app_addresses[one.id] = address_at(one.given, 3 - one.given);
    const auto& linked = world.places[static_cast<std::size_t>(one.link_place)];
    const std::string theirs = linked.contact && !linked.contact->user.empty() ? linked.contact->user : "u90";
    write([&](ports::UnitOfWork& unit) {
      if (one.link != "none" && one.id != agent) {
        ports::AccountLink link;
        link.id = LinkId{"link-of-" + one.id.value};
        link.installation = installation;
        link.account = one.id;
        link.provider = provider.name();
        link.at_provider = {.id = ProviderAccountId{one.link_is_theirs ? theirs : "u91"}, .name = {}, .email = one.link == "without_address" ? std::string() : address_at(one.link_place, 2),
                            .company = {}, .picture = {}, .licence = {}};
        if (one.link == "ending") link.ending_since = clock.now();
        unit.links().put(link);
      }
      if (one.mapping != "none") unit.mappings().put(mapping(world, one));
      if (one.invitation != "none") {
        ports::ContactInvitation invitation{.installation = installation, .agent = agent, .person = one.id, .provider = provider.name(), .issue = tickets.known.id,
                                            .asked_at = clock.now() - kHour, .sent_at = {}, .last_error = {}};
        if (one.invitation == "today") invitation.sent_at = clock.now() - kHour;
        if (one.invitation == "old") invitation.asked_at = clock.now() - 25 * kHour;
        if (one.invitation == "old" || one.invitation.ends_with("again")) invitation.sent_at = clock.now() - 25 * kHour;
        if (one.invitation.starts_with("failed")) invitation.last_error = error("provider_refused");
        unit.invitations().put(invitation);
      }
    });
  }

  ports::PersonMapping mapping(const World& world, const Somebody& one) {
    ports::PersonMapping made;
    made.installation = installation;
    made.person = one.id;
    made.provider = provider.name();
    made.mapped_by = colleague;
    made.mapped_at = clock.now();
    if (one.mapping == "address") {
      made.address = world.places[static_cast<std::size_t>(one.mapping_place)].address;
      return made;
    }
    // A contact whose address nobody knows.
    const support::Contact tied{.id = ContactId{"c5" + one.id.value.substr(one.id.value.size() - 1)}, .user = ProviderAccountId{"u5" + one.id.value.substr(one.id.value.size() - 1)},
                                .name = "Tied " + one.id.value, .picture = {}, .presence = Presence::online, .supported = {}};
    const bool there = one.mapping == "own_contact" || one.mapping == "others_found";
    if (there) contacts.list.push_back({.address = "secret-" + one.id.value + "@example.net", .contact = tied});
    const bool own = one.mapping == "own_contact" || one.mapping == "own_contact_gone";
    made.contact = own ? tied.id : ContactId{"c99999"};
    made.contact_owner = own ? kMine : ProviderAccountId{"u2"};
    made.contact_user = one.mapping == "others_nameless" ? ProviderAccountId{} : tied.user;
    made.contact_name = tied.name;
    return made;
  }

  void arrange_agent(const World& world) {
    if (world.policy_lists) keep_settings([](support::Settings& settings) { settings.eligible_licences = support::ListedLicences{{"corporate"}}; });
    change_link(agent, [&](ports::AccountLink& link) {
      link.at_provider.licence = {.type = "Corporate", .active = world.licence != "inactive", .paid = true};
      if (world.licence == "free") link.at_provider.licence = {.type = "Free", .active = true, .paid = false};
      link.expired = world.agent == "expired";
      if (world.agent == "ending") link.ending_since = clock.now();
    });
    if (world.agent == "none") write([&](ports::UnitOfWork& unit) { unit.links().erase(installation, LinkId{"link-agent"}); });
  }

  MatchedPeople match(const std::vector<Somebody>& people) {
    support::NamedPeople named;
    for (const auto& one : people) named.participants.push_back(one.id);
    return match(named);
  }
  MatchedPeople match(const support::NamedPeople& named) {
    MatchingFacts facts;
    write([&](ports::UnitOfWork& unit) {
      facts = matching_facts(unit, installation, agent, provider.name(), settings_of(unit, installation, words).settings, provider.display_name());
    });
    return run(matching->match(caller(agent), named, facts, kPatient));
  }

  // One person who takes part.
  MatchedPerson one_of(const AccountId& who) {
    auto people = match(support::NamedPeople{.reporter = who, .assignee = {}, .request = false, .participants = {}, .commenters = {}}).people;
    REQUIRE(people.size() == 1);
    return people.front();
  }
  void somebody(const AccountId& who, const std::string& address) {
    users.known[who] = {.id = who, .name = "Name of " + who.value, .picture = {}, .time_zone = {}, .language = {}, .address = address};
  }
  void listed(const std::string& address, const std::string& id, Presence presence = Presence::online, const std::string& user = {}) {
    contacts.list.push_back({.address = address, .contact = {.id = ContactId{id}, .user = ProviderAccountId{user}, .name = "Name of " + id, .picture = {}, .presence = presence, .supported = {}}});
  }
};

table::Told said(const MatchedPerson& person) {
  table::Told told{.standing = std::string(support::to_string(person.standing)), .actions = {}, .disabled = {}};
  for (const auto action : person.offer.actions) told.actions.emplace_back(support::to_string(action));
  for (const auto& one : person.offer.disabled) told.disabled.emplace_back(support::to_string(one.action), one.reason);
  return told;
}

TEST_CASE("for random people, contacts, mappings, links and settings everybody stands where the table says, with its actions") {
  CHECK(rc::check([] {
    const auto world = draw();
    Desk desk;
    desk.arrange(world);
    if (world.seen_before) desk.match(world.people);
    desk.clock.time += Milliseconds{10'000};
    for (const auto& [which, presence] : world.later) {
      for (auto& one : desk.contacts.list) {
        if (one.address == world.places[which].address) one.contact.presence = presence;
      }
    }
    if (world.provider != "answers") desk.contacts.down = error(world.provider == "away" ? "provider_unreachable" : "provider_rate_limited");
    const auto matched = desk.match(world.people);

    std::vector<Somebody> expected;
    for (const auto& one : world.people) {
      if (one.deleted || !one.app) expected.push_back(one);   // what a deleted account was, Jira does not say
    }
    RC_ASSERT(matched.people.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const auto& person = matched.people[i];
      const auto& drawn = expected[i];
      RC_ASSERT(person.one.person.id == drawn.id);
      const auto of = situation(world, drawn, world.provider == "slow_down");
      const auto told = table::told(of);
      const auto got = said(person);
      RC_LOG() << "drawn: link " << drawn.link << ", mapping " << drawn.mapping << ", invitation " << drawn.invitation << "; tied by " << of.tied << ", provider " << world.provider << "\n";
      RC_ASSERT(got.standing == told.standing);
      RC_ASSERT(got.actions == told.actions);
      RC_ASSERT(got.disabled == told.disabled);

      const auto view = person_view(person, desk.clock.now());
      // What only the app was given is nowhere in what is told.
      const bool usable = of.agent == "usable" && of.self == "no" && of.account == "active";
      RC_ASSERT(boost::json::serialize(view).find("place") == std::string::npos || drawn.mapping == "address");
      if (usable && of.tied != "nothing") RC_ASSERT(view.at("matchedBy").as_string() == of.tied);
      else RC_ASSERT(!view.contains("matchedBy"));
      if (of.provider == "silent" && !world.seen_before) RC_ASSERT(!view.contains("presence"));
    }
  }));
}

TEST_CASE("nobody is asked about who cannot be reached anyway: oneself, apps, the deactivated, and nobody at all without a usable link") {
  Desk desk;
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
  Desk desk;
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
const std::string kSharpS = "stra\xC3\x9F" "e@example.com";

TEST_CASE("an address that stands in the same form on both sides is found, whatever the form, and whoever told it") {
  for (const auto& written : {kTwoPieces, kUnicodeDomain, kUnicodeCapital, kSharpS}) {
    CAPTURE(written);
    Desk shown;
    shown.somebody(AccountId{"ana"}, "  " + written + "\n");
    shown.listed(written, "c1");
    CHECK(shown.one_of(AccountId{"ana"}).standing == support::Standing::online);
    CHECK(shown.one_of(AccountId{"ana"}).address == *support::normal_address(written));
    REQUIRE(shown.contacts.asked.size() == 1);
    CHECK(shown.contacts.asked[0] == std::vector{*support::normal_address(written), written});

    Desk given;
    given.somebody(AccountId{"ana"}, "");
    given.users.app_addresses[AccountId{"ana"}] = written;
    given.listed(written, "c1");
    CHECK(given.one_of(AccountId{"ana"}).standing == support::Standing::online);
    CHECK(given.one_of(AccountId{"ana"}).facts.matched_by == support::MatchedBy::app);

    Desk linked;
    linked.somebody(linked.colleague, "");
    linked.link(linked.colleague);
    linked.change_link(linked.colleague, [&](ports::AccountLink& link) {
      link.at_provider.id = ProviderAccountId{"u2"};
      link.at_provider.email = written;
    });
    linked.listed(written, "c1", Presence::busy, "u2");
    CHECK(linked.one_of(linked.colleague).standing == support::Standing::busy);

    Desk invited;
    invited.somebody(AccountId{"ana"}, written);
    invited.contacts.invitations = {written};
    CHECK(invited.one_of(AccountId{"ana"}).standing == support::Standing::invited);
  }
}

TEST_CASE("two people who write one address each in another way are the same contact, in whichever form the provider has it") {
  const std::string one_piece = "REN\xC3\x89@example.com";
  for (const auto& listed : {kTwoPieces, one_piece, *support::normal_address(kTwoPieces)}) {
    CAPTURE(listed);
    Desk desk;
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
    Desk desk;
    desk.somebody(AccountId{"ana"}, address);
    CHECK(desk.one_of(AccountId{"ana"}).standing == support::Standing::address_not_shared);
    CHECK(desk.contacts.asked.empty());
  }
  Desk desk;
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
  Desk desk;
  desk.somebody(AccountId{"ana"}, "ana@example.com");
  desk.users.app_addresses[AccountId{"ana"}] = "ana@example.com";
  CHECK(desk.one_of(AccountId{"ana"}).facts.matched_by == support::MatchedBy::profile);
  CHECK(said(desk.one_of(AccountId{"ana"})).actions == std::vector<std::string>{"add", "map", "create_session"});
}

TEST_CASE("an address with a comma, or none that can be one, is nobody's address, and is asked of nobody") {
  Desk desk;
  for (const auto* address : {"\"a,b\"@example.com", "ana@example.com,eve@example.com", "ana", "", "@", "a b@example.com"}) {
    desk.somebody(AccountId{std::string("who-") + address}, address);
    CHECK(desk.one_of(AccountId{std::string("who-") + address}).standing == support::Standing::address_not_shared);
  }
  CHECK(desk.contacts.asked.empty());
}

TEST_CASE("who linked an account themselves is found by that account's address, and by nobody else who has it now") {
  Desk desk;
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
  Desk desk;
  desk.somebody(AccountId{"ana"}, "ana@example.com");
  desk.listed("ana@example.com", "c1");
  CHECK(said(desk.one_of(AccountId{"ana"})) == table::Told{"online", {"chat", "call", "control", "present", "create_session"}, {}});
}

TEST_CASE("an invitation of which the provider knows nothing any more is none: the person is simply no contact again") {
  Desk desk;
  desk.somebody(AccountId{"ana"}, "ana@example.com");
  desk.write([&](ports::UnitOfWork& unit) {
    unit.invitations().put({.installation = desk.installation, .agent = desk.agent, .person = AccountId{"ana"}, .provider = desk.provider.name(), .issue = IssueId{"10001"},
                            .asked_at = desk.clock.now() - kHour, .sent_at = desk.clock.now() - kHour, .last_error = {}});
  });
  CHECK(desk.one_of(AccountId{"ana"}).standing == support::Standing::not_contact);
}

TEST_CASE("what the provider said before Belay sent an invitation says nothing about it: the person is invited until it is asked again") {
  Desk desk;
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
  Desk desk;
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
  Desk desk;
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
}

// ---- what is slow ----

Task<void> rung(Bell& bell) { co_await bell.wait(kPatient); }

struct SlowDesk : Desk {
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

TEST_CASE("a Jira that does not say who they are: those who are known are shown, and the panel is told that some are missing") {
  Desk desk;
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
  Desk desk;
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
  Desk desk;
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
  Desk desk;
  desk.somebody(AccountId{"ana"}, "a,b@example.com");
  desk.users.app_addresses[AccountId{"ana"}] = "ana@example.com";
  const auto one = desk.one_of(AccountId{"ana"});
  CHECK(one.standing == support::Standing::not_contact);
  CHECK_FALSE(one.facts.problem);
}

TEST_CASE("names of any kind are told as they are") {
  Desk desk;
  for (const auto& name : {std::string("\xD9\x8A\xD8\xA7\xD8\xB3\xD9\x85\xD9\x8A\xD9\x86"), std::string("\xF0\x9F\x91\xA9\xF0\x9F\x8F\xBD\xE2\x80\x8D\xF0\x9F\x9A\x80"), std::string(255, 'n'), std::string("<img src=x onerror=alert(1)> {{name}}"), std::string()}) {
    desk.somebody(AccountId{"odd"}, "odd@example.com");
    desk.users.known[AccountId{"odd"}].name = name;
    desk.clock.time += Milliseconds{8'000};
    CHECK(person_view(desk.one_of(AccountId{"odd"}), desk.clock.now()).at("name").as_string() == name);
  }
}

// ---- ties to contacts ----

ports::PersonMapping tie(const Desk& desk, const AccountId& who, const std::string& contact, const std::string& owner, const std::string& user) {
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

TEST_CASE("somebody tied to a contact who is gone, and who shows no address, has shared none") {
  Desk desk;
  desk.somebody(AccountId{"ana"}, "");
  desk.write([&](ports::UnitOfWork& unit) { unit.mappings().put(tie(desk, AccountId{"ana"}, "c7", "u1", "u7")); });
  const auto person = desk.one_of(AccountId{"ana"});
  CHECK(said(person) == table::Told{"address_not_shared", {"map", "create_session"}, {}});
  CHECK(person_view(person, desk.clock.now()).contains("mapping"));   // so that it can be undone
}

TEST_CASE("a tie to a contact who is gone does not hide the address that the profile shows") {
  Desk desk;
  desk.somebody(AccountId{"ana"}, "ana@example.com");
  desk.write([&](ports::UnitOfWork& unit) { unit.mappings().put(tie(desk, AccountId{"ana"}, "c7", "u1", "u7")); });
  const auto person = desk.one_of(AccountId{"ana"});
  CHECK(person.facts.matched_by == support::MatchedBy::profile);
  CHECK(said(person) == table::Told{"not_contact", {"add", "map", "create_session"}, {}});
}

TEST_CASE("a colleague's tie to somebody who is not in this agent's list does not hide the address that the profile shows") {
  Desk desk;
  desk.somebody(AccountId{"ana"}, "ana@example.com");
  desk.listed("ana@example.com", "c1", Presence::online, "u8");   // another account of hers
  desk.write([&](ports::UnitOfWork& unit) { unit.mappings().put(tie(desk, AccountId{"ana"}, "c7", "u2", "u7")); });
  const auto person = desk.one_of(AccountId{"ana"});
  CHECK(person.facts.matched_by == support::MatchedBy::profile);
  CHECK(person.standing == support::Standing::online);
}

TEST_CASE("a colleague's tie is worth the same to an agent who has the same person under another id") {
  Desk desk;
  desk.somebody(AccountId{"ana"}, "");
  desk.contacts.list.push_back({.address = "x@example.com", .contact = {.id = ContactId{"c1"}, .user = ProviderAccountId{"u7"}, .name = "Name of c7", .picture = {}, .presence = Presence::away, .supported = {}}});
  desk.write([&](ports::UnitOfWork& unit) { unit.mappings().put(tie(desk, AccountId{"ana"}, "c7", "u2", "u7")); });
  const auto person = desk.one_of(AccountId{"ana"});
  CHECK(person.standing == support::Standing::away);
  CHECK(person.facts.contact->id == ContactId{"c1"});
  CHECK(person.facts.matched_by == support::MatchedBy::mapping);
}

TEST_CASE("the same id in a colleague's list is somebody else: it is not looked up in this one") {
  Desk desk;
  desk.somebody(AccountId{"ana"}, "");
  desk.listed("stranger@example.com", "c7", Presence::online, "u99");
  desk.write([&](ports::UnitOfWork& unit) { unit.mappings().put(tie(desk, AccountId{"ana"}, "c7", "u2", "")); });
  CHECK(desk.one_of(AccountId{"ana"}).standing == support::Standing::address_not_shared);
}

}  // namespace
}  // namespace belay::desk
