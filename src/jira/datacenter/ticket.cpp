// Reading the issue, and who speaks on it.
#include <algorithm>
#include <ranges>

#include "jira/datacenter/person.hpp"
#include "jira/datacenter/tickets.hpp"
#include "jira/issue_reading.hpp"
#include "net/message.hpp"

namespace belay::jira::datacenter {
namespace {

constexpr std::size_t kMostIssues = 100;             // of one search: an address has a length, and a body an end
constexpr std::size_t kPageBytes = 32 * 1024 * 1024;
constexpr std::size_t kParticipantsOfAPage = 50;

RestCall read_as(ports::Call call, ports::Actor actor, std::string path, std::string name) {
  RestCall rest_call;
  rest_call.call = std::move(call);
  rest_call.actor = std::move(actor);
  rest_call.path = std::move(path);
  rest_call.name = std::move(name);
  return rest_call;
}

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// Of an issue that they may not see, Data Center says so, where Cloud says that there is none. The app is told the difference, and people are not.
template <class Value>
Result<Value> as_not_found(Result<Value> answer, bool as_app) {
  if (answer || answer.error().code != "jira_forbidden") return answer;
  json::object detail;
  if (as_app) detail["hidden"] = true;
  return fail("not_found", answer.error().cause, std::move(detail));
}

bool is_app(const ports::Actor& actor) { return std::holds_alternative<ports::AsApp>(actor); }

}  // namespace

Task<Result<ports::Ticket>> DataCenterTickets::ticket(ports::Call call, ports::Actor actor, IssueId issue) {
  auto path = "/rest/api/2/issue/" + net::percent_encode(issue.value) + "?fields=summary,project,reporter,assignee";
  const bool as_app = is_app(actor);
  BELAY_CO_TRY(body, as_not_found(co_await rest_.send(read_as(std::move(call), std::move(actor), std::move(path), "jira.issue")), as_app));
  auto ticket = ticket_of(body, person_of);
  if (!ticket) co_return fail_for_now("jira_unreachable", "jira.issue: an answer that is no issue");
  co_return std::move(*ticket);
}

Task<Result<ports::Request>> DataCenterTickets::request(ports::Call call, ports::Actor actor, IssueKey key) {
  auto path = "/rest/servicedeskapi/request/" + net::percent_encode(key.value) + "?expand=serviceDesk";
  const bool as_app = is_app(actor);
  BELAY_CO_TRY(body, as_not_found(co_await rest_.send(read_as(std::move(call), std::move(actor), std::move(path), "jira.request")), as_app));
  auto request = request_of(body);
  if (!request) co_return fail_for_now("jira_unreachable", "jira.request: an answer that is no request");
  co_return std::move(*request);
}

// Jira leaves out what the actor may not see, when it is told not to hold the question against what there is.
Task<Result<ports::VisibleIssues>> DataCenterTickets::visible_issues(ports::Call call, ports::Actor actor, std::vector<IssueId> issues) {
  std::erase_if(issues, [](const IssueId& issue) { return !is_number(issue.value); });
  std::vector<std::optional<Result<json::value>>> answers((issues.size() + kMostIssues - 1) / kMostIssues);
  std::vector<Task<void>> questions;
  for (std::size_t at = 0; at < answers.size(); ++at) {
    std::string ids;
    for (const auto& issue : issues | std::views::drop(at * kMostIssues) | std::views::take(kMostIssues)) {
      ids += (ids.empty() ? "" : ",") + issue.value;
    }
    auto rest_call = read_as(call, actor, "/rest/api/2/search", "jira.issues");
    rest_call.method = "POST";
    rest_call.body = json::object{{"jql", "id in (" + ids + ")"}, {"fields", json::array{"summary", "project"}}, {"maxResults", kMostIssues}, {"validateQuery", false}};
    questions.push_back(answer_into(answers[at], rest_.send(std::move(rest_call))));
  }
  co_await all_of(std::move(questions));
  ports::VisibleIssues seen;
  for (auto& answer : answers) {
    if (!*answer) co_return std::unexpected(std::move(*answer).error());
    const auto* found = (**answer).is_object() ? json::array_at((**answer).get_object(), "issues") : nullptr;
    if (found == nullptr) co_return fail_for_now("jira_unreachable", "jira.issues: an answer without issues");
    for (const auto& issue : *found) {
      auto headline = headline_of(issue);
      if (std::ranges::find(issues, headline.id) != issues.end()) seen.visible.push_back(std::move(headline));
    }
  }
  co_return seen;
}

Task<Result<ports::CommentPage>> DataCenterTickets::comment_authors(ports::Call call, ports::Actor actor, IssueId issue, std::size_t start, std::size_t count) {
  auto path = "/rest/api/2/issue/" + net::percent_encode(issue.value) + "/comment?orderBy=-created&maxResults=" + std::to_string(count) + "&startAt=" + std::to_string(start);
  auto rest_call = read_as(std::move(call), std::move(actor), std::move(path), "jira.comments");
  rest_call.max_answer = kPageBytes;
  const bool as_app = is_app(rest_call.actor);
  BELAY_CO_TRY(body, as_not_found(co_await rest_.send(std::move(rest_call)), as_app));
  auto page = authors_of(body, person_of);
  if (!page) co_return fail_for_now("jira_unreachable", "jira.comments: an answer without comments");
  co_return std::move(*page);
}

// REST v2 reads comments of an issue and nowhere else: which ones the actor may read is not told, so that those with a restriction are nobody's.
Task<Result<std::vector<CommentId>>> DataCenterTickets::readable_comments(ports::Call, ports::Actor, std::vector<CommentId>) { co_return std::vector<CommentId>{}; }

Task<Result<ports::Participants>> DataCenterTickets::participant_page(ports::Call call, ports::Actor actor, IssueId issue, std::size_t start) {
  auto path = "/rest/servicedeskapi/request/" + net::percent_encode(issue.value) + "/participant?limit=" + std::to_string(kParticipantsOfAPage) + "&start=" + std::to_string(start);
  auto rest_call = read_as(std::move(call), std::move(actor), std::move(path), "jira.participants");
  rest_call.experimental = true;
  const bool as_app = is_app(rest_call.actor);
  BELAY_CO_TRY(body, as_not_found(co_await rest_.send(std::move(rest_call)), as_app));
  ports::Participants found;
  BELAY_CO_CHECK(take_participants(found, body, start, person_of));
  co_return found;
}

Task<Result<ports::Participants>> DataCenterTickets::participants(ports::Call call, ports::Actor actor, IssueId issue) {
  co_return co_await participant_page(std::move(call), std::move(actor), std::move(issue), 0);
}

Task<Result<ports::Participants>> DataCenterTickets::further_participants(ports::Call call, ports::Actor actor, IssueId issue, std::size_t start) {
  ports::Participants found{.people = {}, .next = start};
  const auto end = std::chrono::steady_clock::now() + call.deadline;
  while (found.next && *found.next < ports::kMostParticipants) {
    call.deadline = std::max(Milliseconds{1}, std::chrono::duration_cast<Milliseconds>(end - std::chrono::steady_clock::now()));
    BELAY_CO_TRY(page, co_await participant_page(call, actor, issue, *found.next));
    std::ranges::move(page.people, std::back_inserter(found.people));
    found.next = page.next;
  }
  co_return found;
}

}  // namespace belay::jira::datacenter
