#include "support/standing.hpp"

#include <algorithm>
#include <array>

namespace belay::support {
namespace {

constexpr std::array kModes{LaunchMode::chat, LaunchMode::call, LaunchMode::control, LaunchMode::present};

Action action_of(LaunchMode mode) {
  switch (mode) {
    case LaunchMode::chat: return Action::chat;
    case LaunchMode::call: return Action::call;
    case LaunchMode::control: return Action::control;
    case LaunchMode::present: return Action::present;
  }
  return Action::chat;
}

Standing standing_of(Presence presence) {
  switch (presence) {
    case Presence::online: return Standing::online;
    case Presence::busy: return Standing::busy;
    case Presence::away: return Standing::away;
    case Presence::offline: return Standing::offline;
  }
  return Standing::offline;
}

void offer_launches(Offer& offer, const Contact& contact) {
  for (const auto mode : kModes) {
    const bool can = !contact.supported || std::ranges::find(*contact.supported, mode) != contact.supported->end();
    if (can) offer.actions.push_back(action_of(mode));
    else offer.disabled.push_back({action_of(mode), "not_supported"});
  }
}

// Adding shows the address to the provider's users; one that Jira gave to the app alone is not ours to show.
void offer_inviting(Offer& offer, Action action, const StandingFacts& facts) {
  if (facts.matched_by == MatchedBy::app) offer.disabled.push_back({action, "address_of_app"});
  else if (action == Action::resend_invitation && !facts.may_resend) offer.disabled.push_back({action, "resend_too_early"});
  else offer.actions.push_back(action);
}

}  // namespace

std::string_view to_string(Standing standing) {
  switch (standing) {
    case Standing::not_linked: return "not_linked";
    case Standing::licence_not_eligible: return "licence_not_eligible";
    case Standing::address_not_shared: return "address_not_shared";
    case Standing::not_contact: return "not_contact";
    case Standing::invited: return "invited";
    case Standing::offline: return "offline";
    case Standing::away: return "away";
    case Standing::busy: return "busy";
    case Standing::online: return "online";
    case Standing::unknown: return "unknown";
    case Standing::inactive: return "inactive";
    case Standing::self: return "self";
  }
  return "unknown";
}

std::string_view to_string(Presence presence) { return to_string(standing_of(presence)); }

std::string_view to_string(LaunchMode mode) {
  switch (mode) {
    case LaunchMode::chat: return "chat";
    case LaunchMode::call: return "call";
    case LaunchMode::control: return "control";
    case LaunchMode::present: return "present";
  }
  return "chat";
}

std::optional<LaunchMode> launch_mode_from(std::string_view text) {
  for (const auto mode : kModes) {
    if (to_string(mode) == text) return mode;
  }
  return std::nullopt;
}

std::string_view to_string(MatchedBy matched_by) {
  switch (matched_by) {
    case MatchedBy::link: return "linked_account";
    case MatchedBy::mapping: return "mapping";
    case MatchedBy::app: return "jira_address";
    case MatchedBy::profile: return "profile_address";
  }
  return "profile_address";
}

std::string_view to_string(AddressProblem problem) {
  switch (problem) {
    case AddressProblem::malformed: return "malformed";
    case AddressProblem::refused: return "refused";
    case AddressProblem::own: return "own";
  }
  return "malformed";
}

std::string_view to_string(Action action) {
  switch (action) {
    case Action::add: return "add";
    case Action::map: return "map";
    case Action::resend_invitation: return "resend_invitation";
    case Action::chat: return "chat";
    case Action::call: return "call";
    case Action::control: return "control";
    case Action::present: return "present";
    case Action::create_session: return "create_session";
  }
  return "create_session";
}

Standing standing_of(const StandingFacts& facts) {
  if (facts.self) return Standing::self;
  if (!facts.active) return Standing::inactive;
  if (facts.link == AgentLink::not_linked) return Standing::not_linked;
  if (facts.link == AgentLink::not_eligible) return Standing::licence_not_eligible;
  if (!facts.matched_by || facts.problem) return Standing::address_not_shared;
  if (!facts.reachable || !facts.looked_up) return Standing::unknown;
  if (facts.contact) return standing_of(facts.contact->presence);
  return facts.invited ? Standing::invited : Standing::not_contact;
}

Offer offer_of(Standing standing, const StandingFacts& facts) {
  Offer offer;
  switch (standing) {
    case Standing::not_linked:
    case Standing::licence_not_eligible:
    case Standing::inactive:
    case Standing::self:
    case Standing::unknown: return offer;   // no other provider serves yet
    case Standing::address_not_shared: offer.actions = {Action::map}; break;
    case Standing::not_contact:
      offer_inviting(offer, Action::add, facts);
      offer.actions.push_back(Action::map);
      break;
    case Standing::invited: offer_inviting(offer, Action::resend_invitation, facts); break;
    case Standing::offline: break;
    case Standing::away:
    case Standing::busy:
    case Standing::online:
      if (facts.contact) offer_launches(offer, *facts.contact);
      break;
  }
  offer.actions.push_back(Action::create_session);
  return offer;
}

}  // namespace belay::support
