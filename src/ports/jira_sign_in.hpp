// The door to the sign-in of a Jira Data Center: OAuth 2.0 with PKCE (RFC 6749, RFC 7636) at the site itself, and the tokens that our own pages carry
// afterwards.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "ports/call.hpp"
#include "ports/sign_in_storage.hpp"

namespace belay::ports {

/// A site, as pages and the sign-in know it.
struct JiraSite {
  InstallationId installation;
  std::string base_url;                ///< with its context path, no slash at the end
  std::string origin;                  ///< what browsers know its pages by
  bool oauth = false;                  ///< false: users type in a personal access token
};

class JiraSignIn {
 public:
  virtual ~JiraSignIn() = default;
  /// By the name in the configuration; nothing: there is none.
  [[nodiscard]] virtual std::optional<JiraSite> site(std::string_view name) const = 0;

  /// Where the browser goes. `code_challenge` is that of RFC 7636, S256.
  [[nodiscard]] virtual std::string authorize_url(const InstallationId& installation, const std::string& state, const std::string& code_challenge) const = 0;
  /// Errors: `sign_in_refused` (the code is not taken), `jira_unreachable` (retryable).
  virtual Task<Result<JiraGrant>> exchange(Call call, std::string code, std::string code_verifier) = 0;

  /// Is this body signed with the site's webhook secret? `signature` as the header X-Hub-Signature has it, "sha256=<hex>". False for a site without a secret.
  [[nodiscard]] virtual bool is_signed(const InstallationId& installation, std::string_view body, std::string_view signature) const = 0;

  /// What a page of ours carries from now on, in its memory. It says who they are to us, and nothing to Jira.
  [[nodiscard]] virtual std::string page_token(const InstallationId& installation, const AccountId& account, Time expires_at) const = 0;
};

}  // namespace belay::ports
