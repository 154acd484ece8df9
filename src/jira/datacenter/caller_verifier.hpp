// Who is calling from a page of ours beside a Jira Data Center: the bearer token says who, headers say which page it is and which issue or project it
// stands on. Those are the page's own words: what the caller may do there, Jira is asked as them on every call (docs/access.md).
#pragma once

#include "jira/datacenter/page_tokens.hpp"
#include "jira/datacenter/projects.hpp"
#include "jira/datacenter/sites.hpp"
#include "ports/caller_verifier.hpp"
#include "ports/clock.hpp"

namespace belay::jira::datacenter {

class PageCallerVerifier final : public ports::CallerVerifier {
 public:
  PageCallerVerifier(const PageTokens& tokens, const Sites& sites, Projects& projects, const ports::Clock& clock, std::string public_url)
      : tokens_(tokens), sites_(sites), projects_(projects), clock_(clock), public_url_(std::move(public_url)) {}

  /// Is it for this one to judge?
  [[nodiscard]] static bool is_for(const ports::CallerHeaders& headers);

  /// Errors: `signed_out`, for a token that is over, altered, of a site that is no longer configured, or of a page that there is none of; `not_found`
  /// for a panel that names no issue; of a project's settings, what the door to Jira says. Where they name no project that the caller sees, the call has none.
  Task<Result<ports::VerifiedCall>> verify(ports::CallerHeaders headers) override;

 private:
  const PageTokens& tokens_;
  const Sites& sites_;
  Projects& projects_;
  const ports::Clock& clock_;
  std::string public_url_;
};

}  // namespace belay::jira::datacenter
