// The steps that bring back what came of a session: session.waiting while it runs; session.report, which looks for the provider's records after its
// end, and session.report_back, which writes on the issue what they say.
#pragma once

#include "desk/steps.hpp"

namespace belay::desk {

class ReportSteps final {
 public:
  explicit ReportSteps(const Doors& doors) : doors_(doors) {}

  /// An internal comment that mentions the agent, once a session.
  Task<StepResult> tell_of_waiting(ports::OutboxRow row);
  /// Looks at the times of support/report.hpp, until a day after the end.
  Task<StepResult> look(ports::OutboxRow row);
  /// Written once; when a late record changes it, edited.
  Task<StepResult> write_back(ports::OutboxRow row);

 private:
  struct Known;   // what our own database and the ticket say
  Task<Result<Known>> know(ports::OutboxRow row, SessionId id);
  Task<Result<void>> hand_notes_over(ports::OutboxRow row, support::SupportSession session, std::vector<ports::ConnectionRecord> records);
  [[nodiscard]] StepResult next_look(const support::SupportSession& session) const;
  Task<Result<void>> write_comment(ports::OutboxRow row, const Known& known);
  Task<Result<void>> withdraw(ports::OutboxRow row, support::SupportSession session, CommentId comment);
  Task<Result<void>> write_worklog(ports::OutboxRow row, const Known& known);
  Task<StepResult> not_written(ports::OutboxRow row, Error error);

  const Doors& doors_;
};

}  // namespace belay::desk
