#include "support/code_points.hpp"

#include <algorithm>
#include <array>

namespace belay::support {
namespace {

constexpr CodePoint kInvalidByte{.value = U'�', .bytes = 1, .valid = false};

// What a lead byte promises: how many bytes follow, the bits it brings, and the least value that needs so many bytes.
struct Lead {
  std::size_t following;
  char32_t bits;
  char32_t least;
};

constexpr std::array<Lead, 3> kLeads{{{1, 0x1f, 0x80}, {2, 0x0f, 0x800}, {3, 0x07, 0x10000}}};

const Lead* lead_of(unsigned char byte) {
  if ((byte & 0xe0U) == 0xc0U) return &kLeads[0];
  if ((byte & 0xf0U) == 0xe0U) return &kLeads[1];
  if ((byte & 0xf8U) == 0xf0U) return &kLeads[2];
  return nullptr;
}

bool is_surrogate(char32_t value) { return value >= 0xd800 && value <= 0xdfff; }

bool is_line_end_or_tab(char32_t value) {
  return (value >= 0x09 && value <= 0x0d) || value == 0x85 || value == 0x2028 || value == 0x2029;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

CodePoint first_code_point(std::string_view text) {
  if (text.empty()) return {};
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80) return {.value = first, .bytes = 1, .valid = true};
  const auto* lead = lead_of(first);
  if (lead == nullptr || text.size() <= lead->following) return kInvalidByte;
  char32_t value = first & lead->bits;
  for (std::size_t i = 1; i <= lead->following; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0U) != 0x80U) return kInvalidByte;
    value = (value << 6U) | (byte & 0x3fU);
  }
  if (value < lead->least || value > 0x10ffff || is_surrogate(value)) return kInvalidByte;
  return {.value = value, .bytes = lead->following + 1, .valid = true};
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(first_code_point(text).bytes);
  return count;
}

bool is_control(char32_t value) {
  const bool control = value < 0x20 || (value >= 0x7f && value <= 0x9f);
  const bool separator = value == 0x2028 || value == 0x2029;
  const bool noncharacter = (value >= 0xfdd0 && value <= 0xfdef) || (value & 0xfffe) == 0xfffe;
  return control || separator || noncharacter;
}

bool turns_text_around(char32_t value) { return (value >= 0x202a && value <= 0x202e) || (value >= 0x2066 && value <= 0x2069); }

std::string to_one_line(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  bool in_break = false;
  while (!text.empty()) {
    const auto point = first_code_point(text);
    const bool breaks = is_line_end_or_tab(point.value);
    if (breaks && !in_break) line += ' ';
    if (!point.valid) line += "\xef\xbf\xbd";
    else if (!breaks && !is_control(point.value) && !turns_text_around(point.value)) line += text.substr(0, point.bytes);
    in_break = breaks;
    text.remove_prefix(point.bytes);
  }
  return line;
}

std::string_view first_code_points(std::string_view text, std::size_t most) {
  auto rest = text;
  for (std::size_t count = 0; count < most && !rest.empty(); ++count) rest.remove_prefix(first_code_point(rest).bytes);
  return text.substr(0, text.size() - rest.size());
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

bool same_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace belay::support
