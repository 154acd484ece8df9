// Who is calling? Turns the headers of a request into a verified caller. Nothing here decides what they may do.
#pragma once

#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "base/time.hpp"
#include "support/access.hpp"

namespace belay::ports {

/// A token Jira gave us with the call; opaque but for its end.
struct AppToken {
  std::string secret;
  Time expires_at;
  bool end_is_assumed = false;          ///< it does not say when it ends. Known of a token that came with a call, not of one that was kept
};

struct VerifiedCall {
  InstallationId known_as;              ///< what the token calls the installation, where that is not `installation`; else empty
  InstallationId installation;
  std::string cloud_id;
  std::string api_base_url;             ///< its host is one of the pinned ones
  std::string app_id;
  std::string environment_id;
  std::string environment_type;
  std::optional<std::string> site_url;  ///< origin of the Jira site, no slash at the end; UI calls only
  std::optional<std::string> personal_page = {};   ///< where it is, with nothing behind it but what the page is told; absent: where Forge puts it on the site
  std::optional<AccountId> principal;   ///< absent in events
  std::optional<IssueId> issue;
  std::optional<IssueKey> issue_key;
  std::optional<ProjectId> project;     ///< of the page, or of its issue
  std::optional<ProjectKey> project_key;
  std::optional<bool> service_project;  ///< a hint, before the issue itself was read; absent where the token does not say what kind of project it is
  std::string module_type;
  std::string module_key;
  support::Page page = support::Page::other;
  std::optional<AppToken> system_token;
  std::optional<AppToken> user_token;   ///< the principal's; without one, of whoever Jira says
};

/// The headers a verifier may look at.
struct CallerHeaders {
  std::string authorization;
  std::string system_token;             ///< x-forge-oauth-system
  std::string user_token;               ///< x-forge-oauth-user
  std::string page = {};                ///< x-belay-page, of our pages beside a Jira Data Center
  std::string issue = {};               ///< x-belay-issue, of the same
  std::string project = {};             ///< x-belay-project, of the same
};

class CallerVerifier {
 public:
  virtual ~CallerVerifier() = default;
  /// Errors: `invalid_invocation_token` (cause names the reason), `environment_not_allowed`; `signed_out` for a page's own token. When no key set could be loaded yet:
  /// `invalid_invocation_token` with cause "no_keys".
  virtual Task<Result<VerifiedCall>> verify(CallerHeaders headers) = 0;
};

}  // namespace belay::ports
