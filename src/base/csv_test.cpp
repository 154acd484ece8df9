#include "base/csv.hpp"

#include <doctest/doctest.h>

#include <array>

namespace belay {
namespace {

TEST_CASE("a cell is quoted when it has to be, and a quotation mark in it is doubled") {
  CHECK(csv_cell("") == "");
  CHECK(csv_cell("plain; text") == "\"plain; text\"");
  CHECK(csv_cell("a,b") == "\"a,b\"");
  CHECK(csv_cell("say \"so\"") == "\"say \"\"so\"\"\"");
  CHECK(csv_cell("two\nlines") == "\"two\nlines\"");
  CHECK(csv_cell("Zoë 李") == "Zoë 李");
}

TEST_CASE("a cell that a spreadsheet would take for a formula is made text") {
  for (const auto* begins : {"=", "+", "-", "@", "\t"}) {
    CAPTURE(begins);
    CHECK(csv_cell(std::string(begins) + "1") == "'" + std::string(begins) + "1");
  }
  CHECK(csv_cell("\r1") == "\"'\r1\"");
  CHECK(csv_cell("\n1") == "\"'\n1\"");
  CHECK(csv_cell("=HYPERLINK(\"http://x\",\"y\")") == "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
  CHECK(csv_cell("1-1=0") == "1-1=0");
}

TEST_CASE("nor can a formula begin where a spreadsheet of another language, or one that does not know quotes, sees a cell begin") {
  CHECK(csv_cell("x;=1+1") == "\"x;'=1+1\"");
  CHECK(csv_cell("x;;@y") == "\"x;;'@y\"");
  CHECK(csv_cell("two\n=lines") == "\"two\n'=lines\"");
  CHECK(csv_cell("a\t-1") == "a\t'-1");
  CHECK(csv_cell("a; -1") == "\"a; -1\"");
}

TEST_CASE("a line has its cells in order and ends as RFC 4180 has it") {
  std::string text;
  append_csv_line(text, std::array<std::string, 3>{"a", "", "c,d"});
  append_csv_line(text, std::array<std::string, 1>{"e"});
  CHECK(text == "a,,\"c,d\"\r\ne\r\n");
}

}  // namespace
}  // namespace belay
