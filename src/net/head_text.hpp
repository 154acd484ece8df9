// What may stand in one line of a head (RFC 9112, section 5), in either direction.
#pragma once

#include <algorithm>
#include <string_view>

namespace belay::net {

/// Nothing that would end the line, or the text for whoever reads it as one of C.
[[nodiscard]] inline bool fits_a_line(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

/// Without the blanks around it, and without the line's end.
[[nodiscard]] inline std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace belay::net
