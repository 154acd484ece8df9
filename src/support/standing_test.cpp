#include "support/standing.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "support/standing_table_test.hpp"

namespace belay::support {
namespace {

constexpr LaunchMode kModes[]{LaunchMode::chat, LaunchMode::call, LaunchMode::control, LaunchMode::present};

Contact somebody(Presence presence, std::optional<std::vector<LaunchMode>> supported = std::nullopt) {
  return {.id = ContactId{"c1"}, .user = {}, .name = "Somebody", .picture = {}, .presence = presence, .supported = std::move(supported)};
}

StandingFacts tied(MatchedBy by = MatchedBy::profile) {
  StandingFacts facts;
  facts.matched_by = by;
  facts.may_resend = true;
  return facts;
}

StandingFacts here(Presence presence, std::optional<std::vector<LaunchMode>> supported = std::nullopt) {
  auto facts = tied();
  facts.contact = somebody(presence, std::move(supported));
  return facts;
}

// What the code says, in the words of the table.
table::Told said(const StandingFacts& facts) {
  const auto standing = standing_of(facts);
  const auto offer = offer_of(standing, facts);
  table::Told said{.standing = std::string(to_string(standing)), .actions = {}, .disabled = {}};
  for (const auto action : offer.actions) said.actions.emplace_back(to_string(action));
  for (const auto& one : offer.disabled) said.disabled.emplace_back(to_string(one.action), one.reason);
  return said;
}

// The facts, in the words of the table.
table::Situation situation(const StandingFacts& facts) {
  table::Situation of;
  of.self = facts.self ? "yes" : "no";
  of.account = facts.active ? "active" : "inactive";
  of.agent = facts.link == AgentLink::usable ? "usable" : facts.link == AgentLink::not_linked ? "not_linked" : "not_eligible";
  if (facts.matched_by && !facts.problem) of.tied = to_string(*facts.matched_by);
  of.provider = facts.reachable && facts.looked_up ? "knows" : "silent";
  of.invited = facts.invited ? "yes" : "no";
  of.sending = facts.may_resend ? "free" : "today";
  if (!facts.contact) return of;
  of.contact = to_string(facts.contact->presence);
  if (!facts.contact->supported) return of;
  of.modes.emplace();
  for (const auto mode : *facts.contact->supported) of.modes->insert(std::string(to_string(mode)));
  return of;
}

StandingFacts any_facts() {
  const auto often = [] { return *rc::gen::weightedElement<bool>({{5, true}, {1, false}}); };
  StandingFacts facts;
  facts.self = !often();
  facts.active = often();
  facts.link = *rc::gen::weightedElement<AgentLink>({{6, AgentLink::usable}, {1, AgentLink::not_linked}, {1, AgentLink::not_eligible}});
  using By = std::optional<MatchedBy>;
  facts.matched_by = *rc::gen::element(By{}, By{MatchedBy::link}, By{MatchedBy::mapping}, By{MatchedBy::app}, By{MatchedBy::profile});
  using Problem = std::optional<AddressProblem>;   // an address that is of no use is as good as none
  if (!often()) facts.problem = *rc::gen::element(Problem{AddressProblem::malformed}, Problem{AddressProblem::refused}, Problem{AddressProblem::own});
  facts.reachable = often();
  facts.looked_up = often();
  facts.invited = *rc::gen::arbitrary<bool>();
  facts.may_resend = *rc::gen::arbitrary<bool>();
  if (*rc::gen::arbitrary<bool>()) return facts;
  facts.contact = somebody(*rc::gen::element(Presence::online, Presence::busy, Presence::away, Presence::offline));
  if (*rc::gen::arbitrary<bool>()) return facts;
  facts.contact->supported.emplace();
  for (const auto mode : kModes) {
    if (*rc::gen::arbitrary<bool>()) facts.contact->supported->push_back(mode);
  }
  return facts;
}

}  // namespace

TEST_CASE("for random people, contacts, mappings and settings the standing and the actions are those of the table") {
  CHECK(rc::check([] {
    const auto facts = any_facts();
    const auto expected = table::told(situation(facts));
    const auto got = said(facts);
    RC_ASSERT(got.standing == expected.standing);
    RC_ASSERT(got.actions == expected.actions);
    RC_ASSERT(got.disabled == expected.disabled);
  }));
}

TEST_CASE("every combination there is, one after the other, against the table") {
  std::set<std::string> reached;
  for (unsigned bits = 0; bits < 64; ++bits) {
    for (const auto link : {AgentLink::usable, AgentLink::not_linked, AgentLink::not_eligible}) {
      for (const auto& by : {std::optional<MatchedBy>{}, std::optional(MatchedBy::link), std::optional(MatchedBy::mapping), std::optional(MatchedBy::app), std::optional(MatchedBy::profile)}) {
        for (const auto& presence : {std::optional<Presence>{}, std::optional(Presence::online), std::optional(Presence::busy), std::optional(Presence::away), std::optional(Presence::offline)}) {
          for (unsigned modes = 0; modes <= 16; ++modes) {
            StandingFacts facts{.self = (bits & 1U) != 0, .active = (bits & 2U) != 0, .link = link, .matched_by = by, .reachable = (bits & 4U) != 0, .looked_up = (bits & 8U) != 0,
                                .contact = {}, .invited = (bits & 16U) != 0, .may_resend = (bits & 32U) != 0};
            if (presence) {
              facts.contact = somebody(*presence);
              if (modes < 16) facts.contact->supported.emplace();
              for (unsigned i = 0; modes < 16 && i < 4; ++i) {
                if ((modes >> i & 1U) != 0) facts.contact->supported->push_back(kModes[i]);
              }
            }
            const auto got = said(facts);
            reached.insert(got.standing);
            if (got == table::told(situation(facts))) continue;
            FAIL_CHECK("bits ", bits, ": ", got.standing, " instead of ", table::told(situation(facts)).standing);
          }
        }
      }
    }
  }
  CHECK(reached.size() == 12);
}

// ---- one example a row ----

using Words = std::vector<std::string>;
using Withheld = std::vector<std::pair<std::string, std::string>>;

TEST_CASE("an agent without an account link can do nothing with anybody but connect") {
  auto facts = here(Presence::online);
  facts.link = AgentLink::not_linked;
  CHECK(said(facts) == table::Told{"not_linked", {}, {}});
}

TEST_CASE("a licence that does not count: nothing, not even a session") {
  auto facts = here(Presence::online);
  facts.link = AgentLink::not_eligible;
  CHECK(said(facts) == table::Told{"licence_not_eligible", {}, {}});
}

TEST_CASE("an address that is not shared: tie by hand, or create a session") {
  StandingFacts facts;
  CHECK(said(facts) == table::Told{"address_not_shared", {"map", "create_session"}, {}});
  facts.reachable = facts.looked_up = false;   // nothing was asked about them, so nothing is missing
  CHECK(said(facts).standing == "address_not_shared");
}

TEST_CASE("no contact: Add, tie by hand, create a session; an address of the app alone is not added, because adding tells it") {
  CHECK(said(tied(MatchedBy::profile)) == table::Told{"not_contact", {"add", "map", "create_session"}, {}});
  CHECK(said(tied(MatchedBy::link)) == table::Told{"not_contact", {"add", "map", "create_session"}, {}});
  CHECK(said(tied(MatchedBy::mapping)) == table::Told{"not_contact", {"add", "map", "create_session"}, {}});
  CHECK(said(tied(MatchedBy::app)) == table::Told{"not_contact", {"map", "create_session"}, {{"add", "address_of_app"}}});
}

TEST_CASE("invited: sent again once a day, never to an address of the app alone") {
  auto facts = tied();
  facts.invited = true;
  CHECK(said(facts) == table::Told{"invited", {"resend_invitation", "create_session"}, {}});
  facts.may_resend = false;
  CHECK(said(facts) == table::Told{"invited", {"create_session"}, {{"resend_invitation", "resend_too_early"}}});
  facts.matched_by = MatchedBy::app;
  CHECK(said(facts) == table::Told{"invited", {"create_session"}, {{"resend_invitation", "address_of_app"}}});
}

TEST_CASE("offline: a session") { CHECK(said(here(Presence::offline)) == table::Told{"offline", {"create_session"}, {}}); }

TEST_CASE("away, busy and online: chat, call, control, presentation and a session") {
  for (const auto presence : {Presence::away, Presence::busy, Presence::online}) {
    CHECK(said(here(presence)) == table::Told{std::string(to_string(presence)), {"chat", "call", "control", "present", "create_session"}, {}});
  }
}

TEST_CASE("what the contact's client cannot do is disabled with the reason; a client that says nothing is offered everything") {
  CHECK(said(here(Presence::online, std::vector{LaunchMode::present, LaunchMode::chat})) ==
        table::Told{"online", {"chat", "present", "create_session"}, {{"call", "not_supported"}, {"control", "not_supported"}}});
  CHECK(said(here(Presence::busy, std::vector<LaunchMode>{})).actions == Words{"create_session"});
  CHECK(said(here(Presence::online)).disabled == Withheld{});
}

TEST_CASE("a provider that does not answer: unknown, whatever was known before, and nothing is started on old news") {
  auto facts = here(Presence::online);
  facts.reachable = false;
  CHECK(said(facts) == table::Told{"unknown", {}, {}});
  facts = tied();
  facts.looked_up = false;
  CHECK(said(facts) == table::Told{"unknown", {}, {}});
}

TEST_CASE("oneself and somebody deactivated stand there without actions, whatever the provider says") {
  auto facts = here(Presence::online);
  facts.self = true;
  CHECK(said(facts) == table::Told{"self", {}, {}});
  facts.self = facts.active = false;
  CHECK(said(facts) == table::Told{"inactive", {}, {}});
}

TEST_CASE("a contact whom an old invitation names too is a contact") {
  auto facts = here(Presence::offline);
  facts.invited = true;
  CHECK(said(facts).standing == "offline");
}

TEST_CASE("the words of the modes are those of the API, and no others are taken") {
  for (const auto mode : kModes) CHECK(launch_mode_from(to_string(mode)) == mode);
  for (const auto* word : {"", "Chat", "videocall", "vpn", "chat "}) CHECK_FALSE(launch_mode_from(word));
}

}  // namespace belay::support
