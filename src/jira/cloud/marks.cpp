#include "jira/cloud/marks.hpp"

#include <algorithm>

#include "base/time.hpp"
#include "jira/cloud/adf.hpp"
#include "jira/properties.hpp"
#include "net/message.hpp"

namespace belay::jira::cloud {
namespace {

constexpr int kWorklogPage = 1'000;   // the most that Jira gives at once, by its documentation 5,000
constexpr int kMostWorklogPages = 20;

std::string worklogs_of(const IssueId& issue) { return "/rest/api/3/issue/" + net::percent_encode(issue.value) + "/worklog"; }

RestCall worklog_call(ports::Call call, ports::Actor actor, const IssueId& issue, std::string method, std::string path, std::string name) {
  RestCall rest_call;
  rest_call.call = std::move(call);
  rest_call.actor = std::move(actor);
  rest_call.method = std::move(method);
  rest_call.path = std::move(path) + "?notifyUsers=false&adjustEstimate=leave";
  rest_call.name = std::move(name);
  rest_call.written_issue = issue.value;
  rest_call.writes = true;
  return rest_call;
}

RestCall worklog_call(ports::Call call, ports::Actor actor, const ports::WorklogDraft& draft, std::string method, std::string path, std::string name) {
  auto rest_call = worklog_call(std::move(call), std::move(actor), draft.issue, std::move(method), std::move(path), std::move(name));
  rest_call.body = json::object{{"started", jira_time(draft.started)}, {"timeSpentSeconds", draft.spent.count()}, {"comment", to_adf(draft.comment)}};
  return rest_call;
}

}  // namespace

Task<Result<void>> CloudMarks::set_property(ports::Call call, IssueId issue, std::string key, json::object value) {
  RestCall rest_call;
  rest_call.call = std::move(call);
  rest_call.actor = ports::AsApp{};
  rest_call.method = "PUT";
  rest_call.path = "/rest/api/3/issue/" + net::percent_encode(issue.value) + "/properties/" + net::percent_encode(key);
  rest_call.name = "jira.set_issue_property";
  rest_call.body = std::move(value);
  rest_call.written_issue = issue.value;
  rest_call.writes = true;
  BELAY_CO_CHECK(co_await rest_.send(std::move(rest_call)));
  co_return Result<void>{};
}

Task<Result<WorklogId>> CloudMarks::write_worklog(ports::Call call, ports::Actor actor, ports::WorklogDraft draft) {
  auto rest_call = worklog_call(std::move(call), std::move(actor), draft, "POST", worklogs_of(draft.issue), "jira.write_worklog");
  rest_call.body->as_object()["properties"] = json::array{json::object{{"key", kSessionProperty}, {"value", json::object{{"id", draft.session.value}}}}};
  rest_call.idempotent = false;
  BELAY_CO_TRY(body, co_await rest_.send(std::move(rest_call)));
  auto id = body.is_object() ? json::string_at(body.get_object(), "id") : std::nullopt;
  if (!id || id->empty()) co_return fail_for_now("jira_unreachable", "jira.write_worklog: an answer that is no worklog", std::nullopt, {{"maybe_done", true}});
  co_return WorklogId{std::move(*id)};
}

Task<Result<std::vector<WorklogId>>> CloudMarks::find_worklogs(ports::Call call, IssueId issue, SessionId session, Time since) {
  std::vector<WorklogId> found;
  std::int64_t start = 0;
  for (int page = 0; page < kMostWorklogPages; ++page) {
    RestCall rest_call;
    rest_call.call = call;
    rest_call.actor = ports::AsApp{};
    rest_call.method = "GET";
    rest_call.path = worklogs_of(issue) + "?expand=properties&maxResults=" + std::to_string(kWorklogPage) + "&startAt=" + std::to_string(start) +
                     "&startedAfter=" + std::to_string(to_millis(since));
    rest_call.name = "jira.worklogs";
    BELAY_CO_TRY(body, co_await rest_.send(std::move(rest_call)));
    const auto* worklogs = body.is_object() ? json::array_at(body.get_object(), "worklogs") : nullptr;
    if (worklogs == nullptr) co_return fail_for_now("jira_unreachable", "jira.worklogs: an answer without worklogs");
    for (const auto& entry : *worklogs) {
      const auto* worklog = entry.if_object();
      if (worklog == nullptr || !carries(*worklog, session)) continue;
      if (auto id = json::string_at(*worklog, "id"); id && !id->empty()) found.push_back(WorklogId{std::move(*id)});
    }
    start += static_cast<std::int64_t>(worklogs->size());
    if (worklogs->empty() || start >= json::integer_at(body.get_object(), "total").value_or(0)) break;
  }
  co_return std::move(found);
}

Task<Result<void>> CloudMarks::change_worklog(ports::Call call, ports::Actor actor, WorklogId worklog, ports::WorklogDraft draft) {
  auto path = worklogs_of(draft.issue) + '/' + net::percent_encode(worklog.value);
  BELAY_CO_CHECK(co_await rest_.send(worklog_call(std::move(call), std::move(actor), draft, "PUT", std::move(path), "jira.change_worklog")));
  co_return Result<void>{};
}

Task<Result<void>> CloudMarks::delete_worklog(ports::Call call, ports::Actor actor, IssueId issue, WorklogId worklog) {
  auto path = worklogs_of(issue) + '/' + net::percent_encode(worklog.value);
  BELAY_CO_CHECK(co_await rest_.send(worklog_call(std::move(call), std::move(actor), issue, "DELETE", std::move(path), "jira.delete_worklog")));
  co_return Result<void>{};
}

}  // namespace belay::jira::cloud
