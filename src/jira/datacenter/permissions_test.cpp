// What somebody may do, in the forms that /rest/api/2/mypermissions takes and gives: all permissions that the site knows, whatever is asked for.
#include "jira/datacenter/permissions.hpp"

#include <doctest/doctest.h>

#include "jira/datacenter/testing.hpp"

using namespace belay;
using namespace belay::jira::datacenter;
using namespace belay::jira::datacenter::testing;

namespace {

constexpr const char* kMine = "/rest/api/2/mypermissions";
constexpr const char* kGroups = "/rest/api/2/groups/picker";
const support::JiraRights kAll{.browse = true, .edit_issues = true, .service_agent = true, .administer = true, .administer_project = true};
const support::JiraRights kOnlyGlobal{.browse = false, .edit_issues = false, .service_agent = false, .administer = true, .administer_project = false};

json::object permissions(std::initializer_list<std::string_view> had, std::initializer_list<std::string_view> not_had = {}) {
  json::object all;
  for (const auto key : had) all[key] = json::object{{"id", "10"}, {"key", key}, {"name", "x"}, {"type", "PROJECT"}, {"havePermission", true}};
  for (const auto key : not_had) all[key] = json::object{{"id", "10"}, {"key", key}, {"name", "x"}, {"type", "PROJECT"}, {"havePermission", false}};
  return {{"permissions", std::move(all)}};
}
json::object everything() { return permissions({"BROWSE_PROJECTS", "EDIT_ISSUES", "SERVICEDESK_AGENT", "ADMINISTER", "ADMINISTER_PROJECTS", "SYSTEM_ADMIN"}); }

json::object groups(std::vector<std::string> names) {
  json::array all;
  for (const auto& name : names) all.push_back(json::object{{"name", name}, {"html", "<b>" + name + "</b>"}, {"labels", json::array{}}});
  return {{"header", "Showing 1 of 1 matching groups"}, {"total", names.size()}, {"groups", std::move(all)}};
}

struct Desk : World {
  DataCenterPermissions permissions{rest};

  Result<support::JiraRights> on_issue(std::string id = "10001") { return wait_for(permissions.rights(call(), agent, IssueId{std::move(id)})); }
  Result<support::JiraRights> anywhere() { return wait_for(permissions.rights(call(), agent, std::nullopt)); }
  Result<support::JiraRights> in_project(std::string id = "10000") { return wait_for(permissions.project_rights(call(), agent, ProjectId{std::move(id)})); }
  Result<support::JiraRights> in_service_project() { return wait_for(permissions.service_rights(call(), agent, ProjectId{"10000"})); }
  Result<std::vector<std::string>> unknown_groups(std::vector<std::string> names) { return wait_for(permissions.unknown_groups(call(), agent, std::move(names))); }
};

}  // namespace

TEST_CASE("rights are asked for with the agent's own token, of the issue, of the project, or of no place") {
  Desk desk;
  desk.jira.on("GET", kMine, {answer(200, everything())});
  CHECK(desk.on_issue().value() == kAll);
  CHECK(desk.in_project().value() == kAll);
  CHECK(desk.in_service_project().value() == kAll);
  CHECK(desk.anywhere().value() == kOnlyGlobal);   // without a place, a permission of projects means: in some project
  CHECK(desk.asked() == std::vector<std::string>{"GET /rest/api/2/mypermissions?issueId=10001", "GET /rest/api/2/mypermissions?projectId=10000", "GET /rest/api/2/mypermissions?projectId=10000", "GET /rest/api/2/mypermissions"});
  for (const auto& request : desk.jira.asked) CHECK(request.header("Authorization") == "Bearer user-token");
}

TEST_CASE("each permission is its own, and one that is not had is not had") {
  struct Case { std::string_view key; support::JiraRights rights; };
  for (const auto& [key, rights] : {Case{"BROWSE_PROJECTS", {.browse = true, .edit_issues = false, .service_agent = false, .administer = false, .administer_project = false}},
                                    Case{"EDIT_ISSUES", {.browse = false, .edit_issues = true, .service_agent = false, .administer = false, .administer_project = false}},
                                    Case{"SERVICEDESK_AGENT", {.browse = false, .edit_issues = false, .service_agent = true, .administer = false, .administer_project = false}},
                                    Case{"ADMINISTER", {.browse = false, .edit_issues = false, .service_agent = false, .administer = true, .administer_project = false}},
                                    Case{"ADMINISTER_PROJECTS", {.browse = false, .edit_issues = false, .service_agent = false, .administer = false, .administer_project = true}}}) {
    INFO(key);
    Desk desk;
    desk.jira.on("GET", kMine, {answer(200, permissions({key}, {"ASSIGN_ISSUES"}))});
    CHECK(desk.on_issue().value() == rights);
  }
  Desk desk;
  desk.jira.on("GET", kMine, {answer(200, permissions({}, {"BROWSE_PROJECTS", "EDIT_ISSUES", "SERVICEDESK_AGENT", "ADMINISTER", "ADMINISTER_PROJECTS"}))});
  CHECK(desk.on_issue().value() == support::JiraRights{});
}

TEST_CASE("without Service Management Jira knows of no agents, and the other rights stand all the same") {
  Desk desk;
  desk.jira.on("GET", kMine, {answer(200, permissions({"BROWSE_PROJECTS", "EDIT_ISSUES"}))});
  const auto rights = desk.on_issue().value();
  CHECK(rights.browse);
  CHECK(rights.edit_issues);
  CHECK_FALSE(rights.service_agent);
}

TEST_CASE("the old names, which Jira gives beside the new ones, give no rights by themselves") {
  Desk desk;
  desk.jira.on("GET", kMine, {answer(200, permissions({"BROWSE", "EDIT_ISSUE", "PROJECT_ADMIN"}))});
  CHECK(desk.on_issue().value() == support::JiraRights{});
}

TEST_CASE("a permission that says nothing, or something else than yes, is not had") {
  Desk desk;
  desk.jira.on("GET", kMine, {answer(200, std::string(R"({"permissions":{"BROWSE_PROJECTS":{},"EDIT_ISSUES":{"havePermission":"true"},"ADMINISTER":true,"ADMINISTER_PROJECTS":null,"SERVICEDESK_AGENT":{"havePermission":1}}})"))});
  CHECK(desk.on_issue().value() == support::JiraRights{});
}

TEST_CASE("a place that there is none of, or that they may not see, gives no rights in it, and what they may everywhere stays theirs") {
  for (const auto& hidden : {refusal(404, "Could not find issue with id 10001"), refusal(403, "no"), refusal(400, "issueId provided is not valid")}) {
    INFO(hidden.status);
    Desk desk;
    desk.jira.on("GET", std::string(kMine) + "?", {hidden});
    desk.jira.on("GET", kMine, {answer(200, everything())});
    CHECK(desk.on_issue().value() == kOnlyGlobal);
    CHECK(desk.in_project().value() == kOnlyGlobal);
    CHECK(desk.in_service_project().value() == kOnlyGlobal);
    CHECK(desk.asked().at(1) == "GET /rest/api/2/mypermissions");
  }
}

TEST_CASE("where Jira refuses the question without a place too, nobody has any right") {
  Desk desk;
  desk.jira.on("GET", kMine, {refusal(403, "no")});
  CHECK(code(desk.on_issue()) == "jira_forbidden");
  CHECK(code(desk.anywhere()) == "jira_forbidden");
  CHECK(desk.jira.asked.size() == 3);
}

TEST_CASE("trouble is trouble, and no word on rights") {
  struct Case { net::Response answer; std::string code; };
  for (const auto& [trouble, expected] : {Case{refusal(401, "no"), "signed_out"}, Case{answer(429, json::object{}), "jira_rate_limited"}, Case{page(500), "jira_unreachable"}, Case{page(200), "jira_unreachable"},
                                          Case{answer(200, json::object{}), "jira_unreachable"}, Case{answer(200, json::object{{"permissions", json::array{}}}), "jira_unreachable"}, Case{nothing(200), "jira_unreachable"},
                                          Case{page(302, {{"Location", "/login.jsp"}}), "jira_unreachable"}, Case{refusal(409, "no"), "jira_refused"}}) {
    INFO(trouble.status);
    Desk desk;
    desk.jira.on("GET", kMine, {trouble});
    CHECK(code(desk.on_issue()) == expected);
    CHECK(std::ranges::count(desk.asked(), "GET /rest/api/2/mypermissions?issueId=10001") == 1);
    CHECK(std::ranges::count(desk.asked(), "GET /rest/api/2/mypermissions") == 0);
  }
}

TEST_CASE("who is not signed in has no rights to ask for") {
  Desk desk;
  CHECK(code(desk.wait_for(desk.permissions.rights(desk.call(), AccountId{"stranger"}, IssueId{"10001"}))) == "signed_out");
  CHECK(desk.jira.asked.empty());
}

TEST_CASE("an id is written so that it stays one parameter") {
  Desk desk;
  desk.jira.on("GET", kMine, {answer(200, permissions({}))});
  CHECK(desk.in_project("10000&projectKey=OPS"));
  CHECK(desk.jira.asked.at(0).parameter("projectId") == "10000&projectKey=OPS");
}

// ---- groups ----

TEST_CASE("a group is found among those whose names hold its own, and the others are unknown") {
  Desk desk;
  desk.jira.on("GET", std::string(kGroups) + "?maxResults=1000&query=support", {answer(200, groups({"jira-support", "support", "support-eu"}))});
  desk.jira.on("GET", std::string(kGroups) + "?maxResults=1000&query=nobody", {answer(200, groups({}))});
  desk.jira.on("GET", std::string(kGroups) + "?maxResults=1000&query=eu", {answer(200, groups({"support-eu"}))});
  CHECK(desk.unknown_groups({"support", "nobody", "eu"}).value() == std::vector<std::string>{"nobody", "eu"});
  for (const auto& request : desk.jira.asked) CHECK(request.header("Authorization") == "Bearer user-token");
}

TEST_CASE("a group's name is one parameter, without the blanks around it, and the same in capitals") {
  Desk desk;
  desk.jira.on("GET", kGroups, {answer(200, groups({"ärzte & co"}))});
  CHECK(desk.unknown_groups({" ärzte & Co "}).value().empty());
  CHECK(desk.jira.asked.at(0).parameter("query") == "ärzte & Co");
}

TEST_CASE("no names are no question, and where one question comes to nothing none is said to be unknown") {
  Desk desk;
  CHECK(desk.unknown_groups({}).value().empty());
  CHECK(desk.jira.asked.empty());
  desk.jira.on("GET", std::string(kGroups) + "?maxResults=1000&query=b", {page(500), answer(200, json::object{}), refusal(403, "no")});
  desk.jira.on("GET", kGroups, {answer(200, groups({}))});
  for (const auto* expected : {"jira_unreachable", "jira_unreachable", "jira_forbidden"}) CHECK(code(desk.unknown_groups({"a", "b"})) == expected);
}
