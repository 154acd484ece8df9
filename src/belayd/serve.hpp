// `belayd serve`: migrates, listens, works, and ends gracefully.
#pragma once

#include "belayd/configuration.hpp"

namespace belay::belayd {

/// Exit statuses of every command.
inline constexpr int kFine = 0;
inline constexpr int kFailed = 1;
inline constexpr int kMisconfigured = 2;

/// Runs until SIGINT or SIGTERM. Prints {"ready":{…}} as the first line of standard output.
int serve(const Configuration& configuration, const Environment& environment);

}  // namespace belay::belayd
