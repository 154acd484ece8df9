// The Forge Invocation Token (FIT): what Atlassian signs to say who is calling, from which installation and about which
// issue (developer.atlassian.com, "Forge Remote essentials"). The order of checks is the one docs/forge.md pins; the first that fails
// gives the reason.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "crypto/jws.hpp"

namespace belay::crypto {

inline constexpr std::chrono::seconds kTokenSkew{30};

/// What a verified token says. Only ever made by verify().
struct Invocation {
  std::string app_id;             ///< ari:cloud:ecosystem::app/<uuid>
  InstallationId installation;
  std::string api_base_url;       ///< https://api.atlassian.com/ex/jira/<cloudId>; the host is pinned by the caller's settings
  std::string cloud_id;
  std::string environment_type;   ///< DEVELOPMENT, STAGING or PRODUCTION
  std::string environment_id;
  std::string module_type;        ///< e.g. jira:issueContext
  std::string module_key;
  std::optional<std::string> site_url;      ///< UI calls only
  std::optional<AccountId> principal;       ///< UI calls only
  std::optional<IssueId> issue_id;
  std::optional<IssueKey> issue_key;
  std::optional<ProjectId> project_id;
  std::optional<ProjectKey> project_key;
  std::optional<std::string> project_type;   ///< "service_desk", "software", …
  std::optional<bool> license_active;
  Time expires_at;
};

struct TokenRules {
  std::vector<std::string> app_ids;         ///< accepted audiences
  std::vector<std::string> environments;    ///< accepted environment types
};

/// Steps 1 to 9 fail with `invalid_invocation_token` (cause: the reason's name, e.g. "bad_signature"); step 10 with
/// `environment_not_allowed`. An unknown kid is its own reason ("unknown_kid"), so that the caller can reload the key set and ask again.
/// Reasons: malformed, wrong_algorithm, missing_kid, unknown_kid, isolated_cloud, bad_signature, wrong_issuer, wrong_audience, app_id_mismatch,
/// not_yet_valid, expired, non_integer_time, installation_mismatch, cloud_mismatch, claim_missing, environment_not_allowed.
[[nodiscard]] Result<Invocation> verify(std::string_view compact, const KeySet& keys, const TokenRules& rules, Time now);

}  // namespace belay::crypto
