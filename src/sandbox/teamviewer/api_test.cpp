#include "sandbox/teamviewer/test_stage.hpp"

using namespace belay;
using namespace belay::sandbox::teamviewer;

TEST_CASE("a call without a token, or with a strange one, is 401 in the body and not in a header") {
  TestStage stage;
  for (const auto token : {"", "nonsense"}) {
    const auto answer = stage.api("GET", "/account", token);
    CHECK(answer.status == 401);
    CHECK(TestStage::error_of(answer) == "invalid_token");
    CHECK(answer.body.contains("error_signature"));
    CHECK(!answer.headers.contains("WWW-Authenticate"));
  }
}

TEST_CASE("the limit counts per function and per token, and does not say when to come back") {
  TestStage stage;
  stage.put(R"({"settings":{"rateLimits":{"*":{"calls":2,"seconds":60}}}})");
  const auto token = stage.access_for("u11");
  CHECK(stage.api("GET", "/account", token).status == 200);
  CHECK(stage.api("GET", "/account", token).status == 200);
  const auto limited = stage.api("GET", "/account", token);
  CHECK(limited.status == 429);
  CHECK(TestStage::error_of(limited) == "rate_limit_reached");
  CHECK(!limited.headers.contains("Retry-After"));
  CHECK(stage.api("GET", "/groups", token).status == 200);
  CHECK(stage.api("GET", "/account", stage.access_for("u11")).status == 200);
  stage.clock.time += std::chrono::seconds{60};
  CHECK(stage.api("GET", "/account", token).status == 200);
}

TEST_CASE("a function outside the app's permissions or the licence is refused") {
  TestStage stage;
  CHECK(TestStage::error_of(stage.api("GET", "/reports/connections", stage.access_for("u11"))) == "invalid_permission");
  const auto reports = stage.access_for("u11", "belay-sandbox-reports");
  CHECK(stage.api("GET", "/reports/connections", reports).status == 200);
  stage.put(R"({"accounts":[{"id":"u11","licence":{"type":"Business"}}]})");
  CHECK(stage.api("GET", "/reports/connections", reports).status == 403);
}

TEST_CASE("the account tells its address only where the app may read it") {
  TestStage stage;
  const auto account = stage.api("GET", "/account", stage.access_for("u11"));
  CHECK(json::string_at(account.body, "email") == "mara@example.com");
  CHECK(json::string_at(account.body, "custom_field_has_paid_license") == "True");
  CHECK(json::string_at(account.body, "profilepicture_url")->ends_with("/[size]"));
  stage.put(R"({"apps":[{"clientId":"belay-sandbox","permissions":["Account.Read"]}]})");
  CHECK(!stage.api("GET", "/account", stage.access_for("u11")).body.contains("email"));
}

TEST_CASE("groups are found by a part of their name") {
  TestStage stage;
  const auto token = stage.access_for("u11");
  const auto made = stage.api("POST", "/groups", token, R"({"name":"Jira support"})");
  CHECK(made.status == 200);
  CHECK(stage.api("POST", "/groups", token, R"({"name":"Jira support"})").status == 400);
  const auto found = stage.api("GET", "/groups?name=jira", token);
  REQUIRE(json::array_at(found.body, "groups")->size() == 1);
  CHECK((*json::array_at(found.body, "groups"))[0].as_object().at("id") == made.body.at("id"));
  CHECK(json::array_at(stage.api("GET", "/groups", stage.access_for("u12")).body, "groups")->empty());
}

TEST_CASE("a blocked caller hears so") {
  TestStage stage;
  const auto token = stage.access_for("u11");
  stage.put(R"({"settings":{"blocked":true}})");
  CHECK(TestStage::error_of(stage.api("GET", "/account", token)) == "blocked");
}

TEST_CASE("control changes all of a document or nothing") {
  TestStage stage;
  const auto refused = import_state(stage.scene, *json::parse_object(R"({"settings":{"down":true},"accounts":[{"id":"u11","colour":"red"}]})"));
  REQUIRE(!refused);
  CHECK(json::string_at(refused.error().detail, "field") == "accounts[0].colour");
  CHECK(!stage.scene.settings.down);
}

TEST_CASE("control expires and revokes the tokens of an account") {
  TestStage stage;
  const auto token = stage.access_for("u11");
  stage.put(R"({"accounts":[{"id":"u11","expireTokens":true}]})");
  CHECK(TestStage::error_of(stage.api("GET", "/account", token)) == "token_expired");
  stage.put(R"({"accounts":[{"id":"u11","revokeTokens":true}]})");
  CHECK(TestStage::error_of(stage.api("GET", "/account", token)) == "invalid_token");
}

TEST_CASE("what is exported can be taken in again") {
  TestStage stage;
  stage.api("POST", "/sessions", stage.access_for("u11"), R"({"groupname":"Jira"})");
  auto state = export_state(stage.scene);
  CHECK(json::array_at(state, "sessions")->size() == 1);
  CHECK(!boost::json::serialize(state).contains(stage.scene.world.sessions.begin()->second.secret));
}

TEST_CASE("a form of another site presses no button") {
  TestStage stage;
  auto request = stage.request("POST", "/accounts/u11", "action=presence&presence=busy");
  request.headers.emplace("Origin", "http://evil.localhost:8080");
  CHECK(answer_page(stage.scene, request).status == 403);
  CHECK(stage.post("/accounts/u11", {{"action", "presence"}, {"presence", "busy"}}).status == 303);
  CHECK(stage.scene.world.account("u11")->presence == Presence::busy);
}

TEST_CASE("pages show names as text, never as markup") {
  TestStage stage;
  stage.put(R"({"accounts":[{"id":"u11","name":"<img src=x onerror=alert(1)>"}]})");
  CHECK(!stage.page("/").text.contains("<img"));
  CHECK(stage.page("/").headers.find("Content-Security-Policy")->second.starts_with("default-src 'none'"));
}
