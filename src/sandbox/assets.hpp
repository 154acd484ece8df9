// The files of assets/, part of the program (sandbox/assets.cmake puts them in).
#pragma once

#include <string_view>

namespace belay::sandbox {

/// Empty when there is no such file.
[[nodiscard]] std::string_view asset(std::string_view name);

}  // namespace belay::sandbox
