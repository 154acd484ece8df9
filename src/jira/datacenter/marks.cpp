#include "jira/datacenter/marks.hpp"

#include <algorithm>

#include "jira/datacenter/wiki.hpp"
#include "jira/properties.hpp"
#include "net/message.hpp"

namespace belay::jira::datacenter {
namespace {

constexpr std::size_t kMostAnswer = 32 * 1024 * 1024;   // thousands of worklogs, each with two people

std::string worklogs_of(const IssueId& issue) { return "/rest/api/2/issue/" + net::percent_encode(issue.value) + "/worklog"; }

RestCall write_call(ports::Call call, ports::Actor actor, const IssueId& issue, std::string method, std::string path, std::string name) {
  RestCall rest_call;
  rest_call.call = std::move(call);
  rest_call.actor = std::move(actor);
  rest_call.method = std::move(method);
  rest_call.path = std::move(path);
  rest_call.name = std::move(name);
  rest_call.written_issue = issue.value;
  rest_call.writes = true;
  return rest_call;
}

// REST v2 keeps no properties of a worklog: the mark stands at the end of its text.
std::string mark_of(const SessionId& session) { return "(Belay " + session.value + ")"; }

json::object body_of(const ports::WorklogDraft& draft) {
  return {{"started", jira_time(draft.started)}, {"timeSpentSeconds", draft.spent.count()}, {"comment", to_wiki(draft.comment, {}) + "\n\n" + mark_of(draft.session)}};
}

}  // namespace

Task<Result<void>> DataCenterMarks::set_property(ports::Call call, IssueId issue, std::string key, json::object value) {
  auto path = "/rest/api/2/issue/" + net::percent_encode(issue.value) + "/properties/" + net::percent_encode(key);
  auto rest_call = write_call(std::move(call), ports::AsApp{}, issue, "PUT", std::move(path), "jira.set_issue_property");
  rest_call.body = std::move(value);
  BELAY_CO_CHECK(co_await rest_.send(std::move(rest_call)));
  co_return Result<void>{};
}

Task<Result<WorklogId>> DataCenterMarks::write_worklog(ports::Call call, ports::Actor actor, ports::WorklogDraft draft) {
  auto rest_call = write_call(std::move(call), std::move(actor), draft.issue, "POST", worklogs_of(draft.issue) + "?adjustEstimate=leave", "jira.write_worklog");
  rest_call.body = body_of(draft);
  rest_call.idempotent = false;
  BELAY_CO_TRY(body, co_await rest_.send(std::move(rest_call)));
  auto id = body.is_object() ? json::string_at(body.get_object(), "id") : std::nullopt;
  if (!id || id->empty()) co_return fail_for_now("jira_unreachable", "jira.write_worklog: an answer that is no worklog", std::nullopt, {{"maybe_done", true}});
  co_return WorklogId{std::move(*id)};
}

// All of the issue's come at once. `since` saves nothing there.
Task<Result<std::vector<WorklogId>>> DataCenterMarks::find_worklogs(ports::Call call, IssueId issue, SessionId session, Time) {
  RestCall rest_call;
  rest_call.call = std::move(call);
  rest_call.actor = ports::AsApp{};
  rest_call.path = worklogs_of(issue);
  rest_call.name = "jira.worklogs";
  rest_call.max_answer = kMostAnswer;
  BELAY_CO_TRY(body, co_await rest_.send(std::move(rest_call)));
  const auto* worklogs = body.is_object() ? json::array_at(body.get_object(), "worklogs") : nullptr;
  if (worklogs == nullptr) co_return fail_for_now("jira_unreachable", "jira.worklogs: an answer without worklogs");
  std::vector<WorklogId> found;
  for (const auto& entry : *worklogs) {
    const auto* worklog = entry.if_object();
    if (worklog == nullptr || !json::string_at(*worklog, "comment").value_or("").ends_with(mark_of(session))) continue;
    if (auto id = json::string_at(*worklog, "id"); id && !id->empty()) found.push_back(WorklogId{std::move(*id)});
  }
  co_return found;
}

Task<Result<void>> DataCenterMarks::change_worklog(ports::Call call, ports::Actor actor, WorklogId worklog, ports::WorklogDraft draft) {
  auto path = worklogs_of(draft.issue) + '/' + net::percent_encode(worklog.value) + "?adjustEstimate=leave";
  auto rest_call = write_call(std::move(call), std::move(actor), draft.issue, "PUT", std::move(path), "jira.change_worklog");
  rest_call.body = body_of(draft);
  BELAY_CO_CHECK(co_await rest_.send(std::move(rest_call)));
  co_return Result<void>{};
}

Task<Result<void>> DataCenterMarks::delete_worklog(ports::Call call, ports::Actor actor, IssueId issue, WorklogId worklog) {
  auto path = worklogs_of(issue) + '/' + net::percent_encode(worklog.value) + "?adjustEstimate=leave";
  BELAY_CO_CHECK(co_await rest_.send(write_call(std::move(call), std::move(actor), issue, "DELETE", std::move(path), "jira.delete_worklog")));
  co_return Result<void>{};
}

}  // namespace belay::jira::datacenter
