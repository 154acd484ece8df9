// Reading the issue: only the fields that are shown, since Jira counts what it reads. The same issue as a request, for its customers. And which of many
// issues somebody may see.
#include <algorithm>
#include <ranges>

#include "jira/cloud/person.hpp"
#include "jira/cloud/tickets.hpp"
#include "jira/issue_reading.hpp"
#include "net/message.hpp"

namespace belay::jira::cloud {
namespace {

constexpr std::size_t kMostIssues = 100;   // of one /issue/bulkfetch

}  // namespace

Task<Result<ports::Ticket>> CloudTickets::ticket(ports::Call call, ports::Actor actor, IssueId issue) {
  RestCall rest_call;
  rest_call.call = std::move(call);
  rest_call.actor = std::move(actor);
  rest_call.path = "/rest/api/3/issue/" + net::percent_encode(issue.value) + "?fields=summary%2Cproject%2Creporter%2Cassignee";
  rest_call.name = "jira.issue";
  BELAY_CO_TRY(body, co_await rest_.send(std::move(rest_call)));
  auto ticket = ticket_of(body, person_of);
  if (!ticket) co_return fail_for_now("jira_unreachable", "jira.issue: an answer that is no issue");
  co_return std::move(*ticket);
}

// The portal names a request by its key alone, and its customers may not read the issue: Service Management tells them the id, and with its
// service desk the project.
Task<Result<ports::Request>> CloudTickets::request(ports::Call call, ports::Actor actor, IssueKey key) {
  RestCall rest_call;
  rest_call.call = std::move(call);
  rest_call.actor = std::move(actor);
  rest_call.path = "/rest/servicedeskapi/request/" + net::percent_encode(key.value) + "?expand=serviceDesk";
  rest_call.name = "jira.request";
  auto body = co_await rest_.send(std::move(rest_call));
  // 403 says that they take no part in it; soon after the pairing, that Jira does not know the app everywhere yet.
  if (!body && body.error().code == "jira_forbidden" && !body.error().retryable) co_return fail("not_found", body.error().cause);
  if (!body) co_return std::unexpected(std::move(body).error());
  auto request = request_of(*body);
  if (!request) co_return fail_for_now("jira_unreachable", "jira.request: an answer that is no request");
  co_return std::move(*request);
}

// Not by /permissions/check, which Jira counts as many times as dear: an issue read costs one point (docs/jira.md). Those that the actor may not see
// are left out; of those with an error it is not known.
Task<Result<ports::VisibleIssues>> CloudTickets::visible_issues(ports::Call call, ports::Actor actor, std::vector<IssueId> issues) {
  std::vector<std::optional<Result<json::value>>> answers((issues.size() + kMostIssues - 1) / kMostIssues);
  std::vector<Task<void>> questions;
  for (std::size_t at = 0; at < answers.size(); ++at) {
    json::array ids;
    for (const auto& issue : issues | std::views::drop(at * kMostIssues) | std::views::take(kMostIssues)) ids.emplace_back(issue.value);
    RestCall rest_call;
    rest_call.call = call;
    rest_call.actor = actor;
    rest_call.method = "POST";
    rest_call.path = "/rest/api/3/issue/bulkfetch";
    rest_call.name = "jira.issues";
    rest_call.body = json::object{{"issueIdsOrKeys", std::move(ids)}, {"fields", json::array{"summary", "project"}}};
    questions.push_back(answer_into(answers[at], rest_.send(std::move(rest_call))));
  }
  co_await all_of(std::move(questions));
  ports::VisibleIssues seen;
  for (auto& answer : answers) {
    if (!*answer) co_return std::unexpected(std::move(*answer).error());
    const auto& body = **answer;
    const auto* found = body.is_object() ? json::array_at(body.get_object(), "issues") : nullptr;
    if (found == nullptr) co_return fail_for_now("jira_unreachable", "jira.issues: an answer without issues");
    for (const auto& issue : *found) {
      auto headline = headline_of(issue);
      if (std::ranges::find(issues, headline.id) != issues.end()) seen.visible.push_back(std::move(headline));
    }
    const auto* errors = json::array_at(body.get_object(), "issueErrors");
    for (const auto& error : errors == nullptr ? json::array{} : *errors) {
      IssueId id{error.is_object() ? json::string_at(error.get_object(), "id").value_or("") : std::string()};
      if (std::ranges::find(issues, id) != issues.end()) seen.unknown.push_back(std::move(id));
    }
  }
  co_return seen;
}

}  // namespace belay::jira::cloud
