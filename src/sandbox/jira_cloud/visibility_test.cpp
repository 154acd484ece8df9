#include "sandbox/jira_cloud/visibility.hpp"

#include <doctest/doctest.h>

namespace belay::sandbox::jira_cloud {
namespace {

Result<Visibility> read(const json::object& from) {
  Site site;
  site.groups.push_back({"g1", "team", {}});
  site.groups.push_back({"g2", "staff", {}});
  const Project project{.id = "1", .key = "HELP", .name = "Help", .kind = "service_desk", .desk = 1, .roles = {{10100, "Administrators", {}, {}}}};
  return read_visibility(site, project, from);
}

TEST_CASE("a role goes by its name and by its id, and is identified by its name") {
  const json::object administrators{{"type", "role"}, {"value", "Administrators"}, {"identifier", "Administrators"}};
  CHECK(visibility_view(*read({{"type", "role"}, {"value", "Administrators"}})) == administrators);
  CHECK(visibility_view(*read({{"type", "role"}, {"identifier", "Administrators"}})) == administrators);
  CHECK(visibility_view(*read({{"type", "role"}, {"identifier", "10100"}})) == administrators);
}

TEST_CASE("a group is identified by its id, which goes before a name") {
  CHECK(visibility_view(*read({{"type", "group"}, {"value", "team"}})) == json::object{{"type", "group"}, {"value", "team"}, {"identifier", "g1"}});
  CHECK(read({{"type", "group"}, {"value", "team"}, {"identifier", "g2"}})->value == "staff");
  CHECK(read({{"type", "group"}, {"value", "team"}, {"identifier", "g3"}}).error().code == "unknown_group");
}

TEST_CASE("what names no role or group is refused") {
  CHECK(read({{"type", "role"}, {"value", "team"}}).error().code == "unknown_role");
  CHECK(read({{"type", "role"}}).error().code == "unknown_role");
  CHECK(read({{"type", "group"}, {"value", "Administrators"}}).error().code == "unknown_group");
  CHECK(read({{"type", "person"}, {"value", "team"}}).error().code == "unknown_type");
  CHECK(read({{"value", "team"}}).error().code == "unknown_type");
}

}  // namespace
}  // namespace belay::sandbox::jira_cloud
