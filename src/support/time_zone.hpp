// Wall clocks of other places, from the time zone database of the system (IANA names, as Jira gives them).
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace belay::support {

/// What the clock on the wall shows there. Nothing when the name is not one of the database, or there is no database.
[[nodiscard]] std::optional<std::chrono::local_seconds> wall_clock(Time at, std::string_view zone_name);

}  // namespace belay::support
