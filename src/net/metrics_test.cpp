#include "net/metrics.hpp"

#include <string>

#include <doctest/doctest.h>

using belay::net::Metrics;
using namespace std::chrono_literals;

namespace {

bool has_line(const std::string& text, const std::string& line) { return ("\n" + text).find("\n" + line + "\n") != std::string::npos; }

}  // namespace

TEST_CASE("requests are counted by route and status, and their times land in buckets") {
  Metrics metrics;
  metrics.request("GET /v1/panel", 200, 300us);
  metrics.request("GET /v1/panel", 200, 2ms);
  metrics.request("GET /v1/panel", 503, 1us);
  const auto text = metrics.text();
  CHECK(has_line(text, R"(belay_http_requests_total{route="GET /v1/panel",status="200"} 2)"));
  CHECK(has_line(text, R"(belay_http_requests_total{route="GET /v1/panel",status="503"} 1)"));
  CHECK(has_line(text, R"(belay_http_request_seconds_count{route="GET /v1/panel"} 3)"));
  CHECK(has_line(text, R"(belay_http_request_seconds_bucket{route="GET /v1/panel",le="0.0005"} 2)"));
  CHECK(has_line(text, "# TYPE belay_http_requests_total counter"));
}

TEST_CASE("a call that was tried three times counts once as a call and twice as a retry") {
  Metrics metrics;
  metrics.outbound("jira.issue", 200, 3, 40ms);
  metrics.outbound("jira.issue", 0, 1, 40ms);
  const auto text = metrics.text();
  CHECK(has_line(text, R"(belay_outbound_calls_total{name="jira.issue",status="200"} 1)"));
  CHECK(has_line(text, R"(belay_outbound_calls_total{name="jira.issue",status="0"} 1)"));
  CHECK(has_line(text, R"(belay_outbound_retries_total{name="jira.issue"} 2)"));
}

TEST_CASE("verdicts, worker steps and gauges keep their own series") {
  Metrics metrics;
  metrics.verification("ok");
  metrics.verification("expired");
  metrics.worker_step("comment", "done");
  metrics.gauge("belay_outbox_due", 4);
  metrics.gauge("belay_outbox_due", 3);
  const auto text = metrics.text();
  CHECK(has_line(text, R"(belay_token_verifications_total{verdict="expired"} 1)"));
  CHECK(has_line(text, R"(belay_worker_steps_total{kind="comment",outcome="done"} 1)"));
  CHECK(has_line(text, "belay_outbox_due 3"));
}
