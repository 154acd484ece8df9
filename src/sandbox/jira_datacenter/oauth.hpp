// The OAuth 2.0 provider of Jira Data Center, from 8.22: authorization code with PKCE (RFC 6749, RFC 7636), refresh tokens that are replaced with each use.
#pragma once

#include <map>
#include <random>
#include <set>
#include <string>

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
  /// Where the browser goes once somebody has allowed it, or has not.
  [[nodiscard]] std::string allow(Site& site, const Wish& wish, const std::string& person);
  [[nodiscard]] static std::string deny(const Wish& wish, std::string_view error);

  /// POST /rest/oauth2/latest/token
  [[nodiscard]] net::Response token(Site& site, const net::Request& request);
  /// A personal access token, for ever.
  [[nodiscard]] std::string personal_token(Site& site, const std::string& person);

 private:
  struct Code {
    std::string site, client, redirect_uri, challenge, person, scope;
    Time ends;
    std::set<std::string> gave;       ///< tokens: revoked when the code comes a second time
  };
  struct Refresh { std::string site, client, person, scope, access; };

  std::string random_token();
  net::Response give(Site& site, const std::string& client, const std::string& person, const std::string& scope, Code* code);

  Stage stage_;
  std::mt19937_64 random_{std::random_device{}()};
  std::map<std::string, Code> codes_;
  std::map<std::string, Refresh> refreshes_;
};

}  // namespace belay::sandbox::jira_datacenter
