// Our comments on a ticket of Jira Data Center, against Atlassian's REST reference (9.12 to 11) and the tests of Jira's own comment resource: what is
// sent, and what becomes of each answer.
#include "jira/datacenter/tickets.hpp"

#include <doctest/doctest.h>

#include "jira/datacenter/testing.hpp"

using namespace belay;
using namespace belay::jira::datacenter;
using namespace belay::jira::datacenter::testing;
using std::chrono::seconds;

namespace {

const IssueId kIssue{"10001"};
const CommentId kComment{"500"};
const SessionId kSession{"01890000-0000-7000-8000-000000000001"};
constexpr const char* kComments = "/rest/api/2/issue/10001/comment";
constexpr const char* kTheComment = "/rest/api/2/issue/10001/comment/500";
constexpr const char* kRights = "/rest/api/2/mypermissions?issueId=10001";
constexpr const char* kReadBack = "/rest/servicedeskapi/request/10001/comment/500";

json::object comment() { return {{"id", "500"}, {"author", json::object{{"key", "belay"}, {"name", "belay"}}}, {"body", "Join us"}, {"created", "2027-01-15T08:00:00.123+0000"}}; }
json::object read_back(bool is_public) { return {{"id", "500"}, {"body", "Join us"}, {"public", is_public}}; }

support::Document text(std::string words) { return support::Document{{support::Paragraph{support::Text{std::move(words)}}}}; }

ports::CommentDraft draft(bool service_project = false, ports::Audience audience = ports::Audience::customer) {
  ports::CommentDraft made;
  made.issue = kIssue;
  made.document = text("Join us");
  made.session = kSession;
  made.service_project = service_project;
  made.audience = audience;
  return made;
}

net::Response agent_rights(bool is_one) { return answer(200, json::object{{"permissions", json::object{{"SERVICEDESK_AGENT", json::object{{"havePermission", is_one}}}}}}); }

struct Desk : World {
  DataCenterTickets tickets{rest};

  Desk() { jira.on("GET", kRights, {agent_rights(true)}); }
  explicit Desk(std::vector<net::Response> answers) : Desk() { jira.on("POST", kComments, std::move(answers)); }

  Result<ports::WrittenComment> write(ports::CommentDraft what = draft()) { return wait_for(tickets.write_comment(call(), std::move(what))); }
  Result<void> edit(support::Document document = text("Thank you")) { return wait_for(tickets.edit_comment(call(), kIssue, kComment, std::move(document))); }
  Result<void> remove() { return wait_for(tickets.delete_comment(call(), kIssue, kComment)); }
  [[nodiscard]] std::ptrdiff_t writes() const {
    return std::ranges::count_if(jira.asked, [](const net::Request& request) { return request.method != "GET"; });
  }
};

bool maybe_done(const Error& error) { return json::bool_at(error.detail, "maybe_done").value_or(false); }

}  // namespace

// ---- adding ----

TEST_CASE("a comment is one request in the service account's name: the text as wiki markup, the session's mark, nothing else") {
  Desk desk{{answer(201, comment())}};
  auto what = draft();
  what.document = text("Join *us*");
  what.sending = 2;
  const auto written = desk.write(what).value();
  CHECK(written.id == kComment);
  CHECK(to_iso8601(written.created_at) == "2027-01-15T08:00:00.123Z");
  CHECK(written.sending == 2);
  CHECK_FALSE(written.visible_to_customer.has_value());
  CHECK(desk.asked() == std::vector<std::string>{"POST /rest/api/2/issue/10001/comment"});
  const auto& request = desk.jira.asked.at(0);
  CHECK(request.header("Authorization") == "Bearer service-token");
  CHECK(request.header("Accept") == "application/json");
  CHECK(request.header("Content-Type") == "application/json");
  CHECK(request.header("x-b3-traceid") == "trace-1");
  CHECK_FALSE(request.header("User-Agent").value_or("").contains("Mozilla"));   // Jira holds whoever looks like a browser to its rules against forged requests
  CHECK(body_of(request) == json::object{{"body", R"(Join \*us\*)"}, {"properties", json::array{json::object{{"key", "belay.session"}, {"value", json::object{{"id", kSession.value}, {"sending", 2}}}}}}});
}

TEST_CASE("each purpose has a property of its own") {
  struct Case { ports::CommentPurpose purpose; std::string key; };
  for (const auto& [purpose, key] : {Case{ports::CommentPurpose::invitation, "belay.session"}, Case{ports::CommentPurpose::waiting, "belay.waiting"}, Case{ports::CommentPurpose::report, "belay.report"}}) {
    Desk desk{{answer(201, comment())}};
    auto what = draft();
    what.purpose = purpose;
    CHECK(desk.write(what));
    CHECK(body_of(desk.jira.asked.at(0)).at("properties").at(0).at("key").as_string() == key);
  }
}

TEST_CASE("an internal comment asks Service Management to keep it inside, and Service Management is asked what it made of it") {
  for (const bool is_public : {false, true}) {
    Desk desk{{answer(201, comment())}};
    desk.jira.on("GET", kReadBack, {answer(200, read_back(is_public))});
    const auto written = desk.write(draft(true, ports::Audience::team)).value();
    CHECK(written.visible_to_customer == is_public);
    CHECK(desk.asked() == std::vector<std::string>{std::string("GET ") + kRights, "POST /rest/api/2/issue/10001/comment", "GET /rest/servicedeskapi/request/10001/comment/500"});
    const auto properties = body_of(desk.jira.asked.at(1)).at("properties").as_array();
    REQUIRE(properties.size() == 2);
    CHECK(properties[1] == json::value({{"key", "sd.public.comment"}, {"value", {{"internal", true}}}}));
    CHECK(desk.jira.asked.at(2).header("Authorization") == "Bearer service-token");
    CHECK(desk.jira.asked.at(2).header("X-ExperimentalApi") == "opt-in");
  }
}

TEST_CASE("an account that is no agent writes nothing that the team alone is to read: customers would read it") {
  for (const auto& told : {agent_rights(false), answer(200, json::object{{"permissions", json::object{}}}), refusal(403, "no"), refusal(404, "no")}) {
    Desk desk{{answer(201, comment())}};
    desk.jira.on("GET", kRights, {told});
    const auto written = desk.write(draft(true, ports::Audience::team));
    REQUIRE_FALSE(written);
    CHECK((written.error().code == "jira_forbidden" || written.error().code == "not_found"));
    CHECK_FALSE(maybe_done(written.error()));
    CHECK(desk.writes() == 0);
    CHECK(desk.write(draft(true)));
  }
}

TEST_CASE("a comment for the customer carries no word of who may read it, and is read back too") {
  Desk desk{{answer(201, comment())}};
  desk.jira.on("GET", kReadBack, {answer(200, read_back(true))});
  CHECK(desk.write(draft(true)).value().visible_to_customer == true);
  CHECK(body_of(desk.jira.asked.at(0)).at("properties").as_array().size() == 1);
}

TEST_CASE("outside of service projects nothing is internal, and Service Management is not asked") {
  Desk desk{{answer(201, comment())}};
  CHECK_FALSE(desk.write(draft(false, ports::Audience::team)).value().visible_to_customer.has_value());
  CHECK(body_of(desk.jira.asked.at(0)).at("properties").as_array().size() == 1);
  CHECK(desk.jira.asked.size() == 1);
}

TEST_CASE("where Service Management knows of no such comment, or the account may not see it there, it is nobody's from outside") {
  for (const unsigned status : {404U, 403U}) {
    Desk desk{{answer(201, comment())}};
    desk.jira.on("GET", kReadBack, {answer(status, json::object{{"errorMessage", "no"}})});
    const auto written = desk.write(draft(true, ports::Audience::team));
    REQUIRE(written);
    CHECK_FALSE(written->visible_to_customer.has_value());
  }
}

TEST_CASE("a comment whose readers could not be found out may be there: it is looked for before anything is written again") {
  struct Case { net::Response answer; };
  for (const auto& trouble : {Case{answer(500, json::object{})}, Case{silence()}, Case{page(200)}, Case{refusal(401, "no")}, Case{answer(412, json::object{{"errorMessage", "experimental"}})}}) {
    INFO(trouble.answer.status);
    Desk desk{{answer(201, comment())}};
    desk.jira.on("GET", kReadBack, {trouble.answer});
    const auto written = desk.write(draft(true, ports::Audience::team));
    REQUIRE_FALSE(written);
    CHECK(written.error().code == "jira_unreachable");
    CHECK(written.error().retryable);
    CHECK(maybe_done(written.error()));
    CHECK(desk.writes() == 1);
  }
}

TEST_CASE("how long the read back has to wait is said") {
  Desk desk{{answer(201, comment())}};
  desk.jira.on("GET", kReadBack, {answer(429, json::object{}, {{"Retry-After", "30"}})});
  const auto error = desk.write(draft(true)).error();
  CHECK(maybe_done(error));
  CHECK(error.retry_after == seconds{30});
}

// ---- what the answer to a write says ----

TEST_CASE("each refusal of a comment has its code, and says whether to try again, and whether it may be there nevertheless") {
  struct Case { net::Response answer; std::string code; bool retryable; bool maybe; };
  const std::vector<Case> cases{
      {refusal(400, "Comment body can not be empty!"), "jira_refused_comment", false, false},
      {refusal(401, "You are not authenticated."), "jira_token_missing", true, false},
      {refusal(403, "You do not have the permission to comment on this issue."), "jira_forbidden", false, false},
      {refusal(404, "Issue Does Not Exist"), "not_found", false, false},
      {refusal(409, "Conflict"), "jira_refused_comment", false, false},
      {refusal(412, "Precondition"), "jira_refused_comment", false, false},
      {page(413), "jira_refused_comment", false, false},
      {answer(429, json::object{}), "jira_rate_limited", true, false},
      {page(500), "jira_unreachable", true, true},
      {page(502), "jira_unreachable", true, true},
      {page(503), "jira_unreachable", true, true},
      {page(504), "jira_unreachable", true, true},
      {silence(), "jira_unreachable", true, true},
      {page(200), "jira_unreachable", true, true},
      {nothing(201), "jira_unreachable", true, true},
      {answer(201, json::object{{"id", "500"}}), "jira_unreachable", true, true},
      {answer(201, json::object{{"id", ""}, {"created", "2027-01-15T08:00:00.000+0000"}}), "jira_unreachable", true, true},
      {answer(201, json::array{}), "jira_unreachable", true, true},
  };
  for (std::size_t at = 0; at < cases.size(); ++at) {
    INFO(at << ": status " << cases[at].answer.status);
    Desk desk{{cases[at].answer}};
    const auto written = desk.write();
    REQUIRE_FALSE(written);
    CHECK(written.error().code == cases[at].code);
    CHECK(written.error().retryable == cases[at].retryable);
    CHECK(maybe_done(written.error()) == cases[at].maybe);
    CHECK(desk.jira.asked.size() == 1);   // never twice by itself
  }
}

TEST_CASE("a refused comment comes back with Jira's words, whichever of its two places they stand in") {
  Desk desk{{refusal(400, "Comment body can not be empty!"), answer(400, std::string(R"({"errorMessages":[],"errors":{"comment":"The entered text is too long."}})"))}};
  CHECK(desk.write().error().detail.at("said").as_string() == "Comment body can not be empty!");
  const auto error = desk.write().error();
  CHECK(error.detail.at("said").as_string() == "The entered text is too long.");
  CHECK(error.detail.at("status") == json::value(400));
}

TEST_CASE("no answer in time: the comment may be there") {
  Desk desk{{answer(201, comment())}};
  net::Signal over{desk.runtime.io()};
  desk.jira.before_answer = [&over]() -> Task<void> { CHECK(co_await over.wait(seconds{5})); };
  auto hurried = desk.call();
  hurried.deadline = Milliseconds{60};
  const auto written = desk.wait_for(desk.tickets.write_comment(hurried, draft()));
  over.notify();
  REQUIRE_FALSE(written);
  CHECK(written.error().code == "jira_unreachable");
  CHECK(maybe_done(written.error()));
  CHECK(desk.jira.asked.size() == 1);
}

TEST_CASE("an answer too large to be one comment is no answer, and the comment may be there") {
  Desk desk{{answer(201, json::object{{"id", "500"}, {"created", "2027-01-15T08:00:00.123+0000"}, {"body", std::string(5 * 1024 * 1024, 'x')}})}};
  const auto error = desk.write().error();
  CHECK(error.code == "jira_unreachable");
  CHECK(error.cause == "answer_too_large");
  CHECK(maybe_done(error));
}

TEST_CASE("a redirect is not followed: neither the token nor the comment goes anywhere else, and an operator may mend it") {
  for (const unsigned status : {301U, 302U, 307U, 308U}) {
    Desk desk;
    desk.jira.on("POST", kComments, {page(status, {{"Location", desk.jira.origin() + "/login.jsp?os_destination=x"}})});
    const auto written = desk.write();
    REQUIRE_FALSE(written);
    CHECK(written.error().code == "jira_unreachable");
    CHECK(written.error().retryable);
    CHECK(desk.asked() == std::vector<std::string>{"POST /rest/api/2/issue/10001/comment"});
  }
}

TEST_CASE("after a 429 nothing is sent until the pause is over, and a pause that Jira does not tell is a short one") {
  Desk desk{{answer(429, json::object{}, {{"Retry-After", "30"}, {"X-RateLimit-Remaining", "0"}}), answer(429, json::object{}), answer(201, comment())}};
  CHECK(desk.write().error().retry_after == seconds{30});
  desk.clock.time += seconds{29};
  CHECK(desk.write().error().retry_after == seconds{1});
  CHECK(desk.jira.asked.size() == 1);
  desk.clock.time += seconds{1};
  CHECK(desk.write().error().retry_after == seconds{5});
  desk.clock.time += seconds{5};
  CHECK(desk.write().value().id == kComment);
  CHECK(desk.jira.asked.size() == 3);
}

TEST_CASE("a server that nobody reaches got no comment") {
  Desk desk;
  desk.sites = Sites{std::vector<Site>{{.name = "acme", .base_url = "http://127.0.0.1:1", .client_id = "", .client_secret = "", .service_token = "service-token", .webhook_secret = ""}}};
  const auto error = desk.write().error();
  CHECK(error.code == "jira_unreachable");
  CHECK_FALSE(maybe_done(error));
}

TEST_CASE("a site that is not configured any more is not written to") {
  Desk desk{{answer(201, comment())}};
  desk.sites = Sites{};
  CHECK(desk.write().error().code == "not_paired");
  CHECK(desk.jira.asked.empty());
}

TEST_CASE("the token stands in no error") {
  for (const auto& trouble : {refusal(401, "Bearer service-token"), refusal(403, "service-token"), page(500), silence()}) {
    Desk desk{{trouble}};
    const auto error = desk.write().error();
    CHECK_FALSE(error.cause.contains("service-token"));
    CHECK_FALSE(boost::json::serialize(error.detail).contains("service-token"));
  }
}

// ---- mentions ----

TEST_CASE("a mention names what the user signs in with now, asked for by the key that stays") {
  Desk desk{{answer(201, comment())}};
  desk.jira.on("GET", "/rest/api/2/user?key=JIRAUSER10200", {answer(200, json::object{{"key", "JIRAUSER10200"}, {"name", "rita"}}), answer(200, json::object{{"key", "JIRAUSER10200"}, {"name", "rita.new"}})});
  auto what = draft();
  what.document = support::Document{{support::Paragraph{support::Mention{.account = AccountId{"JIRAUSER10200"}, .name = "Rita"}}}};
  CHECK(desk.write(what));
  CHECK(desk.write(what));   // renamed meanwhile
  REQUIRE(desk.jira.asked.size() == 4);
  CHECK(desk.jira.asked.at(0).target == "/rest/api/2/user?key=JIRAUSER10200");
  CHECK(body_of(desk.jira.asked.at(1)).at("body").as_string() == "[~rita]");
  CHECK(body_of(desk.jira.asked.at(3)).at("body").as_string() == "[~rita.new]");
}

TEST_CASE("whom Jira does not know, or tells nothing of, is named as text, and the comment is written all the same") {
  for (const auto& unknown : {refusal(404, "The user with the key 'JIRAUSER10200' does not exist"), refusal(403, "no"), page(200), answer(200, json::object{{"key", "JIRAUSER10200"}})}) {
    Desk desk{{answer(201, comment())}};
    desk.jira.on("GET", "/rest/api/2/user", {unknown});
    auto what = draft();
    what.document = support::Document{{support::Paragraph{support::Mention{.account = AccountId{"JIRAUSER10200"}, .name = "Rita"}}}};
    CHECK(desk.write(what));
    CHECK(body_of(desk.jira.asked.back()).at("body").as_string() == "Rita");
  }
}

// ---- editing and deleting ----

TEST_CASE("an edit replaces the text, and leaves properties and readers as they are") {
  Desk desk;
  desk.jira.on("PUT", kTheComment, {answer(200, comment())});
  CHECK(desk.edit(text("Thank you!")));
  CHECK(desk.asked() == std::vector<std::string>{"PUT /rest/api/2/issue/10001/comment/500"});
  CHECK(desk.jira.asked.at(0).header("Authorization") == "Bearer service-token");
  CHECK(body_of(desk.jira.asked.at(0)) == json::object{{"body", R"(Thank you\!)"}});
}

TEST_CASE("an edit that Jira refuses says why, and one of a comment that is gone is not found") {
  Desk desk;
  desk.jira.on("PUT", kTheComment, {refusal(400, "You do not have the permission to edit this comment."), refusal(404, "Can not find a comment for the id: 500."), refusal(403, "no"), refusal(401, "no")});
  const auto refused = desk.edit().error();
  CHECK(refused.code == "jira_refused_comment");
  CHECK(refused.detail.at("said").as_string() == "You do not have the permission to edit this comment.");
  CHECK(desk.edit().error().code == "not_found");
  CHECK(desk.edit().error().code == "jira_forbidden");
  CHECK(desk.edit().error().code == "jira_token_missing");
}

TEST_CASE("an edit without an answer may have been made, and comes to the same when it is sent again") {
  Desk desk;
  desk.jira.on("PUT", kTheComment, {page(503), answer(200, comment())});
  CHECK(desk.edit());
  CHECK(desk.writes() == 2);
  desk.jira.on("PUT", kTheComment, {page(500)});
  CHECK(maybe_done(desk.edit().error()));
}

TEST_CASE("a comment is deleted, and an answer without a body is an answer") {
  Desk desk;
  desk.jira.on("DELETE", kTheComment, {nothing(204), refusal(404, "Can not find a comment for the id: 500."), refusal(400, "You do not have the permission to delete this comment.")});
  CHECK(desk.remove());
  CHECK(desk.asked() == std::vector<std::string>{"DELETE /rest/api/2/issue/10001/comment/500"});
  CHECK(desk.jira.asked.at(0).body.empty());
  CHECK(desk.remove().error().code == "not_found");
  CHECK(code(desk.remove()) == "jira_refused");
}
