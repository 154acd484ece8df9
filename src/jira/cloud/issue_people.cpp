// Who speaks on the issue: authors of comments, page by page, and the participants of a request.
#include <algorithm>
#include <charconv>
#include <chrono>

#include "base/log.hpp"
#include "jira/cloud/person.hpp"
#include "jira/cloud/tickets.hpp"
#include "net/message.hpp"
#include "support/restriction.hpp"

namespace belay::jira::cloud {
namespace {

// A hundred comments of the longest kind, formatted.
constexpr std::size_t kPageBytes = 32 * 1024 * 1024;
constexpr std::size_t kMostIds = 1'000;  // of one /comment/list
constexpr int kParticipantsOfAPage = 50;
constexpr int kMostParticipantPages = 10;

RestCall read_as(ports::Call call, ports::Actor actor, std::string path, std::string name) {
  RestCall rest_call;
  rest_call.call = std::move(call);
  rest_call.actor = std::move(actor);
  rest_call.path = std::move(path);
  rest_call.name = std::move(name);
  return rest_call;
}

}  // namespace

Task<Result<ports::CommentPage>> CloudTickets::comment_authors(ports::Call call, ports::Actor actor, IssueId issue, std::size_t start, std::size_t count) {
  auto path = "/rest/api/3/issue/" + net::percent_encode(issue.value) + "/comment?orderBy=-created&maxResults=" + std::to_string(count) + "&startAt=" + std::to_string(start);
  auto rest_call = read_as(std::move(call), std::move(actor), std::move(path), "jira.comments");
  rest_call.max_answer = kPageBytes;
  BELAY_CO_TRY(body, co_await rest_.send(std::move(rest_call)));
  const auto* comments = body.is_object() ? json::array_at(body.get_object(), "comments") : nullptr;
  if (comments == nullptr) co_return fail_for_now("jira_unreachable", "jira.comments: an answer without comments");
  ports::CommentPage page;
  page.total = static_cast<std::size_t>(std::max<std::int64_t>(0, json::integer_at(body.get_object(), "total").value_or(0)));
  for (const auto& entry : *comments) {
    const auto* comment = entry.if_object();
    const auto* author = comment == nullptr ? nullptr : json::object_at(*comment, "author");
    auto person = author == nullptr ? std::nullopt : person_of(*author);
    const auto at = comment == nullptr ? std::nullopt : from_iso8601(json::string_at(*comment, "created").value_or(""));
    if (person && at) {
      page.authors.push_back({.person = std::move(*person), .at = *at, .restricted_to = support::restriction_of(*comment), .comment = CommentId{json::string_at(*comment, "id").value_or("")}});
    }
  }
  co_return page;
}

// Jira leaves out of the list what the caller may not read.
Task<Result<std::vector<CommentId>>> CloudTickets::readable_comments(ports::Call call, ports::Actor actor, std::vector<CommentId> comments) {
  std::vector<CommentId> readable;
  json::array ids;
  for (const auto& comment : comments) {
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(comment.value.data(), comment.value.data() + comment.value.size(), number);
    if (problem == std::errc{} && ids.size() < kMostIds) ids.emplace_back(number);
  }
  if (ids.empty()) co_return readable;
  auto rest_call = read_as(std::move(call), std::move(actor), "/rest/api/3/comment/list", "jira.comment_list");
  rest_call.method = "POST";
  rest_call.body = json::object{{"ids", std::move(ids)}};
  rest_call.max_answer = kPageBytes;
  BELAY_CO_TRY(body, co_await rest_.send(std::move(rest_call)));
  const auto* values = body.is_object() ? json::array_at(body.get_object(), "values") : nullptr;
  if (values == nullptr) co_return fail_for_now("jira_unreachable", "jira.comment_list: an answer without values");
  for (const auto& entry : *values) {
    const auto* comment = entry.if_object();
    CommentId id{comment == nullptr ? std::string() : json::string_at(*comment, "id").value_or("")};
    if (std::ranges::find(comments, id) != comments.end()) readable.push_back(std::move(id));
  }
  co_return readable;
}

Task<Result<std::vector<support::Person>>> CloudTickets::participants(ports::Call call, ports::Actor actor, IssueId issue) {
  const auto end = std::chrono::steady_clock::now() + call.deadline;
  std::vector<support::Person> people;
  std::size_t start = 0;   // Jira counts those too that are none to us
  // One page after the other: Service Management says whether there are more, not how many.
  for (int page = 0; page < kMostParticipantPages; ++page) {
    call.deadline = std::chrono::ceil<Milliseconds>(end - std::chrono::steady_clock::now());
    if (call.deadline <= Milliseconds{0}) co_return fail_for_now("jira_unreachable", "jira.participants: not all pages came in time");
    auto path = "/rest/servicedeskapi/request/" + net::percent_encode(issue.value) + "/participant?limit=" + std::to_string(kParticipantsOfAPage) +
                "&start=" + std::to_string(start);
    BELAY_CO_TRY(body, co_await rest_.send(read_as(call, actor, std::move(path), "jira.participants")));
    const auto* values = body.is_object() ? json::array_at(body.get_object(), "values") : nullptr;
    if (values == nullptr) co_return fail_for_now("jira_unreachable", "jira.participants: an answer without people");
    for (const auto& user : *values) {
      if (auto person = user.is_object() ? person_of(user.get_object()) : std::nullopt) people.push_back(std::move(*person));
    }
    start += values->size();
    if (json::bool_at(body.get_object(), "isLastPage").value_or(true)) co_return people;
  }
  log::warning("participants_cut", {{"installation", call.installation.value}, {"issue", issue.value}, {"read", people.size()}});
  co_return people;
}

}  // namespace belay::jira::cloud
