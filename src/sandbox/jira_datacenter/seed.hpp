// Reads a site of the seed's `datacenter` (docs/sandbox/seed.schema.json).
#pragma once

#include "base/result.hpp"
#include "sandbox/jira_datacenter/site.hpp"

namespace belay::sandbox::jira_datacenter {

/// Error `seed_invalid`.
[[nodiscard]] Result<Site> read_site(const json::object& seed, Time now);

}  // namespace belay::sandbox::jira_datacenter
