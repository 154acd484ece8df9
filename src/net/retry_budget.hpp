// Keeps retries a fraction of the traffic: when a host is in trouble, the retries of every caller together must not become
// the load that holds it down. A token bucket per host, filled by successes (the idea of gRPC's retry throttling, A6).
#pragma once

#include <cstddef>

namespace belay::net {

/// Not synchronised: the client keeps one per host on its own thread.
class RetryBudget final {
 public:
  /// `ratio`: tokens a success puts in (0.2: one retry for five successes). `burst`: the most it holds, and what it starts with.
  RetryBudget(double ratio, double burst) : ratio_(ratio), burst_(burst), tokens_(burst) {}

  /// Call once for each answer that was no failure.
  void succeeded() { tokens_ = tokens_ + ratio_ < burst_ ? tokens_ + ratio_ : burst_; }

  /// Takes one token for a retry. False: give the failure to the caller instead.
  [[nodiscard]] bool try_spend() {
    if (tokens_ < 1.0) return false;
    tokens_ -= 1.0;
    return true;
  }

  [[nodiscard]] double tokens() const { return tokens_; }

 private:
  double ratio_;
  double burst_;
  double tokens_;
};

}  // namespace belay::net
