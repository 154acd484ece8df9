#include "net/message.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace belay::net;

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

// Any text that Unicode allows, not only ASCII.
rc::Gen<std::string> valid_utf8() {
  return rc::gen::map(rc::gen::container<std::vector<std::uint32_t>>(rc::gen::oneOf(rc::gen::inRange<std::uint32_t>(0, 0xD800), rc::gen::inRange<std::uint32_t>(0xE000, 0x110000))),
                      [](const std::vector<std::uint32_t>& points) {
                        std::string out;
                        const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
                        for (const auto point : points) {
                          if (point < 0x80) {
                            put(point);
                          } else if (point < 0x800) {
                            put(0xC0 | (point >> 6)); put(0x80 | (point & 0x3F));
                          } else if (point < 0x10000) {
                            put(0xE0 | (point >> 12)); put(0x80 | ((point >> 6) & 0x3F)); put(0x80 | (point & 0x3F));
                          } else {
                            put(0xF0 | (point >> 18)); put(0x80 | ((point >> 12) & 0x3F)); put(0x80 | ((point >> 6) & 0x3F)); put(0x80 | (point & 0x3F));
                          }
                        }
                        return out;
                      });
}

}  // namespace

TEST_CASE("what is percent-encoded decodes to itself, with + for a space or without") {
  CHECK(rc::check([] {
    const auto text = *valid_utf8();
    RC_ASSERT(percent_decode(percent_encode(text)) == text);
    RC_ASSERT(percent_decode(percent_encode(text), true) == text);
  }));
}

TEST_CASE("a form decodes to the fields it was made of, in their order") {
  CHECK(rc::check([] {
    const auto fields = *rc::gen::container<Fields>(rc::gen::pair(rc::gen::nonEmpty(valid_utf8()), valid_utf8()));
    RC_ASSERT(form_decode(form_encode(fields)) == fields);
  }));
}

TEST_CASE("segments that were encoded come back from a target, whatever they hold") {
  CHECK(rc::check([] {
    const auto segments = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(rc::gen::nonEmpty(valid_utf8())));
    std::string target;
    for (const auto& segment : segments) target.append("/").append(percent_encode(segment));
    const auto split = split_target(target);
    RC_ASSERT(split.has_value());
    RC_ASSERT(split->path == segments);
  }));
}

TEST_CASE("an escape that is broken, or that ends in bytes that are no UTF-8, is nothing") {
  for (const auto* text : {"%", "%4", "%4x", "%g1", "a%", "%FF", "%C0%AF", "%ED%A0%80", "%F4%90%80%80", "%E2%82"}) {
    CAPTURE(text);
    CHECK(!percent_decode(text));
  }
  CHECK(percent_decode("%41%2f%e2%82%ac") == "A/€");
  CHECK(percent_decode("1+1") == "1+1");
  CHECK(percent_decode("1+1", true) == "1 1");
}

TEST_CASE("UTF-8 is judged as Unicode does: no overlong form, no surrogate, nothing above U+10FFFF") {
  for (const std::string_view good : {"", "a", "é", "€", "𐍈", "\xED\x9F\xBF", "\xEE\x80\x80", "\xF4\x8F\xBF\xBF", "\xF0\x90\x80\x80", "\xE0\xA0\x80"}) CHECK(is_valid_utf8(good));
  for (const std::string_view bad : {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE2\x82", "\xC3", "a\xFF", "\xE2\x28\xA1"}) {
    CHECK(!is_valid_utf8(bad));
  }
}

TEST_CASE("a target is split at its slashes before it is decoded") {
  const auto split = split_target("/v1/people/a%3Ab%2Fc/contact?x=1&x=2&flag&q=a+b%20c&&=v");
  REQUIRE(split);
  CHECK(split->path == std::vector<std::string>{"v1", "people", "a:b/c", "contact"});
  CHECK(split->query == Fields{{"x", "1"}, {"x", "2"}, {"flag", ""}, {"q", "a b c"}, {"", "v"}});
  CHECK(split_target("/")->path.empty());
  CHECK(split_target("/a/")->path == std::vector<std::string>{"a", ""});
  CHECK(split_target("/a//b")->path == std::vector<std::string>{"a", "", "b"});
  CHECK(split_target("/?")->query.empty());
}

TEST_CASE("a target that is relative, has a fragment, a raw space or a raw byte above ASCII is malformed") {
  for (const auto* target : {"", "a", "*", "http://h/a", "/a#b", "/a b", "/\xC3\xA9", "/%zz", "/a?b=%", "/a\x7f", "/\n"}) {
    CAPTURE(target);
    CHECK(!split_target(target));
  }
}

TEST_CASE("header names compare without regard to case, and the first value is found") {
  Request request;
  request.headers = {{"Content-Type", "a"}, {"X-A", "1"}, {"x-a", "2"}};
  CHECK(request.header("content-type") == "a");
  CHECK(request.header("CONTENT-TYPE") == "a");
  CHECK(request.header("X-a") == "1");
  CHECK(!request.header("X-B"));
  request.query = {{"a", "1"}, {"a", "2"}};
  CHECK(request.parameter("a") == "1");
}
