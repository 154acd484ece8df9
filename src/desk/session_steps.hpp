// The steps that make and end a session at the provider: session.provision, session.close, session.sweep.
// TeamViewer has no idempotency, so our id travels with the session (custom_api): a retry finds what an earlier try did, and a
// second effect that comes late is found by the sweep and closed.
#pragma once

#include <any>

#include "desk/invitation_reading.hpp"
#include "desk/steps.hpp"

namespace belay::desk {

/// Where sessions of an agent are made: the group, and whose account it is.
struct ProviderPlace { std::string group_id; ProviderAccountId account; };
/// In a unit of work that puts session.provision, to be handed over, for a new session: writes down in it that the provider is asked, where all that this takes is known, and returns
/// what the row takes in hand. So the request follows the commit with nothing between them; whoever finds the row later looks first.
[[nodiscard]] std::any asked_at_once(const ports::AccountLink& link, const std::string& group, support::SupportSession& session);

class SessionSteps final {
 public:
  SessionSteps(const Doors& doors, InvitationReading& invitation_reading) : doors_(doors), invitation_reading_(invitation_reading) {}

  Task<StepResult> provision(ports::OutboxRow row);
  Task<StepResult> close(ports::OutboxRow row);
  /// Closes sessions at the provider, and deletes comments and worklogs, that carry our id and are not the ones we kept. Looks several times, since a
  /// late effect is late.
  Task<StepResult> sweep(ports::OutboxRow row);

 private:
  struct Known {
    support::SupportSession session;
    std::string group;                          // its name
    std::optional<ports::AccountLink> link;     // the creator's
  };
  Task<Result<Known>> know(ports::OutboxRow row);
  // The first request for it; or an earlier try's session; or one that was made since none was found.
  enum class Asking { first, found, again };
  struct Had { ports::ProviderSession session; Asking asking; };
  Task<Result<Had>> find_or_create(ports::OutboxRow row, Known known);
  Task<void> begin_reading(ports::OutboxRow row, support::SupportSession session);
  Task<Result<ports::ProviderSession>> make(ports::OutboxRow row, support::SupportSession session, ProviderPlace place, std::optional<ports::Grant> grant = std::nullopt);
  Task<Result<ProviderPlace>> place_of(ports::OutboxRow row, Known known);
  Task<Result<void>> still_same_account(support::SupportSession session);
  Task<Result<void>> forget_group(support::SupportSession session);
  Task<StepResult> keep(ports::OutboxRow row, ports::ProviderSession made, Asking asking);
  Task<StepResult> not_made(ports::OutboxRow row, Error error, bool asked_before);
  Task<Result<void>> sweep_provider(ports::OutboxRow row, support::SupportSession session);
  Task<Result<void>> sweep_comments(ports::OutboxRow row, support::SupportSession session);
  Task<Result<void>> say_that_comment_stays(support::SupportSession session);

  const Doors& doors_;
  InvitationReading& invitation_reading_;
};

}  // namespace belay::desk
