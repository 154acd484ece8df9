#include "support/code_points.hpp"

#include <doctest/doctest.h>

using namespace belay::support;

TEST_CASE("characters of one to four bytes are one code point each") { CHECK(count_code_points("a\u00e9\u20ac\U0001f642") == 4); }

TEST_CASE("the beginning of a text is counted in code points, and never cuts one") {
  CHECK(first_code_points("a\u00e9\u20ac\U0001f642z", 4) == "a\u00e9\u20ac\U0001f642");
  CHECK(first_code_points("ab", 5) == "ab");
  CHECK(first_code_points("ab", 0).empty());
}

TEST_CASE("overlong, surrogate, too large and cut-off sequences are invalid, a byte at a time") {
  for (const char* text : {"\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80", "\x80", "\xe2\x82", "\xf0\x9f\x99"}) {
    CAPTURE(text);
    const auto point = first_code_point(text);
    CHECK_FALSE(point.valid);
    CHECK(point.bytes == 1);
  }
  CHECK(first_code_point("\xf4\x8f\xbf\xbf").value == U'\U0010ffff');
}

TEST_CASE("direction marks stay, embeddings and isolates are taken out of a value") {
  CHECK(to_one_line("a\u200fb\u200ec") == "a\u200fb\u200ec");
  CHECK(to_one_line("a\u202eb\u2066c\u2069") == "abc");
}

TEST_CASE("comparing without case is about ASCII only") {
  CHECK(same_ignoring_case("Jira-Agents", "jira-agents"));
  CHECK_FALSE(same_ignoring_case("a", "ab"));
}

TEST_CASE("code points that are no characters are taken out of a value, in every plane") {
  CHECK(to_one_line("a\ufdd0b\ufffe" "c\U0001ffffd") == "abcd");
  CHECK(to_one_line("a\ufffd\U0001fffdb") == "a\ufffd\U0001fffdb");
}
