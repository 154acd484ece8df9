#include "desk/cursor.hpp"

#include <charconv>

namespace belay::desk {

std::string to_cursor(const ports::Place& place) { return std::to_string(to_millis(place.at)) + "." + place.id; }

std::optional<ports::Place> from_cursor(std::string_view cursor) {
  const auto dot = cursor.find('.');
  if (dot == std::string_view::npos || cursor.size() - dot - 1 != kUuidLength) return std::nullopt;
  std::int64_t millis = 0;
  const auto* end = cursor.data() + dot;
  const auto [rest, problem] = std::from_chars(cursor.data(), end, millis);
  if (problem != std::errc{} || rest != end) return std::nullopt;
  return ports::Place{.at = from_millis(millis), .id = std::string(cursor.substr(dot + 1))};
}

}  // namespace belay::desk
