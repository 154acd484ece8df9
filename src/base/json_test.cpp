#include "base/json.hpp"

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

TEST_CASE("what is no JSON, has something behind it, or nests too deeply is refused") {
  for (const auto* text : {"", "{", "{}x", "{\"a\"}", "[1,]", "\"\xff\"", "1e999"}) CHECK(parse(text).error().code == "invalid_json");
  CHECK_FALSE(parse(std::string(40, '[') + std::string(40, ']')));
  CHECK(parse(std::string(30, '[') + std::string(30, ']')));
}

}  // namespace
}  // namespace belay::json
