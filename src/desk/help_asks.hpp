// "Ask for remote help": a customer in the portal says that they wait, and the team sees it on the request (docs/access.md, "The customer of a
// request"). One open ask a request; each customer asks five times a day at most.
#pragma once

#include <chrono>
#include <optional>

#include "desk/admission.hpp"
#include "desk/doors.hpp"

namespace belay::desk {

/// Nobody waits longer: by then they have gone another way.
inline constexpr std::chrono::days kAskLife{1};
inline constexpr std::size_t kMostAsksADay = 5;

/// What a customer may do about help on their request, and what they did.
struct Asking {
  bool allowed = false;                      ///< by the admin, in this project
  std::optional<ports::HelpAsk> waiting;     ///< theirs, or another customer's of the same request
  std::optional<Time> again_at;              ///< they asked too often: when they may again
};
[[nodiscard]] Asking asking_of(const Doors& doors, ports::UnitOfWork& unit, const Caller& caller, const ports::Request& request);
/// As {offered, since?, own?, againAt?}: nothing of anybody else but that somebody asked.
[[nodiscard]] json::object asking_view(const Asking& asking, const AccountId& viewer);

/// Who waits on the issue.
[[nodiscard]] std::optional<ports::HelpAsk> waiting_on(ports::UnitOfWork& unit, const InstallationId& installation, const IssueId& issue, Time now);
/// The team has turned to this customer: they wait no longer.
void end_answered(ports::UnitOfWork& unit, const InstallationId& installation, const IssueId& issue, const AccountId& customer, Time now);

class HelpAsks final {
 public:
  HelpAsks(const Doors& doors, Admission& admission) : doors_(doors), admission_(admission) {}

  /// Asking while somebody waits already changes nothing. Answers what asking_view() says. Errors: those of Admission::request, `forbidden` (not_on_request: they only
  /// see it), `asking_off`, `asked_too_often` (retry_after).
  Task<Result<json::object>> ask(Caller caller);
  /// The caller's own ask; where there is none, nothing changes.
  Task<Result<json::object>> withdraw(Caller caller);
  /// By an agent on the issue: that ask is taken off the panel. False, and nothing changes, where it has ended, even if somebody else waits by now.
  /// Errors: those of Admission::agent.
  Task<Result<bool>> dismiss(Caller caller, HelpAskId id);

 private:
  /// As the customer of this request. `forbidden` (not_on_request).
  Task<Result<support::Person>> customer_of(Caller caller, ports::Request request);

  const Doors& doors_;
  Admission& admission_;
};

}  // namespace belay::desk
