// The steps that write on the issue: session.invite, and session.notice when it ended.
#pragma once

#include "desk/invitation_reading.hpp"
#include "desk/steps.hpp"
#include "support/project_settings.hpp"
#include "support/settings.hpp"

namespace belay::desk {

class InvitationSteps final {
 public:
  InvitationSteps(const Doors& doors, InvitationReading& reading) : doors_(doors), reading_(reading) {}

  Task<StepResult> invite(ports::OutboxRow row);
  Task<StepResult> notice(ports::OutboxRow row);

 private:
  /// What the words are made from besides the session and what Jira says.
  struct Wording {
    support::Settings settings;
    support::ProjectSettings project;
    std::string site_url;
  };
  struct Known {
    support::SupportSession session;
    std::optional<InvitationFacts> facts;   // where they were at hand
    std::optional<Wording> first;           // that it is written was written down with the session, and this is the run that does it
  };
  Task<Result<Known>> know(ports::OutboxRow row);
  Task<Result<void>> take_mark_back(Known& known);
  Result<Wording> wording_for(ports::UnitOfWork& unit, const support::SupportSession& session, const ports::Ticket& ticket) const;
  Task<Result<ports::WrittenComment>> find_or_write(ports::OutboxRow row, Known known);
  Task<StepResult> withdraw(ports::OutboxRow row, support::SupportSession session);
  Task<StepResult> keep(ports::OutboxRow row, support::SupportSession session, ports::WrittenComment written, bool asked_before);
  Task<Result<std::string>> result_for(ports::OutboxRow row, support::SupportSession session);
  Task<StepResult> not_written(ports::OutboxRow row, support::SupportSession session, Error error);

  const Doors& doors_;
  InvitationReading& reading_;
};

}  // namespace belay::desk
