// Wall clocks of other places, from the time zone database of the system (IANA names, as Jira gives them).
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace date {
class time_zone;
}

namespace belay::support {

/// What the clock on the wall shows there. Nothing when the name is not one of the database, or there is no database.
[[nodiscard]] std::optional<std::chrono::local_seconds> wall_clock(Time at, std::string_view zone_name);

/// The days of a place.
class Zone final {
 public:
  /// UTC, which needs no database.
  Zone() = default;
  /// Nothing when the name is not one of the database, or there is no database.
  static std::optional<Zone> named(std::string_view name);

  [[nodiscard]] std::chrono::local_days day_of(Time at) const;
  /// The first moment of that day: not at midnight where clocks are put forward then. Of a day that a place left out, the moment it was left out at.
  [[nodiscard]] Time begin_of(std::chrono::local_days day) const;

 private:
  const date::time_zone* zone_ = nullptr;   // lives as long as the program; nullptr: UTC
};

}  // namespace belay::support
