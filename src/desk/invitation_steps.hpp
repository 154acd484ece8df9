// The steps that write on the issue: session.invite, and session.notice when it ended.
#pragma once

#include "desk/invitation_reading.hpp"
#include "desk/steps.hpp"

namespace belay::desk {

class InvitationSteps final {
 public:
  InvitationSteps(const Doors& doors, InvitationReading& reading) : doors_(doors), reading_(reading) {}

  Task<StepResult> invite(ports::OutboxRow row);
  Task<StepResult> notice(ports::OutboxRow row);

 private:
  Task<Result<ports::WrittenComment>> find_or_write(ports::OutboxRow row, support::SupportSession session);
  Task<StepResult> withdraw(ports::OutboxRow row, support::SupportSession session);
  Task<StepResult> keep(ports::OutboxRow row, support::SupportSession session, ports::WrittenComment written);
  Task<Result<std::string>> result_for(ports::OutboxRow row, support::SupportSession session);
  Task<StepResult> not_written(ports::OutboxRow row, support::SupportSession session, Error error);

  const Doors& doors_;
  InvitationReading& reading_;
};

}  // namespace belay::desk
