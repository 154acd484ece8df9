// Our comment is found again by its property, after an answer was lost: so nothing is written twice.
#include <doctest/doctest.h>

#include "jira/datacenter/testing.hpp"
#include "jira/datacenter/tickets.hpp"

using namespace belay;
using namespace belay::jira::datacenter;
using namespace belay::jira::datacenter::testing;

namespace {

const IssueId kIssue{"10001"};
const SessionId kSession{"01890000-0000-7000-8000-000000000001"};
constexpr const char* kComments = "/rest/api/2/issue/10001/comment";

json::object comment(int id, std::string_view key, std::string created) { return {{"id", std::to_string(id)}, {"author", json::object{{"key", key}, {"name", key}}}, {"created", std::move(created)}}; }
json::object page_of(json::array comments, std::size_t total) { return {{"startAt", 0}, {"maxResults", 50}, {"total", total}, {"comments", std::move(comments)}}; }

struct Desk : World {
  DataCenterTickets tickets{rest};

  Desk() {
    jira.on("GET", "/rest/api/2/myself", {answer(200, json::object{{"key", "JIRAUSER1"}, {"name", "belay"}, {"displayName", "Belay"}})});
    jira.on("GET", "/rest/servicedeskapi/request/10001/comment/", {answer(404, json::object{{"errorMessage", "no request"}})});
  }

  void has(json::array comments) { const auto total = comments.size(); jira.on("GET", kComments, {answer(200, page_of(std::move(comments), total))}); }
  void marked(int id, std::string session, std::string property = "belay.session", int sending = 1) {
    jira.on("GET", path_of(id) + property, {answer(200, json::object{{"key", property}, {"value", json::object{{"id", std::move(session)}, {"sending", sending}}}})});
  }
  Result<std::vector<ports::WrittenComment>> find(Time since = Time{}, ports::CommentPurpose purpose = ports::CommentPurpose::invitation) {
    return wait_for(tickets.find_comments(call(), kIssue, purpose, kSession, since));
  }
  static std::string path_of(int id) { return "/rest/api/2/comment/" + std::to_string(id) + "/properties/"; }
};

std::vector<std::string> ids(const Result<std::vector<ports::WrittenComment>>& found) {
  std::vector<std::string> all;
  for (const auto& one : found.value()) all.push_back(one.id.value);
  return all;
}

}  // namespace

TEST_CASE("our comment is found by its property: newest first, only by our own author, only of this session") {
  Desk desk;
  desk.has({comment(9, "JIRAUSER1", "2027-01-15T09:00:00.000+0000"), comment(8, "JIRAUSER2", "2027-01-15T08:50:00.000+0000"), comment(7, "JIRAUSER1", "2027-01-15T08:40:00.000+0000"),
            comment(6, "JIRAUSER1", "2027-01-15T08:30:00.000+0000"), comment(5, "JIRAUSER1", "2027-01-15T08:20:00.000+0000")});
  desk.marked(9, kSession.value, "belay.session", 2);
  desk.marked(8, kSession.value);
  desk.marked(7, "another");
  desk.marked(6, kSession.value);
  const auto found = desk.find();
  CHECK(ids(found) == std::vector<std::string>{"9", "6"});
  CHECK(found->at(0).sending == 2);
  CHECK(to_iso8601(found->at(0).created_at) == "2027-01-15T09:00:00Z");
  CHECK_FALSE(found->at(0).visible_to_customer.has_value());
  CHECK(desk.asked() == std::vector<std::string>{"GET /rest/api/2/myself", "GET /rest/api/2/issue/10001/comment?orderBy=-created&maxResults=50&startAt=0", "GET /rest/api/2/comment/9/properties/belay.session",
                                                 "GET /rest/servicedeskapi/request/10001/comment/9", "GET /rest/api/2/comment/7/properties/belay.session", "GET /rest/api/2/comment/6/properties/belay.session",
                                                 "GET /rest/servicedeskapi/request/10001/comment/6", "GET /rest/api/2/comment/5/properties/belay.session"});
  for (const auto& request : desk.jira.asked) CHECK(request.header("Authorization") == "Bearer service-token");
}

TEST_CASE("a comment whose answer was lost is found, and says by itself who may read it") {
  Desk desk;
  desk.jira.on("POST", kComments, {silence()});
  ports::CommentDraft draft;
  draft.issue = kIssue;
  draft.document = support::Document{{support::Paragraph{support::Text{"Join us"}}}};
  draft.session = kSession;
  draft.service_project = true;
  CHECK_FALSE(desk.wait_for(desk.tickets.write_comment(desk.call(), draft)));
  desk.has({comment(9, "JIRAUSER1", "2027-01-15T09:00:00.000+0000")});
  desk.marked(9, kSession.value);
  desk.jira.on("GET", "/rest/servicedeskapi/request/10001/comment/", {answer(200, json::object{{"id", "9"}, {"public", false}})});
  const auto found = desk.find();
  CHECK(ids(found) == std::vector<std::string>{"9"});
  CHECK(found->at(0).visible_to_customer == false);
  CHECK(desk.jira.asked.back().header("X-ExperimentalApi") == "opt-in");
  CHECK(std::ranges::count(desk.jira.asked, "POST", &net::Request::method) == 1);
}

TEST_CASE("each purpose looks for its own property") {
  Desk desk;
  desk.has({comment(9, "JIRAUSER1", "2027-01-15T09:00:00.000+0000")});
  desk.marked(9, kSession.value, "belay.report");
  CHECK(desk.find().value().empty());
  CHECK(desk.find({}, ports::CommentPurpose::waiting).value().empty());
  CHECK(ids(desk.find({}, ports::CommentPurpose::report)) == std::vector<std::string>{"9"});
}

TEST_CASE("comments are read page by page, behind what came, and one that moved to the next page counts once") {
  Desk desk;
  json::array first;
  for (int n = 0; n < 50; ++n) first.push_back(comment(100 - n, n == 49 ? "JIRAUSER1" : "JIRAUSER2", "2027-01-15T09:00:00.000+0000"));
  desk.jira.on("GET", "/rest/api/2/issue/10001/comment?orderBy=-created&maxResults=50&startAt=0", {answer(200, page_of(std::move(first), 52))});
  desk.jira.on("GET", "/rest/api/2/issue/10001/comment?orderBy=-created&maxResults=50&startAt=50",
               {answer(200, page_of({comment(51, "JIRAUSER1", "2027-01-15T09:00:00.000+0000"), comment(50, "JIRAUSER1", "2027-01-15T08:00:00.000+0000")}, 52))});
  desk.marked(51, kSession.value);
  desk.marked(50, kSession.value);
  CHECK(ids(desk.find()) == std::vector<std::string>{"51", "50"});
}

TEST_CASE("five thousand comments are read to their end, in a hundred pages") {
  Desk desk;
  for (int start = 4'950; start >= 0; start -= 50) {   // "startAt=50" is the beginning of others too
    json::array comments;
    for (int n = start; n < start + 50; ++n) comments.push_back(comment(10'000 - n, n == 4'999 ? "JIRAUSER1" : "JIRAUSER2", "2027-01-15T09:00:00.000+0000"));
    desk.jira.on("GET", "/rest/api/2/issue/10001/comment?orderBy=-created&maxResults=50&startAt=" + std::to_string(start), {answer(200, page_of(std::move(comments), 5'000))});
  }
  desk.marked(5'001, kSession.value);
  CHECK(ids(desk.find()) == std::vector<std::string>{"5001"});
}

TEST_CASE("what is older than the session is not looked at") {
  Desk desk;
  desk.jira.on("GET", kComments, {answer(200, page_of({comment(9, "JIRAUSER1", "2027-01-15T09:00:00.000+0000"), comment(8, "JIRAUSER1", "2027-01-15T07:59:59.999+0000")}, 5'000))});
  desk.marked(9, "another");
  CHECK(desk.find(from_iso8601("2027-01-15T08:00:00Z").value()).value().empty());
  CHECK(desk.asked() == std::vector<std::string>{"GET /rest/api/2/myself", "GET /rest/api/2/issue/10001/comment?orderBy=-created&maxResults=50&startAt=0", "GET /rest/api/2/comment/9/properties/belay.session"});
}

TEST_CASE("an empty page ends it, whatever Jira says how many there are") {
  Desk desk;
  desk.jira.on("GET", kComments, {answer(200, page_of({}, 5'000))});
  CHECK(desk.find().value().empty());
  CHECK(desk.jira.asked.size() == 2);
}

TEST_CASE("who the service account is, is asked once") {
  Desk desk;
  desk.has({});
  CHECK(desk.find());
  CHECK(desk.find());
  CHECK(std::ranges::count(desk.jira.asked, "/rest/api/2/myself", &net::Request::target) == 1);
}

TEST_CASE("an anonymous comment, one of a deleted user, and what is no comment are not ours, and disturb nothing") {
  Desk desk;
  auto anonymous = comment(9, "", "2027-01-15T09:00:00.000+0000");
  anonymous.erase("author");
  auto nobody = comment(8, "", "2027-01-15T09:00:00.000+0000");
  nobody["author"] = nullptr;
  desk.has({anonymous, nobody, "text", json::object{{"id", "7"}}, comment(6, "JIRAUSER1", "yesterday"), comment(5, "JIRAUSER1", "2027-01-15T09:00:00.000+0000")});
  desk.marked(5, kSession.value);
  CHECK(ids(desk.find()) == std::vector<std::string>{"5"});
}

TEST_CASE("a property that is no mark of ours is none") {
  for (const auto& value : std::vector<json::value>{json::object{{"key", "belay.session"}}, json::object{{"value", "text"}}, json::object{{"value", json::object{{"id", 7}}}}, json::array{}, nullptr}) {
    Desk desk;
    desk.has({comment(9, "JIRAUSER1", "2027-01-15T09:00:00.000+0000")});
    desk.jira.on("GET", Desk::path_of(9), {answer(200, value)});
    CHECK(desk.find().value().empty());
  }
}

TEST_CASE("where it cannot be told what is there, nothing is said to be absent") {
  struct Case { std::string target; net::Response answer; std::string code; };
  for (const auto& [target, trouble, expected] : {
           Case{"/rest/api/2/myself", refusal(401, "no"), "jira_token_missing"}, Case{"/rest/api/2/myself", answer(200, json::object{{"name", "belay"}}), "jira_unreachable"},
           Case{kComments, page(200), "jira_unreachable"}, Case{kComments, answer(200, json::object{{"total", 0}}), "jira_unreachable"}, Case{kComments, refusal(404, "Issue Does Not Exist"), "not_found"},
           Case{kComments, refusal(403, "You do not have the permission to see the specified issue"), "jira_forbidden"}, Case{"/rest/api/2/comment/9/", page(500), "jira_unreachable"},
           Case{"/rest/api/2/comment/9/", refusal(403, "no"), "jira_forbidden"}, Case{"/rest/api/2/comment/9/", refusal(429, "slowly"), "jira_rate_limited"},
           Case{"/rest/servicedeskapi/request/10001/comment/", page(500), "jira_unreachable"}}) {
    INFO(target << ' ' << trouble.status);
    Desk desk;
    desk.has({comment(9, "JIRAUSER1", "2027-01-15T09:00:00.000+0000")});
    desk.marked(9, kSession.value);
    if (target == "/rest/api/2/comment/9/") desk.jira.on("GET", Desk::path_of(9) + "belay.session", {trouble});
    else desk.jira.on("GET", target, {trouble});
    CHECK(code(desk.find()) == expected);
  }
}

TEST_CASE("a page of fifty long comments is read") {
  Desk desk;
  json::array comments;
  for (int n = 0; n < 50; ++n) {
    auto one = comment(100 - n, "JIRAUSER1", "2027-01-15T09:00:00.000+0000");
    one["body"] = std::string(98'301, 'x');   // 32,767 characters of three bytes
    comments.push_back(std::move(one));
  }
  desk.has(std::move(comments));
  CHECK(desk.find().value().empty());   // none has the property
}
