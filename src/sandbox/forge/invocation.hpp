// One call that Forge makes to the app's remote: the invocation token (FIT) that says who and where, the OAuth tokens beside it, and
// the rules of the wire (docs/jira.md, docs/forge.md; Atlassian's page "Forge Remote essentials").
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "net/client.hpp"
#include "sandbox/forge/access_tokens.hpp"
#include "sandbox/forge/installations.hpp"
#include "sandbox/forge/key_ring.hpp"
#include "sandbox/forge/manifest.hpp"
#include "sandbox/jira_cloud/site.hpp"
#include "sandbox/party.hpp"

namespace belay::sandbox::forge {

inline constexpr std::chrono::seconds kTokenLife{25};
inline constexpr std::chrono::milliseconds kPageDeadline{25'000};
inline constexpr std::chrono::milliseconds kEventDeadline{5'000};
inline constexpr std::chrono::milliseconds kUninstallDeadline{55'000};
inline constexpr std::size_t kLargestRequest = 500 * 1024;
inline constexpr std::size_t kLargestAnswer = 5 * 1024 * 1024;

/// Which build of the app is installed everywhere.
struct Environment {
  std::string id;                       ///< UUID, as it stands in Jira's addresses
  std::string type = "PRODUCTION";
  std::string version = "1.0.0";
  std::string app_name = "Belay";
};

/// Why the remote is called.
struct Occasion {
  const Installation* installation = nullptr;
  const jira_cloud::Site* site = nullptr;
  const Module* module = nullptr;             ///< of a page or a trigger
  std::string account;                        ///< empty: no page, Forge itself calls
  std::string actor = {};                     ///< whose user token goes along with a call that is no page's; the token of the call does not name them
  const jira_cloud::Issue* issue = nullptr;   ///< on an issue's page
  const jira_cloud::Issue* request = nullptr; ///< in the portal
  const jira_cloud::Project* project = nullptr; ///< in the settings of a project
  std::string local_id;
};

/// What the module's page and its FIT know about the place it stands in.
[[nodiscard]] json::object extension_of(const Occasion& occasion);

struct RemoteRequest {
  std::string method, path;             ///< path as `invokeRemote` got it
  net::Headers headers;
  std::string body;
};

class Invoker final {
 public:
  Invoker(Stage stage, net::Client& client, const Manifest& manifest, const Environment& environment, KeyRing& keys, AccessTokens& tokens)
      : stage_(stage), client_(client), manifest_(manifest), environment_(environment), keys_(keys), tokens_(tokens) {}

  [[nodiscard]] std::string mint(const Occasion& occasion) const;

  /// A page's call. Errors carry the generic words that `invokeRemote` rejects with: no remote set, time-out, redirect, an answer that
  /// is no JSON, too large.
  Task<Result<net::OutboundResponse>> call_for_page(Occasion occasion, RemoteRequest request);

  /// An event or an action: POST to the endpoint's own path with the app's token, and the actor's where there is one.
  Task<Result<net::OutboundResponse>> call_for_event(Occasion occasion, std::string body, std::chrono::milliseconds deadline);

  /// Where the remote of this endpoint is; empty when nobody set it.
  [[nodiscard]] std::string address_of(const Installation& installation, const Endpoint& endpoint) const;

 private:
  Task<Result<net::OutboundResponse>> call(Occasion occasion, const Endpoint& endpoint, RemoteRequest request, std::chrono::milliseconds deadline);

  Stage stage_;
  net::Client& client_;
  const Manifest& manifest_;
  const Environment& environment_;
  KeyRing& keys_;
  AccessTokens& tokens_;
};

}  // namespace belay::sandbox::forge
