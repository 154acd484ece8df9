// The step session.report_back: what came of a session is written on its issue, as a comment for the team or in the invitation.
#pragma once

#include "desk/session_on_issue.hpp"

namespace belay::desk {

class ReportWriting final {
 public:
  explicit ReportWriting(const Doors& doors) : doors_(doors) {}

  /// Written once; when a late record changes it, edited.
  Task<StepResult> write_back(ports::OutboxRow row);

 private:
  Task<Result<void>> write_comment(ports::OutboxRow row, const SessionOnIssue& known);
  Task<Result<void>> withdraw(ports::OutboxRow row, support::SupportSession session, CommentId comment);
  Task<StepResult> not_written(ports::OutboxRow row, Error error);

  const Doors& doors_;
};

}  // namespace belay::desk
