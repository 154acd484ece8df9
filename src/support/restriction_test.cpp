#include "support/restriction.hpp"

#include <doctest/doctest.h>

namespace belay::support {
namespace {

std::string of(std::string_view text) { return restriction_of(json::parse_object(text).value()); }

TEST_CASE("a comment without visibility is for whoever sees the issue") {
  CHECK(of(R"({"id":"1"})").empty());
  CHECK(of(R"({"visibility":null})").empty());
}

TEST_CASE("a role or group is told apart by its id, and by its name where Jira gives no id") {
  CHECK(of(R"({"visibility":{"type":"role","value":"Administrators","identifier":"10002"}})") == "role:10002");
  CHECK(of(R"({"visibility":{"type":"role","value":"Administrators","identifier":null}})") == "role:Administrators");
  CHECK(of(R"({"visibility":{"type":"group","value":"staff"}})") == "group:staff");
  CHECK(of(R"({"visibility":{"type":"group","value":"a"}})") != of(R"({"visibility":{"type":"role","value":"a"}})"));
}

TEST_CASE("what is not understood is a restriction, never openness") {
  for (const auto* text : {R"({"visibility":{}})", R"({"visibility":"staff"})", R"({"visibility":[]})", R"({"visibility":{"type":7}})", R"({"visibility":{"type":"role"}})", R"({"visibility":{"value":"staff"}})"}) CHECK(of(text) == kUnknownRestriction);
  CHECK(of(R"({"visibility":{"type":"group","value":")" + std::string(5'000, 'x') + "\"}}") == kUnknownRestriction);
  CHECK(of(R"({"visibility":{"type":"group","value":")" + std::string(1'000, 'x') + "\"}}") != kUnknownRestriction);
}

}  // namespace
}  // namespace belay::support
