// Text counted and judged in Unicode code points (UTF-8, RFC 3629), because limits and places are told to people in characters.
// Total: any bytes are accepted, what is not UTF-8 is one invalid code point a byte.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace belay::support {

struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 0;  ///< how much of the text it takes; 0 only for an empty text
  bool valid = true;      ///< false: this byte is not UTF-8; value is U+FFFD
};

[[nodiscard]] CodePoint first_code_point(std::string_view text);
[[nodiscard]] std::size_t count_code_points(std::string_view text);

/// C0, DEL, C1, the line and paragraph separators, and the code points that are no characters. Newline and tab are among
/// them: who allows those asks first.
[[nodiscard]] bool is_control(char32_t value);

/// Embeddings, overrides and isolates: they turn the text that follows them around, also the text of others. The direction
/// marks, which only speak for their own place, are not among them.
[[nodiscard]] bool turns_text_around(char32_t value);

/// A value as part of a line: line ends and tabs become one space, other control characters and what turns text around go
/// away, bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string to_one_line(std::string_view text);

/// The beginning of the text, at most so many code points.
[[nodiscard]] std::string_view first_code_points(std::string_view text, std::size_t most);

/// Without spaces, tabs and line ends at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// Equal when ASCII case does not count.
[[nodiscard]] bool same_ignoring_case(std::string_view a, std::string_view b);

}  // namespace belay::support
