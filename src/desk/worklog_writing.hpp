// The step session.worklog: the time of a session is booked on its issue, where the admin wants it.
#pragma once

#include "desk/session_on_issue.hpp"

namespace belay::desk {

class WorklogWriting final {
 public:
  explicit WorklogWriting(const Doors& doors) : doors_(doors) {}

  /// Booked once; when a late record changes the report, changed. What is refused here keeps nothing else of the result back.
  Task<StepResult> book(ports::OutboxRow row);

 private:
  Task<Result<void>> write(ports::OutboxRow row, const SessionOnIssue& known);
  Task<Result<WorklogId>> add(ports::OutboxRow row, support::SupportSession session, ports::WorklogDraft draft);
  Task<Result<void>> change(ports::OutboxRow row, support::SupportSession session, WorklogId there, ports::WorklogDraft draft);

  const Doors& doors_;
};

}  // namespace belay::desk
