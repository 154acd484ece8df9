#include "net/retry_delay.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include <curl/curl.h>

namespace belay::net {

std::chrono::milliseconds retry_delay(int next_try, double jitter) {
  auto whole = kFirstDelay;
  for (int i = 2; i < next_try && whole < kLongestDelay; ++i) whole *= 2;
  whole = std::min(whole, kLongestDelay);
  return whole / 2 + std::chrono::milliseconds{static_cast<std::int64_t>(static_cast<double>((whole / 2).count()) * jitter)};
}

std::optional<std::chrono::milliseconds> read_retry_after(std::string_view text, std::int64_t unix_now) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  if (text.empty()) return std::nullopt;

  std::int64_t seconds = 0;
  if (std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) {
    const auto problem = std::from_chars(text.data(), text.data() + text.size(), seconds).ec;
    if (problem == std::errc::result_out_of_range) return kLongestRetryAfter;
  } else {
    const auto date = curl_getdate(std::string{text}.c_str(), nullptr);
    if (date < 0) return std::nullopt;
    seconds = std::max<std::int64_t>(0, static_cast<std::int64_t>(date) - unix_now);
  }
  return std::min<std::chrono::milliseconds>(kLongestRetryAfter, std::chrono::seconds{std::min<std::int64_t>(seconds, 3'600)});
}

}  // namespace belay::net
