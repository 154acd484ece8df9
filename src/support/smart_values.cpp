#include "support/smart_values.hpp"

#include <algorithm>

namespace belay::support {
namespace {

constexpr std::string_view kNoBreakSpace = "\xc2\xa0";  // comes along when a text is pasted from a page

// Spaces at the front of `text`, in bytes.
std::size_t leading_space(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size()) {
    if (text[size] == ' ' || text[size] == '\t') size += 1;
    else if (text.substr(size).starts_with(kNoBreakSpace)) size += kNoBreakSpace.size();
    else break;
  }
  return size;
}

std::string_view without_outer_space(std::string_view text) {
  text.remove_prefix(leading_space(text));
  for (;;) {
    if (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
    else if (text.ends_with(kNoBreakSpace)) text.remove_suffix(kNoBreakSpace.size());
    else return text;
  }
}

std::size_t run_of(char c, std::string_view text) {
  const auto end = text.find_first_not_of(c);
  return end == std::string_view::npos ? text.size() : end;
}

// The part of `text` that could be a name, for a place that nobody closed.
std::string_view name_prefix(std::string_view text) {
  const auto end = std::ranges::find_if_not(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
  });
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

// `text` begins with at least two opening braces.
TextPiece read_opening(std::string_view text) {
  const auto opening = run_of('{', text);
  const auto behind = text.substr(opening);
  const auto stop = behind.find_first_of("{}\r\n");
  if (stop == std::string_view::npos || behind[stop] != '}') {
    const auto space = leading_space(behind);
    const auto name = name_prefix(behind.substr(space));
    return {TextPiece::Kind::broken, text.substr(0, opening + (name.empty() ? 0 : space + name.size())), name};
  }
  const auto name = without_outer_space(behind.substr(0, stop));
  const auto closing = run_of('}', behind.substr(stop));
  const bool whole = opening == 2 && closing == 2 && !name.empty();
  return {whole ? TextPiece::Kind::variable : TextPiece::Kind::broken, text.substr(0, opening + stop + closing), name};
}

}  // namespace

std::vector<TextPiece> split_smart_values(std::string_view text) {
  std::vector<TextPiece> pieces;
  while (!text.empty()) {
    const auto next = std::min(text.find("{{"), text.find("}}"));
    if (next != 0) {
      const auto literal = text.substr(0, next);  // npos: the rest
      pieces.push_back({TextPiece::Kind::literal, literal, {}});
      text.remove_prefix(literal.size());
      continue;
    }
    const auto piece = text.front() == '{' ? read_opening(text) : TextPiece{TextPiece::Kind::broken, text.substr(0, run_of('}', text)), {}};
    pieces.push_back(piece);
    text.remove_prefix(piece.typed.size());
  }
  return pieces;
}

}  // namespace belay::support
