// A desk on which people are matched with contacts: who is on the issue, what their profiles show, and what the agent's list holds.
#pragma once

#include "desk/link_state.hpp"
#include "desk/matching.hpp"
#include "desk/stage_test.hpp"
#include "support/standing_table_test.hpp"

namespace belay::desk {

namespace table = support::table;
using support::Presence;

constexpr Milliseconds kPatient{10'000};
constexpr Milliseconds kHour{3'600'000};
const ProviderAccountId kMine{"u1"};   // the agent's account at the provider

inline Error error(std::string code) { return {.code = std::move(code), .cause = {}, .detail = {}, .retryable = true, .retry_after = {}}; }

struct MatchingDesk : Stage {
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

/// Standing and actions of a person, in the words of the table.
inline table::Told said(const MatchedPerson& person) {
  table::Told told{.standing = std::string(support::to_string(person.standing)), .actions = {}, .disabled = {}};
  for (const auto action : person.offer.actions) told.actions.emplace_back(support::to_string(action));
  for (const auto& one : person.offer.disabled) told.disabled.emplace_back(support::to_string(one.action), one.reason);
  return told;
}

}  // namespace belay::desk
