#include "belayd/toml_text.hpp"

#include <algorithm>

namespace belay::belayd {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }

bool begins_key(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '"' || c == '\''; }

// The place behind the string that begins at `at`; where it has no end, that of its line or of the text. Of a long one, the backslash of which joins
// lines, toml++ asks whether blanks follow, and is undefined there as well.
std::size_t behind_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const std::string three(3, quote);
  const bool long_one = text.substr(at, 3) == three;
  const auto end = long_one ? three : std::string(1, quote);
  for (at += end.size(); at < text.size(); ++at) {
    if (!long_one && text[at] == '\n') return at;
    if (text.substr(at, end.size()) == end) {
      at += end.size();
      // A long string may end with one or two quotes of its own.
      for (int own = 0; long_one && own < 2 && at < text.size() && text[at] == quote; ++own) ++at;
      return at;
    }
    if (quote == '"' && text[at] == '\\') {
      if (at + 1 < text.size() && is_beyond_ascii(text[at + 1])) return at + 1;   // no escape: what stands there is judged as outside of a string
      ++at;
    }
  }
  return text.size();
}

// Of a table header that begins at `at`.
bool is_nameless(std::string_view text, std::size_t at) {
  for (int bracket = 0; bracket < 2 && at < text.size() && text[at] == '['; ++bracket) ++at;
  at = std::min(text.find_first_not_of(" \t", at), text.size());
  return at < text.size() && text[at] != ']' && !begins_key(text[at]);
}

}  // namespace

std::optional<NotToml> not_toml(std::string_view text) {
  std::size_t line = 1;
  bool line_is_blank = true;
  std::size_t at = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '\n') {
      ++line;
      line_is_blank = true;
      ++at;
      continue;
    }
    if (is_beyond_ascii(c)) return NotToml{.line = line, .why = "characters beyond ASCII belong between quotes"};
    if (c == '[' && line_is_blank && is_nameless(text, at)) return NotToml{.line = line, .why = "a table header, [section], has no name that TOML allows"};
    if (c != ' ' && c != '\t') line_is_blank = false;
    if (c == '#') {
      at = std::min(text.find('\n', at), text.size());
    } else if (c == '"' || c == '\'') {
      const auto behind = behind_string(text, at);
      line += static_cast<std::size_t>(std::ranges::count(text.substr(at, behind - at), '\n'));
      at = behind;
    } else {
      ++at;
    }
  }
  return std::nullopt;
}

}  // namespace belay::belayd
