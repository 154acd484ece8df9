// `belayd serve`: migrates, listens, works, and ends gracefully.
#pragma once

#include "belayd/configuration.hpp"

namespace belay::belayd {

/// Runs until SIGINT or SIGTERM. Prints {"ready":{…}} as the first line of standard output.
int serve(const Configuration& configuration, const Environment& environment);

}  // namespace belay::belayd
