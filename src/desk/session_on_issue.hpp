// What has to be known before anything is written about a session on its issue: what our own database and the ticket say.
#pragma once

#include "desk/steps.hpp"

namespace belay::desk {

struct SessionOnIssue {
  support::SupportSession session;
  support::Settings settings;
  ports::Ticket ticket;
  std::string time_zone;   // of the supporter; empty when Jira did not say
};

/// Of the row's subject. Errors: session_erased (among the steps only: nothing is left to write of), those of Tickets::ticket.
Task<Result<SessionOnIssue>> session_on_issue(const Doors& doors, ports::OutboxRow row);

inline constexpr std::string_view kSessionErased = "session_erased";

}  // namespace belay::desk
