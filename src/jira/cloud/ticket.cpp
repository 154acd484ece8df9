// Reading the issue: only the fields that are shown, since Jira counts what it reads.
#include "jira/cloud/person.hpp"
#include "jira/cloud/tickets.hpp"
#include "net/message.hpp"

namespace belay::jira::cloud {
namespace {

std::optional<support::Person> person_at(const json::object& fields, std::string_view name) {
  const auto* user = json::object_at(fields, name);
  return user == nullptr ? std::nullopt : person_of(*user);
}

std::optional<ports::Ticket> ticket_of(const json::value& body) {
  const auto* issue = body.if_object();
  const auto* fields = issue == nullptr ? nullptr : json::object_at(*issue, "fields");
  if (fields == nullptr) return std::nullopt;
  ports::Ticket ticket;
  ticket.id = IssueId{json::string_at(*issue, "id").value_or("")};
  ticket.key = IssueKey{json::string_at(*issue, "key").value_or("")};
  if (ticket.id.empty() || ticket.key.empty()) return std::nullopt;
  if (const auto* project = json::object_at(*fields, "project")) {
    ticket.project = ProjectKey{json::string_at(*project, "key").value_or("")};
    ticket.service_project = json::string_at(*project, "projectTypeKey") == "service_desk";
  }
  ticket.summary = json::string_at(*fields, "summary").value_or("");
  ticket.reporter = person_at(*fields, "reporter");
  ticket.assignee = person_at(*fields, "assignee");
  return ticket;
}

}  // namespace

Task<Result<ports::Ticket>> CloudTickets::ticket(ports::Call call, ports::Actor actor, IssueId issue) {
  RestCall rest_call;
  rest_call.call = std::move(call);
  rest_call.actor = std::move(actor);
  rest_call.path = "/rest/api/3/issue/" + net::percent_encode(issue.value) + "?fields=summary%2Cproject%2Creporter%2Cassignee";
  rest_call.name = "jira.issue";
  BELAY_CO_TRY(body, co_await rest_.send(std::move(rest_call)));
  auto ticket = ticket_of(body);
  if (!ticket) co_return fail_for_now("jira_unreachable", "jira.issue: an answer that is no issue");
  co_return std::move(*ticket);
}

}  // namespace belay::jira::cloud
