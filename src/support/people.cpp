#include "support/people.hpp"

namespace belay::support {
namespace {

void add(std::vector<IssuePerson>& people, const std::optional<Person>& person, Role role) {
  if (!person || person->app || person->id.empty()) return;
  for (auto& known : people) {
    if (known.person.id == person->id) {
      known.roles.push_back(role);
      return;
    }
  }
  people.push_back({.person = *person, .roles = {role}});
}

}  // namespace

std::string_view to_string(Role role) {
  switch (role) {
    case Role::reporter: return "reporter";
    case Role::assignee: return "assignee";
    case Role::commenter: return "commenter";
    case Role::participant: return "participant";
    case Role::customer: return "customer";
  }
  return "commenter";
}

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

std::vector<IssuePerson> people_of(const std::optional<Person>& reporter, const std::optional<Person>& assignee) {
  std::vector<IssuePerson> people;
  add(people, reporter, Role::reporter);
  add(people, assignee, Role::assignee);
  return people;
}

}  // namespace belay::support
