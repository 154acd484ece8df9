// What /mypermissions says, in Cloud and in Data Center.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "support/access.hpp"

namespace belay::jira {

/// Jira's name of the right to work on requests of a service project. Only sites with Service Management know it.
inline constexpr std::string_view kAgentPermission = "SERVICEDESK_AGENT";

[[nodiscard]] Result<support::JiraRights> rights_from(const json::value& body);

/// Of an answer that is about no place in particular.
[[nodiscard]] support::JiraRights global_part(const support::JiraRights& rights);

}  // namespace belay::jira
