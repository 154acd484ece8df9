#include "crypto/digest.hpp"
#include "sandbox/teamviewer/test_stage.hpp"

using namespace belay;
using namespace belay::sandbox::teamviewer;

TEST_CASE("a consent gives a code that becomes tokens once") {
  TestStage stage;
  const auto code = stage.code_for("u11");
  const auto first = stage.token_call(stage.exchange_fields(code));
  REQUIRE(first.status == 200);
  CHECK(json::string_at(first.body, "token_type") == "bearer");
  CHECK(json::integer_at(first.body, "expires_in") == 7200);
  CHECK(stage.api("GET", "/account", *json::string_at(first.body, "access_token")).status == 200);
  const auto second = stage.token_call(stage.exchange_fields(code));
  CHECK(second.status == 400);
  CHECK(TestStage::error_of(second) == "invalid_request");
  CHECK(stage.count("token.issued") == 1);
}

TEST_CASE("a code lives ten minutes") {
  TestStage stage;
  const auto code = stage.code_for("u11");
  stage.clock.time += std::chrono::minutes{10};
  CHECK(stage.token_call(stage.exchange_fields(code)).status == 400);
}

TEST_CASE("the redirect URI must be the registered one, character by character") {
  TestStage stage;
  const std::string base = "/oauth2/authorize?response_type=code&client_id=belay-sandbox&state=x&redirect_uri=";
  CHECK(stage.page(base + net::percent_encode(TestStage::kRedirect)).status == 200);
  const auto other = stage.page(base + net::percent_encode(std::string(TestStage::kRedirect) + "/"));
  CHECK(other.status == 400);
  CHECK(!other.headers.contains("Location"));
  CHECK(stage.page("/oauth2/authorize?response_type=code&client_id=nobody").status == 400);
}

TEST_CASE("the token call repeats the redirect URI and proves the client") {
  TestStage stage;
  auto fields = stage.exchange_fields(stage.code_for("u11"));
  fields[2].second += "?";
  CHECK(stage.token_call(fields).status == 400);
  fields = stage.exchange_fields(stage.code_for("u11"));
  fields[4].second = "guessed";
  const auto wrong = stage.token_call(fields);
  CHECK(wrong.status == 401);
  CHECK(TestStage::error_of(wrong) == "wrong_credentials");
  fields[3].second = "nobody";
  CHECK(TestStage::error_of(stage.token_call(fields)) == "invalid_client");
}

TEST_CASE("PKCE is optional, and checked when it was used") {
  TestStage stage;
  const std::string verifier(43, 'v');
  const auto challenge = crypto::base64url(crypto::sha256(verifier));
  auto without = stage.exchange_fields(stage.code_for("u11", "belay-sandbox", challenge));
  CHECK(stage.token_call(without).status == 400);
  auto wrong = stage.exchange_fields(stage.code_for("u11", "belay-sandbox", challenge));
  wrong.emplace_back("code_verifier", std::string(43, 'w'));
  CHECK(stage.token_call(wrong).status == 400);
  auto right = stage.exchange_fields(stage.code_for("u11", "belay-sandbox", challenge));
  right.emplace_back("code_verifier", verifier);
  CHECK(stage.token_call(right).status == 200);
  auto unasked = stage.exchange_fields(stage.code_for("u11"));
  unasked.emplace_back("code_verifier", verifier);
  CHECK(stage.token_call(unasked).status == 400);
}

TEST_CASE("a denied consent returns to the app with its state") {
  TestStage stage;
  const auto answer = stage.post("/oauth2/authorize", {{"response_type", "code"}, {"client_id", "belay-sandbox"}, {"redirect_uri", std::string(TestStage::kRedirect)},
                                                       {"state", "a b"}, {"decision", "deny"}});
  CHECK(answer.status == 303);
  const auto location = answer.headers.find("Location")->second;
  CHECK(location.starts_with(TestStage::kRedirect));
  CHECK(location.contains("error=access_denied"));
  CHECK(net::split_target(location.substr(std::string_view("http://belay.localhost:8080").size()))->query.back().second == "a b");
}

TEST_CASE("an account without a Premium or Corporate licence cannot consent to reports") {
  TestStage stage;
  CHECK(stage.code_for("u13", "belay-sandbox-reports").empty());
  CHECK(stage.count("consent.given") == 0);
  CHECK(!stage.code_for("u11", "belay-sandbox-reports").empty());
}

TEST_CASE("a refresh rotates the refresh token and kills the old one") {
  TestStage stage;
  const auto tokens = stage.tokens_for("u11");
  const std::vector<std::pair<std::string, std::string>> fields{{"grant_type", "refresh_token"}, {"refresh_token", *json::string_at(tokens, "refresh_token")},
                                                                {"client_id", "belay-sandbox"}, {"client_secret", "belay-sandbox-secret"}};
  const auto renewed = stage.token_call(fields);
  CHECK(renewed.status == 200);
  CHECK(json::string_at(renewed.body, "refresh_token") != json::string_at(tokens, "refresh_token"));
  CHECK(stage.token_call(fields).status == 400);
  CHECK(stage.count("token.refreshed") == 1);
}

TEST_CASE("a refresh may come without a new refresh token, then the old one stays good") {
  TestStage stage;
  stage.put(R"({"settings":{"rotateRefreshTokens":false}})");
  const auto tokens = stage.tokens_for("u11");
  const std::vector<std::pair<std::string, std::string>> fields{{"grant_type", "refresh_token"}, {"refresh_token", *json::string_at(tokens, "refresh_token")},
                                                                {"client_id", "belay-sandbox"}, {"client_secret", "belay-sandbox-secret"}};
  CHECK(!stage.token_call(fields).body.contains("refresh_token"));
  CHECK(stage.token_call(fields).status == 200);
}

TEST_CASE("an access token expires by the clock, its refresh token does not") {
  TestStage stage;
  const auto access = stage.access_for("u11");
  stage.clock.time += std::chrono::seconds{7200};
  const auto late = stage.api("GET", "/account", access);
  CHECK(late.status == 401);
  CHECK(TestStage::error_of(late) == "token_expired");
}

TEST_CASE("revoking kills the pair") {
  TestStage stage;
  const auto tokens = stage.tokens_for("u11");
  const auto access = *json::string_at(tokens, "access_token");
  CHECK(stage.api("POST", "/OAuth2/revoke", access).status == 204);
  const auto after = stage.api("GET", "/account", access);
  CHECK(after.status == 401);
  CHECK(TestStage::error_of(after) == "invalid_token");
  CHECK(stage.token_call({{"grant_type", "refresh_token"}, {"refresh_token", *json::string_at(tokens, "refresh_token")}, {"client_id", "belay-sandbox"},
                          {"client_secret", "belay-sandbox-secret"}}).status == 400);
  CHECK(stage.count("token.revoked") == 1);
}

TEST_CASE("the grant types of the vendor's OpenAPI, as numbers in JSON, are taken too") {
  TestStage stage;
  json::object body;
  for (auto& [name, value] : stage.exchange_fields(stage.code_for("u11"))) body[name] = value;
  body["grant_type"] = 0;
  CHECK(stage.api("POST", "/OAuth2/Token", "", boost::json::serialize(body)).status == 200);
}

TEST_CASE("ping says whether a token is good, in either of the documented ways") {
  TestStage stage;
  CHECK(json::bool_at(stage.api("GET", "/ping", stage.access_for("u11")).body, "token_valid") == true);
  CHECK(json::bool_at(stage.api("GET", "/ping", "nonsense").body, "token_valid") == false);
  stage.put(R"({"settings":{"pingRefusesBadTokens":true}})");
  CHECK(stage.api("GET", "/ping", "nonsense").status == 401);
}

TEST_CASE("what is wrong with a wish goes back to the app, a repeated parameter goes nowhere") {
  TestStage stage;
  const auto start = "/oauth2/authorize?client_id=belay-sandbox&state=x&redirect_uri=" + net::percent_encode(TestStage::kRedirect);
  const auto back = [&](const std::string& more) {
    const auto answer = stage.page(start + more);
    return answer.status == 303 ? answer.headers.find("Location")->second : std::string();
  };
  CHECK(back("&response_type=token").contains("error=unsupported_response_type"));
  CHECK(back("&response_type=code&code_challenge=abc&code_challenge_method=plain").contains("error=invalid_request"));
  CHECK(back("&response_type=code&code_challenge=" + std::string(43, 'a')).contains("error=invalid_request"));  // without a method it would be plain
  CHECK(stage.page(start + "&response_type=code&state=y").status == 400);
}

TEST_CASE("a person takes an app's access back, and its tokens are worth nothing") {
  TestStage stage;
  const auto access = stage.access_for("u11");
  const auto grant = stage.scene.grants.all().begin()->first;
  CHECK(stage.post("/accounts/u12", {{"action", "remove_access"}, {"grant", grant}}).status == 303);
  CHECK(stage.api("GET", "/account", access).status == 200);
  CHECK(stage.post("/accounts/u11", {{"action", "remove_access"}, {"grant", grant}}).status == 303);
  CHECK(stage.api("GET", "/account", access).status == 401);
}

TEST_CASE("the journal never holds a token, a code or a secret") {
  TestStage stage;
  const auto code = stage.code_for("u11");
  const auto tokens = stage.token_call(stage.exchange_fields(code));
  const auto made = stage.api("POST", "/sessions", *json::string_at(tokens.body, "access_token"), R"({"groupname":"Jira"})");
  CHECK(made.status == 200);
  const auto lines = stage.journal.lines();
  CHECK(!lines.contains(code));
  CHECK(!lines.contains(*json::string_at(tokens.body, "access_token")));
  CHECK(!lines.contains(*json::string_at(tokens.body, "refresh_token")));
  CHECK(!lines.contains(stage.scene.world.sessions.begin()->second.secret));
}
