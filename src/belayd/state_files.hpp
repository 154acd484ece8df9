// Where belayd keeps what it wants to find again after a restart, beside a database that is elsewhere.
#pragma once

#include <filesystem>
#include <optional>

#include "belayd/configuration.hpp"

namespace belay::belayd {

/// The file of a SQLite database, as configured.
[[nodiscard]] std::optional<std::filesystem::path> sqlite_file(const Configuration& configuration);

/// Where Atlassian's key set is kept when [forge] jwks_cache names no file: beside a SQLite database; else in the folder for state, the service's
/// ($STATE_DIRECTORY, systemd.exec(5)) or the user's ($XDG_STATE_HOME, ~/.local/state; XDG Base Directory Specification). Empty when there is none.
/// Whoever may write this file decides who is let in: the folder has to be belayd's own.
[[nodiscard]] std::filesystem::path usual_key_file(const Configuration& configuration, const Environment& environment);

}  // namespace belay::belayd
