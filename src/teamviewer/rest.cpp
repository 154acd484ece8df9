#include "teamviewer/rest.hpp"

#include <boost/json/serialize.hpp>

#include "base/log.hpp"
#include "net/message.hpp"
#include "net/retry_delay.hpp"
#include "net/runtime.hpp"
#include "teamviewer/refusals.hpp"

namespace belay::teamviewer {
namespace {

constexpr int kMostTries = 3;
constexpr std::size_t kLargestAnswer = 6 * 1024 * 1024;

Milliseconds time_left(Until until) { return std::chrono::duration_cast<Milliseconds>(until - std::chrono::steady_clock::now()); }

// Trouble of their side that may be gone in a moment. Not 429: for that there are pauses.
bool is_passing(const Result<net::OutboundResponse>& outcome) {
  if (!outcome) return outcome.error().code == "unreachable" || outcome.error().code == "no_answer";
  return outcome->status == 500 || outcome->status == 502 || outcome->status == 503 || outcome->status == 504;
}

// Nothing was sent, so that anything may be sent again.
bool never_left(const Result<net::OutboundResponse>& outcome) { return !outcome && outcome.error().code == "unreachable"; }

bool changes(const Request& request) { return request.method != "GET"; }

// The limit holds for every function. Only tokens are asked for in nobody's name.
bool is_counted(const Request& request) { return !request.who.empty(); }

std::string pause_key_of(const Request& request) { return request.function + '|' + request.who; }

}  // namespace

Rest::Rest(net::Client& client, const ports::Clock& clock, const Settings& settings)
    : client_(client), clock_(clock), settings_(settings), pauses_(settings.first_pause, settings.longest_pause), calls_(settings.calls_per_minute) {}

Task<Result<json::value>> Rest::send(Request request, Until until) {
  if (auto refused = why_not_now(request)) co_return std::unexpected(std::move(*refused));
  auto outcome = co_await exchange(outbound(request), is_counted(request) ? pause_key_of(request) : std::string(), until);
  if (!outcome) {
    const bool sent = outcome.error().code != "unreachable";
    co_return std::unexpected(unreachable(outcome.error().code + ": " + outcome.error().cause, changes(request) && sent));
  }
  co_return read(*outcome, request);
}

std::optional<Error> Rest::why_not_now(const Request& request) {
  const auto pause_key = pause_key_of(request);
  const auto now = clock_.now();
  if (blocked_until_ && now < *blocked_until_) {
    auto error = error_of(Refusal::blocked, 0, {.name = "still blocked, not sent", .words = {}, .reference = {}}, false);
    error.retry_after = *blocked_until_ - now;
    return error;
  }
  if (const auto left = pauses_.left(pause_key, now)) {
    auto error = error_of(Refusal::rate_limited, 0, {.name = "still pausing, not sent", .words = {}, .reference = {}}, false);
    error.retry_after = left;
    return error;
  }
  if (const auto wait = is_counted(request) ? calls_.take(pause_key, now) : std::nullopt) {
    auto error = error_of(Refusal::rate_limited, 0, {.name = "enough for this minute, not sent", .words = {}, .reference = {}}, false);
    error.retry_after = wait;
    return error;
  }
  return std::nullopt;
}

net::OutboundRequest Rest::outbound(const Request& request) const {
  net::OutboundRequest out;
  out.method = request.method;
  out.url = settings_.api_url + "/api/v1" + request.path;
  if (!request.query.empty()) out.url += '?' + net::form_encode(request.query);
  out.headers.emplace("Accept", "application/json");
  if (!request.token.empty()) out.headers.emplace("Authorization", "Bearer " + request.token);
  if (request.body) {
    out.headers.emplace("Content-Type", "application/json");
    out.body = boost::json::serialize(*request.body);
  } else if (!request.form.empty()) {
    out.headers.emplace("Content-Type", "application/x-www-form-urlencoded");
    out.body = net::form_encode(request.form);
  }
  out.idempotent = request.method == "GET";
  out.max_tries = 1;  // the client would also repeat a 429
  out.max_answer = kLargestAnswer;
  if (out.idempotent && !request.who.empty()) {
    // The token belongs to the key: who comes with a fresh one must not hear that the old one has expired.
    out.single_flight_key = "teamviewer|" + request.who + '|' + std::to_string(std::hash<std::string>{}(request.token)) + '|' + out.url;
  }
  out.trace_id = request.trace_id;
  out.name = "teamviewer." + request.function;
  return out;
}

// `counted_as`: what a further try counts as too; empty for what is not counted.
Task<Result<net::OutboundResponse>> Rest::exchange(net::OutboundRequest request, std::string counted_as, Until until) {
  for (int tries = 1;; ++tries) {
    request.deadline = time_left(until);
    if (request.deadline <= Milliseconds{0}) co_return fail_for_now("unreachable", "no time left for the call");
    auto outcome = co_await client_.send(request);
    if (!is_passing(outcome)) {
      budget_.succeeded();
      co_return outcome;
    }
    const bool again = request.idempotent || never_left(outcome);
    const auto wait = net::retry_delay(tries + 1, std::uniform_real_distribution<double>{0.0, 1.0}(jitter_));
    if (!again || tries == kMostTries || wait >= time_left(until) || !budget_.try_spend()) co_return outcome;
    co_await net::sleep_for(wait);
    if (!counted_as.empty() && calls_.take(counted_as, clock_.now())) co_return outcome;   // enough for this minute
  }
}

Result<json::value> Rest::read(const net::OutboundResponse& answer, const Request& request) {
  const auto pause_key = pause_key_of(request);
  if (answer.status >= 200 && answer.status < 300) {
    pauses_.end(pause_key);
    if (answer.body.empty()) return json::value{nullptr};
    auto body = json::parse(answer.body);
    if (!body) return std::unexpected(unreachable("unreadable answer: " + body.error().cause, changes(request)));
    return body;
  }
  const auto said = read_said(answer.body);
  const auto refusal = request.form.empty() ? judge(answer.status, said) : judge_at_token_endpoint(answer.status, said);
  auto error = error_of(refusal, answer.status, said, changes(request));
  if (request.names_addresses && refusal == Refusal::other && answer.status == 400) error.code = "address_not_usable";
  if (refusal == Refusal::rate_limited) calls_.refused(pause_key, clock_.now());
  if (refusal == Refusal::rate_limited) error.retry_after = pauses_.begin(pause_key, clock_.now(), answer.retry_after());
  if (refusal == Refusal::blocked) {
    blocked_until_ = clock_.now() + settings_.blocked_pause;
    error.retry_after = settings_.blocked_pause;
    log::error("teamviewer_blocked", log::fields_of(error));
  }
  return std::unexpected(std::move(error));
}

}  // namespace belay::teamviewer
