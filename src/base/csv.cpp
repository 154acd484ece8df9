#include "base/csv.hpp"

namespace belay {

std::string csv_cell(std::string_view text) {
  constexpr std::string_view formula_begins = "=+-@\t\r\n";
  constexpr std::string_view separates = ";\t\r\n";
  constexpr std::string_view needs_quotes = ",;\"\r\n";
  std::string cell;
  bool begins = true;
  for (const char c : text) {
    if (begins && formula_begins.contains(c)) cell += '\'';
    cell += c;
    begins = separates.contains(c);
  }
  if (cell.find_first_of(needs_quotes) == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

void append_csv_line(std::string& to, std::span<const std::string> cells) {
  bool first = true;
  for (const auto& cell : cells) {
    if (!first) to += ',';
    first = false;
    to += csv_cell(cell);
  }
  to += "\r\n";
}

}  // namespace belay
