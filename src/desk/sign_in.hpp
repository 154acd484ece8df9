// Signing in to our pages beside a Jira Data Center, which brings no token of its own along (docs/datacenter.md, "Sign-in"). A window of the browser goes
// to Jira and comes back; what it brings is handed to the page that opened it, which then carries a token of ten minutes in its memory, and the browser
// a cookie with which the next page gets one without asking anybody.
#pragma once

#include <optional>
#include <string>

#include "desk/doors.hpp"
#include "ports/jira_sign_in.hpp"

namespace belay::desk {

/// A page carries its token for so long; then it asks for the next.
inline constexpr std::chrono::minutes kPageTokenLife{10};
/// Then they sign in again.
inline constexpr std::chrono::days kSignInLife{30};

class SignIns final {
 public:
  SignIns(const Doors& doors, ports::JiraSignIn& jira) : doors_(doors), jira_(jira) {}

  /// The site of that name, or `not_found`.
  [[nodiscard]] Result<ports::JiraSite> site(const std::string& name) const;

  struct Begun {
    std::string state;               ///< ties this browser to the way back
    std::string location;            ///< of Jira
  };
  /// `nonce` is the page's, and comes back to it. Errors: `not_found`; `sign_in_typed` for a site whose users type in a token.
  Task<Result<Begun>> begin(std::string name, std::string nonce);

  struct Returned {
    std::string nonce;
    std::string code;                ///< for the page, which exchanges it within a minute
  };
  /// Jira sent the browser back. Errors: `oauth_state_invalid`, `sign_in_refused`, `jira_unreachable`.
  Task<Result<Returned>> come_back(std::string name, std::string state, std::string jira_code, std::string trace_id);

  struct SignedIn {
    std::string page_token;
    Time page_token_ends;
    ports::JiraUser user;
    std::optional<std::string> secret;   ///< of a new sign-in, for the browser's cookie
    Time ends;
  };
  /// By the code of come_back(). Errors: `signed_out` (unknown, used, or too late).
  Task<Result<SignedIn>> exchange(std::string name, std::string code);
  /// With a personal access token that the user typed in; Jira says whose it is. Errors: `sign_in_refused`, `jira_unreachable`.
  Task<Result<SignedIn>> by_typed_token(std::string name, std::string token, std::string trace_id);
  /// By the cookie. Errors: `signed_out`.
  Task<Result<SignedIn>> refresh(std::string name, std::string secret);
  /// In this browser. Nothing changes where nobody was.
  Task<Result<void>> sign_out(std::string name, std::string secret);

 private:
  [[nodiscard]] SignedIn signed_in(const ports::SignIn& sign_in, std::optional<std::string> secret) const;
  /// A row, and the secret that finds it.
  std::pair<ports::SignIn, std::string> fresh(const InstallationId& installation, ports::JiraUser user);

  const Doors& doors_;
  ports::JiraSignIn& jira_;
};

}  // namespace belay::desk
