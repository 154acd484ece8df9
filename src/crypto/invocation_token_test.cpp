#include "crypto/invocation_token.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include <boost/json/serialize.hpp>

#include "crypto/digest.hpp"

using namespace belay;
using namespace belay::crypto;

namespace {

// One vector of tests/vectors/fit.json.
struct Vector {
  std::string name;
  std::string token;
  std::string keys;
  std::string verdict;
  TokenRules rules;
  Time now;
};

struct Vectors {
  std::map<std::string, std::string> key_sets;
  std::vector<Vector> all;

  [[nodiscard]] const Vector& named(std::string_view name) const {
    const auto found = std::ranges::find_if(all, [name](const Vector& vector) { return vector.name == name; });
    REQUIRE(found != all.end());
    return *found;
  }
};

std::vector<std::string> texts(const json::value& list) {
  std::vector<std::string> texts;
  for (const auto& entry : list.as_array()) texts.emplace_back(entry.as_string());
  return texts;
}

Vectors read_vectors() {
  const auto* root = std::getenv("BELAY_SOURCE_DIR");
  REQUIRE_MESSAGE(root != nullptr, "BELAY_SOURCE_DIR names the root of the repository; ctest sets it");
  std::ifstream file{std::string(root) + "/tests/vectors/fit.json"};
  REQUIRE(file.is_open());
  const auto document = boost::json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
  Vectors vectors;
  for (const auto& member : document.at("key_sets").as_object()) vectors.key_sets.emplace(member.key(), boost::json::serialize(member.value()));
  for (const auto& entry : document.at("vectors").as_array()) {
    const auto& object = entry.as_object();
    vectors.all.push_back(Vector{.name = json::string_at(object, "name").value(),
                                 .token = json::string_at(object, "token").value(),
                                 .keys = json::string_at(object, "keys").value(),
                                 .verdict = json::string_at(object, "verdict").value(),
                                 .rules = {.app_ids = texts(object.at("rules").at("app_ids")), .environments = texts(object.at("rules").at("environments"))},
                                 .now = Time{std::chrono::seconds{json::integer_at(object, "now").value()}}});
  }
  return vectors;
}

Result<Invocation> judge(const Vectors& vectors, const Vector& vector) {
  BELAY_TRY(keys, KeySet::parse(vectors.key_sets.at(vector.keys)));
  return verify(vector.token, keys, vector.rules, vector.now);
}

// The reason as the vectors name it.
std::string verdict_of(const Result<Invocation>& result) {
  if (result) return "accept";
  return result.error().code == "invalid_invocation_token" ? result.error().cause : result.error().code;
}

}  // namespace

TEST_CASE("the shared vectors get the verdict they expect") {
  const auto vectors = read_vectors();
  REQUIRE(vectors.all.size() >= 60);
  std::ofstream verdicts;
  if (const auto* path = std::getenv("BELAY_VERDICTS")) verdicts.open(path);
  for (const auto& vector : vectors.all) {
    INFO(vector.name);
    const auto verdict = verdict_of(judge(vectors, vector));
    CHECK(verdict == vector.verdict);
    if (verdicts.is_open()) verdicts << boost::json::serialize(json::object{{"name", vector.name}, {"verdict", verdict}}) << '\n';
  }
}

TEST_CASE("a verified call from an issue says who, where and what") {
  const auto vectors = read_vectors();
  const auto call = judge(vectors, vectors.named("ui_call_on_an_issue")).value();
  CHECK(call.app_id == "ari:cloud:ecosystem::app/8db33809-1f32-48bb-8c52-5877dab48107");
  CHECK(call.installation.value == "ari:cloud:ecosystem::installation/0a3a7799-53ae-4a5b-9e7e-03338980abb5");
  CHECK(call.cloud_id == "d0d52620-3203-4cfa-8db5-f2587155f0dd");
  CHECK(call.api_base_url == "https://api.atlassian.com/ex/jira/d0d52620-3203-4cfa-8db5-f2587155f0dd");
  CHECK(call.environment_type == "PRODUCTION");
  CHECK(call.module_type == "jira:issueContext");
  CHECK(call.module_key == "panel");
  CHECK(call.site_url == "https://help.example");
  CHECK(call.principal == AccountId{"655362:312d3308-8954-42b0-aa38-771a10c88656"});
  CHECK(call.issue_id == IssueId{"10001"});
  CHECK(call.issue_key == IssueKey{"HELP-1"});
  CHECK(call.project_key == ProjectKey{"HELP"});
  CHECK(call.project_id == ProjectId{"10000"});
  CHECK_FALSE(call.license_active.has_value());
  CHECK(call.expires_at == vectors.all.front().now + std::chrono::seconds{20});
}

TEST_CASE("a backend call has neither principal nor issue nor site") {
  const auto vectors = read_vectors();
  const auto call = judge(vectors, vectors.named("backend_call")).value();
  CHECK_FALSE(call.principal.has_value());
  CHECK_FALSE(call.issue_id.has_value());
  CHECK_FALSE(call.site_url.has_value());
  CHECK(call.module_type == "core:endpoint");
}

TEST_CASE("in the portal the request is the issue, and the portal module is named") {
  const auto vectors = read_vectors();
  const auto call = judge(vectors, vectors.named("portal_request")).value();
  CHECK(call.module_type == "jiraServiceManagement:portalRequestDetailPanel");
  CHECK(call.issue_key == IssueKey{"HELP-1"});
  CHECK_FALSE(call.issue_id.has_value());
  CHECK(judge(vectors, vectors.named("issue_id_as_number")).value().issue_id == IssueId{"10001"});
  CHECK(judge(vectors, vectors.named("inactive_licence")).value().license_active == false);
}

TEST_CASE("no refusal repeats anything of the token but the environment's name") {
  const auto vectors = read_vectors();
  for (const auto& vector : vectors.all) {
    const auto result = judge(vectors, vector);
    if (result) continue;
    INFO(vector.name);
    CHECK(result.error().cause.find("eyJ") == std::string::npos);
    CHECK(boost::json::serialize(result.error().detail).find("eyJ") == std::string::npos);
  }
}

TEST_CASE("a good token with any one character altered is refused") {
  const auto vectors = read_vectors();
  const auto& good = vectors.named("ui_call_on_an_issue");
  const auto keys = KeySet::parse(vectors.key_sets.at(good.keys)).value();
  CHECK(rc::check([&](std::uint16_t place, char character) {
    auto altered = good.token;
    auto& at = altered[place % altered.size()];
    RC_PRE(at != character);
    at = character;
    RC_ASSERT_FALSE(verify(altered, keys, good.rules, good.now).has_value());
  }));
}
