// The rules of the people on an issue, written down a second time: as the two tables that people read, and nothing of the code under test.
// Rows are tried from the top, the first that fits decides. "*" is anything.
#pragma once

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace belay::support::table {

/// One person before one agent, in the words of the tables.
struct Situation {
  std::string_view self = "no";            ///< yes: the agent looks at themselves
  std::string_view account = "active";     ///< active, inactive
  std::string_view agent = "usable";       ///< usable, not_linked, not_eligible
  std::string_view tied = "nothing";       ///< nothing, linked_account, mapping, jira_address, profile_address
  std::string_view address = "useful";     ///< useful, useless: the agent's own, or one that the provider takes for none
  std::string_view provider = "knows";     ///< knows: it answered about this person, now or a moment ago; silent
  std::string_view contact = "nobody";     ///< nobody, offline, away, busy, online
  std::string_view invited = "no";         ///< yes, no
  std::string_view sending = "free";       ///< free, today: an invitation was sent less than a day ago, or is being sent
  std::optional<std::set<std::string>> modes;   ///< what the contact's client can do; absent: it does not say
};

struct Told {
  std::string standing;
  std::vector<std::string> actions;
  std::vector<std::pair<std::string, std::string>> disabled;   ///< action, reason
  friend bool operator==(const Told&, const Told&) = default;
};

struct StandingRow { std::string_view self, account, agent, tied, address, provider, contact, invited, standing; };

inline constexpr StandingRow kStandings[]{
    // self  account     agent           tied       address    provider  contact    invited  standing
    {"yes", "*",         "*",            "*",       "*",       "*",      "*",       "*",     "self"},
    {"*",   "inactive",  "*",            "*",       "*",       "*",      "*",       "*",     "inactive"},
    {"*",   "*",         "not_linked",   "*",       "*",       "*",      "*",       "*",     "not_linked"},
    {"*",   "*",         "not_eligible", "*",       "*",       "*",      "*",       "*",     "licence_not_eligible"},
    {"*",   "*",         "*",            "nothing", "*",       "*",      "*",       "*",     "address_not_shared"},
    {"*",   "*",         "*",            "*",       "useless", "*",      "*",       "*",     "address_not_shared"},
    {"*",   "*",         "*",            "*",       "*",       "silent", "*",       "*",     "unknown"},
    {"*",   "*",         "*",            "*",       "*",       "*",      "online",  "*",     "online"},
    {"*",   "*",         "*",            "*",       "*",       "*",      "busy",    "*",     "busy"},
    {"*",   "*",         "*",            "*",       "*",       "*",      "away",    "*",     "away"},
    {"*",   "*",         "*",            "*",       "*",       "*",      "offline", "*",     "offline"},
    {"*",   "*",         "*",            "*",       "*",       "*",      "nobody",  "yes",   "invited"},
    {"*",   "*",         "*",            "*",       "*",       "*",      "nobody",  "no",    "not_contact"},
};

struct ActionRow { std::string_view standing, action, unless, reason; };

// In the order in which the panel shows them. `unless`: then it is disabled, with the reason.
inline constexpr ActionRow kActions[]{
    {"address_not_shared", "map",               "",             ""},
    {"address_not_shared", "create_session",    "",             ""},
    {"not_contact",        "add",               "jira_address", "address_of_app"},
    {"not_contact",        "map",               "",             ""},
    {"not_contact",        "create_session",    "",             ""},
    {"invited",            "resend_invitation", "jira_address", "address_of_app"},
    {"invited",            "resend_invitation", "today",        "resend_too_early"},
    {"invited",            "create_session",    "",             ""},
    {"offline",            "create_session",    "",             ""},
    {"here",               "chat",              "cannot",       "not_supported"},
    {"here",               "call",              "cannot",       "not_supported"},
    {"here",               "control",           "cannot",       "not_supported"},
    {"here",               "present",           "cannot",       "not_supported"},
    {"here",               "create_session",    "",             ""},
};

inline Told told(const Situation& of) {
  const auto fits = [](std::string_view cell, std::string_view is) { return cell == "*" || cell == is; };
  Told told;
  for (const auto& row : kStandings) {
    if (!fits(row.self, of.self) || !fits(row.account, of.account) || !fits(row.agent, of.agent) || !fits(row.tied, of.tied) || !fits(row.address, of.address) || !fits(row.provider, of.provider) ||
        !fits(row.contact, of.contact) || !fits(row.invited, of.invited)) continue;
    told.standing = row.standing;
    break;
  }
  const bool here = told.standing == "online" || told.standing == "busy" || told.standing == "away";
  const std::string_view block = here ? std::string_view("here") : std::string_view(told.standing);
  for (const auto& row : kActions) {
    if (row.standing != block) continue;
    const bool cannot = row.unless == "cannot" && of.modes && !of.modes->contains(std::string(row.action));
    const bool withheld = cannot || (!row.unless.empty() && (row.unless == of.tied || row.unless == of.sending));
    const auto settled = std::ranges::any_of(told.disabled, [&](const auto& one) { return one.first == row.action; });
    if (settled) continue;
    std::erase(told.actions, std::string(row.action));
    if (withheld) told.disabled.emplace_back(row.action, row.reason);
    else told.actions.emplace_back(row.action);
  }
  return told;
}

}  // namespace belay::support::table
