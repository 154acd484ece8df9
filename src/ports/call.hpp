// What every outside call is told about its caller: the tenant, the trace, and how long it may take.
#pragma once

#include <string>
#include <variant>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace belay::ports {

struct Call {
  InstallationId installation;
  std::string trace_id;                  ///< of the caller, for logs on both sides; empty for the worker's own
  Milliseconds deadline{10'000};         ///< for each request of the call, its retries included; few calls make more than one
  std::string api_base_url;              ///< only while pairing, when the installation has no row yet; else empty: the row's is used
};

/// In whose name Jira is called. The app's own token is used only after the caller's rights were checked.
struct AsApp {};
struct AsUser { AccountId account; };
/// With a user token that came with a call which does not say whose it is.
struct WithToken { std::string secret; };
using Actor = std::variant<AsApp, AsUser, WithToken>;

}  // namespace belay::ports
