// Who calls REST: by an OAuth access token, a personal one, or by name and password where the version still takes that. The cookie of the pages opens
// nothing here.
#pragma once

#include <optional>
#include <string>

#include "net/message.hpp"
#include "sandbox/jira_datacenter/site.hpp"

namespace belay::sandbox::jira_datacenter {

struct Caller {
  std::string person;               ///< key
  std::string scope;                ///< of an access token; empty: everything that they may
};

/// Nobody: no authorization, none that is known, over, or of somebody who is not active.
[[nodiscard]] std::optional<Caller> caller_of(const Site& site, const net::Request& request, Time now);

}  // namespace belay::sandbox::jira_datacenter
