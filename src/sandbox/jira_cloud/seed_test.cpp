#include "sandbox/jira_cloud/seed.hpp"

#include <doctest/doctest.h>

namespace belay::sandbox::jira_cloud {
namespace {

/// A site with one comment, which carries `visibility`.
Result<Seeded> seeded(std::string_view visibility) {
  const auto from = json::parse_object(R"({"people": [{"accountId": "ana", "name": "Ana", "groups": ["staff"]}],
    "projects": [{"key": "HELP", "kind": "service_desk", "roles": {"Service Desk Team": ["ana"]}}],
    "issues": [{"key": "HELP-1", "summary": "Broken", "reporter": "ana", "comments": [{"by": "ana", "text": "Hush", "visibility": )" +
                                       std::string(visibility) + "}]}]}");
  return read_site(*from, "Belay", from_millis(0));
}

TEST_CASE("a list of the seed that holds something of another type is refused") {
  const auto from = json::parse_object(R"({"people": [{"accountId": "ana", "name": "Ana", "groups": [7]}], "projects": [], "issues": []})");
  const auto refused = read_site(*from, "Belay", from_millis(0));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "seed_invalid");
}

TEST_CASE("a comment of the seed may be restricted to a role of its project or to a group") {
  const auto of_role = seeded(R"({"type": "role", "value": "Service Desk Team"})");
  REQUIRE(of_role);
  CHECK(of_role->site.issues.front().comments.front().visibility->type == Visibility::Type::role);
  const auto of_group = seeded(R"({"type": "group", "value": "staff"})");
  REQUIRE(of_group);
  CHECK(of_group->site.issues.front().comments.front().visibility->value == "staff");
}

TEST_CASE("a seed that restricts a comment to what is not there is refused") {
  for (const auto* wrong : {R"({"type": "role", "value": "Users"})", R"({"type": "group", "value": "nobody"})", R"({"type": "person", "value": "ana"})", R"({})", R"("staff")", "null"}) {
    CAPTURE(wrong);
    const auto refused = seeded(wrong);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "seed_invalid");
  }
}

}  // namespace
}  // namespace belay::sandbox::jira_cloud
