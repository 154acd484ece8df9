// What a customer sees in the portal: their own support sessions on the request that they are looking at, and nothing that is the team's
// (docs/access.md, "The customer of a request").
#pragma once

#include <optional>
#include <vector>

#include "desk/admission.hpp"
#include "desk/doors.hpp"
#include "desk/polling.hpp"

namespace belay::desk {

class OwnRequest final {
 public:
  OwnRequest(const Doors& doors, Admission& admission, Polling& polling) : doors_(doors), admission_(admission), polling_(polling) {}

  /// As {now, sessions, missing}: those whose customer the caller is, by their account: the ones that go on, then a few that ended in the last days,
  /// each newest first. The link to join comes with those that can be joined now. Only from the request's page in the portal. Errors: `forbidden`
  /// (wrong_module), `not_found` (a request that the caller may not see), or what Jira answered.
  Task<Result<json::object>> show(Caller caller);

 private:
  struct Known;   // what our own database says

  Task<Result<Known>> know(Caller caller, ports::Request request);
  /// With news of those that go on, as far as it comes in time.
  Task<Result<Known>> up_to_date(Caller caller, ports::Request request);
  /// Why what is shown of them may be old.
  [[nodiscard]] std::optional<Error> poll_failure(const InstallationId& installation, const std::vector<AccountId>& creators) const;

  const Doors& doors_;
  Admission& admission_;
  Polling& polling_;
};

}  // namespace belay::desk
