// OAuth 2 at TeamViewer (RFC 6749, RFC 7636; docs/teamviewer.md, "Linking"): PKCE and the client secret, form-encoded; one for each registration. Knows
// nothing of stored links.
#pragma once

#include <string>

#include "ports/support_provider.hpp"
#include "teamviewer/rest.hpp"

namespace belay::teamviewer {

class OAuth final {
 public:
  /// All three outlive it.
  OAuth(Rest& rest, const ports::Clock& clock, const Settings& settings, ports::Registration registration)
      : rest_(rest), clock_(clock), settings_(settings), registration_(registration) {}

  [[nodiscard]] std::string authorize_url(const std::string& state, const std::string& code_challenge) const;

  /// `grant_expired`: the code is used, old, or of another client.
  Task<Result<ports::Grant>> exchange(std::string code, std::string code_verifier, std::string trace_id, Until until);

  /// `link_expired`: the refresh token is spent or revoked. The answer replaces both tokens; when it brings no refresh token, the old one stays good.
  Task<Result<ports::Grant>> refresh(ports::Grant grant, std::string who, std::string trace_id, Until until);

  /// Gives the access token back. `link_expired`: it was dead.
  Task<Result<void>> revoke(std::string access_token, std::string trace_id, Until until);

 private:
  [[nodiscard]] const std::string& client_id() const;
  [[nodiscard]] const std::string& client_secret() const;
  Task<Result<ports::Grant>> ask(Request request, std::string old_refresh_token, Until until);

  Rest& rest_;
  const ports::Clock& clock_;
  const Settings& settings_;
  const ports::Registration registration_;
};

}  // namespace belay::teamviewer
