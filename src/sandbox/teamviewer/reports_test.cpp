// Connection records that are asked for by control: late, twice, sparse, in the other date form, of another code.
#include <doctest/doctest.h>

#include "sandbox/teamviewer/test_stage.hpp"

namespace belay::sandbox::teamviewer {
namespace {

struct RecordsStage : TestStage {
  std::string code = *json::string_at(api("POST", "/sessions", access_for("u11"), R"({"groupname":"Jira","custom_api":"x"})").body, "code");
  std::string token = access_for("u11", "belay-sandbox-reports");

  void add(const std::string& more = {}) { put(R"({"records":[{"session":")" + code + '"' + more + "}]}"); }
  json::array list(const std::string& more = {}) {
    const auto answer = api("GET", "/reports/connections?session_code=" + code + more, token);
    CHECK(answer.status == 200);
    return *json::array_at(answer.body, "records");
  }
  std::string id_of(const json::value& record) { return *json::string_at(record.as_object(), "id"); }
};

}  // namespace

TEST_CASE("control adds a record of a session: by whom, when, how long, how it was") {
  RecordsStage stage;
  stage.add(R"(,"account":"u12","startedSecondsAgo":600,"seconds":420,"notes":"Rolled back","rating":4,"comment":"Fine")");
  const auto records = stage.list();
  REQUIRE(records.size() == 1);
  const auto& record = records[0].as_object();
  CHECK(json::string_at(record, "userid") == "u12");
  CHECK(json::string_at(record, "start_date") == "2026-11-18T09:04:03Z");
  CHECK(json::string_at(record, "end_date") == "2026-11-18T09:11:03Z");
  CHECK(json::string_at(record, "notes") == "Rolled back");
  CHECK(json::integer_at(*json::object_at(record, "feedback"), "session_rating") == 4);
  CHECK(stage.count("record.added") == 1);
}

TEST_CASE("a record may come late, or be taken out of sight again") {
  RecordsStage stage;
  stage.add(R"(,"seconds":60,"delaySeconds":3600)");
  CHECK(stage.list().empty());
  stage.clock.time += std::chrono::hours{1};
  const auto records = stage.list();
  REQUIRE(records.size() == 1);
  stage.put(R"({"records":[{"id":")" + stage.id_of(records[0]) + R"(","delaySeconds":60}]})");
  CHECK(stage.list().empty());
  stage.clock.time += std::chrono::minutes{1};
  CHECK(stage.list().size() == 1);
}

TEST_CASE("a record may be there twice, and its notes change in both") {
  RecordsStage stage;
  stage.add(R"(,"id":"5F0C7A12-83BE-4D6A-9C41-E7702BD3A958","seconds":60)");
  stage.put(R"({"records":[{"id":"5f0c7a12-83be-4d6a-9c41-e7702bd3a958","twice":true}]})");
  REQUIRE(stage.list().size() == 2);
  CHECK(stage.api("PUT", "/reports/connections/5f0c7a12-83be-4d6a-9c41-e7702bd3a958", stage.token, R"({"notes":"New"})").status == 204);
  for (const auto& record : stage.list()) CHECK(json::string_at(record.as_object(), "notes") == "New");
  CHECK(stage.count("record.changed") == 1);
}

TEST_CASE("a record may lack what may be missing, and print the basic date form, alone") {
  RecordsStage stage;
  stage.add(R"(,"startedSecondsAgo":90,"basicDates":true,"sparse":true)");
  stage.add(R"(,"startedSecondsAgo":30,"seconds":10)");
  const auto records = stage.list();
  REQUIRE(records.size() == 2);
  const auto& sparse = records[1].as_object();
  CHECK(json::string_at(sparse, "start_date") == "20261118T091233Z");
  CHECK(sparse.size() == 3);
  CHECK(json::string_at(records[0].as_object(), "start_date") == "2026-11-18T09:13:33Z");
}

TEST_CASE("a record may carry a code that nobody asked for") {
  RecordsStage stage;
  stage.add(R"(,"seconds":10,"code":"s999-999-999")");
  REQUIRE(stage.list().size() == 1);
  CHECK(json::string_at(stage.list()[0].as_object(), "session_code") == "s999-999-999");
}

TEST_CASE("records come newest end first, and page by page") {
  RecordsStage stage;
  stage.put(R"({"settings":{"reportPage":1}})");
  stage.add(R"(,"startedSecondsAgo":900,"seconds":60,"notes":"first")");
  stage.add(R"(,"startedSecondsAgo":300,"seconds":60,"notes":"last")");
  stage.add(R"(,"startedSecondsAgo":600,"seconds":60,"notes":"middle")");
  std::string read;
  std::string offset;
  for (int pages = 0; pages < 3; ++pages) {
    const auto answer = stage.api("GET", "/reports/connections?session_code=" + stage.code + offset, stage.token);
    read += *json::string_at((*json::array_at(answer.body, "records"))[0].as_object(), "notes") + ' ';
    CHECK(json::integer_at(answer.body, "records_remaining").value_or(0) == 2 - pages);
    offset = "&offset_id=" + json::string_at(answer.body, "next_offset").value_or("");
  }
  CHECK(read == "last middle first ");
  CHECK(offset == "&offset_id=");
}

TEST_CASE("a record that is there twice does not keep a reader of pages going round") {
  RecordsStage stage;
  stage.put(R"({"settings":{"reportPage":1}})");
  stage.add(R"(,"startedSecondsAgo":900,"seconds":60)");
  stage.add(R"(,"id":"5F0C7A12-83BE-4D6A-9C41-E7702BD3A958","seconds":60)");
  stage.put(R"({"records":[{"id":"5F0C7A12-83BE-4D6A-9C41-E7702BD3A958","twice":true}]})");
  const auto first = stage.list();
  REQUIRE(first.size() == 1);
  const auto second = stage.list("&offset_id=" + stage.id_of(first[0]));
  REQUIRE(second.size() == 1);
  CHECK(stage.id_of(second[0]) != stage.id_of(first[0]));
}

TEST_CASE("a record of a session that is not there is refused, and nothing is changed") {
  RecordsStage stage;
  CHECK_FALSE(import_state(stage.scene, *json::parse_object(R"({"records":[{"session":"s000-000-000"}]})")));
  CHECK_FALSE(import_state(stage.scene, *json::parse_object(R"({"records":[{"id":"5F0C7A12-83BE-4D6A-9C41-E7702BD3A958","twice":true}]})")));
  CHECK(stage.list().empty());
}

TEST_CASE("the app with reports asks for nothing else, and whoever's licence gives none cannot even consent") {
  TestStage stage;
  const auto token = stage.access_for("u11", "belay-sandbox-reports");
  CHECK(stage.api("GET", "/account", token).status == 200);
  CHECK(stage.api("GET", "/reports/connections", token).status == 200);
  for (const auto* path : {"/sessions", "/contacts", "/groups"}) CHECK(TestStage::error_of(stage.api("GET", path, token)) == "invalid_permission");
  const auto refused = stage.post("/oauth2/authorize", {{"response_type", "code"}, {"client_id", "belay-sandbox-reports"}, {"redirect_uri", std::string(TestStage::kRedirect)}, {"state", "s1"}, {"account", "u13"}, {"decision", "allow"}});
  CHECK(refused.status == 403);
  CHECK(refused.text.contains("error=access_denied"));
  CHECK(refused.text.contains("licence"));
}

}  // namespace belay::sandbox::teamviewer
