// Time inside the house is UTC, to the millisecond; on the wire it is ISO 8601.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace belay {

using Milliseconds = std::chrono::milliseconds;
using Time = std::chrono::sys_time<Milliseconds>;

[[nodiscard]] inline std::int64_t to_millis(Time time) { return time.time_since_epoch().count(); }
[[nodiscard]] inline Time from_millis(std::int64_t millis) { return Time{Milliseconds{millis}}; }

/// `2026-11-18T09:14:03Z`; milliseconds are added when they are not zero.
[[nodiscard]] std::string to_iso8601(Time time);

/// `2026-11-18T09:14:03.000Z`: always with milliseconds, so that what is sorted as text stands in the order of time.
[[nodiscard]] std::string to_iso8601_millis(Time time);

/// Reads `2026-11-18T09:14:03Z`, with an optional fraction and offset (`Z`, `+01:00`, `+0100`), and the basic form
/// `20261118T091403Z` that TeamViewer's manual prints. No locale, no guessing: anything else is nothing, and so is an
/// instant outside the years 0000 to 9999, which could not be written again.
[[nodiscard]] std::optional<Time> from_iso8601(std::string_view text);

}  // namespace belay
