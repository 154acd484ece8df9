// The commands an operator runs beside the server: migrate, pair, unpair, doctor.
#pragma once

#include <string>

#include "belayd/configuration.hpp"

namespace belay::belayd {

/// Brings the schema forward and says what was applied; `only_look` says what would be.
int migrate(const Configuration& configuration, bool only_look);

/// Prints a one-use pairing code for this site.
int pair(const Configuration& configuration, const Environment& environment, const std::string& site);

/// Ends a Jira Data Center or Server that the configuration names no more: by its name there.
int unpair(const Configuration& configuration, const Environment& environment, const std::string& name);

/// Looks at configuration, database, clock, key set and TeamViewer credentials, and says for each what is wrong and what to mend.
int doctor(const Configuration& configuration, const Environment& environment);

}  // namespace belay::belayd
