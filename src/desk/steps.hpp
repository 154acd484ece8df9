// What the steps of the worker have in common. A step may run twice for the same row, and again after the process was killed
// at any instruction: it looks at the row of our own first, then for what an earlier run did outside, and only then acts.
//
// The worker's outcomes are mirrored here, because the desk stands beside the worker and does not know it: belayd/ wires the two.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "desk/doors.hpp"

namespace belay::desk {

struct Done {};
/// Nothing went wrong; look again then.
struct LaterAt { Time due_at; };
/// Failed for now: the worker decides when, by the number of tries.
struct TryAgain { Error error; };
/// Failed for good: kept for the admin.
struct GiveUp { Error error; };
using StepResult = std::variant<Done, LaterAt, TryAgain, GiveUp>;

/// Patience of one outside call of the worker. Nobody waits for it, but leases do.
inline constexpr Milliseconds kStepPatience{10'000};

/// What Jira is to hold of a session is tried for about a day: nobody waits for it, and Jira's token may be missing for hours.
inline constexpr int kMostReportTries = 300;
/// Our clock and the other side's may differ by that: what came of a session is looked for from so long before it on, and known by its mark or its code.
inline constexpr Milliseconds kClockDifference{300'000};

[[nodiscard]] inline ports::Call step_call(const ports::OutboxRow& row) {
  return ports::Call{.installation = row.installation, .trace_id = ports::trace_of(row), .deadline = kStepPatience, .api_base_url = {}};
}

/// Did the other side perhaps carry it out although we saw no answer?
[[nodiscard]] inline bool maybe_done(const Error& error) {
  const auto* flag = error.detail.if_contains("maybe_done");
  return flag != nullptr && flag->is_bool() && flag->get_bool();
}

/// Is there any use in asking again, with nobody waiting? Also after a pause that the other side told us.
[[nodiscard]] inline bool may_pass(const Error& error) { return error.retryable || error.retry_after.has_value(); }

/// What Jira answered about an issue. It has one word for one that is gone, whose event takes everything of it along, and for one that the app may
/// not see for now: so it is asked again.
[[nodiscard]] inline Error out_of_sight(Error error) {
  if (error.code != "not_found") return error;
  error.code = "jira_issue_gone";
  error.retryable = true;
  return error;
}

/// Our own database failed: the row comes back by itself.
[[nodiscard]] inline StepResult try_again(Error error) { return TryAgain{std::move(error)}; }

}  // namespace belay::desk
