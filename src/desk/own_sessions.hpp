// One's own sessions over all issues, for the agent's page.
#pragma once

#include <vector>

#include "desk/admission.hpp"
#include "desk/doors.hpp"
#include "desk/polling.hpp"

namespace belay::desk {

class OwnSessions final {
 public:
  OwnSessions(const Doors& doors, Admission& admission, Polling& polling) : doors_(doors), admission_(admission), polling_(polling) {}

  /// As {now, sessions, missing}: all that are not over, then the newest others up to 100 in all. From pages for agents and the personal page. Of an issue
  /// that the caller may not see now, and where Jira does not say, nothing but the session's course is told.
  Task<Result<json::object>> list(Caller caller);

 private:
  /// With news of those that are open, as far as it comes in time.
  Task<Result<std::vector<support::SupportSession>>> up_to_date(Caller caller);

  const Doors& doors_;
  Admission& admission_;
  Polling& polling_;
};

}  // namespace belay::desk
