#include "sandbox/teamviewer/test_stage.hpp"

using namespace belay;
using namespace belay::sandbox::teamviewer;

TEST_CASE("a contact's address is told only to a call that filtered by address") {
  TestStage stage;
  const auto token = stage.access_for("u11");
  const auto all = stage.api("GET", "/contacts", token);
  REQUIRE(json::array_at(all.body, "contacts")->size() == 1);
  CHECK(!(*json::array_at(all.body, "contacts"))[0].as_object().contains("email"));
  CHECK(!all.body.contains("invitations"));
  const auto filtered = stage.api("GET", "/contacts?email=nobody@example.com,ANA@example.com", token);
  REQUIRE(json::array_at(filtered.body, "contacts")->size() == 1);
  const auto& contact = (*json::array_at(filtered.body, "contacts"))[0].as_object();
  CHECK(json::string_at(contact, "email") == "ana@example.com");
  CHECK(json::string_at(contact, "online_state") == "Online");
  CHECK(json::array_at(stage.api("GET", "/contacts?email=na@example.com", token).body, "contacts")->empty());
  CHECK(json::array_at(stage.api("GET", "/contacts?online_state=away", token).body, "contacts")->empty());
}

TEST_CASE("a contact is taken off the list by control, by id or by address, and the journal tells; one who is not there is no contact") {
  TestStage stage;
  const auto token = stage.access_for("u11");
  const auto listed = [&] { return json::array_at(stage.api("GET", "/contacts", token).body, "contacts")->size(); };
  for (const bool by_id : {true, false}) {
    stage.put(R"({"contacts":[{"id":"c9","owner":"u11","email":"free@example.com"}]})");
    CHECK(listed() == 2);
    stage.put(by_id ? R"({"contacts":[{"id":"c9","deleted":true}]})" : R"({"contacts":[{"owner":"u11","email":"FREE@example.com","deleted":true}]})");
    CHECK(listed() == 1);
    CHECK(stage.api("GET", "/contacts/c9", token).status == 404);
  }
  for (const auto* nobody : {R"({"contacts":[{"id":"c9","deleted":true}]})", R"({"contacts":[{"owner":"u12","email":"ana@example.com","deleted":true}]})"}) {
    CHECK_FALSE(import_state(stage.scene, *json::parse_object(nobody)));
  }
  CHECK(listed() == 1);
}

TEST_CASE("inviting an address without an account sends the invitation and reports an error") {
  TestStage stage;
  const auto token = stage.access_for("u11");
  CHECK(stage.api("POST", "/contacts", token, R"({"email":"tomas@example.org","groupname":"Jira"})").status == 400);
  CHECK(stage.count("invitation.sent") == 0);
  const auto invited = stage.api("POST", "/contacts", token, R"({"email":"tomas@example.org","groupname":"Jira","invite":true})");
  CHECK(invited.status == 400);
  CHECK(TestStage::error_of(invited) == "invalid_request");
  CHECK(stage.count("invitation.sent") == 1);
  const auto list = stage.api("GET", "/contacts?email=tomas@example.org&include_invitations=true", token);
  REQUIRE(json::array_at(list.body, "invitations")->size() == 1);

  const auto id = stage.scene.world.invitations.begin()->first;
  CHECK(stage.post("/invitations/" + id, {{"decision", "accept"}}).status == 303);
  const auto after = stage.api("GET", "/contacts?email=tomas@example.org&include_invitations=true", token);
  CHECK(json::array_at(after.body, "contacts")->size() == 1);
  CHECK(json::array_at(after.body, "invitations")->empty());
}

TEST_CASE("an existing account is added at once, twice is refused") {
  TestStage stage;
  const auto token = stage.access_for("u11");
  CHECK(stage.api("POST", "/contacts", token, R"({"email":"free@example.com","groupname":"Jira"})").status == 200);
  CHECK(stage.api("POST", "/contacts", token, R"({"email":"Free@Example.com","groupname":"Jira"})").status == 400);
  CHECK(stage.api("POST", "/contacts", token, R"({"email":"x@example.com","groupname":"Jira","name":"four"})").status == 400);
  CHECK(stage.count("contact.added") == 1);
}

TEST_CASE("one contact comes in the shape of the list, and only to its owner") {
  TestStage stage;
  const auto id = stage.scene.world.contacts.begin()->first;
  const auto one = stage.api("GET", "/contacts/" + id, stage.access_for("u11"));
  CHECK(json::array_at(one.body, "contacts")->size() == 1);
  CHECK(stage.api("GET", "/contacts/" + id, stage.access_for("u12")).status == 404);
  CHECK(stage.api("DELETE", "/contacts/" + id, stage.access_for("u11")).status == 403);  // the base app has no such permission
}

TEST_CASE("a launch link shows what would start, and takes no text of a user") {
  TestStage stage;
  const auto id = stage.scene.world.contacts.begin()->first;
  CHECK(stage.page("/contact/" + id + "/mode/chat").text.contains("<dd>Chat</dd>"));
  const auto control = stage.page("/contact/" + id + "/authorization/prompt/mode/control");
  CHECK(control.status == 200);
  CHECK(control.text.contains("<code>prompt</code>"));
  CHECK(stage.page("/contact/" + id + "/authorization/password/mode/present").status == 400);
  CHECK(stage.page("/contact/" + id + "/mode/hack").status == 400);
  CHECK(stage.page("/contact/" + id + "/mode/chat?name=Ana").status == 400);
  CHECK(stage.page("/contact/c1/mode/chat").status == 404);
}
