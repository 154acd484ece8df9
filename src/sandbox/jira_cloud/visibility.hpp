// To whom a comment is restricted, as the API and the seed put it (Visibility in jira-cloud-openapi-v3.json).
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "sandbox/jira_cloud/site.hpp"

namespace belay::sandbox::jira_cloud {

[[nodiscard]] std::string_view to_string(Visibility::Type type);

/// {type, value, identifier}
[[nodiscard]] json::object visibility_view(const Visibility& visibility);

/// What {type, value, identifier} means for a comment in that project; an identifier goes before a value. Roles go by name, which is
/// the identifier that Jira gives them, and by id. Errors: `unknown_type`, `unknown_role`, `unknown_group`; their causes are sentences.
[[nodiscard]] Result<Visibility> read_visibility(const Site& site, const Project& project, const json::object& from);

}  // namespace belay::sandbox::jira_cloud
