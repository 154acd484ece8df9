// The notes of a session: what the team wants to remember of it. Two agents may have them open at once, so whoever writes says what they had before
// them, and is told what stands there instead of writing over it.
#pragma once

#include <optional>
#include <string>

#include "desk/doors.hpp"

namespace belay::desk {

inline constexpr std::size_t kNotesLimit = 4'000;   ///< characters

struct TypedNotes {
  std::string notes = {};                    ///< empty: takes them away
  std::optional<std::string> before = {};    ///< what stood there when they were begun; absent: whatever stands there is written over
};

/// What can be refused without asking anybody: `invalid_field`.
[[nodiscard]] Result<void> check(const TypedNotes& typed);

/// Puts them in place of those that stand there. `notes_changed`, with those in `detail.notes`, when they are neither what was before the writer nor
/// what the writer wants. To be called in the unit of work that writes the session.
[[nodiscard]] Result<void> put_notes(support::SupportSession& session, const TypedNotes& typed);

/// The same when nothing else changes of the session: with the audit entry, and the report, which has the new ones at once and is written anew.
[[nodiscard]] Result<void> note_session(const Doors& doors, const Caller& caller, support::SupportSession& session, ports::UnitOfWork& unit, const TypedNotes& typed);

}  // namespace belay::desk
