// The picture of somebody who has none: the first letter of their name on a colour of their own.
#pragma once

#include <string_view>

#include "net/message.hpp"

namespace belay::sandbox {

/// Shown on other sites' pages, too. `id` decides on the colour.
[[nodiscard]] net::Response picture_file(std::string_view name, std::string_view id);

}  // namespace belay::sandbox
