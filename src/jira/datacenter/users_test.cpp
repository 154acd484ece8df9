// Jira's people over REST v2: known by a key that stays, asked one by one.
#include "jira/datacenter/users.hpp"

#include <doctest/doctest.h>

#include "jira/datacenter/testing.hpp"

using namespace belay;
using namespace belay::jira::datacenter;
using namespace belay::jira::datacenter::testing;

namespace {

constexpr const char* kUser = "/rest/api/2/user";
constexpr const char* kMyself = "/rest/api/2/myself";

json::object user(std::string key) { return {{"key", key}, {"name", key + "-name"}, {"displayName", "Somebody"}, {"active", true}, {"emailAddress", key + "@example.com"}}; }

struct Desk : World {
  DataCenterUsers users{rest};

  Result<support::Person> user(std::string key = "JIRAUSER10200") { return wait_for(users.user(call(), AccountId{std::move(key)})); }
  Result<support::Person> owner(std::string token) { return wait_for(users.owner_of(call(), std::move(token))); }
  Result<std::vector<support::Person>> people(std::vector<std::string> keys) { return wait_for(users.people(call(), accounts(keys))); }
  Result<std::map<AccountId, std::string>> addresses(std::vector<std::string> keys) { return wait_for(users.addresses(call(), accounts(keys))); }
  Result<std::vector<std::string>> groups() { return wait_for(users.groups(call(), AccountId{"JIRAUSER10200"})); }

  static std::vector<AccountId> accounts(const std::vector<std::string>& keys) {
    std::vector<AccountId> all;
    for (const auto& key : keys) all.push_back(AccountId{key});
    return all;
  }
};

}  // namespace

TEST_CASE("a user is asked for by key, as the service account, and has name, zone, language, address and picture") {
  Desk desk;
  desk.jira.on("GET", kUser, {answer(200, std::string(R"({"self":"https://jira.example.com/rest/api/2/user?username=rita","key":"JIRAUSER10200","name":"rita","emailAddress":"Rita@Example.com",
    "avatarUrls":{"48x48":"https://jira.example.com/secure/useravatar?avatarId=10122"},"displayName":"Rita","active":true,"deleted":false,"timeZone":"Europe/Paris","locale":"fr_FR",
    "groups":{"size":3,"items":[]},"applicationRoles":{"size":1,"items":[]},"expand":"groups,applicationRoles"})"))});
  CHECK(desk.user().value() == support::Person{.id = AccountId{"JIRAUSER10200"}, .name = "Rita", .picture = "https://jira.example.com/secure/useravatar?avatarId=10122", .time_zone = "Europe/Paris", .language = "fr_FR",
                                               .address = "Rita@Example.com", .login = "rita", .active = true, .app = false, .former = false});
  CHECK(desk.asked() == std::vector<std::string>{"GET /rest/api/2/user?key=JIRAUSER10200"});
  CHECK(desk.jira.asked.at(0).header("Authorization") == "Bearer service-token");
}

TEST_CASE("somebody who was renamed is who they were: the key stays, what they sign in with does not") {
  Desk desk;
  desk.jira.on("GET", kUser, {answer(200, json::object{{"key", "fred"}, {"name", "frederic"}, {"displayName", "Frédéric"}})});
  CHECK(desk.user("fred").value().id == AccountId{"fred"});
}

TEST_CASE("somebody who was made anonymous is there under the key, not active, by the name that Jira gave them") {
  Desk desk;
  desk.jira.on("GET", kUser, {answer(200, json::object{{"key", "JIRAUSER10200"}, {"name", "jirauser10200"}, {"displayName", "user-2d3f5"}, {"emailAddress", "JIRAUSER10200@jira.invalid"}, {"active", false}})});
  const auto person = desk.user().value();
  CHECK(person.name == "user-2d3f5");
  CHECK_FALSE(person.active);
}

TEST_CASE("a deleted user is not found") {
  Desk desk;
  desk.jira.on("GET", kUser, {refusal(404, "The user with the key 'JIRAUSER10200' does not exist")});
  CHECK(code(desk.user()) == "not_found");
}

TEST_CASE("a user without an address, or with one that the site hides or masks, has none") {
  for (const json::value& address : {json::value(), json::value(""), json::value("?"), json::value("rita at example dot com"), json::value(7)}) {
    Desk desk;
    auto rita = ::user("JIRAUSER10200");
    rita["emailAddress"] = address;
    desk.jira.on("GET", kUser, {answer(200, rita)});
    CHECK(desk.user().value().address.empty());
    CHECK(desk.addresses({"JIRAUSER10200"}).value().empty());
  }
  Desk desk;
  desk.jira.on("GET", kUser, {answer(200, json::object{{"key", "JIRAUSER10200"}})});
  CHECK(desk.user().value() == support::Person{.id = AccountId{"JIRAUSER10200"}, .name = {}, .picture = {}, .time_zone = {}, .language = {}, .address = {}, .active = true, .app = false, .former = false});
}

TEST_CASE("pictures come over the web or not at all") {
  struct Case { std::string url; bool shown; };
  for (const auto& [url, shown] : {Case{"https://jira.example.com/secure/useravatar?avatarId=1", true}, Case{"http://jira.localhost:8080/a", true}, Case{"http://jira.example.com/a", false}, Case{"javascript:alert(1)", false},
                                   Case{"//jira.example.com/a", false}, Case{"/secure/useravatar", false}}) {
    Desk desk;
    desk.jira.on("GET", kUser, {answer(200, json::object{{"key", "JIRAUSER10200"}, {"avatarUrls", json::object{{"48x48", url}}}})});
    CHECK(desk.user().value().picture == (shown ? url : ""));
  }
}

TEST_CASE("a key is written so that it stays one parameter") {
  Desk desk;
  desk.jira.on("GET", kUser, {answer(200, ::user("a"))});
  CHECK(desk.user("ann+x&expand=groups é"));
  CHECK(desk.jira.asked.at(0).parameter("key") == "ann+x&expand=groups é");
  CHECK(desk.jira.asked.at(0).query.size() == 1);
}

TEST_CASE("an answer without a user, and a refusal, keep their own names; nobody's key stands in the cause") {
  struct Case { net::Response answer; std::string code; };
  for (const auto& [trouble, expected] : {Case{answer(200, json::object{{"name", "rita"}}), "jira_unreachable"}, Case{answer(200, json::array{}), "jira_unreachable"}, Case{page(200), "jira_unreachable"},
                                          Case{page(500), "jira_unreachable"}, Case{refusal(401, "no"), "jira_token_missing"}, Case{refusal(403, "no"), "jira_forbidden"}, Case{refusal(400, "no"), "jira_refused"}}) {
    INFO(trouble.status);
    Desk desk;
    desk.jira.on("GET", kUser, {trouble});
    const auto person = desk.user("secret-key");
    CHECK(code(person) == expected);
    CHECK_FALSE(person.error().cause.contains("secret-key"));
  }
}

// ---- whose token it is ----

TEST_CASE("whose token it is, Jira is asked with the token itself; one that it does not take belongs to nobody") {
  Desk desk;
  desk.jira.on("GET", kMyself, {answer(200, ::user("JIRAUSER10500")), refusal(401, "no"), page(200), answer(200, json::object{{"name", "x"}})});
  CHECK(desk.owner("typed-token").value().id == AccountId{"JIRAUSER10500"});
  CHECK(desk.jira.asked.at(0).header("Authorization") == "Bearer typed-token");
  const auto refused = desk.owner("typed-token").error();
  CHECK(refused.code == "jira_token_missing");
  CHECK_FALSE(refused.cause.contains("typed-token"));
  CHECK(code(desk.owner("typed-token")) == "jira_unreachable");
  CHECK(code(desk.owner("typed-token")) == "jira_unreachable");
}

TEST_CASE("whose two tokens are is asked twice, also at the same time: no answer is shared") {
  Desk desk;
  desk.jira.on("GET", kMyself, {answer(200, ::user("a")), answer(200, ::user("b"))});
  auto [one, other] = desk.wait_for(both(desk.users.owner_of(desk.call(), "token-one"), desk.users.owner_of(desk.call(), "token-two")));
  CHECK(one.value().id != other.value().id);
}

// ---- many ----

TEST_CASE("many are asked for one by one, and who is deleted is left out") {
  Desk desk;
  desk.jira.on("GET", std::string(kUser) + "?key=gone", {refusal(404, "no")});
  desk.jira.on("GET", std::string(kUser) + "?key=a", {answer(200, ::user("a"))});
  desk.jira.on("GET", std::string(kUser) + "?key=b", {answer(200, ::user("b"))});
  const auto people = desk.people({"a", "gone", "b"}).value();
  REQUIRE(people.size() == 2);
  CHECK(people[0].id == AccountId{"a"});
  CHECK(people[1].id == AccountId{"b"});
  CHECK(desk.addresses({"a", "gone", "b"}).value() == std::map<AccountId, std::string>{{AccountId{"a"}, "a@example.com"}, {AccountId{"b"}, "b@example.com"}});
}

TEST_CASE("one that fails is a failure: nobody is taken for deleted because of it") {
  for (const auto& trouble : {page(500), refusal(403, "no"), refusal(401, "no")}) {
    Desk desk;
    desk.jira.on("GET", std::string(kUser) + "?key=b", {trouble});
    desk.jira.on("GET", kUser, {answer(200, ::user("a"))});
    CHECK_FALSE(desk.people({"a", "b"}));
    CHECK_FALSE(desk.addresses({"a", "b"}));
  }
}

TEST_CASE("nobody to ask for is no question") {
  Desk desk;
  CHECK(desk.people({}).value().empty());
  CHECK(desk.addresses({}).value().empty());
  CHECK(desk.jira.asked.empty());
}

// ---- groups ----

TEST_CASE("the groups of a user come with the user when they are asked for") {
  Desk desk;
  auto rita = ::user("JIRAUSER10200");
  rita["groups"] = json::object{{"size", 3}, {"items", json::array{json::object{{"name", "support"}, {"self", "x"}}, json::object{{"name", "Ärzte"}}, json::object{{"self", "x"}}, 7}}};
  desk.jira.on("GET", kUser, {answer(200, rita), answer(200, ::user("JIRAUSER10200")), refusal(404, "no")});
  CHECK(desk.groups().value() == std::vector<std::string>{"support", "Ärzte"});
  CHECK(desk.asked() == std::vector<std::string>{"GET /rest/api/2/user?key=JIRAUSER10200&expand=groups"});
  CHECK(desk.jira.asked.at(0).header("Authorization") == "Bearer service-token");
  CHECK(code(desk.groups()) == "jira_unreachable");   // no word on groups is not: in none
  CHECK(code(desk.groups()) == "not_found");
}
