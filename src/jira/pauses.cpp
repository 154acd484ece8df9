#include "jira/pauses.hpp"

#include <charconv>

namespace belay::jira {
namespace {

constexpr std::size_t kManyPauses = 1'000;

std::string everywhere() { return "*"; }
std::string of_installation(const Limited& call) { return "i " + call.installation.value; }
std::string of_endpoint(const Limited& call) { return "e " + call.installation.value + ' ' + call.endpoint; }
std::string of_issue(const Limited& call) { return "w " + call.installation.value + ' ' + call.written_issue; }

std::optional<std::string_view> first_header(const net::OutboundResponse& answer, std::initializer_list<std::string_view> names) {
  for (const auto name : names) {
    if (const auto found = answer.header(name)) return found;
  }
  return std::nullopt;
}

std::optional<std::int64_t> integer(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end == text.data()) return std::nullopt;
  return number;
}

// The scope that a reason names. One that we do not know counts for the endpoint: a quota would show on the others by itself.
std::string scope_of(const Limited& call, std::string_view reason) {
  if (reason.contains("global")) return everywhere();
  if (reason.contains("quota")) return of_installation(call);
  if (reason.contains("per-issue") && !call.written_issue.empty()) return of_issue(call);
  return of_endpoint(call);
}

// X-RateLimit-Reset: a moment in ISO 8601, or seconds since 1970.
std::optional<Milliseconds> until_reset(std::string_view text, Time now) {
  if (const auto moment = from_iso8601(text)) return *moment - now;
  const auto seconds = integer(text);
  if (!seconds || *seconds < 0) return std::nullopt;
  constexpr std::int64_t kSurelyAMoment = 1'000'000'000;
  if (*seconds < kSurelyAMoment) return Milliseconds{std::chrono::seconds{*seconds}};
  return Time{std::chrono::seconds{*seconds}} - now;
}

// RateLimit: "tenant-app-quota";r=0;t=1234 : seconds to the reset.
std::optional<Milliseconds> until_refill(std::string_view text) {
  const auto at = text.find(";t=");
  if (at == std::string_view::npos) return std::nullopt;
  const auto seconds = integer(text.substr(at + 3));
  if (!seconds || *seconds < 0) return std::nullopt;
  return Milliseconds{std::chrono::seconds{*seconds}};
}

std::optional<Milliseconds> asked_pause(const net::OutboundResponse& answer, Time now) {
  if (const auto wait = answer.retry_after()) return wait;
  if (const auto reset = first_header(answer, {"X-RateLimit-Reset", "X-Beta-RateLimit-Reset"})) {
    if (const auto wait = until_reset(*reset, now)) return wait;
  }
  if (const auto limit = first_header(answer, {"RateLimit", "Beta-RateLimit"})) return until_refill(*limit);
  return std::nullopt;
}

}  // namespace

std::optional<Milliseconds> Pauses::left(const Limited& call, Time now) const {
  std::optional<Milliseconds> longest;
  const auto look = [&](const std::string& scope) {
    const auto found = until_.find(scope);
    if (found == until_.end() || found->second <= now) return;
    // A clock that was set back must not make a pause longer than any can be.
    const auto wait = std::min<Milliseconds>(found->second - now, kLongestPause);
    if (!longest || wait > *longest) longest = wait;
  };
  look(everywhere());
  look(of_installation(call));
  look(of_endpoint(call));
  if (!call.written_issue.empty()) look(of_issue(call));
  return longest;
}

Milliseconds Pauses::remember(const Limited& call, const net::OutboundResponse& answer, Time now) {
  const auto wait = std::clamp<Milliseconds>(asked_pause(answer, now).value_or(kPauseWhenUnsaid), std::chrono::seconds{1}, kLongestPause);
  const auto reason = first_header(answer, {"RateLimit-Reason", "X-RateLimit-Reason", "X-Beta-RateLimit-Reason"}).value_or("");
  auto& until = until_[scope_of(call, reason)];
  until = std::max(until, now + wait);
  forget_past(now);
  return wait;
}

void Pauses::forget_past(Time now) {
  if (until_.size() < kManyPauses) return;
  std::erase_if(until_, [now](const auto& pause) { return pause.second <= now; });
}

}  // namespace belay::jira
