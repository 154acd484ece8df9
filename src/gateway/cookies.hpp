// Cookies that browsers bring along (RFC 6265).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "net/message.hpp"

namespace belay::gateway {

/// Its value; the first one where several of the name came.
[[nodiscard]] std::optional<std::string> cookie_of(const net::Request& request, std::string_view name);

}  // namespace belay::gateway
