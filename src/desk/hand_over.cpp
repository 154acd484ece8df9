#include "desk/hand_over.hpp"

namespace belay::desk {

std::optional<ports::OutboxRow> put_leased(ports::UnitOfWork& unit, ports::OutboxRow row, const std::optional<ports::Lease>& lease) {
  if (!lease) {
    unit.outbox().put(row);
    return std::nullopt;
  }
  if (!unit.outbox().put_leased(row, *lease)) return std::nullopt;
  row.leased_until = lease->until;
  row.leased_by = lease->owner;
  return row;
}

Task<void> hand_over(const Doors& doors, std::optional<ports::OutboxRow> row) {
  // A look at the outbox now would stand in the way of what is begun.
  if (row) co_await doors.work.begin(std::move(*row));
  else doors.work.ring();
}

}  // namespace belay::desk
