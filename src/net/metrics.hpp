// Prometheus metrics of the process, served as text on the admin listener (prometheus-cpp core; no exposer of its own).
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace belay::net {

/// Families are registered once here, so that names and labels stand in one place. Labels never hold a tenant's data.
class Metrics final {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  /// belay_http_requests_total{route,status} and belay_http_request_seconds{route}. `route` is the pattern, not the path.
  void request(std::string_view route, unsigned status, std::chrono::microseconds took);
  /// belay_outbound_calls_total{name,status}, belay_outbound_seconds{name}, belay_outbound_retries_total{name}
  void outbound(std::string_view name, unsigned status, int tries, std::chrono::microseconds took);
  /// belay_token_verifications_total{verdict}: "ok" or the reason of the refusal
  void verification(std::string_view verdict);
  /// belay_worker_steps_total{kind,outcome}
  void worker_step(std::string_view kind, std::string_view outcome);
  /// Gauges set by name: belay_outbox_due, belay_outbox_set_aside, belay_open_connections …
  void gauge(std::string_view name, double value);

  /// The text exposition format, version 0.0.4.
  [[nodiscard]] std::string text() const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace belay::net
