// Where a person of the issue stands for this agent, and so what can be done with them: the table of docs/people.md. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace belay::support {

enum class Standing { not_linked, licence_not_eligible, address_not_shared, not_contact, invited, offline, away, busy, online, unknown, inactive, self };
[[nodiscard]] std::string_view to_string(Standing standing);

enum class Presence { online, busy, away, offline };
[[nodiscard]] std::string_view to_string(Presence presence);

/// Ways to reach a contact at once.
enum class LaunchMode { chat, call, control, present };
[[nodiscard]] std::string_view to_string(LaunchMode mode);
[[nodiscard]] std::optional<LaunchMode> launch_mode_from(std::string_view text);

/// Somebody in the contact list of the agent's provider account.
struct Contact {
  ContactId id;
  ProviderAccountId user;                              ///< empty when the provider did not say
  std::string name;
  std::string picture;                                 ///< https address; empty when there is none
  Presence presence = Presence::offline;
  std::optional<std::vector<LaunchMode>> supported;    ///< absent: not known, then every mode is offered
  friend bool operator==(const Contact&, const Contact&) = default;
};

/// How the person was tied to an address or a contact, in the order in which it is tried.
enum class MatchedBy {
  link,      ///< they linked an account at the provider themselves
  mapping,   ///< somebody tied them by hand
  app,       ///< Jira gives the address to the app alone: it finds contacts, and is never shown and never added
  profile,   ///< the address is visible on the profile
};
[[nodiscard]] std::string_view to_string(MatchedBy matched_by);

/// Why nobody can be asked for by the address that is known of somebody.
enum class AddressProblem {
  malformed,   ///< it is none that can be used (support/address.hpp)
  refused,     ///< the provider takes it for none
  own,         ///< it is the agent's own account there
};
[[nodiscard]] std::string_view to_string(AddressProblem problem);

/// Of the agent who looks.
enum class AgentLink { usable, not_linked, not_eligible };

struct StandingFacts {
  bool self = false;
  bool active = true;
  AgentLink link = AgentLink::usable;
  std::optional<MatchedBy> matched_by;   ///< nothing: no address, and nobody tied them
  std::optional<AddressProblem> problem = {};   ///< an address that is of no use
  bool reachable = true;                 ///< the provider answered, now or a moment ago, or only asks us to slow down
  bool looked_up = true;                 ///< there is an answer about this person, however old
  std::optional<Contact> contact;        ///< as last seen
  bool invited = false;                  ///< the provider lists an invitation
  bool may_resend = false;               ///< a day has passed since Belay sent it, or somebody else did
};

[[nodiscard]] Standing standing_of(const StandingFacts& facts);

enum class Action { add, map, resend_invitation, chat, call, control, present, create_session };
[[nodiscard]] std::string_view to_string(Action action);

struct DisabledAction {
  Action action;
  std::string_view reason;   ///< not_supported: the contact's client cannot do this; resend_too_early; address_of_app
  friend bool operator==(const DisabledAction&, const DisabledAction&) = default;
};

struct Offer {
  std::vector<Action> actions;
  std::vector<DisabledAction> disabled;
};

[[nodiscard]] Offer offer_of(Standing standing, const StandingFacts& facts);

}  // namespace belay::support
