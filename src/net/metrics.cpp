#include "net/metrics.hpp"

#include <functional>
#include <initializer_list>
#include <mutex>
#include <unordered_map>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace belay::net {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;

// Our own work is microseconds, a call outside up to ten seconds.
const Histogram::BucketBoundaries kRequestSeconds{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 25};
const Histogram::BucketBoundaries kOutboundSeconds{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

double seconds_of(std::chrono::microseconds time) { return std::chrono::duration<double>(time).count(); }

// The series that were already asked for, by the values of their labels: prometheus-cpp builds a map and hashes it at each
// Family::Add, which would cost more than the request that is being counted.
template <class Series>
class Known {
 public:
  template <class Make>
  Series& find(std::string_view first, std::string_view second, Make make) {
    key_.assign(first).append(1, '\0').append(second);
    const auto known = series_.find(key_);
    if (known != series_.end()) return *known->second;
    return *series_.emplace(key_, &make()).first->second;
  }

 private:
  std::string key_;
  std::unordered_map<std::string, Series*> series_;
};

}  // namespace

struct Metrics::Implementation {
  prometheus::Registry registry;
  mutable std::mutex mutex;  // the worker's threads count too

  Family<Counter>& requests = counters("belay_http_requests_total", "Requests answered, by route and status");
  Family<Histogram>& request_seconds = histograms("belay_http_request_seconds", "Time from a request's last byte to its answer, by route");
  Family<Counter>& calls = counters("belay_outbound_calls_total", "Calls to other services, by name and status; 0 is no answer");
  Family<Histogram>& call_seconds = histograms("belay_outbound_seconds", "Time of calls to other services, all tries together, by name");
  Family<Counter>& retries = counters("belay_outbound_retries_total", "Tries after the first of calls to other services, by name");
  Family<Counter>& verdicts = counters("belay_token_verifications_total", "Caller tokens checked, by verdict");
  Family<Counter>& steps = counters("belay_worker_steps_total", "Steps of the worker, by kind and outcome");

  Known<Counter> known_requests, known_calls, known_retries, known_verdicts, known_steps;
  Known<Histogram> known_request_seconds, known_call_seconds;
  Known<Gauge> known_gauges;

  Family<Counter>& counters(const char* name, const char* help) { return prometheus::BuildCounter().Name(name).Help(help).Register(registry); }
  Family<Histogram>& histograms(const char* name, const char* help) {
    return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
  }

  Counter& counter(Known<Counter>& known, Family<Counter>& family, const char* first_label, std::string_view first, const char* second_label = nullptr,
                   std::string_view second = {}) {
    return known.find(first, second, [&]() -> Counter& {
      prometheus::Labels labels{{first_label, std::string{first}}};
      if (second_label != nullptr) labels.emplace(second_label, second);
      return family.Add(labels);
    });
  }

  Histogram& histogram(Known<Histogram>& known, Family<Histogram>& family, const char* label, std::string_view value,
                       const Histogram::BucketBoundaries& boundaries) {
    return known.find(value, {}, [&]() -> Histogram& { return family.Add({{label, std::string{value}}}, boundaries); });
  }
};

Metrics::Metrics() : implementation_(std::make_unique<Implementation>()) {}
Metrics::~Metrics() = default;

void Metrics::request(std::string_view route, unsigned status, std::chrono::microseconds took) {
  auto& state = *implementation_;
  const std::lock_guard lock{state.mutex};
  state.counter(state.known_requests, state.requests, "route", route, "status", std::to_string(status)).Increment();
  state.histogram(state.known_request_seconds, state.request_seconds, "route", route, kRequestSeconds).Observe(seconds_of(took));
}

void Metrics::outbound(std::string_view name, unsigned status, int tries, std::chrono::microseconds took) {
  auto& state = *implementation_;
  const std::lock_guard lock{state.mutex};
  state.counter(state.known_calls, state.calls, "name", name, "status", std::to_string(status)).Increment();
  state.histogram(state.known_call_seconds, state.call_seconds, "name", name, kOutboundSeconds).Observe(seconds_of(took));
  auto& retries = state.counter(state.known_retries, state.retries, "name", name);
  if (tries > 1) retries.Increment(tries - 1);
}

void Metrics::verification(std::string_view verdict) {
  auto& state = *implementation_;
  const std::lock_guard lock{state.mutex};
  state.counter(state.known_verdicts, state.verdicts, "verdict", verdict).Increment();
}

void Metrics::worker_step(std::string_view kind, std::string_view outcome) {
  auto& state = *implementation_;
  const std::lock_guard lock{state.mutex};
  state.counter(state.known_steps, state.steps, "kind", kind, "outcome", outcome).Increment();
}

void Metrics::gauge(std::string_view name, double value) {
  auto& state = *implementation_;
  const std::lock_guard lock{state.mutex};
  state.known_gauges
      .find(name, {}, [&]() -> Gauge& { return prometheus::BuildGauge().Name(std::string{name}).Register(state.registry).Add({}); })
      .Set(value);
}

std::string Metrics::text() const { return prometheus::TextSerializer{}.Serialize(implementation_->registry.Collect()); }

}  // namespace belay::net
