#include "jira/cloud/tickets.hpp"

#include <doctest/doctest.h>

#include "jira/cloud/marks.hpp"
#include "jira/cloud/permissions.hpp"
#include "jira/cloud/testing.hpp"
#include "jira/cloud/users.hpp"

using namespace belay;
using namespace belay::jira::cloud;
using namespace belay::jira::cloud::testing;
using std::chrono::minutes;

namespace {

constexpr const char* kGroups = "/rest/api/3/group/bulk";
const IssueId kIssue{"10001"};
const SessionId kSession{"01890000-0000-7000-8000-000000000001"};

json::object comment(int id, std::string author, std::string created, json::array properties = {}) {
  json::object made{{"id", std::to_string(id)}, {"author", json::object{{"accountId", author}}}, {"created", created}, {"jsdPublic", true}};
  if (!properties.empty()) made["properties"] = std::move(properties);
  return made;
}
json::array mark(std::string session) { return {json::object{{"key", "belay.session"}, {"value", json::object{{"id", session}, {"sending", 1}}}}}; }

ports::CommentDraft draft() {
  ports::CommentDraft made;
  made.issue = kIssue;
  made.document = support::Document{{support::Paragraph{support::Text{"Join us"}}}};
  made.session = kSession;
  return made;
}

std::string issue_body(std::string kind) {
  return R"({"id":"10001","key":"HELP-1","fields":{"summary":"Printer on fire","project":{"id":"10000","key":"HELP","projectTypeKey":")" + kind + R"("},
    "reporter":{"accountId":"r-1","displayName":"Rita","active":false,"timeZone":"Europe/Paris","accountType":"customer","avatarUrls":{"48x48":"https://pictures.example/r.png"}},
    "assignee":null}})";
}

json::object body_of(const net::Request& request) { return json::parse_object(request.body).value(); }

struct Desk : World {
  CloudTickets tickets{rest};
  CloudUsers users{rest};
  CloudPermissions permissions{rest, clock};
  CloudMarks marks{rest};

  Result<std::vector<std::string>> unknown_groups(std::vector<std::string> names) { return wait_for(permissions.unknown_groups(call(), agent, std::move(names))); }
};

}  // namespace

TEST_CASE("the issue is read with only the fields that are shown") {
  Desk desk;
  desk.jira.on("GET", "/rest/api/3/issue/10001", {answer(200, issue_body("service_desk"))});
  const auto ticket = desk.wait_for(desk.tickets.ticket(desk.call(), ports::AsUser{desk.agent}, kIssue)).value();
  CHECK(ticket.key == IssueKey{"HELP-1"});
  CHECK(ticket.project == ProjectKey{"HELP"});
  CHECK(ticket.project_id == ProjectId{"10000"});
  CHECK(ticket.service_project);
  CHECK(ticket.summary == "Printer on fire");
  REQUIRE(ticket.reporter.has_value());
  CHECK(ticket.reporter->name == "Rita");
  CHECK(ticket.reporter->picture == "https://pictures.example/r.png");
  CHECK_FALSE(ticket.reporter->active);
  CHECK_FALSE(ticket.assignee.has_value());
  CHECK(desk.jira.asked[0].parameter("fields") == "summary,project,reporter,assignee");
}

TEST_CASE("a request is found by its key, with the customer's own token: the issue's id, and the project of its service desk") {
  Desk desk;
  desk.jira.on("GET", "/rest/servicedeskapi/request/HELP-1", {answer(200, std::string(R"({"issueId":"10001","issueKey":"HELP-1","serviceDeskId":"1","serviceDesk":{"id":"1","projectId":"10000","projectKey":"HELP"}})")),
                                                              answer(200, std::string(R"({"issueId":"10001","issueKey":"HELP-1","serviceDeskId":"1"})")), answer(200, std::string(R"({"issueKey":"HELP-1"})"))});
  const auto look = [&] { return desk.wait_for(desk.tickets.request(desk.call(), ports::AsUser{desk.agent}, IssueKey{"HELP-1"})); };
  const auto request = look().value();
  CHECK(request.id == kIssue);
  CHECK(request.key == IssueKey{"HELP-1"});
  CHECK(request.project_id == ProjectId{"10000"});
  CHECK(desk.jira.asked[0].parameter("expand") == "serviceDesk");
  CHECK(desk.jira.asked[0].header("authorization") == "Bearer user-token");
  CHECK(look().value().project_id.empty());
  CHECK(look().error().code == "jira_unreachable");
}

TEST_CASE("a request that its customer may not see is not there, in whichever of its two ways Service Management says so") {
  Desk desk;
  const auto refusal = std::string(R"({"errorMessage":"no"})");
  desk.jira.on("GET", "/rest/servicedeskapi/request/HELP-1", {answer(404, refusal), answer(403, refusal)});
  const auto look = [&] { return desk.wait_for(desk.tickets.request(desk.call(), ports::AsUser{desk.agent}, IssueKey{"HELP-1"})).error(); };
  CHECK(look().code == "not_found");
  CHECK(look().code == "not_found");
  // Soon after the pairing it may say so of everybody.
  desk.storage.installations[desk.installation].paired_at = desk.clock.now() - minutes{3};
  const auto settling = look();
  CHECK(settling.code == "jira_forbidden");
  CHECK(settling.retryable);
}

TEST_CASE("which issues are in sight is asked for a hundred at a time, with the agent's own token and with what a list shows of them; what has an error is not known") {
  Desk desk;
  std::vector<IssueId> issues;
  for (int n = 1; n <= 150; ++n) issues.push_back(IssueId{std::to_string(10'000 + n)});
  desk.jira.on("POST", "/rest/api/3/issue/bulkfetch", {answer(200, std::string(R"({"issues":[{"id":"10001","key":"HELP-1","fields":{"summary":"Printer","project":{"id":"10000"}}},{"id":"77","key":"X-1"},{}],"issueErrors":[{"id":"10002","errorMessage":"later"}]})"))});
  const auto seen = desk.wait_for(desk.tickets.visible_issues(desk.call(), ports::AsUser{desk.agent}, issues)).value();
  CHECK(std::ranges::count(seen.visible, IssueId{"10001"}, &ports::Headline::id) == 2);   // this Jira says the same twice
  CHECK(std::ranges::count(seen.visible, IssueId{"77"}, &ports::Headline::id) == 0);      // which nobody asked for
  CHECK(seen.visible.at(0).key == IssueKey{"HELP-1"});
  CHECK(seen.visible.at(0).project == ProjectId{"10000"});
  CHECK(seen.visible.at(0).summary == "Printer");
  CHECK(std::ranges::count(seen.unknown, IssueId{"10002"}) == 2);
  REQUIRE(desk.jira.asked.size() == 2);
  std::size_t asked = 0;
  for (const auto& request : desk.jira.asked) {
    CHECK(request.header("authorization") == "Bearer user-token");
    const auto body = body_of(request);
    CHECK(body.at("fields") == json::value(json::array{"summary", "project"}));
    CHECK(body.at("issueIdsOrKeys").as_array().size() <= 100);
    asked += body.at("issueIdsOrKeys").as_array().size();
  }
  CHECK(asked == 150);
  desk.jira.on("POST", "/rest/api/3/issue/bulkfetch", {answer(503, std::string("{}"))});
  CHECK(desk.wait_for(desk.tickets.visible_issues(desk.call(), ports::AsUser{desk.agent}, issues)).error().code == "jira_unreachable");
}

TEST_CASE("the invitation is one request: text, session mark, nothing else") {
  Desk desk;
  desk.jira.on("POST", "/rest/api/3/issue/10001/comment", {answer(201, comment(500, "app", "2027-01-15T08:00:00.123+0000"))});
  const auto written = desk.wait_for(desk.tickets.write_comment(desk.call(), draft())).value();
  CHECK(written.id == CommentId{"500"});
  CHECK(to_iso8601(written.created_at) == "2027-01-15T08:00:00.123Z");
  CHECK_FALSE(written.visible_to_customer.has_value());
  CHECK(desk.jira.asked[0].header("Authorization") == "Bearer app-token");
  const auto body = body_of(desk.jira.asked[0]);
  CHECK(body.at("body").at("type") == "doc");
  CHECK(body.at("properties") == json::value(mark(kSession.value)));
}

TEST_CASE("an internal invitation asks Service Management to keep it inside, and says what Jira made of it") {
  Desk desk;
  desk.jira.on("POST", "/rest/api/3/issue/10001/comment", {answer(201, comment(500, "app", "2027-01-15T08:00:00.000+0000"))});
  auto internal = draft();
  internal.audience = ports::Audience::team;
  internal.service_project = true;
  const auto written = desk.wait_for(desk.tickets.write_comment(desk.call(), internal)).value();
  CHECK(written.visible_to_customer == true);
  const auto properties = body_of(desk.jira.asked[0]).at("properties").as_array();
  REQUIRE(properties.size() == 2);
  CHECK(properties[1] == json::value({{"key", "sd.public.comment"}, {"value", {{"internal", true}}}}));
}

TEST_CASE("a comment that Jira refuses comes back with Jira's words") {
  Desk desk;
  desk.jira.on("POST", "/rest/api/3/issue/10001/comment", {answer(400, std::string(R"({"errorMessages":["INVALID_INPUT"]})"))});
  const auto refused = desk.wait_for(desk.tickets.write_comment(desk.call(), draft())).error();
  CHECK(refused.code == "jira_refused_comment");
  CHECK(refused.detail.at("said") == "INVALID_INPUT");
  CHECK_FALSE(refused.retryable);
}

TEST_CASE("a comment is never sent twice by itself") {
  Desk desk;
  desk.jira.on("POST", "/rest/api/3/issue/10001/comment", {answer(503, std::string("{}"))});
  CHECK(desk.wait_for(desk.tickets.write_comment(desk.call(), draft())).error().detail.contains("maybe_done"));
  CHECK(desk.jira.asked.size() == 1);
}

TEST_CASE("our comment is found by its mark: newest first, only by our own author, not past the time") {
  Desk desk;
  desk.jira.on("GET", "/rest/api/3/myself", {answer(200, std::string(R"({"accountId":"app"})"))});
  desk.jira.on("GET", "/rest/api/3/issue/10001/comment",
               {answer(200, json::object{{"total", 250},
                                         {"comments", json::array{comment(9, "app", "2027-01-15T09:00:00.000+0000"), comment(8, "agent", "2027-01-15T08:50:00.000+0000"),
                                                                  comment(7, "app", "2027-01-15T08:40:00.000+0000")}}}),
                answer(200, json::object{{"total", 250}, {"comments", json::array{comment(6, "app", "2027-01-15T08:30:00.000+0000"), comment(5, "app", "2027-01-15T01:00:00.000+0000")}}})});
  desk.jira.on("POST", "/rest/api/3/comment/list",
               {answer(200, json::object{{"values", json::array{comment(6, "app", "2027-01-15T08:30:00.000+0000", mark(kSession.value)),
                                                                comment(7, "app", "2027-01-15T08:40:00.000+0000", mark("another")),
                                                                comment(9, "app", "2027-01-15T09:00:00.000+0000", mark(kSession.value)),
                                                                comment(8, "agent", "2027-01-15T08:50:00.000+0000", mark(kSession.value))}}})});
  desk.jira.on("GET", "/rest/api/3/issue/10001?", {answer(200, issue_body("service_desk"))});
  const auto since = from_iso8601("2027-01-15T08:00:00Z").value();
  const auto found = desk.wait_for(desk.tickets.find_comments(desk.call(), kIssue, ports::CommentPurpose::invitation, kSession, since)).value();
  REQUIRE(found.size() == 2);
  CHECK(found[0].id == CommentId{"9"});
  CHECK(found[1].id == CommentId{"6"});
  CHECK(found[0].visible_to_customer == true);

  REQUIRE(desk.jira.asked.size() == 5);
  CHECK(desk.jira.asked[1].parameter("orderBy") == "-created");
  CHECK(desk.jira.asked[2].parameter("startAt") == "3");   // behind what came, however much was asked for
  CHECK(desk.jira.asked[3].parameter("expand") == "properties");
  CHECK(body_of(desk.jira.asked[3]).at("ids") == json::value(json::array{9, 7, 6}));

  // The app's own account is asked for once.
  CHECK(desk.wait_for(desk.tickets.find_comments(desk.call(), kIssue, ports::CommentPurpose::invitation, kSession, since)).has_value());
  CHECK(std::ranges::count_if(desk.jira.asked, [](const net::Request& request) { return request.target.ends_with("/myself"); }) == 1);
}

TEST_CASE("an issue without a comment of ours costs no question about marks") {
  Desk desk;
  desk.jira.on("GET", "/rest/api/3/myself", {answer(200, std::string(R"({"accountId":"app"})"))});
  desk.jira.on("GET", "/rest/api/3/issue/10001/comment", {answer(200, json::object{{"total", 1}, {"comments", json::array{comment(8, "agent", "2027-01-15T08:50:00.000+0000")}}})});
  CHECK(desk.wait_for(desk.tickets.find_comments(desk.call(), kIssue, ports::CommentPurpose::invitation, kSession, Time{})).value().empty());
  CHECK(desk.jira.asked.size() == 2);
}

TEST_CASE("an edit notifies nobody, and a comment that is gone is not found") {
  Desk desk;
  desk.jira.on("PUT", "/rest/api/3/issue/10001/comment/500", {answer(200, comment(500, "app", "2027-01-15T08:00:00.000+0000")), answer(404, std::string("{}"))});
  CHECK(desk.wait_for(desk.tickets.edit_comment(desk.call(), kIssue, CommentId{"500"}, draft().document)).has_value());
  CHECK(desk.jira.asked[0].parameter("notifyUsers") == "false");
  CHECK_FALSE(body_of(desk.jira.asked[0]).contains("properties"));
  CHECK(desk.wait_for(desk.tickets.edit_comment(desk.call(), kIssue, CommentId{"500"}, draft().document)).error().code == "not_found");
}

TEST_CASE("a comment is deleted, and an answer without a body is an answer") {
  Desk desk;
  desk.jira.on("DELETE", "/rest/api/3/issue/10001/comment/500", {net::Response{.status = 204, .headers = {}, .body = {}}});
  CHECK(desk.wait_for(desk.tickets.delete_comment(desk.call(), kIssue, CommentId{"500"})).has_value());
}

TEST_CASE("a user has name, zone, language and groups; a deleted one is not found") {
  Desk desk;
  desk.jira.on("GET", "/rest/api/3/user/groups", {answer(200, std::string(R"([{"name":"support"},{"name":"Ärzte"},{"self":"x"}])"))});
  desk.jira.on("GET", "/rest/api/3/user", {answer(200, std::string(R"({"accountId":"a:1","displayName":"Ann","timeZone":"Europe/Paris","locale":"fr_FR","accountType":"app"})")), answer(404, std::string("{}"))});
  const auto person = desk.wait_for(desk.users.user(desk.call(), AccountId{"a:1"})).value();
  CHECK(person.name == "Ann");
  CHECK(person.language == "fr_FR");
  CHECK(person.app);
  CHECK(desk.jira.asked[0].target.ends_with("accountId=a%3A1"));
  CHECK(desk.wait_for(desk.users.user(desk.call(), AccountId{"gone"})).error().code == "not_found");
  CHECK(desk.wait_for(desk.users.groups(desk.call(), AccountId{"a:1"})).value() == std::vector<std::string>{"support", "Ärzte"});
}

TEST_CASE("whose token it is, Jira is asked with the token itself; one that it does not take belongs to nobody") {
  Desk desk;
  desk.jira.on("GET", "/rest/api/3/myself", {answer(200, std::string(R"({"accountId":"a:9","displayName":"Actor","active":true,"accountType":"atlassian"})")), answer(401, std::string("{}"))});
  const auto person = desk.wait_for(desk.users.owner_of(desk.call(), "token-of-a-rule")).value();
  CHECK(person.id == AccountId{"a:9"});
  CHECK(desk.jira.asked[0].header("Authorization") == "Bearer token-of-a-rule");
  CHECK(desk.wait_for(desk.users.owner_of(desk.call(), "token-of-a-rule")).error().code == "jira_token_missing");
}

TEST_CASE("whose two tokens are is asked twice, also at the same time, and beside the question who the app is: no answer is shared") {
  Desk desk;
  const auto me = [](std::string id) { return answer(200, R"({"accountId":")" + id + R"(","displayName":"Actor","active":true,"accountType":"atlassian"})"); };
  desk.jira.on("GET", "/rest/api/3/myself", {me("a:1"), me("a:2")});
  auto [one, other] = desk.wait_for(both(desk.users.owner_of(desk.call(), "token-one"), desk.users.owner_of(desk.call(), "token-two")));
  CHECK(one.value().id != other.value().id);
  std::set<std::string> tokens;
  for (const auto& asked : desk.jira.asked) tokens.insert(std::string(asked.header("Authorization").value_or("")));
  CHECK(tokens == std::set<std::string>{"Bearer token-one", "Bearer token-two"});
}

TEST_CASE("rights are asked with the caller's own token") {
  Desk desk;
  desk.jira.on("GET", "/rest/api/3/mypermissions", std::vector(2, answer(200, std::string(R"({"permissions":{"BROWSE_PROJECTS":{"havePermission":true},"EDIT_ISSUES":{"havePermission":true},
    "SERVICEDESK_AGENT":{"havePermission":false},"ADMINISTER":{"havePermission":false},"ADMINISTER_PROJECTS":{"havePermission":true}}})"))));
  const auto rights = desk.wait_for(desk.permissions.rights(desk.call(), desk.agent, kIssue)).value();
  CHECK(rights == support::JiraRights{.browse = true, .edit_issues = true, .service_agent = false, .administer = false, .administer_project = true});
  CHECK(desk.jira.asked[0].header("Authorization") == "Bearer user-token");
  CHECK(desk.jira.asked[0].parameter("issueId") == "10001");
  CHECK(desk.wait_for(desk.permissions.rights(desk.call(), AccountId{"nobody"}, kIssue)).error().code == "jira_token_missing");
}

TEST_CASE("without an issue only the admin's right is asked for and told") {
  Desk desk;
  desk.jira.on("GET", "/rest/api/3/mypermissions", {answer(200, std::string(R"({"permissions":{"ADMINISTER":{"havePermission":true},"BROWSE_PROJECTS":{"havePermission":true}}})"))});
  CHECK(desk.wait_for(desk.permissions.rights(desk.call(), desk.agent, std::nullopt)).value() ==
        support::JiraRights{.browse = false, .edit_issues = false, .service_agent = false, .administer = true, .administer_project = false});
  CHECK(desk.jira.asked[0].parameter("permissions") == "ADMINISTER");
}

TEST_CASE("rights in a project are asked with the caller's own token; one that the caller may not see leaves the admin's right") {
  Desk desk;
  desk.jira.on("GET", "/rest/api/3/mypermissions", {answer(200, std::string(R"({"permissions":{"ADMINISTER":{"havePermission":false},"BROWSE_PROJECTS":{"havePermission":true},"ADMINISTER_PROJECTS":{"havePermission":true}}})")),
                                                    answer(404, std::string("{}")), answer(200, std::string(R"({"permissions":{"ADMINISTER":{"havePermission":true},"ADMINISTER_PROJECTS":{"havePermission":true}}})"))});
  const auto ask = [&] { return desk.wait_for(desk.permissions.project_rights(desk.call(), desk.agent, ProjectId{"10000"})).value(); };
  CHECK(ask() == support::JiraRights{.browse = true, .edit_issues = false, .service_agent = false, .administer = false, .administer_project = true});
  CHECK(desk.jira.asked[0].header("Authorization") == "Bearer user-token");
  CHECK(desk.jira.asked[0].parameter("projectId") == "10000");
  CHECK(desk.jira.asked[0].parameter("permissions") == "ADMINISTER,BROWSE_PROJECTS,ADMINISTER_PROJECTS");
  CHECK(ask() == support::JiraRights{.browse = false, .edit_issues = false, .service_agent = false, .administer = true, .administer_project = false});
  CHECK_FALSE(desk.jira.asked[2].parameter("projectId").has_value());
}

TEST_CASE("an issue the caller may not see gives no right at all") {
  Desk desk;
  desk.jira.on("GET", "/rest/api/3/mypermissions", std::vector(2, answer(404, std::string("{}"))));
  CHECK(desk.wait_for(desk.permissions.rights(desk.call(), desk.agent, kIssue)).value() == support::JiraRights{});
}

const std::string kRightsWithout = "/rest/api/3/mypermissions?permissions=ADMINISTER%2CBROWSE_PROJECTS%2CEDIT_ISSUES%2CADMINISTER_PROJECTS";
const std::string kRightsWith = kRightsWithout + "%2CSERVICEDESK_AGENT";
std::vector<net::Response> granted(std::size_t times) { return std::vector(times, answer(200, std::string(R"({"permissions":{"BROWSE_PROJECTS":{"havePermission":true}}})"))); }
std::vector<net::Response> unrecognized(std::size_t times) { return std::vector(times, answer(400, std::string(R"({"errorMessages":["Unrecognized permission"]})"))); }

TEST_CASE("a site of which nothing is known is asked with the service agent's right and without it at once, and what it has is remembered") {
  for (const bool has : {false, true}) {
    CAPTURE(has);
    Desk desk;
    desk.jira.on("GET", kRightsWithout + "&", granted(2));
    desk.jira.on("GET", kRightsWith, has ? granted(2) : unrecognized(1));
    CHECK(desk.wait_for(desk.permissions.rights(desk.call(), desk.agent, kIssue)).value().browse);
    CHECK(desk.jira.asked.size() == 2);
    CHECK(desk.wait_for(desk.permissions.rights(desk.call(), desk.agent, kIssue)).value().browse);
    REQUIRE(desk.jira.asked.size() == 3);
    CHECK(desk.jira.asked[2].target.contains("SERVICEDESK_AGENT") == has);
  }
}

TEST_CASE("a site that lacked the service agent's right is asked anew after an hour, with it and without it at once") {
  Desk desk;
  desk.jira.on("GET", kRightsWithout + "&", granted(4));
  desk.jira.on("GET", kRightsWith, unrecognized(2));
  const auto ask = [&] { CHECK(desk.wait_for(desk.permissions.rights(desk.call(), desk.agent, kIssue)).value().browse); };
  const auto an_hour_passes = [&] {
    desk.clock.time += std::chrono::hours{1};
    desk.storage.user_tokens[std::pair(desk.installation, desk.agent)].expires_at = desk.clock.now() + std::chrono::hours{1};
  };
  const auto named = [&] { return std::ranges::count_if(desk.jira.asked, [](const auto& request) { return request.target.contains("SERVICEDESK_AGENT"); }); };
  ask();
  CHECK(desk.jira.asked.size() == 2);
  an_hour_passes();
  ask();   // it lacks it still
  CHECK(desk.jira.asked.size() == 4);
  CHECK(named() == 2);
  ask();
  CHECK(desk.jira.asked.size() == 5);
  CHECK(named() == 2);
  an_hour_passes();
  desk.jira.on("GET", kRightsWith, granted(2));
  ask();   // it has it by now
  CHECK(desk.jira.asked.size() == 7);
  ask();
  CHECK(desk.jira.asked.size() == 8);
  CHECK(named() == 4);
}

TEST_CASE("groups that the site does not have are found by one question with the caller's own token, capitals and outer spaces aside") {
  Desk desk;
  desk.jira.on("GET", kGroups, {answer(200, std::string(R"({"isLast":true,"values":[{"name":"second line & more","groupId":"1"},{"name":"Ärzte"},{"name":"staff"},{"groupId":"nameless"},7]})"))});
  CHECK(desk.unknown_groups({"suport", " Second line & more ", "Ärzte", "STAFF", "a=b"}).value() == std::vector<std::string>{"suport", "a=b"});
  REQUIRE(desk.jira.asked.size() == 1);
  CHECK(desk.jira.asked[0].header("Authorization") == "Bearer user-token");
  CHECK(desk.jira.asked[0].target.ends_with("/group/bulk?maxResults=50&groupName=suport&groupName=Second%20line%20%26%20more&groupName=%C3%84rzte&groupName=STAFF&groupName=a%3Db"));
}

TEST_CASE("half a list of groups is believed where it names all that were asked for, and nowhere else") {
  Desk desk;
  desk.jira.on("GET", kGroups, {answer(200, std::string(R"({"isLast":false,"values":[{"name":"staff"}]})")), answer(200, std::string(R"({"isLast":false,"values":[{"name":"staff"}]})")), answer(200, std::string(R"({"isLast":true})"))});
  CHECK(desk.unknown_groups({"staff"}).value().empty());
  for (int again = 0; again < 2; ++again) {
    const auto answered = desk.unknown_groups({"staff", "support"});
    REQUIRE_FALSE(answered);
    CHECK(answered.error().code == "jira_unreachable");
    CHECK(answered.error().retryable);
  }
}

TEST_CASE("an account that may not look at groups is told apart from a Jira that does not answer") {
  Desk desk;
  desk.jira.on("GET", kGroups, {answer(403, std::string(R"({"errorMessages":["Browse users and groups permission is required to view groups."],"errors":{}})")), answer(503, std::string("{}"))});
  CHECK(desk.unknown_groups({"staff"}).error().code == "jira_forbidden");
  CHECK(desk.unknown_groups({"staff"}).error().code == "jira_unreachable");
  CHECK(desk.wait_for(desk.permissions.unknown_groups(desk.call(), AccountId{"nobody"}, {"staff"})).error().code == "jira_token_missing");
}

TEST_CASE("a property of the issue is replaced as the app") {
  Desk desk;
  desk.jira.on("PUT", "/rest/api/3/issue/10001/properties/belay", {answer(201, std::string("{}"))});
  CHECK(desk.wait_for(desk.marks.set_property(desk.call(), kIssue, "belay", {{"open", 1}})).has_value());
  CHECK(body_of(desk.jira.asked[0]) == json::object{{"open", 1}});
}
