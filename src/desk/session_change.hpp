// Changing a stored session: read, change and write in one unit of work.
#pragma once

#include <functional>

#include "desk/doors.hpp"

namespace belay::desk {

/// May also write other rows of the same unit of work. An error rolls everything back. Called again when somebody was faster.
using SessionChange = std::function<Result<void>(support::SupportSession&, ports::UnitOfWork&)>;

/// Whether a change has to survive a power cut, or a crash of PostgreSQL. Every change survives the end of this process.
enum class Commit { forced, unforced };

/// The session as it stands afterwards. `not_found` when there is none of that id in the installation.
Task<Result<support::SupportSession>> change_session(const Doors& doors, InstallationId installation, SessionId id, SessionChange change, Commit commit = Commit::forced);

Task<Result<support::SupportSession>> read_session(const Doors& doors, InstallationId installation, SessionId id);

/// Does it live in that account at its provider? Also when nothing was asked for yet.
[[nodiscard]] bool is_in(const support::SupportSession& session, const ProviderAccountId& account);

/// Has its agent connected another account meanwhile, which knows nothing of it?
Task<Result<bool>> lives_elsewhere(const Doors& doors, support::SupportSession session);

/// What is written when a session ends: its state, the audit entry, and the rows that close it at the provider and edit the invitation, with the
/// trace of whoever ended it. An invitation is edited once its link is dead (begin_notice).
Result<void> end_session(const Doors& doors, support::SupportSession& session, ports::UnitOfWork& unit, support::SessionEvent event, const ports::AuditEntry& audit,
                         bool edit_invitation, std::string trace_id = {});

/// A session that failed is wanted again, for as long as it was to last: its steps are pending. The row that makes it is the caller's to put.
/// `invalid_state` for any other.
Result<void> make_again(const Doors& doors, support::SupportSession& session);

/// Asks for the edit of this session's invitation, which tells the customer that its link is dead: at once where the provider has closed the session,
/// else when its time has passed, and to be asked for again when it was closed before that.
void begin_notice(const Doors& doors, ports::UnitOfWork& unit, support::SupportSession& session, const std::string& trace_id);

/// What came of the session is known, or has changed: asks for it to be written on the issue, and for the time to be booked.
void begin_report(const Doors& doors, ports::UnitOfWork& unit, support::SupportSession& session, const std::string& trace_id);

/// Was the agent perhaps told that the customer waits? The step that is to tell them is still there: it looks for what it may have written.
[[nodiscard]] bool is_maybe_told(ports::UnitOfWork& unit, const support::SupportSession& session);

// ---- one session in the place of another (docs/sessions.md) ----

/// A replacement that ended, or was never made, without anybody having joined it gives its place back: the session it was made for may be replaced
/// again.
Result<void> give_place_back(ports::UnitOfWork& unit, const support::SupportSession& replacement);
/// A replacement that is tried again takes its place again; where another one has it by now, it becomes a session of its own.
Result<void> take_place_again(ports::UnitOfWork& unit, support::SupportSession& replacement);
/// Somebody joined the replacement: the session whose place it takes ends, unless somebody is there.
Result<void> end_replaced(const Doors& doors, ports::UnitOfWork& unit, const support::SupportSession& replacement, bool edit_invitation);

/// What took this session's place was joined.
[[nodiscard]] bool was_joined_elsewhere(ports::UnitOfWork& unit, const support::SupportSession& session);

/// Asks for the sweep of this session (session_steps.hpp), reckoned from now: the uncertainty it looks after has just begun. One that was asked
/// for earlier is replaced.
void begin_sweep(const Doors& doors, ports::UnitOfWork& unit, const support::SupportSession& session, Milliseconds after);
/// The same where it is a second session at the provider that may come late. What is ended there meanwhile waits for that (`second_session_since`).
void begin_session_sweep(const Doors& doors, ports::UnitOfWork& unit, const support::SupportSession& session, Milliseconds after);
/// Since when a second session at the provider may still come: a sweep looks after it, this one, or one that was asked for.
[[nodiscard]] std::optional<Time> second_session_since(const ports::OutboxRow& sweep);
[[nodiscard]] std::optional<Time> second_session_since(ports::UnitOfWork& unit, const support::SupportSession& session);

/// A late second effect was found and taken away: noted in the audit log, and in the log.
Task<Result<void>> journal(const Doors& doors, support::SupportSession session, std::string action);

/// Is the sweep of this session looking right now? It closes and deletes what was not ours when it read our row, so nobody may adopt anything
/// found outside until it is through.
Task<Result<bool>> is_being_swept(const Doors& doors, InstallationId installation, SessionId id);
/// Then whoever had to wait for the sweep looks again.
inline constexpr Milliseconds kSweepWait{1'000};

/// After this time a request whose answer nobody saw has most likely arrived.
inline constexpr Milliseconds kLateEffect{15'000};

}  // namespace belay::desk
