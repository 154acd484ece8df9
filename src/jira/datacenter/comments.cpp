// Our comments: written with the session's mark, found again by it, edited, deleted.
#include <algorithm>
#include <set>
#include <tuple>

#include "jira/datacenter/person.hpp"
#include "jira/datacenter/tickets.hpp"
#include "jira/permissions_reading.hpp"
#include "jira/properties.hpp"
#include "net/message.hpp"

namespace belay::jira::datacenter {
namespace {

constexpr int kPageSize = 50;
constexpr std::size_t kPageBytes = 16 * 1024 * 1024;
constexpr int kMostPages = 120;
constexpr std::size_t kMostMentions = 8;   // we mention one; a document is not read without end

std::string comments_of(const IssueId& issue) { return "/rest/api/2/issue/" + net::percent_encode(issue.value) + "/comment"; }

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
  return author == nullptr ? std::string() : json::string_at(*author, "key").value_or("");
}

std::vector<AccountId> mentioned_in(const support::Document& document) {
  std::vector<AccountId> accounts;
  for (const auto& paragraph : document.paragraphs) {
    for (const auto& part : paragraph) {
      const auto* mention = std::get_if<support::Mention>(&part);
      if (mention != nullptr && std::ranges::find(accounts, mention->account) == accounts.end() && accounts.size() < kMostMentions) accounts.push_back(mention->account);
    }
  }
  return accounts;
}

}  // namespace

Task<Result<std::string>> DataCenterTickets::username_of(ports::Call call, AccountId account) {
  auto path = "/rest/api/2/user?key=" + net::percent_encode(account.value);
  BELAY_CO_TRY(body, co_await rest_.send(as_app(std::move(call), "GET", std::move(path), "jira.user")));
  co_return body.is_object() ? json::string_at(body.get_object(), "name").value_or("") : std::string();
}

// Read anew each time, since people are renamed. Of whom it is not known, the name stands there as text: nobody is notified, and the text is still right.
Task<Usernames> DataCenterTickets::usernames_in(ports::Call call, support::Document document) {
  Usernames usernames;
  for (const auto& account : mentioned_in(document)) {
    auto name = co_await username_of(call, account);
    if (name && !name->empty()) usernames.emplace(account, std::move(*name));
  }
  co_return usernames;
}

// What somebody who is no agent writes, customers read, whatever was asked for; and afterwards such an account could not even find that out.
Task<Result<void>> DataCenterTickets::check_keeps_inside(ports::Call call, IssueId issue) {
  auto path = "/rest/api/2/mypermissions?issueId=" + net::percent_encode(issue.value);
  BELAY_CO_TRY(body, co_await rest_.send(as_app(std::move(call), "GET", std::move(path), "jira.mypermissions")));
  BELAY_CO_TRY(rights, rights_from(body));
  if (!rights.service_agent) co_return fail("jira_forbidden", "the service account is no agent of the service project, and cannot write what the team alone reads");
  co_return Result<void>{};
}

Task<Result<ports::WrittenComment>> DataCenterTickets::write_comment(ports::Call call, ports::CommentDraft draft) {
  if (draft.service_project && draft.audience == ports::Audience::team) BELAY_CO_CHECK(co_await check_keeps_inside(call, draft.issue));
  const auto usernames = co_await usernames_in(call, draft.document);
  auto rest_call = write_as_app(call, draft.issue, "POST", comments_of(draft.issue), "jira.write_comment");
  rest_call.body = json::object{{"body", to_wiki(draft.document, usernames)}, {"properties", properties_of(draft)}};
  rest_call.idempotent = false;
  auto body = co_await rest_.send(std::move(rest_call));
  if (!body) co_return std::unexpected(refused_comment(std::move(body).error()));
  auto written = body->is_object() ? written_comment(body->get_object()) : std::nullopt;
  if (!written) co_return fail_for_now("jira_unreachable", "jira.write_comment: an answer that is no comment", std::nullopt, {{"maybe_done", true}});
  written->sending = draft.sending;
  if (!draft.service_project) co_return std::move(*written);
  // The comment is there, whatever becomes of this question: then it is asked again by the next try, which finds the comment.
  auto visible = co_await visibility(std::move(call), draft.issue, written->id);
  if (!visible) co_return fail_for_now("jira_unreachable", visible.error().cause, visible.error().retry_after, {{"maybe_done", true}});
  written->visible_to_customer = *visible;
  co_return std::move(*written);
}

Task<Result<std::optional<bool>>> DataCenterTickets::visibility(ports::Call call, IssueId issue, CommentId comment) {
  auto path = "/rest/servicedeskapi/request/" + net::percent_encode(issue.value) + "/comment/" + net::percent_encode(comment.value);
  auto rest_call = as_app(std::move(call), "GET", std::move(path), "jira.request_comment");
  rest_call.experimental = true;
  const auto body = co_await rest_.send(std::move(rest_call));
  // An issue that is no request: no customer sees it.
  if (!body && (body.error().code == "not_found" || body.error().code == "jira_forbidden")) co_return std::optional<bool>{};
  if (!body) co_return std::unexpected(body.error());
  co_return body->is_object() ? json::bool_at(body->get_object(), "public") : std::nullopt;
}

Task<Result<std::vector<ports::WrittenComment>>> DataCenterTickets::find_comments(ports::Call call, IssueId issue, ports::CommentPurpose purpose, SessionId session, Time since) {
  BELAY_CO_TRY(key, co_await own_key(call));
  BELAY_CO_TRY(own, co_await own_comments(call, issue, key, since));
  std::vector<ports::WrittenComment> found;
  for (auto& comment : own) {
    BELAY_CO_TRY(sending, co_await sending_of_comment(call, comment.id, purpose, session));
    if (!sending) continue;
    BELAY_CO_TRY(visible, co_await visibility(call, issue, comment.id));
    comment.sending = *sending;
    comment.visible_to_customer = visible;
    found.push_back(std::move(comment));
  }
  sort_newest_first(found);
  co_return found;
}

Task<Result<std::string>> DataCenterTickets::own_key(ports::Call call) {
  const auto installation = call.installation;
  if (const auto known = own_keys_.find(installation); known != own_keys_.end()) co_return known->second;
  BELAY_CO_TRY(body, co_await rest_.send(as_app(std::move(call), "GET", "/rest/api/2/myself", "jira.myself")));
  auto key = body.is_object() ? json::string_at(body.get_object(), "key").value_or("") : std::string();
  if (key.empty()) co_return fail_for_now("jira_unreachable", "jira.myself: an answer without a user");
  own_keys_.insert_or_assign(installation, key);
  co_return key;
}

// Newest first, back to `since`. A comment that comes in between moves the pages by one: what is seen twice counts once.
Task<Result<std::vector<ports::WrittenComment>>> DataCenterTickets::own_comments(ports::Call call, IssueId issue, std::string key, Time since) {
  std::vector<ports::WrittenComment> own;
  std::set<std::string> seen;
  std::size_t start = 0;
  for (int page = 0; page < kMostPages; ++page) {
    auto rest_call = as_app(call, "GET", comments_of(issue) + "?orderBy=-created&maxResults=" + std::to_string(kPageSize) + "&startAt=" + std::to_string(start), "jira.comments");
    rest_call.max_answer = kPageBytes;
    BELAY_CO_TRY(body, co_await rest_.send(std::move(rest_call)));
    const auto* comments = body.is_object() ? json::array_at(body.get_object(), "comments") : nullptr;
    if (comments == nullptr) co_return fail_for_now("jira_unreachable", "jira.comments: an answer without comments");
    bool reached_since = false;
    for (const auto& entry : *comments) {
      const auto* comment = entry.if_object();
      auto written = comment == nullptr ? std::nullopt : written_comment(*comment);
      if (!written) continue;
      reached_since = reached_since || written->created_at < since;
      if (written->created_at < since || author_of(*comment) != key || !seen.insert(written->id.value).second) continue;
      own.push_back(std::move(*written));
    }
    start += comments->size();
    const auto total = json::integer_at(body.get_object(), "total").value_or(0);
    if (reached_since || comments->empty() || std::cmp_greater_equal(start, total)) break;
  }
  co_return own;
}

// REST v2 shows properties of one comment at a time.
Task<Result<std::optional<int>>> DataCenterTickets::sending_of_comment(ports::Call call, CommentId comment, ports::CommentPurpose purpose, SessionId session) {
  auto path = "/rest/api/2/comment/" + net::percent_encode(comment.value) + "/properties/" + std::string(property_of(purpose));
  const auto body = co_await rest_.send(as_app(std::move(call), "GET", std::move(path), "jira.comment_property"));
  if (!body && body.error().code == "not_found") co_return std::optional<int>{};
  if (!body) co_return std::unexpected(body.error());
  const auto* value = body->is_object() ? json::object_at(body->get_object(), "value") : nullptr;
  co_return value == nullptr ? std::nullopt : sending_of(*value, session);
}

// Data Center notifies nobody of an edit unless its administrators made it so: there is no word for it in the call.
Task<Result<void>> DataCenterTickets::edit_comment(ports::Call call, IssueId issue, CommentId comment, support::Document document) {
  const auto usernames = co_await usernames_in(call, document);
  auto rest_call = write_as_app(std::move(call), issue, "PUT", comments_of(issue) + '/' + net::percent_encode(comment.value), "jira.edit_comment");
  rest_call.body = json::object{{"body", to_wiki(document, usernames)}};
  auto body = co_await rest_.send(std::move(rest_call));
  if (!body) co_return std::unexpected(refused_comment(std::move(body).error()));
  co_return Result<void>{};
}

Task<Result<void>> DataCenterTickets::delete_comment(ports::Call call, IssueId issue, CommentId comment) {
  BELAY_CO_CHECK(co_await rest_.send(write_as_app(std::move(call), issue, "DELETE", comments_of(issue) + '/' + net::percent_encode(comment.value), "jira.delete_comment")));
  co_return Result<void>{};
}

json::object DataCenterTickets::preview(const support::Document& document) const { return {{"wiki", to_wiki(document, {})}}; }

}  // namespace belay::jira::datacenter
