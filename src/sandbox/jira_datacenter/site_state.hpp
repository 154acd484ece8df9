// What `control` sees and changes of a site (docs/sandbox/state.schema.json, state-change.schema.json).
#pragma once

#include <vector>

#include "base/result.hpp"
#include "sandbox/jira_datacenter/site.hpp"

namespace belay::sandbox::jira_datacenter {

[[nodiscard]] json::object state_of(const Site& site);

/// What is left to do once all of a change is done.
struct Aftermath {
  struct Happening {
    std::string event;              ///< created, updated, deleted
    Issue issue;                    ///< as it is then; a deleted one as it was
  };
  std::vector<Happening> happenings;   ///< for webhooks
  std::string revoked;              ///< key of whom no grant is left; empty: nobody
};
/// Error `invalid_field`, `unknown_field` or `seed_invalid`: then the site is half changed, and to be thrown away.
Result<Aftermath> change(Site& site, const json::object& patch, Time now);

}  // namespace belay::sandbox::jira_datacenter
