// Rows that somebody waits for are begun the moment they are committed, by the process that wrote them: the worker need not find them first. Killed in between,
// a row is one like any other, and somebody's again when its lease has run out.
#pragma once

#include <optional>

#include "desk/doors.hpp"

namespace belay::desk {

/// In a unit of work: puts the row, with the lease where there is one. What comes back is to be handed over once everything is committed, with what its step
/// begins from in hand, where all of that is known; nothing: it waits its turn.
[[nodiscard]] std::optional<ports::OutboxRow> put_leased(ports::UnitOfWork& unit, ports::OutboxRow row, const std::optional<ports::Lease>& lease);
/// After the commit: begins that row. What else was put beside it is found when its step ends, if not sooner.
Task<void> hand_over(const Doors& doors, std::optional<ports::OutboxRow> row);

}  // namespace belay::desk
