// What machines read on an issue of Jira Data Center: properties, and time worked.
#include "jira/datacenter/marks.hpp"

#include <doctest/doctest.h>

#include "jira/datacenter/testing.hpp"

using namespace belay;
using namespace belay::jira::datacenter;
using namespace belay::jira::datacenter::testing;

namespace {

const IssueId kIssue{"10001"};
const WorklogId kWorklog{"700"};
const SessionId kSession{"01890000-0000-7000-8000-000000000001"};
constexpr const char* kProperty = "/rest/api/2/issue/10001/properties/belay.sessions";
constexpr const char* kWorklogs = "/rest/api/2/issue/10001/worklog";
constexpr const char* kTheWorklog = "/rest/api/2/issue/10001/worklog/700";
const std::string kMark = "(Belay 01890000-0000-7000-8000-000000000001)";

ports::WorklogDraft draft() {
  return {.issue = kIssue, .session = kSession, .started = from_iso8601("2027-01-15T08:00:00.250Z").value(), .spent = std::chrono::minutes{15}, .comment = support::Document{{support::Paragraph{support::Text{"Helped *Rita*"}}}}};
}

bool maybe_done(const Error& error) { return json::bool_at(error.detail, "maybe_done").value_or(false); }

struct Desk : World {
  DataCenterMarks marks{rest};

  Result<void> set(json::object value = {{"open", 1}}) { return wait_for(marks.set_property(call(), kIssue, "belay.sessions", std::move(value))); }
  Result<WorklogId> write() { return wait_for(marks.write_worklog(call(), ports::AsUser{agent}, draft())); }
  Result<std::vector<WorklogId>> find() { return wait_for(marks.find_worklogs(call(), kIssue, kSession, Time{})); }
  Result<void> change() { return wait_for(marks.change_worklog(call(), ports::AsUser{agent}, kWorklog, draft())); }
  Result<void> remove() { return wait_for(marks.delete_worklog(call(), ports::AsUser{agent}, kIssue, kWorklog)); }
};

}  // namespace

// ---- properties of the issue ----

TEST_CASE("a property is the value alone, put as the service account; new or replaced, Jira answers without a body") {
  Desk desk;
  desk.jira.on("PUT", kProperty, {nothing(201), nothing(200)});
  CHECK(desk.set({{"open", 1}, {"last", "closed"}}));
  CHECK(desk.set());
  CHECK(desk.asked().at(0) == "PUT /rest/api/2/issue/10001/properties/belay.sessions");
  CHECK(body_of(desk.jira.asked.at(0)) == json::object{{"open", 1}, {"last", "closed"}});
  CHECK(desk.jira.asked.at(0).header("Authorization") == "Bearer service-token");
  CHECK(desk.jira.asked.at(0).header("Content-Type") == "application/json");
}

TEST_CASE("a property's key is one segment of the address") {
  Desk desk;
  desk.jira.on("PUT", "/rest/api/2/issue/10001/properties/", {nothing(200)});
  CHECK(desk.wait_for(desk.marks.set_property(desk.call(), kIssue, "a/b?c", {})));
  CHECK(desk.asked() == std::vector<std::string>{"PUT /rest/api/2/issue/10001/properties/a%2Fb%3Fc"});
}

TEST_CASE("a property that Jira refuses has its code, and one without an answer may be there") {
  struct Case { net::Response answer; std::string code; bool maybe; };
  for (const auto& [trouble, expected, maybe] : {Case{refusal(400, "The value is too long."), "jira_refused", false}, Case{refusal(401, "no"), "jira_token_missing", false}, Case{refusal(403, "no"), "jira_forbidden", false},
                                                 Case{refusal(404, "Issue Does Not Exist"), "not_found", false}, Case{page(500), "jira_unreachable", true}, Case{page(200), "jira_unreachable", true},
                                                 Case{answer(429, json::object{}), "jira_rate_limited", false}}) {
    INFO(trouble.status);
    Desk desk;
    desk.jira.on("PUT", kProperty, {trouble});
    const auto set = desk.set();
    CHECK(code(set) == expected);
    CHECK(maybe_done(set.error()) == maybe);
    CHECK(desk.jira.asked.size() == 1);
  }
}

TEST_CASE("a property that met a busy server is put once more: it comes to the same") {
  Desk desk;
  desk.jira.on("PUT", kProperty, {page(503), nothing(200)});
  CHECK(desk.set());
  CHECK(desk.jira.asked.size() == 2);
}

// ---- time worked ----

TEST_CASE("time worked is written in the agent's name, leaves the estimate, and ends with the session's mark") {
  Desk desk;
  desk.jira.on("POST", kWorklogs, {answer(201, json::object{{"id", "700"}, {"timeSpentSeconds", 900}})});
  CHECK(desk.write().value() == kWorklog);
  CHECK(desk.asked() == std::vector<std::string>{"POST /rest/api/2/issue/10001/worklog?adjustEstimate=leave"});
  CHECK(desk.jira.asked.at(0).header("Authorization") == "Bearer user-token");
  CHECK(body_of(desk.jira.asked.at(0)) == json::object{{"started", "2027-01-15T08:00:00.250+0000"}, {"timeSpentSeconds", 900}, {"comment", "Helped \\*Rita\\*\n\n" + kMark}});
}

TEST_CASE("time worked is never written twice by itself, and without an answer it may be there") {
  for (const auto& trouble : {page(503), page(500), silence(), page(200), nothing(201), answer(201, json::object{{"id", ""}})}) {
    INFO(trouble.status);
    Desk desk;
    desk.jira.on("POST", kWorklogs, {trouble});
    const auto error = desk.write().error();
    CHECK(error.code == "jira_unreachable");
    CHECK(maybe_done(error));
    CHECK(desk.jira.asked.size() == 1);
  }
}

TEST_CASE("a site on which time is not tracked, or the agent may not write any, says so") {
  Desk desk;
  desk.jira.on("POST", kWorklogs, {refusal(400, "Time Tracking is not enabled."), refusal(403, "no"), refusal(404, "Issue Does Not Exist")});
  CHECK(desk.write().error().detail.at("said").as_string() == "Time Tracking is not enabled.");
  CHECK(code(desk.write()) == "jira_forbidden");
  CHECK(code(desk.write()) == "not_found");
}

TEST_CASE("time worked is found again by the mark at its end, as the service account sees it") {
  Desk desk;
  desk.jira.on("GET", kWorklogs, {answer(200, json::object{{"startAt", 0}, {"maxResults", 6}, {"total", 6},
                                                           {"worklogs", json::array{json::object{{"id", "1"}, {"comment", "Helped"}}, json::object{{"id", "2"}, {"comment", "Helped\n\n" + kMark}}, json::object{{"id", "3"}, {"comment", kMark + " and more"}},
                                                                                    json::object{{"id", "4"}, {"comment", "Helped\n\n(Belay 01890000-0000-7000-8000-000000000002)"}}, json::object{{"id", "5"}}, json::object{{"comment", kMark}}, 7}}})});
  CHECK(desk.find().value() == std::vector{WorklogId{"2"}});
  CHECK(desk.asked() == std::vector<std::string>{"GET /rest/api/2/issue/10001/worklog"});
  CHECK(desk.jira.asked.at(0).header("Authorization") == "Bearer service-token");
}

TEST_CASE("thousands of worklogs are read: Data Center gives all of an issue's at once") {
  Desk desk;
  json::array worklogs;
  for (int n = 0; n < 5'000; ++n) worklogs.push_back(json::object{{"id", std::to_string(n)}, {"author", std::string(900, 'x')}, {"updateAuthor", std::string(900, 'x')}, {"comment", n == 4'999 ? kMark : "Helped"}});
  desk.jira.on("GET", kWorklogs, {answer(200, json::object{{"worklogs", std::move(worklogs)}})});
  CHECK(desk.find().value() == std::vector{WorklogId{"4999"}});
}

TEST_CASE("where it cannot be told what time was written, none is said to be absent") {
  Desk desk;
  desk.jira.on("GET", kWorklogs, {page(500), page(200), answer(200, json::object{{"total", 0}}), refusal(403, "no"), refusal(404, "no")});
  for (const auto* expected : {"jira_unreachable", "jira_unreachable", "jira_unreachable", "jira_forbidden", "not_found"}) CHECK(code(desk.find()) == expected);
}

TEST_CASE("time worked is changed as a whole, mark and all, and deleted; one that is gone is not found") {
  Desk desk;
  desk.jira.on("PUT", kTheWorklog, {answer(200, json::object{{"id", "700"}}), refusal(404, "Cannot find worklog with id: '700'.")});
  desk.jira.on("DELETE", kTheWorklog, {nothing(204), refusal(404, "Cannot find worklog with id: '700'.")});
  CHECK(desk.change());
  CHECK(desk.remove());
  CHECK(desk.asked() == std::vector<std::string>{"PUT /rest/api/2/issue/10001/worklog/700?adjustEstimate=leave", "DELETE /rest/api/2/issue/10001/worklog/700?adjustEstimate=leave"});
  CHECK(body_of(desk.jira.asked.at(0)).at("comment").as_string() == "Helped \\*Rita\\*\n\n" + kMark);
  for (const auto& request : desk.jira.asked) CHECK(request.header("Authorization") == "Bearer user-token");
  CHECK(code(desk.change()) == "not_found");
  CHECK(code(desk.remove()) == "not_found");
}
