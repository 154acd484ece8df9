// The OAuth 2.0 provider of Jira Data Center, from 8.22 ("Jira OAuth 2.0 provider API"): authorization code, with PKCE where the app began with a
// challenge (RFC 6749, RFC 7636), and refresh tokens that are replaced with each use. It asks for the redirect address on a refresh, too.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/message.hpp"
#include "sandbox/jira_datacenter/site.hpp"
#include "sandbox/party.hpp"

namespace belay::sandbox::jira_datacenter {

/// What an app asks for, in the address that it sends a browser to.
struct Wish {
  std::string client_id, redirect_uri, response_type, state, scope, challenge, challenge_method;
};
[[nodiscard]] Wish wish_of(const std::vector<std::pair<std::string, std::string>>& fields);

class OAuth final {
 public:
  explicit OAuth(Stage stage) : stage_(stage) {}

  /// Null: no such app, or another place than it registered. Then nobody is sent anywhere.
  [[nodiscard]] static const Client* client_of(const Site& site, const Wish& wish);
  /// The `error` that the browser takes back where the wish of a known app is not one that can be granted; nothing when it is.
  [[nodiscard]] static std::optional<std::string_view> problem_of(const Client& client, const Wish& wish);
  /// Where the browser goes once somebody has allowed it, or has not.
  [[nodiscard]] std::string allow(const Site& site, const Wish& wish, const std::string& person);
  [[nodiscard]] static std::string deny(const Wish& wish, std::string_view error);

  /// POST /rest/oauth2/latest/token
  [[nodiscard]] net::Response token(Site& site, const net::Request& request);
  /// What this person allowed, they allow no more.
  void revoke_all_of(Site& site, std::string_view person);

 private:
  /// What somebody allowed, with the two tokens of now.
  struct Grant {
    std::string site, client, redirect_uri, person, scope;
    std::string access, refresh;
    Time refresh_ends{};
  };
  struct Code {
    Grant grant;                       ///< without tokens
    std::string challenge;
    Time ends;
    std::optional<std::int64_t> gave;  ///< number of the grant that it became
  };
  using Form = std::vector<std::pair<std::string, std::string>>;

  net::Response exchange(Site& site, const Client& client, const Form& form);
  net::Response renew(Site& site, const Client& client, const Form& form);
  net::Response give(Site& site, std::int64_t number, std::string_view kind);
  void revoke(Site& site, std::int64_t number);
  void journal(const Site& site, const Grant& grant, std::string_view kind) const;

  Stage stage_;
  std::map<std::string, Code> codes_;
  std::map<std::int64_t, Grant> grants_;
  std::map<std::string, std::int64_t> by_refresh_;
  std::int64_t next_grant_ = 1;
};

}  // namespace belay::sandbox::jira_datacenter
