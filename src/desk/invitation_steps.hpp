// The steps that write on the issue: session.invite, and session.notice when it ended.
#pragma once

#include <any>

#include "desk/invitation_reading.hpp"
#include "desk/steps.hpp"
#include "support/project_settings.hpp"
#include "support/settings.hpp"

namespace belay::desk {

/// In a unit of work that puts session.invite, to be handed over, for a session that was just made: writes down in it that its comment is written, and returns what the row takes in
/// hand. So the comment follows the commit with nothing between them; whoever finds the row later looks first. Nothing where it may not be written.
[[nodiscard]] std::any written_at_once(const Doors& doors, ports::UnitOfWork& unit, support::SupportSession& session, const InvitationFacts& facts);

/// What the words are made from besides the session and what Jira says.
struct InvitationWording {
  support::Settings settings;
  support::ProjectSettings project;
  std::string site_url;
};

class InvitationSteps final {
 public:
  InvitationSteps(const Doors& doors, InvitationReading& reading) : doors_(doors), reading_(reading) {}

  Task<StepResult> invite(ports::OutboxRow row);
  Task<StepResult> notice(ports::OutboxRow row);

 private:
  Task<StepResult> not_noticed(ports::OutboxRow row, support::SupportSession session, Error error);
  Task<Result<ports::WrittenComment>> find_or_write(ports::OutboxRow row, support::SupportSession session);
  Task<Result<ports::WrittenComment>> write(ports::Call call, support::SupportSession session, InvitationFacts facts, InvitationWording wording);
  Task<StepResult> settle(ports::OutboxRow row, support::SupportSession session, Result<ports::WrittenComment> written, bool asked_before);
  Task<StepResult> withdraw(ports::OutboxRow row, support::SupportSession session);
  Task<StepResult> keep(ports::OutboxRow row, support::SupportSession session, ports::WrittenComment written, bool asked_before);
  Task<Result<std::string>> result_for(ports::OutboxRow row, support::SupportSession session);
  Task<StepResult> not_written(ports::OutboxRow row, support::SupportSession session, Error error);

  const Doors& doors_;
  InvitationReading& reading_;
};

}  // namespace belay::desk
