// Outbound HTTP: libcurl's multi interface driven by Asio, with the rules every outside call obeys: a deadline, a limit on
// the answer, a retry budget per host, jittered back-off that honours Retry-After, single flight for identical reads.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/task.hpp"
#include "net/message.hpp"

namespace boost::asio { class io_context; }

namespace belay::net {

struct OutboundRequest {
  std::string method = "GET";
  std::string url{};                           ///< absolute; http or https
  Headers headers{};
  std::string body{};
  std::chrono::milliseconds deadline{10'000};  ///< for all tries together, waiting included
  std::size_t max_answer = 6 * 1024 * 1024;    ///< bytes; more -> `answer_too_large`
  /// Safe to send twice (reads, PUT of a whole value, DELETE). Only such a request is ever retried after it may have been sent.
  bool idempotent = false;
  /// 1: no retry. Retries happen on connection failures, 429, 502, 503, 504 only, and only while the host's budget lasts.
  int max_tries = 3;
  /// False: a 429 comes back at once, for callers who remember themselves what is paused and for how long.
  bool retry_rate_limited = true;
  /// Identical reads under way with the same key share one call and one answer. Put the identity (installation, account) in it. Empty: no sharing.
  /// The call goes on while one of them has time left, and each leaves at its own deadline.
  std::string single_flight_key{};
  /// Propagated as x-b3-traceid, and written into the log line of the call.
  std::string trace_id{};
  /// Short constant name of the call for metrics and log: "jira.issue", "teamviewer.create_session".
  std::string name{};
};

struct OutboundResponse {
  unsigned status = 0;
  Headers headers{};
  std::string body{};
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  /// Retry-After as seconds or HTTP date, capped at one hour; nothing when absent or unreadable.
  [[nodiscard]] std::optional<std::chrono::milliseconds> retry_after() const;
  /// What the other side's clock said (RFC 9110, section 6.6.1), in Unix seconds; nothing when absent or unreadable.
  [[nodiscard]] std::optional<std::int64_t> date() const;
};

struct ClientSettings {
  std::chrono::milliseconds connect_deadline{3'000};
  std::size_t max_connections_per_host = 16;
  std::string user_agent = "Belay";
  /// Retries allowed per host: a token bucket filled by successes, so that retries stay a fraction of the traffic
  /// (see retry_budget.hpp).
  double retry_ratio = 0.2;
  double retry_burst = 10;
  /// By origin ("https://jira.example.com"): a file of certificates (PEM). There these alone are trusted, and not what the system trusts.
  std::map<std::string, std::string> authorities{};
};

/// What happened to a call, for metrics.
struct CallObserved {
  std::string_view name;
  std::string_view host;
  unsigned status;                             ///< 0: no answer
  int tries;
  std::chrono::microseconds took;
};

/// Errors as values: `unreachable` (nothing was sent: refused, no such host, a certificate that is not trusted), `no_answer` (may have been sent: time-out or
/// connection lost), `answer_too_large`, `cancelled`. An HTTP error status is an answer, not an error.
/// Redirects are not followed: a token must not travel to another host. No cookies. Proxy from the environment as curl reads it.
class Client final {
 public:
  Client(boost::asio::io_context& io, ClientSettings settings);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  Task<Result<OutboundResponse>> send(OutboundRequest request);

  void observe(std::function<void(const CallObserved&)> observer);

  /// Ends calls under way with `cancelled` and refuses new ones.
  void stop();

 private:
  struct Implementation;
  std::shared_ptr<Implementation> implementation_;
};

}  // namespace belay::net
