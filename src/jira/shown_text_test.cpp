#include "jira/shown_text.hpp"

#include <doctest/doctest.h>

using namespace belay::jira;

TEST_CASE("control characters, direction marks and broken bytes are left out or replaced") {
  CHECK(without_control_characters("a\tb\nc\x7f") == "abc");
  CHECK(without_control_characters("a\u0085b\u2028c\u202ed\u2066e") == "abcde");
  CHECK(without_control_characters("a\ufffeb\U0001ffffc") == "abc");
  CHECK(without_control_characters("x\xffy") == "x\ufffdy");
  CHECK(without_control_characters("\xed\xa0\x80") == "\ufffd\ufffd\ufffd");
  CHECK(without_control_characters("\xc0\x80\xf4\x90\x80\x80") == "\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd");
  CHECK(without_control_characters("\xe2\x82") == "\ufffd\ufffd");
  CHECK(without_control_characters("سارة 👩‍🔧 Zoë") == "سارة 👩‍🔧 Zoë");
}

TEST_CASE("a web address begins with http or https") {
  CHECK(is_web_address("https://get.teamviewer.com/s1"));
  CHECK(is_web_address("http://127.0.0.1/"));
  for (const auto* other : {"javascript:alert(1)", "HTTPS://x", "//x", "data:text/html,x", ""}) CHECK_FALSE(is_web_address(other));
}
