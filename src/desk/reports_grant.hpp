// The second grant of a link: leave to read the account's connection records, so that results come back to the ticket. It is asked for with a
// registration of its own, belongs to the same account at the provider as the link, and goes with it (docs/account-link.md, "Bringing results back").
#pragma once

#include <optional>

#include "desk/doors.hpp"

namespace belay::desk {

/// {"available":…,"allowed":…,"since":…,"expired":…}, the schema ReportsAccess of docs/openapi.yaml.
[[nodiscard]] json::object reports_view(const Doors& doors, const std::optional<ports::AccountLink>& link);

/// The account's records may be read with it.
[[nodiscard]] bool allows_reports(const std::optional<ports::AccountLink>& link);

/// Nothing when consent may be asked for; else `reports_not_available` (the server has no such registration), `not_linked`, `link_expired`, `reports_already_allowed`.
[[nodiscard]] Result<void> may_allow_reports(const Doors& doors, const std::optional<ports::AccountLink>& link);

/// A grant for records that was given by another account at the provider than the link's.
[[nodiscard]] bool is_of_other_account(const std::optional<ports::AccountLink>& link, const ports::ParkedGrant& parked);

/// Takes the grant out of the link, for the worker to give back. Does not put the link. Inside a unit of work.
void take_back_reports(const Doors& doors, ports::UnitOfWork& unit, ports::AccountLink& link);

}  // namespace belay::desk
