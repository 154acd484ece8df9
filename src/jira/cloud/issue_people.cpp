// Who speaks on the issue: authors of comments, page by page, and the participants of a request.
#include <algorithm>
#include <array>
#include <chrono>

#include <boost/json/monotonic_resource.hpp>

#include "jira/cloud/comment_list.hpp"
#include "jira/cloud/person.hpp"
#include "jira/cloud/tickets.hpp"
#include "jira/issue_reading.hpp"
#include "net/message.hpp"

namespace belay::jira::cloud {
namespace {

// A hundred comments of the longest kind, formatted.
constexpr std::size_t kFormattedBytes = 32 * 1024 * 1024;
// Of a page of comments most is what they say, and who changed them.
constexpr std::array<std::string_view, 3> kNotOfAuthors{"body", "updateAuthor", "self"};
constexpr std::size_t kParticipantsOfAPage = 50;
constexpr std::size_t kMostParticipantPages = 19;  // behind the first, where pages are shorter than they should be

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
  rest_call.max_answer = kFormattedBytes;
  boost::json::monotonic_resource room;
  rest_call.reading = {.max_depth = json::kMaxAnswerDepth, .storage = &room, .left_out = kNotOfAuthors};
  BELAY_CO_TRY(body, co_await rest_.send(std::move(rest_call)));
  auto page = authors_of(body, person_of);
  if (!page) co_return fail_for_now("jira_unreachable", "jira.comments: an answer without comments");
  co_return std::move(*page);
}

// Jira leaves out of the list what the caller may not read.
Task<Result<std::vector<CommentId>>> CloudTickets::readable_comments(ports::Call call, ports::Actor actor, std::vector<CommentId> comments) {
  std::vector<CommentId> readable;
  auto ids = listed(comments, &CommentId::value);
  if (ids.empty()) co_return readable;
  auto rest_call = read_as(std::move(call), std::move(actor), "/rest/api/3/comment/list", "jira.comment_list");
  rest_call.method = "POST";
  rest_call.body = json::object{{"ids", std::move(ids)}};
  rest_call.max_answer = kFormattedBytes;
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

Task<Result<json::value>> CloudTickets::participant_page(ports::Call call, ports::Actor actor, IssueId issue, std::size_t start) {
  auto path = "/rest/servicedeskapi/request/" + net::percent_encode(issue.value) + "/participant?limit=" + std::to_string(kParticipantsOfAPage) + "&start=" + std::to_string(start);
  co_return co_await rest_.send(read_as(std::move(call), std::move(actor), std::move(path), "jira.participants"));
}

Task<Result<ports::Participants>> CloudTickets::participants(ports::Call call, ports::Actor actor, IssueId issue) {
  ports::Participants found;
  BELAY_CO_TRY(body, co_await participant_page(std::move(call), std::move(actor), std::move(issue), 0));
  BELAY_CO_CHECK(take_participants(found, body, 0, person_of));
  co_return found;
}

// Service Management says whether there are more, not how many, but lets a page begin anywhere: each round asks for twice as many pages as the
// one before, all at once. A page that is shorter than it should be and not the last one moves the others: then they are asked for one by one.
Task<Result<ports::Participants>> CloudTickets::further_participants(ports::Call call, ports::Actor actor, IssueId issue, std::size_t start) {
  const auto end = std::chrono::steady_clock::now() + call.deadline;
  ports::Participants found;
  found.next = start;
  std::size_t asked = 0;
  bool even = start % kParticipantsOfAPage == 0;   // else the first page was shorter than it should be
  for (std::size_t at_once = even ? 2 : 1; found.next && *found.next < ports::kMostParticipants && asked < kMostParticipantPages; at_once = even ? 2 * at_once : 1) {
    call.deadline = std::chrono::ceil<Milliseconds>(end - std::chrono::steady_clock::now());
    if (call.deadline <= Milliseconds{0}) co_return fail_for_now("jira_unreachable", "jira.participants: not all pages came in time");
    const auto left = (ports::kMostParticipants - *found.next + kParticipantsOfAPage - 1) / kParticipantsOfAPage;
    std::vector<std::optional<Result<json::value>>> pages(std::min(at_once, left));
    std::vector<Task<void>> questions;
    for (std::size_t i = 0; i < pages.size(); ++i) questions.push_back(answer_into(pages[i], participant_page(call, actor, issue, *found.next + i * kParticipantsOfAPage)));
    co_await all_of(std::move(questions));
    asked += pages.size();
    for (auto& page : pages) {
      if (!*page) co_return std::unexpected(std::move(*page).error());
      const auto began = *found.next;
      BELAY_CO_CHECK(take_participants(found, **page, began, person_of));
      if (!found.next) break;
      even = *found.next == began + kParticipantsOfAPage;
      if (!even) break;
    }
  }
  co_return found;
}

}  // namespace belay::jira::cloud
