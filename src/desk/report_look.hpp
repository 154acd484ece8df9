// The step session.report: looks for the provider's records of a session that is over, and keeps what they say.
#pragma once

#include "desk/steps.hpp"

namespace belay::desk {

class ReportLook final {
 public:
  explicit ReportLook(const Doors& doors) : doors_(doors) {}

  /// Looks at the times of support/report.hpp, until a day after the end; asks for session.report_back when it found something new.
  Task<StepResult> look(ports::OutboxRow row);

 private:
  /// The notes of that record afterwards.
  Task<Result<std::string>> hand_notes_over(ports::OutboxRow row, support::SupportSession session, ports::ConnectionRecord record);
  Task<Result<void>> say_that_notes_stay(support::SupportSession session, std::string why);
  Task<Result<support::SupportSession>> ended_by_now(support::SupportSession session);
  [[nodiscard]] StepResult next_look(const support::SupportSession& session) const;

  const Doors& doors_;
};

}  // namespace belay::desk
