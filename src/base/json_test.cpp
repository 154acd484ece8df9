#include "base/json.hpp"

#include <array>

#include <doctest/doctest.h>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/serialize.hpp>

namespace belay::json {
namespace {

// {"n0":0,"n1":0,…} with `more` at its end.
std::string wide(int members, const std::string& more = {}) {
  std::string text = "{";
  for (int n = 0; n < members; ++n) text += (n == 0 ? "\"n" : ",\"n") + std::to_string(n) + "\":0";
  return text + more + '}';
}

TEST_CASE("a member that an object names twice is refused, wherever the object stands and however the name is written") {
  for (const auto* text : {R"({"a":1,"a":1})", R"({"a":1,"b":2,"a":3})", R"({"":1,"":2})", R"([{"x":[{"a":1,"a":2}]}])", R"({"a":1,"\u0061":2})", R"({"a":{"b":1},"c":{"d":1,"d":2}})", R"({"a":{"b":1},"a":1})",
                           R"({"ab":{"c":1},"b":{"x":{},"x":1}})"}) {
    CAPTURE(text);
    const auto parsed = parse(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == "invalid_json");
  }
}

TEST_CASE("the same name in different objects is no repetition, and names that begin alike are not the same") {
  for (const auto* text : {R"({"a":{"a":{"a":1}},"b":{"a":1}})", R"([{"a":1},{"a":1}])", R"({"a":1,"aa":1,"aaa":1,"":1})", R"({"a":{"x":1,"y":2},"x":1,"y":2})", R"({"a":{},"b":{"a":1},"ab":1})"}) {
    CAPTURE(text);
    CHECK(parse(text));
  }
}

TEST_CASE("an object with many members is as strict as one with few") {
  for (const int members : {31, 32, 33, 34, 5'000}) {
    CAPTURE(members);
    CHECK(parse(wide(members)));
    CHECK_FALSE(parse(wide(members, R"(,"n0":1)")));
    CHECK_FALSE(parse(wide(members, ",\"n" + std::to_string(members - 1) + "\":1")));
    CHECK(parse("{\"a\":" + wide(members) + ",\"n0\":1,\"b\":" + wide(members) + '}'));
  }
}

TEST_CASE("what is read into a storage of its own outlives it, moved and copied") {
  value kept;
  object copied;
  {
    const auto storage = boost::json::make_shared_resource<boost::json::monotonic_resource>(256);
    auto parsed = parse_object(R"({"text":"long enough not to fit into the value itself","list":[1,2,3]})", storage).value();
    copied = parsed;
    kept = std::move(parsed);
  }
  CHECK(boost::json::serialize(kept) == R"({"text":"long enough not to fit into the value itself","list":[1,2,3]})");
  CHECK(boost::json::serialize(copied) == boost::json::serialize(kept));
}

constexpr std::array<std::string_view, 2> kLeftOut{"body", "x"};

std::string without_left_out(std::string_view text) {
  const auto parsed = parse(text, Reading{.max_depth = kMaxDepth, .storage = {}, .left_out = kLeftOut});
  return parsed ? boost::json::serialize(*parsed) : parsed.error().code;
}

TEST_CASE("members that are left out are gone wherever they stand, whatever they hold, and nothing else is") {
  CHECK(without_left_out(R"({"a":1,"body":{"a":[1,{"body":2,"b":"\u00e9"}],"x":{}},"c":[{"x":[[]],"d":null}],"x":"y"})") == R"({"a":1,"c":[{"d":null}]})");
  for (const auto* value : {"1", "-1", "18446744073709551615", "1.5", "true", "null", R"("text")", R"("\"\n\u00e9")", "[]", "{}", R"([[1],{"a":{"x":1}}])"}) {
    CAPTURE(value);
    CHECK(without_left_out(std::string(R"({"before":[1],"body":)") + value + R"(,"after":{"k":2}})") == R"({"before":[1],"after":{"k":2}})");
    CHECK(without_left_out(std::string(R"({"body":)") + value + '}') == "{}");
  }
  CHECK(without_left_out(R"({"bodys":1,"bod":2,"":3,"X":4})") == R"({"bodys":1,"bod":2,"":3,"X":4})");
  CHECK(without_left_out(R"(["body","x"])") == R"(["body","x"])");
  CHECK(without_left_out(R"("body")") == R"("body")");
}

TEST_CASE("what is left out still has to be JSON, stand there once, and not nest too deeply") {
  for (const auto* text : {R"({"body":{"a"}})", R"({"body":[1,]})", R"({"body":1,"body":2})", R"({"x":1e999})", R"({"body":{"a":1})", "{\"body\":\"\xff\"}"}) {
    CAPTURE(text);
    CHECK(without_left_out(text) == "invalid_json");
  }
  CHECK(without_left_out("{\"body\":" + std::string(40, '[') + std::string(40, ']') + '}') == "invalid_json");
}

TEST_CASE("what is no JSON, has something behind it, or nests too deeply is refused") {
  for (const auto* text : {"", "{", "{}x", "{\"a\"}", "[1,]", "\"\xff\"", "1e999"}) CHECK(parse(text).error().code == "invalid_json");
  CHECK_FALSE(parse(std::string(40, '[') + std::string(40, ']')));
  CHECK(parse(std::string(30, '[') + std::string(30, ']')));
}

}  // namespace
}  // namespace belay::json
