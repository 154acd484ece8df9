// What Belay could not carry out outside and has set aside, for the Jira admin: what it was about, why, and another try (docs/audit.md).
#pragma once

#include <string>

#include "desk/account_names.hpp"
#include "desk/admission.hpp"
#include "desk/doors.hpp"

namespace belay::desk {

/// All for Jira admins on the admin page: `forbidden` otherwise.
class SetAsideWork final {
 public:
  SetAsideWork(const Doors& doors, Admission& admission, AccountNames& names) : doors_(doors), admission_(admission), names_(names) {}

  /// The latest first: the schema WorkAnswer.
  Task<Result<json::object>> list(Caller caller);
  /// Due at once, with its tries begun anew; what its step had given up on is pending again, so that it really runs. What is left, as list().
  /// `not_found` for a row of another installation, or one that is done; `not_set_aside` for one that goes on already.
  Task<Result<json::object>> retry(Caller caller, OutboxId id);

 private:
  Task<Result<json::object>> view(Caller caller);

  const Doors& doors_;
  Admission& admission_;
  AccountNames& names_;
};

}  // namespace belay::desk
