// The people on an issue, once each, in the order the panel shows them (docs/people.md).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"

namespace belay::support {

/// A Jira user as Jira shows them.
struct Person {
  AccountId id;
  std::string name;
  std::string picture;      ///< https address; empty when there is none
  std::string time_zone;    ///< IANA; empty when hidden
  std::string language;     ///< "fr_FR" as Jira writes it; empty when hidden
  bool active = true;
  bool app = false;         ///< an app or bot, left out of the list
  friend bool operator==(const Person&, const Person&) = default;
};

enum class Role { reporter, assignee, commenter, participant, customer };
[[nodiscard]] std::string_view to_string(Role role);

enum class Standing { not_linked, licence_not_eligible, address_not_shared, not_contact, invited, offline, away, busy, online, unknown, inactive, self };
[[nodiscard]] std::string_view to_string(Standing standing);

struct IssuePerson {
  Person person;
  std::vector<Role> roles;
};

/// Reporter first, then assignee; one person with two roles stands once. Apps are left out.
[[nodiscard]] std::vector<IssuePerson> people_of(const std::optional<Person>& reporter, const std::optional<Person>& assignee);

}  // namespace belay::support
