// Jira Service Management: requests as the portal knows them. Its comments are plain text, not ADF.
#include <algorithm>

#include "sandbox/clock.hpp"
#include "sandbox/jira_cloud/rest.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_cloud {
namespace {

// The reference of "Get request participants" says 50 where nothing is asked for, and that there is a maximum, not which: the careful reading is that it is no more.
constexpr std::int64_t kMostParticipants = 50;

net::Response service_refusal(unsigned status, std::string_view message) {
  return json_answer(status, json::object{{"errorMessage", message}, {"i18nErrorMessage", json::object{{"i18nKey", "sd.request.error"}, {"parameters", json::array{}}}}});
}

/// The request {0}, for its customers and whoever may browse the project.
Issue* visible_request(RestCall& call) {
  auto* issue = call.site.issue(call.arguments.at(0));
  if (issue == nullptr) return nullptr;
  const auto* project = call.site.project(issue->project);
  if (project == nullptr || project->kind != "service_desk") return nullptr;
  return may_browse(call.site, call.caller, *issue) || is_customer_of(call.site, *issue, call.caller.account) ? issue : nullptr;
}

// "serviceDesk,participant" in the query's `expand`.
bool is_expanded(const net::Request& request, std::string_view name) {
  const auto wanted = "," + std::string(request.parameter("expand").value_or("")) + ",";
  return wanted.contains("," + std::string(name) + ",");
}

net::Response no_such_request() { return service_refusal(404, "The request you are trying to view does not exist, or you do not have permission to see it."); }

}  // namespace

net::Response get_request(RestCall& call) {
  const auto* issue = visible_request(call);
  if (issue == nullptr) return no_such_request();
  const auto* project = call.site.project(issue->project);
  const auto desk = std::to_string(project->desk);
  json::object view{{"_expands", json::array{"participant", "status", "sla", "requestType", "serviceDesk", "attachment", "action", "comment"}},
                    {"issueId", issue->id},
                    {"issueKey", issue->key},
                    {"requestTypeId", "1"},
                    {"serviceDeskId", desk},
                    {"createdDate", json::object{{"iso8601", jira_time(issue->created)}, {"epochMillis", to_millis(issue->created)}}},
                    {"reporter", call.views.user(issue->reporter, Views::Detail::embedded)},
                    {"requestFieldValues", json::array{json::object{{"fieldId", "summary"}, {"label", "Summarize the problem"}, {"value", issue->summary}}}},
                    {"currentStatus", json::object{{"status", issue->status}}}};
  if (is_expanded(call.request, "serviceDesk")) view["serviceDesk"] = json::object{{"id", desk}, {"projectId", project->id}, {"projectName", project->name}, {"projectKey", project->key}};
  return json_answer(200, view);
}

net::Response get_participants(RestCall& call) {
  const auto* issue = visible_request(call);
  if (issue == nullptr) return no_such_request();
  const auto wish = page_wish(call.request, kMostParticipants, kMostParticipants, {.start = "start", .size = "limit"});
  if (!wish) return service_refusal(400, "The values of start and limit must be whole numbers from 0 on.");
  const auto& everybody = issue->participants;
  const auto begin = std::min(static_cast<std::size_t>(wish->start), everybody.size());
  const auto end = std::min(begin + static_cast<std::size_t>(wish->size), everybody.size());
  json::array values;
  for (auto at = begin; at < end; ++at) values.push_back(call.views.user(everybody[at], Views::Detail::embedded));
  return json_answer(200, json::object{{"size", values.size()}, {"start", wish->start}, {"limit", wish->size}, {"isLastPage", end == everybody.size()}, {"values", values}});
}

net::Response add_request_comment(RestCall& call) {
  auto* issue = visible_request(call);
  if (issue == nullptr) return no_such_request();
  const auto body = json::parse_object(call.request.body);
  const auto text = body ? json::string_at(*body, "body").value_or("") : std::string{};
  if (text.empty()) return service_refusal(400, "Comment body can not be empty!");
  const bool is_public = json::bool_at(*body, "public").value_or(true);
  const auto now = call.stage.clock.now();
  issue->comments.push_back({.id = call.site.next_comment++, .author = call.caller.account, .editor = call.caller.account, .body = document_of(text), .created = now, .updated = now, .is_public = is_public, .properties = {}});
  const auto& comment = issue->comments.back();
  journal(call, "comment.created", {{"issue", issue->id}, {"issueKey", issue->key}, {"comment", std::to_string(comment.id)}}, {}, {{"public", is_public}});
  happen(call, "avi:jira:commented:issue", *issue, &comment);
  return json_answer(201, json::object{{"id", std::to_string(comment.id)},
                                       {"body", text},
                                       {"public", is_public},
                                       {"author", call.views.user(comment.author, Views::Detail::embedded)},
                                       {"created", json::object{{"iso8601", jira_time(now)}, {"epochMillis", to_millis(now)}}}});
}

}  // namespace belay::sandbox::jira_cloud
