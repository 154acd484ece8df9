// The people on an issue, once each, in the order the panel shows them (docs/people.md).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace belay::support {

/// A Jira user as Jira shows them.
struct Person {
  AccountId id;
  std::string name;
  std::string picture;      ///< https address; empty when there is none
  std::string time_zone;    ///< IANA; empty when hidden
  std::string language;     ///< "fr_FR" as Jira writes it; empty when hidden
  std::string address = {}; ///< the mail address that the profile shows; empty when hidden
  std::string login = {};   ///< what they sign in with; beside a Jira Data Center alone
  bool active = true;
  bool app = false;         ///< an app or bot, left out of the list
  bool former = false;      ///< Jira does not know the account any more; not active, and without a name of their own
  friend bool operator==(const Person&, const Person&) = default;
};

enum class Role { reporter, assignee, commenter, participant, customer };
[[nodiscard]] std::string_view to_string(Role role);

struct IssuePerson {
  Person person;
  std::vector<Role> roles;
  friend bool operator==(const IssuePerson&, const IssuePerson&) = default;
};

/// When somebody last wrote a comment.
struct Spoke {
  AccountId account;
  Time at;
  friend bool operator==(const Spoke&, const Spoke&) = default;
};

/// Who is named on the issue, by what Jira says.
struct NamedPeople {
  AccountId reporter;                       ///< empty: nobody
  AccountId assignee;                       ///< empty: nobody
  bool request = false;                     ///< in Jira Service Management: the reporter is its customer
  std::vector<AccountId> participants;
  std::vector<Spoke> commenters;            ///< each once
};

/// Every account that is named, once each, in the order of the list: reporter, assignee, then whoever spoke last, then participants who
/// said nothing.
[[nodiscard]] std::vector<AccountId> accounts_of(const NamedPeople& issue);

/// The list. `known` holds what Jira says about each account; who is not in it (deleted, or not read yet) is left out, as are apps.
[[nodiscard]] std::vector<IssuePerson> people_of(const NamedPeople& issue, const std::map<AccountId, Person>& known);

}  // namespace belay::support
