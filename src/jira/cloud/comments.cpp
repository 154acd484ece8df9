// Our comments: written with the session's mark, found again by it, edited quietly, deleted.
#include "jira/cloud/adf.hpp"
#include "jira/cloud/comment_list.hpp"
#include "jira/cloud/tickets.hpp"
#include "jira/properties.hpp"
#include "net/message.hpp"

namespace belay::jira::cloud {
namespace {

// A comment may have 32,767 characters, formatted ones weigh ten times as much: a page of the heaviest still fits.
constexpr int kPageSize = 50;
constexpr std::size_t kPageBytes = 16 * 1024 * 1024;
constexpr int kMostPages = 120;   // an issue holds 5,000 comments; usually the first page reaches back far enough

std::string comments_of(const IssueId& issue) { return "/rest/api/3/issue/" + net::percent_encode(issue.value) + "/comment"; }

RestCall as_app(ports::Call call, std::string method, std::string path, std::string name) {
  RestCall rest_call;
  rest_call.call = std::move(call);
  rest_call.actor = ports::AsApp{};
  rest_call.method = std::move(method);
  rest_call.path = std::move(path);
  rest_call.name = std::move(name);
  return rest_call;
}

RestCall write_as_app(ports::Call call, const IssueId& issue, std::string method, std::string path, std::string name) {
  auto rest_call = as_app(std::move(call), std::move(method), std::move(path), std::move(name));
  rest_call.written_issue = issue.value;
  rest_call.writes = true;
  return rest_call;
}

std::string author_of(const json::object& comment) {
  const auto* author = json::object_at(comment, "author");
  return author == nullptr ? std::string() : json::string_at(*author, "accountId").value_or("");
}

const json::object* property_in(const json::object& comment, std::string_view key) {
  const auto* properties = json::array_at(comment, "properties");
  if (properties == nullptr) return nullptr;
  for (const auto& entry : *properties) {
    const auto* property = entry.if_object();
    if (property != nullptr && json::string_at(*property, "key") == key) return json::object_at(*property, "value");
  }
  return nullptr;
}

}  // namespace

Task<Result<ports::WrittenComment>> CloudTickets::write_comment(ports::Call call, ports::CommentDraft draft) {
  auto rest_call = write_as_app(std::move(call), draft.issue, "POST", comments_of(draft.issue), "jira.write_comment");
  rest_call.body = json::object{{"body", to_adf(draft.document)}, {"properties", properties_of(draft)}};
  rest_call.idempotent = false;
  auto body = co_await rest_.send(std::move(rest_call));
  if (!body) co_return std::unexpected(refused_comment(std::move(body).error()));
  auto written = body->is_object() ? written_comment(body->get_object()) : std::nullopt;
  if (!written) co_return fail_for_now("jira_unreachable", "jira.write_comment: an answer that is no comment", std::nullopt, {{"maybe_done", true}});
  written->sending = draft.sending;
  // Outside service projects Jira says "public" too, and it means nothing.
  if (!draft.service_project) written->visible_to_customer.reset();
  co_return std::move(*written);
}

Task<Result<std::vector<ports::WrittenComment>>> CloudTickets::find_comments(ports::Call call, IssueId issue, ports::CommentPurpose purpose, SessionId session, Time since) {
  BELAY_CO_TRY(account, co_await own_account(call));
  BELAY_CO_TRY(sightings, co_await own_comments(call, issue, account, since));
  BELAY_CO_TRY(found, co_await marked(call, sightings, purpose, session, account));
  const bool says_public = std::ranges::any_of(found, [](const ports::WrittenComment& comment) { return comment.visible_to_customer.has_value(); });
  if (!says_public) co_return std::move(found);
  BELAY_CO_TRY(ticket, co_await this->ticket(call, ports::AsApp{}, issue));
  if (!ticket.service_project) {
    for (auto& comment : found) comment.visible_to_customer.reset();
  }
  co_return std::move(found);
}

Task<Result<std::string>> CloudTickets::own_account(ports::Call call) {
  const auto installation = call.installation;
  if (const auto known = own_accounts_.find(installation); known != own_accounts_.end()) co_return known->second;
  BELAY_CO_TRY(body, co_await rest_.send(as_app(std::move(call), "GET", "/rest/api/3/myself", "jira.myself")));
  auto account = body.is_object() ? json::string_at(body.get_object(), "accountId").value_or("") : std::string();
  if (account.empty()) co_return fail_for_now("jira_unreachable", "jira.myself: an answer without an account");
  own_accounts_.insert_or_assign(installation, account);
  co_return account;
}

// Newest first, back to `since`. A comment that comes in between moves the pages by one: what is seen twice counts once.
Task<Result<std::vector<CloudTickets::Sighting>>> CloudTickets::own_comments(ports::Call call, IssueId issue, std::string account, Time since) {
  std::vector<Sighting> sightings;
  std::set<std::string> seen;
  std::size_t start = 0;
  for (int page = 0; page < kMostPages; ++page) {
    auto path = comments_of(issue) + "?orderBy=-created&maxResults=" + std::to_string(kPageSize) + "&startAt=" + std::to_string(start);
    auto rest_call = as_app(call, "GET", std::move(path), "jira.comments");
    rest_call.max_answer = kPageBytes;
    BELAY_CO_TRY(body, co_await rest_.send(std::move(rest_call)));
    const auto* comments = body.is_object() ? json::array_at(body.get_object(), "comments") : nullptr;
    if (comments == nullptr) co_return fail_for_now("jira_unreachable", "jira.comments: an answer without comments");
    bool reached_since = false;
    for (const auto& entry : *comments) {
      const auto* comment = entry.if_object();
      const auto written = comment == nullptr ? std::nullopt : written_comment(*comment);
      if (!written) continue;
      reached_since = reached_since || written->created_at < since;
      if (written->created_at < since || author_of(*comment) != account || !seen.insert(written->id.value).second) continue;
      sightings.push_back({.id = written->id.value, .created_at = written->created_at});
    }
    start += comments->size();   // Jira may give fewer than asked for
    const auto total = json::integer_at(body.get_object(), "total").value_or(0);
    if (reached_since || comments->empty() || std::cmp_greater_equal(start, total)) break;
  }
  co_return sightings;
}

// Properties are only shown when asked for by id.
Task<Result<std::vector<ports::WrittenComment>>> CloudTickets::marked(ports::Call call, std::vector<Sighting> sightings, ports::CommentPurpose purpose,
                                                                      SessionId session, std::string account) {
  std::vector<ports::WrittenComment> found;
  if (sightings.empty()) co_return found;
  auto ids = listed(sightings, &Sighting::id);
  auto rest_call = as_app(std::move(call), "POST", "/rest/api/3/comment/list?expand=properties", "jira.comment_list");
  rest_call.body = json::object{{"ids", std::move(ids)}};
  BELAY_CO_TRY(body, co_await rest_.send(std::move(rest_call)));
  const auto* values = body.is_object() ? json::array_at(body.get_object(), "values") : nullptr;
  if (values == nullptr) co_return fail_for_now("jira_unreachable", "jira.comment_list: an answer without values");
  for (const auto& entry : *values) {
    const auto* comment = entry.if_object();
    if (comment == nullptr || author_of(*comment) != account) continue;
    const auto* mark = property_in(*comment, property_of(purpose));
    const auto sending = mark == nullptr ? std::nullopt : sending_of(*mark, session);
    auto written = sending ? written_comment(*comment) : std::nullopt;
    if (!written) continue;
    written->sending = *sending;
    found.push_back(std::move(*written));
  }
  sort_newest_first(found);
  co_return found;
}

Task<Result<void>> CloudTickets::edit_comment(ports::Call call, IssueId issue, CommentId comment, support::Document document) {
  auto path = comments_of(issue) + '/' + net::percent_encode(comment.value) + "?notifyUsers=false";
  auto rest_call = write_as_app(std::move(call), issue, "PUT", std::move(path), "jira.edit_comment");
  rest_call.body = json::object{{"body", to_adf(document)}};
  auto body = co_await rest_.send(std::move(rest_call));
  if (!body) co_return std::unexpected(refused_comment(std::move(body).error()));
  co_return Result<void>{};
}

Task<Result<void>> CloudTickets::delete_comment(ports::Call call, IssueId issue, CommentId comment) {
  auto path = comments_of(issue) + '/' + net::percent_encode(comment.value);
  BELAY_CO_CHECK(co_await rest_.send(write_as_app(std::move(call), issue, "DELETE", std::move(path), "jira.delete_comment")));
  co_return Result<void>{};
}

json::object CloudTickets::preview(const support::Document& document) const { return to_adf(document); }

}  // namespace belay::jira::cloud
