// How long to wait before another try: exponential with jitter, so that callers who failed together do not come back together.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace belay::net {

inline constexpr std::chrono::milliseconds kFirstDelay{100};
inline constexpr std::chrono::milliseconds kLongestDelay{5'000};
inline constexpr std::chrono::milliseconds kLongestRetryAfter{3'600'000};

/// Before try `next_try` (2 is the first retry): half of 100 ms, 200 ms, 400 ms … up to 5 s, and the other half times `jitter` (0 to 1).
[[nodiscard]] std::chrono::milliseconds retry_delay(int next_try, double jitter);

/// Retry-After: seconds or an IMF-fixdate (RFC 9110, section 10.2.3), at most one hour. `unix_now` in seconds.
[[nodiscard]] std::optional<std::chrono::milliseconds> read_retry_after(std::string_view text, std::int64_t unix_now);

}  // namespace belay::net
