#include "jira/issue_reading.hpp"

#include <algorithm>

#include "support/restriction.hpp"

namespace belay::jira {
namespace {

std::optional<support::Person> person_at(const json::object& fields, std::string_view name, PersonOf person_of) {
  const auto* user = json::object_at(fields, name);
  return user == nullptr ? std::nullopt : person_of(*user);
}

}  // namespace

std::optional<ports::Ticket> ticket_of(const json::value& body, PersonOf person_of) {
  const auto* issue = body.if_object();
  const auto* fields = issue == nullptr ? nullptr : json::object_at(*issue, "fields");
  if (fields == nullptr) return std::nullopt;
  ports::Ticket ticket;
  ticket.id = IssueId{json::string_at(*issue, "id").value_or("")};
  ticket.key = IssueKey{json::string_at(*issue, "key").value_or("")};
  if (ticket.id.empty() || ticket.key.empty()) return std::nullopt;
  if (const auto* project = json::object_at(*fields, "project")) {
    ticket.project = ProjectKey{json::string_at(*project, "key").value_or("")};
    ticket.project_id = ProjectId{json::string_at(*project, "id").value_or("")};
    ticket.service_project = json::string_at(*project, "projectTypeKey") == "service_desk";
  }
  ticket.summary = json::string_at(*fields, "summary").value_or("");
  ticket.reporter = person_at(*fields, "reporter", person_of);
  ticket.assignee = person_at(*fields, "assignee", person_of);
  return ticket;
}

ports::Headline headline_of(const json::value& body) {
  const auto* issue = body.if_object();
  if (issue == nullptr) return {};
  ports::Headline headline{.id = IssueId{json::string_at(*issue, "id").value_or("")}, .key = IssueKey{json::string_at(*issue, "key").value_or("")}};
  const auto* fields = json::object_at(*issue, "fields");
  if (fields == nullptr) return headline;
  headline.summary = json::string_at(*fields, "summary").value_or("");
  if (const auto* project = json::object_at(*fields, "project")) headline.project = ProjectId{json::string_at(*project, "id").value_or("")};
  return headline;
}

std::optional<ports::Request> request_of(const json::value& body) {
  const auto* found = body.if_object();
  if (found == nullptr) return std::nullopt;
  ports::Request request{.id = IssueId{json::string_at(*found, "issueId").value_or("")}, .key = IssueKey{json::string_at(*found, "issueKey").value_or("")}};
  if (request.id.empty() || request.key.empty()) return std::nullopt;
  if (const auto* desk = json::object_at(*found, "serviceDesk")) request.project_id = ProjectId{json::string_at(*desk, "projectId").value_or("")};
  return request;
}

std::optional<ports::CommentPage> authors_of(const json::value& body, PersonOf person_of) {
  const auto* comments = body.is_object() ? json::array_at(body.get_object(), "comments") : nullptr;
  if (comments == nullptr) return std::nullopt;
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
  return page;
}

Result<void> take_participants(ports::Participants& found, const json::value& body, std::size_t start, PersonOf person_of) {
  const auto* values = body.is_object() ? json::array_at(body.get_object(), "values") : nullptr;
  if (values == nullptr) return fail_for_now("jira_unreachable", "jira.participants: an answer without people");
  for (const auto& user : *values) {
    if (auto person = user.is_object() ? person_of(user.get_object()) : std::nullopt) found.people.push_back(std::move(*person));
  }
  const bool last = values->empty() || json::bool_at(body.get_object(), "isLastPage").value_or(true);
  found.next = last ? std::nullopt : std::optional(start + values->size());
  return {};
}

}  // namespace belay::jira
