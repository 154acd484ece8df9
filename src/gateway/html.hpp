// The few words of HTML that the server writes itself.
#pragma once

#include <string>
#include <string_view>

namespace belay::gateway {

/// As text or within a quoted attribute.
[[nodiscard]] std::string escaped(std::string_view text);

}  // namespace belay::gateway
