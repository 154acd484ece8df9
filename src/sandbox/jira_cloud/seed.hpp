// Reads one site of the seed file (docs/sandbox/seed.schema.json).
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "sandbox/forge/installations.hpp"
#include "sandbox/jira_cloud/site.hpp"

namespace belay::sandbox::jira_cloud {

struct Seeded {
  Site site;
  forge::Installation installation;
};

/// Ages of issues and comments count back from `now`. Error `seed_invalid`, its cause says where.
Result<Seeded> read_site(const json::object& from, const std::string& app_name, Time now);

}  // namespace belay::sandbox::jira_cloud
