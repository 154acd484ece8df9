// What every outside call is told about its caller: the tenant, the trace, and how long it may take.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace belay::ports {

/// With what the app calls Jira.
struct AppAccess {
  std::string api_base_url;
  std::string token;
  Time expires_at;                       ///< the token's
  Time paired_at;
};

struct Call {
  InstallationId installation;
  std::string trace_id;                  ///< of the caller, for logs on both sides; empty for the worker's own
  Milliseconds deadline{10'000};         ///< for each request of the call, its retries included; few calls make more than one
  std::string api_base_url;              ///< only while pairing, when the installation has no row yet; else empty: the row's is used
  /// As it was read in the unit of work that this call follows from: then it is not read once more for what the app calls.
  std::optional<AppAccess> app_access = {};
};

/// In whose name Jira is called. The app's own token is used only after the caller's rights were checked.
struct AsApp {};
struct AsUser { AccountId account; };
/// With a user token that came with a call which does not say whose it is.
struct WithToken { std::string secret; };
using Actor = std::variant<AsApp, AsUser, WithToken>;

}  // namespace belay::ports
