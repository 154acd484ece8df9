// What came of a session is written on the issue once. A request whose answer was never seen may take effect after we looked for it and wrote another: the
// sweep of the session (session_steps.hpp) takes the late one away.
#pragma once

#include "desk/steps.hpp"

namespace belay::desk {

/// Deletes reports and worklogs that carry the session's id and are not the ones we kept. While none is kept nothing is deleted. Of the comments that say
/// that the customer waits the first one stays.
Task<Result<void>> sweep_report(const Doors& doors, ports::OutboxRow row, support::SupportSession session);

}  // namespace belay::desk
