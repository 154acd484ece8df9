// What the admins of one project decided for it: whether there is remote support at all, whom they let act beyond what the site says, and what its
// customers read. Stored as JSON, as the settings of the installation are.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "support/settings.hpp"

namespace belay::support {

struct ProjectSettings {
  bool enabled = true;
  std::map<std::string, std::string> customer_text;   ///< by language; a language without one takes the site's
  std::vector<std::string> allowed_groups;            ///< names of Jira groups; narrows what the site allows, and never widens it. Empty: as the site says
  friend bool operator==(const ProjectSettings&, const ProjectSettings&) = default;
};

/// The site's settings as they count in the project: with its texts in the place of the site's.
[[nodiscard]] Settings in_project(Settings site, const ProjectSettings& project);

/// As stored, and as PUT /v1/settings?project= takes it without `version` (docs/openapi.yaml, ProjectSettingsUpdate).
[[nodiscard]] json::object to_json(const ProjectSettings& settings);

/// Checks everything: `invalid_field`, `unknown_field`, or `customer_text_invalid` with detail.language and detail.problems.
[[nodiscard]] Result<ProjectSettings> project_settings_from_json(const json::object& from);

}  // namespace belay::support
