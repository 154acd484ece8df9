// Which pictures of people may be shown.
#pragma once

#include <string>

namespace belay::jira {

/// Over https; plain http only from a site on this very machine, as for every address of the configuration. Empty for any other.
[[nodiscard]] std::string shown_picture(std::string picture);

}  // namespace belay::jira
