// Reads the seed's `datacenter` (docs/sandbox/seed.schema.json), and what control adds in the same shape.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "sandbox/jira_datacenter/site.hpp"

namespace belay::sandbox::jira_datacenter {

/// Every site of the seed; none where it has no `datacenter`. Error `seed_invalid`.
[[nodiscard]] Result<std::vector<Site>> read_sites(const json::object& seed, Time now);
/// Error `seed_invalid`.
[[nodiscard]] Result<Site> read_site(const json::object& seed, Time now);

/// Numbers it and its comments. Error `seed_invalid`: of no project of the site, of a key that is taken, or of people who are not there.
Result<Issue*> add_issue(Site& site, const json::object& seed, Time now);
/// Numbers it. Error `seed_invalid`: without an address, or with an event that there is none of.
Result<void> add_webhook(Site& site, const json::object& seed);

}  // namespace belay::sandbox::jira_datacenter
