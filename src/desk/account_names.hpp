// What accounts are called, for lists that name many of them: asked of Jira in one go, and kept in memory for minutes, since names are nobody's
// to store.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "desk/doors.hpp"
#include "desk/remembered.hpp"

namespace belay::desk {

class AccountNames final {
 public:
  explicit AccountNames(const Doors& doors) : doors_(doors) {}

  struct Seen {
    std::map<AccountId, std::string> names;   ///< whom Jira does not know (any more) is not among them
    std::optional<Error> failure;             ///< why some are not known
  };
  /// Only for a caller who may read what they are named in.
  Task<Seen> look(Caller caller, std::set<AccountId> accounts);

  /// Drops what is over. To be called every minute.
  void tidy() { names_.tidy(doors_.clock.now()); }
  void forget(const InstallationId& installation);

 private:
  const Doors& doors_;
  Remembered<std::pair<InstallationId, AccountId>, std::string> names_;   // empty: Jira knows nobody of that id
};

/// {id, name?}: somebody whose name is not known is shown all the same.
[[nodiscard]] json::object account_view(const AccountId& account, const std::map<AccountId, std::string>& names);

}  // namespace belay::desk
