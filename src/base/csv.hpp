// Writing comma-separated values (RFC 4180) that a spreadsheet will be opened with: UTF-8, lines ended by CR LF.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace belay {

/// One cell. Spreadsheets take what begins with = + - @, a tab or a line's end for a formula, and would carry out what a stranger put into a name:
/// such a cell gets an apostrophe before it, which makes it text. So does what follows a semicolon, a tab or a line's end: with the separator of
/// another language's spreadsheet a cell begins there, whatever is quoted.
[[nodiscard]] std::string csv_cell(std::string_view text);

/// Adds one line.
void append_csv_line(std::string& to, std::span<const std::string> cells);

}  // namespace belay
