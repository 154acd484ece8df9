#include "sandbox/jira_cloud/seed.hpp"

#include <doctest/doctest.h>

namespace belay::sandbox::jira_cloud {
namespace {

TEST_CASE("a list of the seed that holds something of another type is refused") {
  const auto from = json::parse_object(R"({"people": [{"accountId": "ana", "name": "Ana", "groups": [7]}], "projects": [], "issues": []})");
  const auto refused = read_site(*from, "Belay", from_millis(0));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "seed_invalid");
}

}  // namespace
}  // namespace belay::sandbox::jira_cloud
