// The OAuth 2.0 provider of a Jira Data Center (incoming link, from 8.22): authorization code with PKCE, refresh tokens that Jira replaces with each use
// (docs/datacenter.md, "Sign-in").
#pragma once

#include "jira/datacenter/page_tokens.hpp"
#include "jira/datacenter/sites.hpp"
#include "net/client.hpp"
#include "ports/clock.hpp"
#include "ports/jira_sign_in.hpp"

namespace belay::jira::datacenter {

class OAuth final : public ports::JiraSignIn {
 public:
  OAuth(net::Client& client, const Sites& sites, const PageTokens& tokens, const ports::Clock& clock, std::string public_url)
      : client_(client), sites_(sites), tokens_(tokens), clock_(clock), public_url_(std::move(public_url)) {}

  [[nodiscard]] std::optional<ports::JiraSite> site(std::string_view name) const override;
  [[nodiscard]] std::string authorize_url(const InstallationId& installation, const std::string& state, const std::string& code_challenge) const override;
  Task<Result<ports::JiraGrant>> exchange(ports::Call call, std::string code, std::string code_verifier) override;
  [[nodiscard]] bool is_signed(const InstallationId& installation, std::string_view body, std::string_view signature) const override;
  [[nodiscard]] std::string page_token(const InstallationId& installation, const AccountId& account, Time expires_at) const override;

  /// Errors: as exchange().
  Task<Result<ports::JiraGrant>> refresh(ports::Call call, ports::JiraGrant grant);
  /// Does Jira know whose this token is? Errors: `jira_unreachable` (retryable).
  Task<Result<bool>> takes(ports::Call call, std::string token);

 private:
  [[nodiscard]] std::string redirect_uri(const Site& site) const { return public_url_ + "/datacenter/" + site.name + "/callback"; }
  Task<Result<ports::JiraGrant>> ask(ports::Call call, const Site& site, std::vector<std::pair<std::string, std::string>> form, std::string name);

  net::Client& client_;
  const Sites& sites_;
  const PageTokens& tokens_;
  const ports::Clock& clock_;
  std::string public_url_;
};

}  // namespace belay::jira::datacenter
