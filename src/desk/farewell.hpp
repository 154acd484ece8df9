// Ending well: giving back a link, an installation, an issue's sessions, a grant nobody fetched. Whoever asks is answered at
// once; these steps then leave nothing behind at the provider and erase here.
#pragma once

#include <vector>

#include "desk/steps.hpp"

namespace belay::desk {

/// Marks the link as being given back and puts the row that does it. Inside a unit of work.
void begin_ending(const Doors& doors, ports::UnitOfWork& unit, ports::AccountLink link, const ports::AuditEntry& audit);

/// The same for the whole installation.
void begin_leaving(const Doors& doors, ports::UnitOfWork& unit, ports::Installation installation, const ports::AuditEntry& audit);

/// Parks the grant so that nobody can fetch it, and puts the row that gives it back. A grant that is parked already stays under its token.
void begin_giving_back(const Doors& doors, ports::UnitOfWork& unit, ports::ParkedGrant parked);

class Farewell final {
 public:
  explicit Farewell(const Doors& doors) : doors_(doors) {}

  /// link.end, subject: link id. Closes the account's open sessions, revokes its tokens, erases the link.
  Task<StepResult> end_link(ports::OutboxRow row);
  /// installation.end. All links as above, then every row of the installation.
  Task<StepResult> end_installation(ports::OutboxRow row);
  /// issue.gone, subject: issue id. Its sessions are closed, then erased.
  Task<StepResult> end_issue(ports::OutboxRow row);
  /// grant.expire, subject: token hash. A parked grant nobody fetched, or the wrong one asked for, is given back.
  Task<StepResult> end_grant(ports::OutboxRow row);

 private:
  /// Done: the link is given back and erased. `since`: when it was asked for.
  enum class Leaving { link, installation };
  Task<StepResult> give_back(ports::OutboxRow row, ports::AccountLink link, Time since, Leaving leaving);
  Task<Result<std::vector<support::SupportSession>>> end_here(ports::OutboxRow row, std::vector<support::SupportSession> sessions, bool edit_invitation);
  Task<Result<void>> close_there(ports::OutboxRow row, AccountId creator, std::vector<support::SupportSession> sessions);
  Task<Result<bool>> note_closing(ports::OutboxRow row, std::vector<support::SupportSession> sessions, std::optional<Error> failure);
  /// Until when something may still arrive that was asked for at the provider; nothing: it is certain by now.
  Task<Result<std::optional<Time>>> uncertain_until(std::vector<support::SupportSession> sessions);
  Task<Result<void>> revoke(ports::OutboxRow row, LinkId id);
  Task<Result<void>> erase(ports::AccountLink link);

  const Doors& doors_;
};

}  // namespace belay::desk
