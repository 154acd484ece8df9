// The step session.waiting: the agent is told on the issue that the customer is there, where the admin wants it.
#pragma once

#include "desk/steps.hpp"

namespace belay::desk {

class WaitingNotice final {
 public:
  explicit WaitingNotice(const Doors& doors) : doors_(doors) {}

  /// An internal comment that mentions the agent, once a session.
  Task<StepResult> tell(ports::OutboxRow row);

 private:
  Task<Result<void>> keep_from_customer(ports::OutboxRow row, IssueId issue, ports::WrittenComment written);
  [[nodiscard]] StepResult until_they_come_again(const support::SupportSession& session) const;
  static StepResult not_kept(const ports::OutboxRow& row, Error answer);
  /// Set aside, where the admin reads why, while somebody still waits.
  Task<StepResult> not_told(ports::OutboxRow row, Error error);

  const Doors& doors_;
};

}  // namespace belay::desk
