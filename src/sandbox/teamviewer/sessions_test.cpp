#include "sandbox/teamviewer/test_stage.hpp"

using namespace belay;
using namespace belay::sandbox::teamviewer;

namespace {

std::string create(TestStage& stage, const std::string& token, std::string body = R"({"groupname":"Jira"})") {
  const auto answer = stage.api("POST", "/sessions", token, std::move(body));
  REQUIRE(answer.status == 200);
  return *json::string_at(answer.body, "code");
}

std::string customer_path(std::string code) {
  std::erase(code, '-');
  return "/v15/" + code;
}

}  // namespace

TEST_CASE("a session has its code with hyphens and its links without") {
  TestStage stage;
  const auto token = stage.access_for("u11");
  const auto answer = stage.api("POST", "/sessions", token, R"({"groupname":"Jira","custom_api":"{\"belay\":\"1\"}","end_customer":{"name":"Ana"}})");
  REQUIRE(answer.status == 200);
  const auto code = *json::string_at(answer.body, "code");
  CHECK(code.size() == 12);
  CHECK(json::string_at(answer.body, "state") == "Open");
  CHECK(json::string_at(answer.body, "valid_until") == "2026-11-19T09:14:03Z");
  const auto link = *json::string_at(answer.body, "end_customer_link");
  CHECK(link == "http://teamviewer.localhost:8080" + customer_path(code));
  CHECK(json::string_at(answer.body, "supporter_link")->starts_with(link + "-"));
  CHECK(!answer.body.contains("online"));
  CHECK(!answer.body.contains("description"));
  CHECK(answer.headers.find("Location")->second == "http://webapi.teamviewer.localhost:8080/api/v1/sessions/" + code);
  CHECK(stage.count("session.created") == 1);
  CHECK(stage.count("group.created") == 1);
  CHECK(stage.journal.lines().contains(R"("custom_api":"{\"belay\":\"1\"}")"));
}

TEST_CASE("a create without a group, with an unknown member, a past end or a long text is refused and makes nothing") {
  TestStage stage;
  const auto token = stage.access_for("u11");
  const std::string long_text(4001, 'x');
  for (const auto& body : {std::string("{}"), std::string(R"({"groupname":"Jira","colour":"red"})"), std::string(R"({"groupname":"Jira","valid_until":"2026-11-18T09:14:03Z"})"),
                           std::string(R"({"groupname":"Jira","valid_until":"20261119T091403Z"})"), std::string(R"({"groupname":"Jira","assigned_userid":"u999"})"),
                           R"({"groupname":"Jira","description":")" + long_text + "\"}", R"({"groupname":"Jira","end_customer":{"name":")" + long_text + "\"}}",
                           std::string(R"({"groupname":"Jira","description":null})"), std::string("[]"), std::string("{")}) {
    const auto answer = stage.api("POST", "/sessions", token, body);
    CHECK_MESSAGE(answer.status == 400, body);
    CHECK(TestStage::error_of(answer) == "invalid_request");
  }
  CHECK(stage.scene.world.sessions.empty());
  CHECK(stage.count("group.created") == 0);
}

TEST_CASE("limits of texts count characters, not bytes") {
  TestStage stage;
  std::string text;
  for (int i = 0; i < 4000; ++i) text += "é";
  create(stage, stage.access_for("u11"), R"({"groupname":"Jira","description":")" + text + "\"}");
}

TEST_CASE("a licence with one concurrent session refuses the second, in words") {
  TestStage stage;
  stage.put(R"({"accounts":[{"id":"u11","licence":{"concurrentSessions":1}}]})");
  const auto token = stage.access_for("u11");
  const auto code = create(stage, token);
  const auto second = stage.api("POST", "/sessions", token, R"({"groupname":"Jira"})");
  CHECK(second.status == 400);
  CHECK(second.text.contains("license limitations"));
  CHECK(second.headers.find("Content-Type")->second.starts_with("text/plain"));
  CHECK(stage.api("PUT", "/sessions/" + code, token, R"({"state":"closed"})").status == 204);
  create(stage, token);
  stage.clock.time += std::chrono::minutes{5};
  CHECK(stage.api("POST", "/sessions", token, R"({"groupname":"Jira"})").status == 400);
}

TEST_CASE("the list has open sessions in short form unless asked otherwise, newest first, page by page") {
  TestStage stage;
  stage.put(R"({"settings":{"sessionPage":2}})");
  const auto token = stage.access_for("u11");
  const auto first = create(stage, token);
  const auto second = create(stage, token);
  const auto third = create(stage, token);
  stage.api("PUT", "/sessions/" + create(stage, token), token, R"({"state":"closed"})");

  const auto page = stage.api("GET", "/sessions", token);
  const auto& sessions = *json::array_at(page.body, "sessions");
  REQUIRE(sessions.size() == 2);
  CHECK(json::string_at(sessions[0].as_object(), "code") == third);
  CHECK(!sessions[0].as_object().contains("online"));
  CHECK(json::string_at(page.body, "next_offset") == second);
  CHECK(json::integer_at(page.body, "sessions_remaining") == 1);
  const auto rest = stage.api("GET", "/sessions?full_list=true&offset=" + second, token);
  REQUIRE(json::array_at(rest.body, "sessions")->size() == 1);
  CHECK(json::string_at((*json::array_at(rest.body, "sessions"))[0].as_object(), "code") == first);
  CHECK(json::bool_at((*json::array_at(rest.body, "sessions"))[0].as_object(), "online") == false);
  CHECK(!rest.body.contains("next_offset"));
  CHECK(json::array_at(stage.api("GET", "/sessions?state=closed", token).body, "sessions")->size() == 1);
  CHECK(json::integer_at(stage.api("GET", "/sessions?state=open,closed", token).body, "sessions_remaining") == 2);
  CHECK(stage.api("GET", "/sessions?state=Open", token).status == 400);
  CHECK(stage.api("GET", "/sessions?page=2", token).status == 400);
}

TEST_CASE("one agent does not see another's session") {
  TestStage stage;
  const auto code = create(stage, stage.access_for("u11"));
  const auto other = stage.access_for("u12");
  CHECK(stage.api("GET", "/sessions/" + code, other).status == 404);
  CHECK(json::array_at(stage.api("GET", "/sessions", other).body, "sessions")->empty());
}

TEST_CASE("an update cannot move the end of a session") {
  TestStage stage;
  const auto token = stage.access_for("u11");
  const auto code = create(stage, token);
  CHECK(stage.api("PUT", "/sessions/" + code, token, R"({"valid_until":"2026-11-20T09:14:03Z"})").status == 400);
  CHECK(stage.api("PUT", "/sessions/" + code, token, "{}").status == 400);
  CHECK(stage.api("PUT", "/sessions/" + code, token, R"({"assigned_userid":"u0","description":"new"})").status == 204);
  const auto session = stage.api("GET", "/sessions/" + code, token);
  CHECK(json::string_at(session.body, "assigned_userid") == "u0");
  CHECK(json::string_at(session.body, "description") == "new");
}

TEST_CASE("the path takes the code with its hyphens only") {
  TestStage stage;
  const auto token = stage.access_for("u11");
  auto code = create(stage, token);
  std::erase(code, '-');
  CHECK(stage.api("GET", "/sessions/" + code, token).status == 400);
}

TEST_CASE("a customer who joins makes the session online, and offline when leaving") {
  TestStage stage;
  const auto token = stage.access_for("u11");
  const auto code = create(stage, token);
  const auto online = [&] { return *json::bool_at(stage.api("GET", "/sessions/" + code, token).body, "online"); };
  CHECK(stage.page(customer_path(code)).text.contains(">Join</button>"));
  CHECK(stage.post(customer_path(code), {{"action", "join"}}).status == 303);
  CHECK(online());
  CHECK(stage.post(customer_path(code), {{"action", "join"}}).status == 303);
  CHECK(stage.count("customer.joined") == 1);
  stage.post(customer_path(code), {{"action", "leave"}});
  CHECK(!online());
}

TEST_CASE("nobody joins a session that is closed or past its end, and a running one outlives its end") {
  TestStage stage;
  const auto token = stage.access_for("u11");
  const auto closed = create(stage, token);
  stage.api("PUT", "/sessions/" + closed, token, R"({"state":"closed"})");
  CHECK(stage.post(customer_path(closed), {{"action", "join"}}).status == 409);
  const auto running = create(stage, token);
  const auto unused = create(stage, token);
  stage.post(customer_path(running), {{"action", "join"}});
  stage.clock.time += std::chrono::hours{24};
  CHECK(stage.post(customer_path(unused), {{"action", "join"}}).status == 409);
  CHECK(stage.page(customer_path(unused)).text.contains("has expired"));
  CHECK(stage.page(customer_path(running)).text.contains("You have joined"));
  CHECK(stage.page("/v15/s000000000").status == 404);
}

TEST_CASE("an expired session still reads Open") {
  TestStage stage;
  const auto code = create(stage, stage.access_for("u11"));
  stage.clock.time += std::chrono::hours{25};
  const auto list = stage.api("GET", "/sessions", stage.access_for("u11"));
  CHECK(json::array_at(list.body, "sessions")->size() == 1);
  CHECK(json::string_at((*json::array_at(list.body, "sessions"))[0].as_object(), "code") == code);
}

TEST_CASE("a supporter's connection leaves a report of the session") {
  TestStage stage;
  const auto token = stage.access_for("u11", "belay-sandbox-reports");
  const auto made = stage.api("POST", "/sessions", stage.access_for("u11"), R"({"groupname":"Jira","custom_api":"x"})");
  const auto code = *json::string_at(made.body, "code");
  const auto supporter = json::string_at(made.body, "supporter_link")->substr(std::string_view("http://teamviewer.localhost:8080").size());
  const auto browser = json::string_at(made.body, "webclient_supporter_link")->substr(std::string_view("http://teamviewer.localhost:8080").size());
  CHECK(stage.page(supporter).status == 200);
  CHECK(stage.page(browser).text.contains("browser client"));
  CHECK(stage.page(supporter.substr(0, supporter.size() - 1)).status == 404);
  CHECK(stage.post(supporter, {{"action", "connect"}, {"account", "u12"}}).status == 409);

  stage.post(customer_path(code), {{"action", "join"}});
  stage.post(supporter, {{"action", "connect"}, {"account", "u12"}});
  stage.clock.time += std::chrono::minutes{7};
  stage.post(supporter, {{"action", "end"}, {"account", "u12"}, {"notes", "Driver rolled back."}});
  stage.clock.time += std::chrono::minutes{1};
  const auto reports = stage.api("GET", "/reports/connections?session_code=" + code, token);
  REQUIRE(json::array_at(reports.body, "records")->size() == 1);
  const auto& record = (*json::array_at(reports.body, "records"))[0].as_object();
  CHECK(json::string_at(record, "userid") == "u12");
  CHECK(json::string_at(record, "start_date") == "2026-11-18T09:14:03Z");
  CHECK(json::string_at(record, "end_date") == "2026-11-18T09:21:03Z");
  CHECK(json::string_at(record, "notes") == "Driver rolled back.");
  CHECK(json::string_at(record, "session_code") == code);
  CHECK(json::object_at(record, "feedback")->empty());
}

TEST_CASE("closing a session ends its connections and sends the customer away") {
  TestStage stage;
  const auto token = stage.access_for("u11");
  const auto code = create(stage, token);
  stage.post(customer_path(code), {{"action", "join"}});
  stage.scene.connect(*stage.scene.world.session(code), *stage.scene.world.account("u11"), "desktop");
  CHECK(stage.api("PUT", "/sessions/" + code, token, R"({"state":"closed"})").status == 204);
  CHECK(stage.scene.world.records.size() == 1);
  CHECK(stage.count("customer.left") == 1);
  const auto session = stage.api("GET", "/sessions/" + code, token);
  CHECK(json::string_at(session.body, "state") == "Closed");
  CHECK(json::bool_at(session.body, "online") == false);
  CHECK(session.body.contains("closed_at"));
  CHECK(stage.api("PUT", "/sessions/" + code, token, R"({"state":"closed"})").status == 204);
  CHECK(stage.count("session.closed") == 1);
}

TEST_CASE("a deleted session is gone, and paging goes on after it") {
  TestStage stage;
  const auto token = stage.access_for("u11");
  const auto first = create(stage, token);
  const auto second = create(stage, token);
  CHECK(stage.api("DELETE", "/sessions/" + second, token).status == 204);
  CHECK(stage.api("GET", "/sessions/" + second, token).status == 404);
  CHECK(stage.api("DELETE", "/sessions/" + second, token).status == 404);
  const auto rest = stage.api("GET", "/sessions?offset=" + second, token);
  REQUIRE(json::array_at(rest.body, "sessions")->size() == 1);
  CHECK(json::string_at((*json::array_at(rest.body, "sessions"))[0].as_object(), "code") == first);
}
