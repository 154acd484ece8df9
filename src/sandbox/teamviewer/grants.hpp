// OAuth 2 state: registered apps, authorization codes, tokens (RFC 6749, RFC 7636).
// A grant is one consent of one account to one app. Its access and refresh tokens live and die with it: revoking either kills the pair.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace belay::sandbox::teamviewer {

/// An app registration. Permissions are fixed on it, `scope` of a request can only repeat them.
struct App {
  std::string client_id;
  std::string client_secret;
  std::string name;
  std::vector<std::string> redirect_uris;  ///< compared byte for byte
  std::set<std::string> permissions;

  /// Asks for functions that need a Premium or Corporate licence, so that others cannot consent to it.
  [[nodiscard]] bool needs_reports_licence() const;
};

struct AuthorizationCode {
  std::string client_id, account, redirect_uri;
  std::string challenge;                   ///< S256; empty: PKCE was not used
  Time expires;
  bool spent = false;
};

struct Grant {
  std::string id;                          ///< short and meaningless; what journal and state call it
  std::string client_id, account;
  Time since;
  bool revoked = false;
};

struct AccessToken { std::string grant; Time expires; };
struct RefreshToken { std::string grant; bool spent = false; };

struct IssuedTokens {
  std::string access;
  std::optional<std::string> refresh;
  std::string grant;
};

class Grants {
 public:
  std::map<std::string, App> apps;         ///< by client id

  [[nodiscard]] App* app(std::string_view client_id);

  /// A one-use code for what the account consented to.
  [[nodiscard]] std::string authorize(AuthorizationCode code);
  /// Hands the code out once; a second time, or when late, there is nothing.
  [[nodiscard]] std::optional<AuthorizationCode> redeem(std::string_view code, std::string_view client_id, Time now);

  [[nodiscard]] IssuedTokens issue(std::string_view client_id, std::string_view account, Time now, std::chrono::seconds life);
  /// Nothing when the token is unknown, spent, revoked or of another app. With `rotate` the old refresh token is spent.
  [[nodiscard]] std::optional<IssuedTokens> refresh(std::string_view token, std::string_view client_id, Time now, std::chrono::seconds life, bool rotate);

  enum class Standing { unknown, revoked, expired, good };
  struct Found { Standing standing = Standing::unknown; const Grant* grant = nullptr; };
  [[nodiscard]] Found find(std::string_view access_token, Time now) const;

  [[nodiscard]] Grant* grant(std::string_view id);
  [[nodiscard]] const std::map<std::string, Grant>& all() const { return grants_; }
  void revoke(Grant& grant) { grant.revoked = true; }
  /// Access tokens of the account end now; refreshing still works.
  void expire_access(std::string_view account, Time now);

 private:
  IssuedTokens add_tokens(const Grant& grant, Time now, std::chrono::seconds life, bool with_refresh);

  std::map<std::string, AuthorizationCode> codes_;
  std::map<std::string, Grant> grants_;
  std::map<std::string, AccessToken> access_;
  std::map<std::string, RefreshToken> refresh_;
};

/// What each permission lets an app do, in the words of the consent page.
[[nodiscard]] std::string_view words_of(std::string_view permission);

}  // namespace belay::sandbox::teamviewer
