// Changing a stored session: read, change and write in one unit of work.
#pragma once

#include <functional>

#include "desk/doors.hpp"

namespace belay::desk {

/// May also write other rows of the same unit of work. An error rolls everything back. Called again when somebody was faster.
using SessionChange = std::function<Result<void>(support::SupportSession&, ports::UnitOfWork&)>;

/// The session as it stands afterwards. `not_found` when there is none of that id in the installation.
Task<Result<support::SupportSession>> change_session(const Doors& doors, InstallationId installation, SessionId id, SessionChange change);

Task<Result<support::SupportSession>> read_session(const Doors& doors, InstallationId installation, SessionId id);

/// What is written when a session ends: its state, the audit entry, and the rows that close it at the provider and edit the invitation, with the
/// trace of whoever ended it. An invitation is edited once its link is dead (begin_notice).
Result<void> end_session(const Doors& doors, support::SupportSession& session, ports::UnitOfWork& unit, support::SessionEvent event, const ports::AuditEntry& audit,
                         bool edit_invitation, std::string trace_id = {});

/// Asks for the edit of this session's invitation, which tells the customer that its link is dead: at once where the provider has closed the session,
/// else when its time has passed, and to be asked for again when it was closed before that.
void begin_notice(const Doors& doors, ports::UnitOfWork& unit, support::SupportSession& session, const std::string& trace_id);

/// Asks for the sweep of this session (session_steps.hpp), reckoned from now: the uncertainty it looks after has just begun. One that was asked
/// for earlier is replaced.
void begin_sweep(const Doors& doors, ports::UnitOfWork& unit, const support::SupportSession& session, Milliseconds after);

/// Is the sweep of this session looking right now? It closes and deletes what was not ours when it read our row, so nobody may adopt anything
/// found outside until it is through.
Task<Result<bool>> is_being_swept(const Doors& doors, InstallationId installation, SessionId id);
/// Then whoever had to wait for the sweep looks again.
inline constexpr Milliseconds kSweepWait{1'000};

/// After this time a request whose answer nobody saw has most likely arrived.
inline constexpr Milliseconds kLateEffect{15'000};

}  // namespace belay::desk
