// Where people stand, through the books and the storage, against the tables of docs/people.md written down a second time
// (support/standing_table_test.hpp). The world is drawn at random; what follows from it is worked out here, from the rules alone.
#include <boost/algorithm/string/predicate.hpp>
#include <rapidcheck.h>

#include "desk/matching_stage_test.hpp"
#include "desk/person_view.hpp"

namespace belay::desk {
namespace {

using support::LaunchMode;

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
  bool own = false;               ///< it is the agent's, at the provider
  bool refused = false;           ///< the provider takes it for none
};

struct Somebody {
  AccountId id;
  bool active = true;
  bool app = false;
  bool deleted = false;
  int shown = -1;                 ///< which place the profile's address leads to; -1: hidden; -2: what stands there is none
  int given = -1;                 ///< the same, of what Jira gives to the app
  std::string link = "none";      ///< none, linked, without_address, ending
  int link_place = 0;
  bool link_is_theirs = true;     ///< the contact at that address is the account that was linked
  std::string mapping = "none";   ///< none, address, own_contact, own_contact_gone, others_found, others_missing, others_nameless
  int mapping_place = 0;
  Listed tied;                    ///< the contact that they are tied to by hand
  std::optional<Presence> tied_later;   ///< changed between the looks
  bool renamed = false;           ///< that contact has another name in the list than whoever tied them saw
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
  const auto modes = [] {
    std::optional<std::vector<LaunchMode>> told;
    if (*rc::gen::arbitrary<bool>()) return told;
    told.emplace();
    for (const auto mode : {LaunchMode::chat, LaunchMode::call, LaunchMode::control, LaunchMode::present}) {
      if (*rc::gen::arbitrary<bool>()) told->push_back(mode);
    }
    return told;
  };
  for (int n = 0; n < 4; ++n) {
    Place place{.address = "place" + std::to_string(n) + "@example.com", .contact = {}, .invited = false};
    const auto kind = one_of("contact", "contact", "contact", "invited", "invited", "nobody", "refused", "own");
    place.invited = kind == "invited";
    place.refused = kind == "refused";
    place.own = kind == "own" && n == 0;
    if (kind == "contact") {
      place.contact = Listed{.id = "c" + std::to_string(10 + n), .user = *rc::gen::arbitrary<bool>() ? "u" + std::to_string(10 + n) : std::string(), .presence = presence(), .modes = modes()};
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
    if (*rc::gen::arbitrary<bool>()) one.shown = mostly() ? place() : -2;
    if (*rc::gen::arbitrary<bool>()) one.given = place();
    one.link = one_of("none", "none", "none", "linked", "without_address", "ending");
    one.link_place = place();
    one.link_is_theirs = mostly();
    one.mapping = one_of("none", "none", "none", "address", "own_contact", "others_found", "others_nameless", "own_contact_gone", "others_missing");
    one.mapping_place = place();
    one.tied = Listed{.id = "c5" + std::to_string(n), .user = "u5" + std::to_string(n), .presence = presence(), .modes = modes()};
    if (*rc::gen::arbitrary<bool>()) one.tied_later = presence();
    one.renamed = *rc::gen::arbitrary<bool>();
    one.invitation = one_of("none", "none", "pending", "today", "old", "failed", "pending_again", "failed_again");
    world.people.push_back(std::move(one));
  }
  world.scope_granted = mostly();
  world.policy_lists = *rc::gen::arbitrary<bool>();
  world.licence = mostly() ? "eligible" : one_of("free", "inactive");
  world.agent = mostly() ? "linked" : one_of("none", "expired", "ending");
  world.provider = one_of("answers", "answers", "away", "slow_down");
  world.seen_before = mostly();
  // Which one of a list is refused takes more than one look to find out.
  for (auto& one : world.places) one.refused = one.refused && world.seen_before;
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

int place_of(const std::string& tied, const Somebody& one) { return tied == "linked_account" ? one.link_place : tied == "mapping" ? one.mapping_place : tied == "profile_address" ? one.shown : one.given; }

// Of whoever is tied to an address, which; what one of those who share it was sent, all were.
std::optional<int> mailbox(const World& world, const Somebody& one) {
  const auto tied = tied_by(world, one);
  if (one.id == AccountId{"agent"} || !one.active || one.deleted || one.app || tied == "nothing" || (tied == "mapping" && one.mapping != "address")) return std::nullopt;
  return place_of(tied, one);
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
  const auto box = mailbox(world, one);
  const auto anybody = [&](const auto& wanted) { return std::ranges::any_of(world.people, [&](const Somebody& other) { return wanted(other) && (other.id == one.id || (box && mailbox(world, other) == box)); }); };
  const bool pending = anybody([](const Somebody& other) { return other.invitation.starts_with("pending"); });
  of.sending = pending || anybody([](const Somebody& other) { return other.invitation == "today"; }) ? "today" : "free";
  if (tied == "nothing") return of;

  const auto tell_modes = [&](const std::optional<std::vector<LaunchMode>>& modes) {
    if (!modes) return;
    of.modes.emplace();
    for (const auto mode : *modes) of.modes->insert(std::string(support::to_string(mode)));
  };
  if (one.mapping != "address" && tied == "mapping") {
    of.contact = support::to_string(one.tied_later && !old_news ? *one.tied_later : one.tied.presence);
    tell_modes(one.tied.modes);
    return of;
  }
  const auto number = place_of(tied, one);
  const auto& place = world.places[static_cast<std::size_t>(number)];
  if (place.own || place.refused) of.address = "useless";
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
  tell_modes(place.contact->modes);
  return of;
}

// ---- the world, as it is built ----

struct TableDesk : MatchingDesk {
  void arrange(const World& world) {
    users.known.clear();
    users.app_addresses.clear();
    if (!world.scope_granted) users.addresses_down = error("jira_forbidden");
    for (const auto& place : world.places) {
      if (place.refused) contacts.not_taken.insert(place.address);
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
      users.known[one.id] = {.id = one.id, .name = "Name", .picture = {}, .time_zone = {}, .language = {}, .address = one.shown == -2 ? "not,an@address" : one.shown < 0 ? std::string() : address_at(one.shown, one.shown),
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
    const auto tied = contact(one.tied);
    const bool there = one.mapping == "own_contact" || one.mapping == "others_found";
    if (there) contacts.list.push_back({.address = "secret-" + one.id.value + "@example.net", .contact = tied});
    const bool own = one.mapping == "own_contact" || one.mapping == "own_contact_gone";
    made.contact = own ? tied.id : ContactId{"c99999"};
    made.contact_owner = own ? kMine : ProviderAccountId{"u2"};
    made.contact_user = one.mapping == "others_nameless" ? ProviderAccountId{} : tied.user;
    made.contact_name = one.renamed ? "As a colleague calls them" : tied.name;
    return made;
  }

  void arrange_agent(const World& world) {
    if (world.policy_lists) keep_settings([](support::Settings& settings) { settings.eligible_licences = support::ListedLicences{{"corporate"}}; });
    change_link(agent, [&](ports::AccountLink& link) {
      link.at_provider.licence = {.type = "Corporate", .active = world.licence != "inactive", .paid = true};
      if (world.licence == "free") link.at_provider.licence = {.type = "Free", .active = true, .paid = false};
      for (const auto& place : world.places) {
        if (place.own) link.at_provider.email = spelled(place.address, 2);
      }
      link.expired = world.agent == "expired";
      if (world.agent == "ending") link.ending_since = clock.now();
    });
    if (world.agent == "none") write([&](ports::UnitOfWork& unit) { unit.links().erase(installation, LinkId{"link-agent"}); });
  }

  using MatchingDesk::match;
  MatchedPeople match(const std::vector<Somebody>& people) {
    support::NamedPeople named;
    for (const auto& one : people) named.participants.push_back(one.id);
    return match(named);
  }
};

TEST_CASE("for random people, contacts, mappings, links and settings everybody stands where the table says, with its actions") {
  CHECK(rc::check([] {
    const auto world = draw();
    TableDesk desk;
    desk.arrange(world);
    for (int look = 0; world.seen_before && look < 8; ++look) {
      desk.clock.time += Milliseconds{10'000};
      desk.match(world.people);
    }
    desk.clock.time += Milliseconds{10'000};
    for (const auto& [which, presence] : world.later) {
      for (auto& one : desk.contacts.list) {
        if (one.address == world.places[which].address) one.contact.presence = presence;
      }
    }
    for (const auto& one : world.people) {
      for (auto& listed : desk.contacts.list) {
        if (one.tied_later && listed.contact.id == ContactId{one.tied.id}) listed.contact.presence = *one.tied_later;
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
      RC_LOG() << "drawn: " << drawn.id.value << ", mailbox " << mailbox(world, drawn).value_or(-1) << ", link " << drawn.link << ", mapping " << drawn.mapping << ", invitation " << drawn.invitation << "; tied by " << of.tied << ", provider " << world.provider << "\n";
      RC_ASSERT(got.standing == told.standing);
      RC_ASSERT(got.actions == told.actions);
      RC_ASSERT(got.disabled == told.disabled);

      const auto view = person_view(person, desk.clock.now());
      // What only the app was given is nowhere in what is told.
      const bool usable = of.agent == "usable" && of.self == "no" && of.account == "active";
      // Only what somebody typed in by hand stands there.
      auto told_of = view;
      if (drawn.mapping == "address" && told_of.contains("mapping")) told_of["mapping"].as_object().erase("to");
      RC_ASSERT(!boost::algorithm::icontains(boost::json::serialize(told_of), "place"));
      if (usable && of.tied != "nothing") RC_ASSERT(view.at("matchedBy").as_string() == of.tied);
      else RC_ASSERT(!view.contains("matchedBy"));
      const auto problem = of.address == "useless" ? (world.places[static_cast<std::size_t>(place_of(std::string(of.tied), drawn))].own ? "own" : "refused") : of.tied == "nothing" && drawn.shown == -2 ? "malformed" : "none";
      if (usable && !drawn.deleted) RC_ASSERT((view.contains("addressProblem") ? std::string(view.at("addressProblem").as_string()) : "none") == problem);
      if (of.provider == "silent" && !world.seen_before) RC_ASSERT(!view.contains("presence"));
    }
  }));
}

}  // namespace
}  // namespace belay::desk
