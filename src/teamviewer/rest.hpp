// One place for calls of the Web API: address, bearer, deadline, retries, pauses, and what an answer means.
#pragma once

#include <chrono>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "net/client.hpp"
#include "net/retry_budget.hpp"
#include "ports/clock.hpp"
#include "teamviewer/call_budget.hpp"
#include "teamviewer/pauses.hpp"
#include "teamviewer/settings.hpp"

namespace belay::teamviewer {

/// A moment of the steady clock: until then a use case waits, all its calls together.
using Until = std::chrono::steady_clock::time_point;
[[nodiscard]] inline Until after(Milliseconds deadline) { return std::chrono::steady_clock::now() + deadline; }

struct Request {
  std::string function;                                     ///< as TeamViewer's OpenAPI document names it: "create_session"; metrics show teamviewer.create_session
  std::string method = "GET";
  std::string path;                                         ///< behind /api/v1, its parts checked by ids.hpp
  std::vector<std::pair<std::string, std::string>> query;
  std::optional<json::object> body;                         ///< JSON
  std::vector<std::pair<std::string, std::string>> form;    ///< instead of a body: the token endpoint only
  std::string token;                                        ///< empty: without Authorization
  bool names_addresses = false;                             ///< refused as malformed, one of them is why: `address_not_usable`
  std::string who;                                          ///< whose token it is: limits count for each; empty for the token endpoint
  std::string trace_id;
};

/// What every call needs; the rest is filled in where it is wanted.
[[nodiscard]] inline Request request_for(std::string function, std::string method, std::string path) {
  Request request;
  request.function = std::move(function);
  request.method = std::move(method);
  request.path = std::move(path);
  return request;
}

/// `who` for a token that belongs to no link (yet): says nothing about the token itself.
[[nodiscard]] inline std::string key_of_token(const std::string& token) { return "grant|" + std::to_string(std::hash<std::string>{}(token)); }

class Rest final {
 public:
  /// All three outlive it.
  Rest(net::Client& client, const ports::Clock& clock, const Settings& settings);

  /// The body of a 2xx answer; null when it has none. GET is tried again while the deadline and the budget last, everything else goes out once.
  /// Errors: those of ports::SupportProvider; `link_expired` means that this token is not accepted.
  Task<Result<json::value>> send(Request request, Until until);

 private:
  std::optional<Error> why_not_now(const Request& request);
  Task<Result<net::OutboundResponse>> exchange(net::OutboundRequest request, std::string counted_as, Until until);
  Result<json::value> read(const net::OutboundResponse& answer, const Request& request);
  net::OutboundRequest outbound(const Request& request) const;

  net::Client& client_;
  const ports::Clock& clock_;
  const Settings& settings_;
  Pauses pauses_;
  CallBudget calls_;
  std::optional<Time> blocked_until_;
  net::RetryBudget budget_{0.2, 10};
  std::minstd_rand jitter_{std::random_device{}()};
};

}  // namespace belay::teamviewer
