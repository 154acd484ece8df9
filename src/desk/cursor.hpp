// Where a page of a list ended, as an answer says it and the next question gives it back.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "ports/place.hpp"

namespace belay::desk {

/// Characters of an id of ours (RFC 9562, section 4).
inline constexpr std::size_t kUuidLength = 36;

/// A place as text, and back; nothing for what no answer of ours ever said.
[[nodiscard]] std::string to_cursor(const ports::Place& place);
[[nodiscard]] std::optional<ports::Place> from_cursor(std::string_view cursor);

}  // namespace belay::desk
