// The issue and its people over the wire: who reported it, who wrote comments, who takes part, and which issues somebody sees.
#include <algorithm>
#include <set>

#include <doctest/doctest.h>

#include "jira/datacenter/testing.hpp"
#include "jira/datacenter/tickets.hpp"

using namespace belay;
using namespace belay::jira::datacenter;
using namespace belay::jira::datacenter::testing;

namespace {

const IssueId kIssue{"10001"};
constexpr const char* kTheIssue = "/rest/api/2/issue/10001";
constexpr const char* kComments = "/rest/api/2/issue/10001/comment";
constexpr const char* kParticipants = "/rest/servicedeskapi/request/10001/participant";
constexpr const char* kRequest = "/rest/servicedeskapi/request/HELP-1";
constexpr const char* kSearch = "/rest/api/2/search";
constexpr const char* kNotToSee = "You do not have the permission to see the specified issue.";

json::object user(std::string key, std::string name = "Somebody") { return {{"key", key}, {"name", key + "-name"}, {"displayName", std::move(name)}, {"active", true}}; }

json::object issue_of(json::value reporter, json::value assignee, std::string kind = "service_desk") {
  return {{"id", "10001"}, {"key", "HELP-1"},
          {"fields", json::object{{"summary", "Printer on fire"}, {"project", json::object{{"id", "10000"}, {"key", "HELP"}, {"projectTypeKey", std::move(kind)}}}, {"reporter", std::move(reporter)}, {"assignee", std::move(assignee)}}}};
}

json::object page_of_participants(std::size_t first, std::size_t count, bool last) {
  json::array values;
  for (auto n = first; n < first + count; ++n) values.push_back(user("p" + std::to_string(n)));
  return {{"size", count}, {"start", first}, {"limit", 50}, {"isLastPage", last}, {"values", std::move(values)}};
}

struct Desk : World {
  DataCenterTickets tickets{rest};

  Result<ports::Ticket> ticket() { return wait_for(tickets.ticket(call(), ports::AsUser{agent}, kIssue)); }
  Result<ports::Request> request() { return wait_for(tickets.request(call(), ports::AsUser{agent}, IssueKey{"HELP-1"})); }
  Result<ports::CommentPage> authors(std::size_t start = 0, std::size_t count = 100) { return wait_for(tickets.comment_authors(call(), ports::AsUser{agent}, kIssue, start, count)); }
  Result<ports::Participants> first_page() { return wait_for(tickets.participants(call(), ports::AsUser{agent}, kIssue)); }
  Result<ports::Participants> further(std::size_t start) { return wait_for(tickets.further_participants(call(), ports::AsUser{agent}, kIssue, start)); }
  Result<ports::VisibleIssues> visible(std::vector<IssueId> issues) { return wait_for(tickets.visible_issues(call(), ports::AsUser{agent}, std::move(issues))); }

  void take_part(std::size_t count, std::size_t of_a_page = 50) {
    for (auto start = (count - 1) / of_a_page * of_a_page;; start -= of_a_page) {   // "start=50" is the beginning of others too
      jira.on("GET", std::string(kParticipants) + "?limit=50&start=" + std::to_string(start), {answer(200, page_of_participants(start, std::min(of_a_page, count - start), start + of_a_page >= count))});
      if (start == 0) return;
    }
  }
};

std::set<std::string> ids(const std::vector<support::Person>& people) {
  std::set<std::string> all;
  for (const auto& person : people) all.insert(person.id.value);
  return all;
}

}  // namespace

// ---- the issue ----

TEST_CASE("the issue is read with only the fields that are shown, and people stand there by the key that stays") {
  Desk desk;
  json::object rita = user("JIRAUSER10200", "Rita");
  rita["emailAddress"] = "rita@example.com";
  rita["timeZone"] = "Europe/Paris";
  rita["active"] = false;
  rita["avatarUrls"] = json::object{{"48x48", "https://jira.example.com/secure/useravatar?avatarId=10122"}, {"16x16", "https://jira.example.com/secure/useravatar?size=xsmall&avatarId=10122"}};
  desk.jira.on("GET", kTheIssue, {answer(200, issue_of(rita, nullptr)), answer(200, issue_of(user("JIRAUSER10200"), user("fred"), "software"))});
  const auto ticket = desk.ticket().value();
  CHECK(ticket.id == kIssue);
  CHECK(ticket.key == IssueKey{"HELP-1"});
  CHECK(ticket.project == ProjectKey{"HELP"});
  CHECK(ticket.project_id == ProjectId{"10000"});
  CHECK(ticket.service_project);
  CHECK(ticket.summary == "Printer on fire");
  CHECK(ticket.reporter == support::Person{.id = AccountId{"JIRAUSER10200"}, .name = "Rita", .picture = "https://jira.example.com/secure/useravatar?avatarId=10122", .time_zone = "Europe/Paris", .language = {},
                                           .address = "rita@example.com", .login = "JIRAUSER10200-name", .active = false, .app = false, .former = false});
  CHECK_FALSE(ticket.assignee.has_value());
  CHECK(desk.asked() == std::vector<std::string>{"GET /rest/api/2/issue/10001?fields=summary,project,reporter,assignee"});
  CHECK(desk.jira.asked.at(0).header("Authorization") == "Bearer user-token");
  CHECK_FALSE(desk.jira.asked.at(0).header("X-ExperimentalApi").has_value());
  const auto other = desk.ticket().value();
  CHECK_FALSE(other.service_project);
  CHECK(other.assignee->id == AccountId{"fred"});
}

TEST_CASE("an issue that somebody reported without being signed in has no reporter") {
  Desk desk;
  desk.jira.on("GET", kTheIssue, {answer(200, issue_of(nullptr, nullptr))});
  CHECK_FALSE(desk.ticket().value().reporter.has_value());
}

TEST_CASE("an issue that is gone and one that may not be seen are not there, and nobody is told the difference but the app") {
  Desk desk;
  desk.jira.on("GET", kTheIssue, {refusal(404, "Issue Does Not Exist"), refusal(403, kNotToSee), answer(200, json::object{{"id", "10001"}}), page(200), refusal(401, "no")});
  const auto gone = desk.ticket().error();
  CHECK(gone.code == "not_found");
  CHECK_FALSE(gone.detail.contains("hidden"));
  const auto unseen = desk.ticket().error();
  CHECK(unseen.code == "not_found");
  CHECK(unseen.detail == gone.detail);
  CHECK(code(desk.ticket()) == "jira_unreachable");
  CHECK(code(desk.ticket()) == "jira_unreachable");
  CHECK(code(desk.ticket()) == "signed_out");
  desk.jira.on("GET", kTheIssue, {refusal(403, kNotToSee)});
  CHECK(desk.wait_for(desk.tickets.ticket(desk.call(), ports::AsApp{}, kIssue)).error().detail.contains("hidden"));
}

TEST_CASE("who is not signed in asks nothing") {
  Desk desk;
  CHECK(code(desk.wait_for(desk.tickets.ticket(desk.call(), ports::AsUser{AccountId{"stranger"}}, kIssue))) == "signed_out");
  CHECK(desk.jira.asked.empty());
}

TEST_CASE("a request is found by its key, with the customer's own token: the issue's id, and the project of its service desk") {
  Desk desk;
  desk.jira.on("GET", kRequest, {answer(200, json::object{{"issueId", "10001"}, {"issueKey", "HELP-1"}, {"serviceDeskId", "1"}, {"serviceDesk", json::object{{"id", "1"}, {"projectId", "10000"}, {"projectKey", "HELP"}}}}),
                                 answer(200, json::object{{"issueId", "10001"}, {"issueKey", "HELP-1"}}), answer(200, json::object{{"issueKey", "HELP-1"}}), answer(404, json::object{{"errorMessage", "no"}}), answer(403, json::object{})});
  const auto request = desk.request().value();
  CHECK(request.id == kIssue);
  CHECK(request.key == IssueKey{"HELP-1"});
  CHECK(request.project_id == ProjectId{"10000"});
  CHECK(desk.asked() == std::vector<std::string>{"GET /rest/servicedeskapi/request/HELP-1?expand=serviceDesk"});
  CHECK(desk.jira.asked.at(0).header("Authorization") == "Bearer user-token");
  CHECK(desk.request().value().project_id.empty());
  CHECK(code(desk.request()) == "jira_unreachable");
  CHECK(code(desk.request()) == "not_found");
  CHECK(code(desk.request()) == "not_found");
}

// ---- comments ----

TEST_CASE("a page of comments gives who wrote them and when, newest first, and how many there are") {
  Desk desk;
  desk.jira.on("GET", kComments, {answer(200, std::string(R"({"startAt":100,"maxResults":100,"total":5000,"comments":[
    {"id":"9","author":{"key":"JIRAUSER10300","name":"ann","displayName":"Ann","active":true,"emailAddress":"ann@example.com","timeZone":"Europe/Paris"},"body":"Hello","created":"2027-01-15T09:00:00.120+0100"},
    {"id":"8","author":{"key":"fred","name":"fred.renamed","displayName":"Fred","active":true},"created":"2027-01-15T08:00:00.000+0000"}]})"))});
  const auto page = desk.authors(100).value();
  CHECK(page.total == 5'000);
  REQUIRE(page.authors.size() == 2);
  CHECK(page.authors[0].person.id == AccountId{"JIRAUSER10300"});
  CHECK(page.authors[0].person.address == "ann@example.com");
  CHECK(to_iso8601(page.authors[0].at) == "2027-01-15T08:00:00.120Z");
  CHECK(page.authors[0].comment == CommentId{"9"});
  CHECK(page.authors[1].person.id == AccountId{"fred"});   // what they sign in with now is not who they are
  CHECK(desk.asked() == std::vector<std::string>{"GET /rest/api/2/issue/10001/comment?orderBy=-created&maxResults=100&startAt=100"});
  CHECK(desk.jira.asked.at(0).header("Authorization") == "Bearer user-token");
}

TEST_CASE("five thousand comments are read in pages of a hundred") {
  Desk desk;
  for (std::size_t start = 4'900;; start -= 100) {   // "startAt=100" is the beginning of others too
    json::array comments;
    for (auto n = start; n < start + 100; ++n) comments.push_back(json::object{{"id", std::to_string(n)}, {"author", user("a" + std::to_string(n))}, {"created", "2027-01-15T08:00:00.000+0000"}});
    desk.jira.on("GET", std::string(kComments) + "?orderBy=-created&maxResults=100&startAt=" + std::to_string(start), {answer(200, json::object{{"startAt", start}, {"total", 5'000}, {"comments", std::move(comments)}})});
    if (start == 0) break;
  }
  std::set<std::string> authors;
  for (std::size_t start = 0; start < 5'000; start += 100) {
    for (const auto& author : desk.authors(start).value().authors) authors.insert(author.person.id.value);
  }
  CHECK(authors.size() == 5'000);
}

TEST_CASE("an anonymous comment, one without a time, and what is no comment take nobody else along") {
  Desk desk;
  desk.jira.on("GET", kComments, {answer(200, std::string(R"({"total":6,"comments":[{"id":"1","created":"2027-01-15T08:00:00.000+0000"},{"id":"2","author":null,"created":"2027-01-15T08:00:00.000+0000"},
    {"id":"3","author":{"displayName":"Anonymous"},"created":"2027-01-15T08:00:00.000+0000"},{"id":"4","author":{"key":"a4"},"created":"yesterday"},"text",
    {"id":"5","author":{"key":"a5","displayName":null,"emailAddress":null},"created":"2027-01-15T08:00:00.000+0000"}]})"))});
  const auto page = desk.authors().value();
  REQUIRE(page.authors.size() == 1);
  CHECK(page.authors[0].person.id == AccountId{"a5"});
  CHECK(page.authors[0].person.name.empty());
  CHECK(page.authors[0].person.address.empty());
  CHECK(page.total == 6);
}

TEST_CASE("a deleted user is still known by their key, is not active, and has no address: Jira writes a question mark in its place") {
  Desk desk;
  desk.jira.on("GET", kComments, {answer(200, std::string(R"({"total":1,"comments":[{"id":"1","author":{"key":"gone","name":"gone","displayName":"gone","emailAddress":"?","active":false},"created":"2027-01-15T08:00:00.000+0000"}]})"))});
  const auto person = desk.authors().value().authors.at(0).person;
  CHECK(person.id == AccountId{"gone"});
  CHECK_FALSE(person.active);
  CHECK(person.address.empty());
}

TEST_CASE("an address that the site masks is none") {
  Desk desk;
  desk.jira.on("GET", kComments, {answer(200, std::string(R"({"total":1,"comments":[{"id":"1","author":{"key":"ann","emailAddress":"ann at example dot com"},"created":"2027-01-15T08:00:00.000+0000"}]})"))});
  CHECK(desk.authors().value().authors.at(0).person.address.empty());
}

TEST_CASE("a restricted comment says by whom it may be read: Data Center names roles and groups, and has no ids of them") {
  Desk desk;
  desk.jira.on("GET", kComments, {answer(200, std::string(R"({"total":4,"comments":[
    {"id":"9","author":{"key":"a1"},"created":"2027-01-15T09:00:00.000+0000","visibility":{"type":"role","value":"Administrators"}},
    {"id":"8","author":{"key":"a2"},"created":"2027-01-15T08:30:00.000+0000","visibility":{"type":"group","value":"jira-administrators"}},
    {"id":"7","author":{"key":"a3"},"created":"2027-01-15T08:20:00.000+0000","visibility":"somebody"},
    {"id":"6","author":{"key":"a4"},"created":"2027-01-15T08:00:00.000+0000"}]})"))});
  const auto page = desk.authors().value();
  REQUIRE(page.authors.size() == 4);
  CHECK(page.authors[0].restricted_to == "role:Administrators");
  CHECK(page.authors[1].restricted_to == "group:jira-administrators");
  CHECK_FALSE(page.authors[2].restricted_to.empty());
  CHECK(page.authors[3].restricted_to.empty());
}

TEST_CASE("whether somebody may read a restricted comment is not to be had: nobody is told that they may") {
  Desk desk;
  CHECK(desk.wait_for(desk.tickets.readable_comments(desk.call(), ports::AsUser{desk.agent}, {CommentId{"9"}})).value().empty());
  CHECK(desk.jira.asked.empty());
}

TEST_CASE("an answer without comments is trouble, and an issue that is gone or unseen has none") {
  Desk desk;
  desk.jira.on("GET", kComments, {answer(200, std::string(R"({"total":3})")), answer(200, std::string("[]")), page(200), refusal(404, "Issue Does Not Exist"), refusal(403, kNotToSee), answer(429, json::object{}, {{"Retry-After", "7"}})});
  for (const auto* expected : {"jira_unreachable", "jira_unreachable", "jira_unreachable", "not_found", "not_found", "jira_rate_limited"}) CHECK(code(desk.authors()) == expected);
}

TEST_CASE("a page of a hundred long comments is read, and one beyond all measure is not") {
  Desk desk;
  const auto long_page = [](std::size_t bytes) {
    json::array comments;
    for (int n = 0; n < 100; ++n) comments.push_back(json::object{{"id", std::to_string(n)}, {"author", user("a" + std::to_string(n))}, {"created", "2027-01-15T08:00:00.000+0000"}, {"body", std::string(bytes, 'x')}});
    return answer(200, json::object{{"total", 100}, {"comments", std::move(comments)}});
  };
  desk.jira.on("GET", kComments, {long_page(98'301), long_page(400'000)});   // 32,767 characters of three bytes
  CHECK(desk.authors().value().authors.size() == 100);
  CHECK(desk.authors().error().cause == "answer_too_large");
}

// ---- participants ----

TEST_CASE("the first page of participants is one call, says that it knows of the experiment, and whether there are more") {
  Desk desk;
  desk.take_part(120);
  const auto first = desk.first_page().value();
  CHECK(first.people.size() == 50);
  CHECK(first.next == std::size_t{50});
  CHECK(desk.asked() == std::vector<std::string>{"GET /rest/servicedeskapi/request/10001/participant?limit=50&start=0"});
  CHECK(desk.jira.asked.at(0).header("X-ExperimentalApi") == "opt-in");
  CHECK(desk.jira.asked.at(0).header("Authorization") == "Bearer user-token");
  const auto rest = desk.further(50).value();
  CHECK(ids(rest.people).size() == 70);
  CHECK_FALSE(rest.next);
}

TEST_CASE("where the site gives fewer at a time than was asked for, the next page begins behind those that came") {
  Desk desk;
  desk.take_part(60, 20);
  CHECK(desk.first_page().value().next == std::size_t{20});
  CHECK(ids(desk.further(20).value().people).size() == 40);
}

TEST_CASE("five hundred participants are enough, and a page without anybody ends it") {
  Desk desk;
  desk.take_part(700);
  const auto rest = desk.further(50).value();
  CHECK(ids(rest.people).size() == 450);
  CHECK(rest.next == std::size_t{500});
  desk.jira.on("GET", std::string(kParticipants) + "?limit=50&start=50", {answer(200, page_of_participants(50, 0, false))});
  CHECK_FALSE(desk.further(50).value().next);
}

TEST_CASE("participants are known by their key, and who has none is nobody") {
  Desk desk;
  desk.jira.on("GET", kParticipants, {answer(200, std::string(R"({"isLastPage":true,"values":[{"name":"fred","key":"JIRAUSER10400","emailAddress":"fred@example.com","displayName":"Fred F. User","active":true,"timeZone":"Australia/Sydney","_links":{}},
    {"name":"nobody"},{"key":""},7]})"))});
  const auto people = desk.first_page().value().people;
  REQUIRE(people.size() == 1);
  CHECK(people[0].id == AccountId{"JIRAUSER10400"});
  CHECK(people[0].address == "fred@example.com");
}

TEST_CASE("an issue that is no request, or not to be seen, has no participants to tell; without Service Management there is nothing at that address") {
  Desk desk;
  desk.jira.on("GET", kParticipants, {answer(404, json::object{{"errorMessage", "no"}}), answer(403, json::object{}), page(404), answer(412, json::object{}), page(200), answer(200, json::object{{"isLastPage", true}})});
  for (const auto* expected : {"not_found", "not_found", "not_found", "jira_refused", "jira_unreachable", "jira_unreachable"}) CHECK(code(desk.first_page()) == expected);
}

// ---- which issues are in sight ----

TEST_CASE("which issues are in sight is asked for a hundred at a time, with the agent's own token; Jira leaves out the others") {
  Desk desk;
  std::vector<IssueId> issues;
  for (int n = 1; n <= 150; ++n) issues.push_back(IssueId{std::to_string(10'000 + n)});
  desk.jira.on("POST", kSearch, {answer(200, std::string(R"({"total":1,"issues":[{"id":"10001","key":"HELP-1","fields":{"summary":"Printer","project":{"id":"10000"}}},{"id":"77","key":"X-1"},{}]})"))});
  const auto seen = desk.visible(issues).value();
  CHECK(std::ranges::count(seen.visible, IssueId{"10001"}, &ports::Headline::id) == 2);   // this Jira says the same twice
  CHECK(std::ranges::count(seen.visible, IssueId{"77"}, &ports::Headline::id) == 0);      // which nobody asked for
  CHECK(seen.visible.at(0).key == IssueKey{"HELP-1"});
  CHECK(seen.visible.at(0).project == ProjectId{"10000"});
  CHECK(seen.visible.at(0).summary == "Printer");
  CHECK(seen.unknown.empty());
  REQUIRE(desk.jira.asked.size() == 2);
  for (const auto& request : desk.jira.asked) {
    CHECK(request.header("Authorization") == "Bearer user-token");
    const auto body = body_of(request);
    CHECK(body.at("fields") == json::value(json::array{"summary", "project"}));
    CHECK(body.at("validateQuery") == json::value(false));   // else one id that is not there any more refuses the whole question
    CHECK(body.at("maxResults") == json::value(100));
    CHECK(std::string_view(body.at("jql").as_string()).starts_with("id in (10"));
  }
}

TEST_CASE("what is no number does not get into the question, and where nothing is left none is asked") {
  Desk desk;
  desk.jira.on("POST", kSearch, {answer(200, std::string(R"({"issues":[]})"))});
  CHECK(desk.visible({IssueId{"10001"}, IssueId{"1) or (id > 0"}, IssueId{""}}));
  CHECK(body_of(desk.jira.asked.at(0)).at("jql").as_string() == "id in (10001)");
  CHECK(desk.visible({IssueId{"HELP-1"}}).value().visible.empty());
  CHECK(desk.visible({}).value().visible.empty());
  CHECK(desk.jira.asked.size() == 1);
}

TEST_CASE("where Jira cannot say what is in sight, nothing is said to be out of sight") {
  Desk desk;
  desk.jira.on("POST", kSearch, {page(500), page(200), answer(200, json::object{}), refusal(401, "no")});
  for (const auto* expected : {"jira_unreachable", "jira_unreachable", "jira_unreachable", "signed_out"}) CHECK(code(desk.visible({kIssue})) == expected);
}
