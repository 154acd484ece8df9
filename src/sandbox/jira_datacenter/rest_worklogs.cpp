// Time worked. Time tracking is on; of properties of a worklog REST v2 knows nothing.
#include <algorithm>

#include "sandbox/clock.hpp"
#include "sandbox/jira_datacenter/rest.hpp"
#include "sandbox/jira_datacenter/rights.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_datacenter {
namespace {

constexpr std::int64_t kLeastSeconds = 60;   // Jira counts in minutes

// Jira takes 2021-01-17T12:34:00.000+0000, and neither "Z" nor a colon in the zone.
std::optional<Time> started_from(std::string_view text) {
  constexpr std::size_t kLength = std::string_view("2021-01-17T12:34:00.000+0000").size();
  if (text.size() != kLength || text[10] != 'T' || text[19] != '.' || (text[23] != '+' && text[23] != '-')) return std::nullopt;
  return from_iso8601(text);
}

Worklog* worklog_of(Issue& issue, std::string_view id) {
  const auto found = std::ranges::find(issue.worklogs, number_of(id).value_or(-1), &Worklog::id);
  return found == issue.worklogs.end() ? nullptr : &*found;
}

net::Response no_such_worklog(std::string_view id) { return refusal(404, "Cannot find worklog with id: '" + std::string(id) + "'."); }

// What POST and PUT send, over what is there. `fresh`: the time is needed.
std::optional<net::Response> take_sent(const RestCall& call, Worklog& worklog, bool fresh) {
  const auto adjust = call.request.parameter("adjustEstimate").value_or("auto");
  if (adjust != "auto" && adjust != "leave") return field_refusal(400, "adjustEstimate", "Only auto and leave are played here.");
  const auto seconds = json::integer_at(call.body, "timeSpentSeconds");
  if (fresh && !seconds) return field_refusal(400, "timeLogged", "You must indicate the time spent working.");
  if (seconds && *seconds < kLeastSeconds) return field_refusal(400, "timeLogged", "Invalid time duration entered.");
  const auto started = json::string_at(call.body, "started");
  const auto at = started ? started_from(*started) : std::nullopt;
  if (started && !at) return refusal(400, "Unrecognized date format in 'started'.");
  const auto* comment = call.body.if_contains("comment");
  if (comment != nullptr && !comment->is_string()) return field_refusal(400, "comment", "Comment must be a string.");
  if (seconds) worklog.seconds = *seconds / 60 * 60;
  if (at) worklog.started = *at;
  if (comment != nullptr) worklog.comment = std::string(comment->get_string());
  worklog.editor = call.caller();
  worklog.updated = call.doer.stage.clock.now();
  return std::nullopt;
}

bool may_change(const RestCall& call, const Issue& issue, const Worklog& worklog) {
  return worklog.author == call.caller() || may_administer(call.site(), call.caller(), call.site().project_of(issue));
}

}  // namespace

net::Response list_worklogs(RestCall& call) {
  const auto found = issue_for(call);
  if (found.issue == nullptr) return found.refused;
  json::array worklogs;
  for (const auto& worklog : found.issue->worklogs) worklogs.push_back(worklog_view(call.site(), *found.issue, worklog));
  const auto count = worklogs.size();
  return json_answer(200, json::object{{"startAt", 0}, {"maxResults", count}, {"total", count}, {"worklogs", std::move(worklogs)}});
}

net::Response get_worklog(RestCall& call) {
  const auto found = issue_for(call);
  if (found.issue == nullptr) return found.refused;
  const auto* worklog = worklog_of(*found.issue, call.arguments.at(1));
  return worklog == nullptr ? no_such_worklog(call.arguments.at(1)) : json_answer(200, worklog_view(call.site(), *found.issue, *worklog));
}

net::Response add_worklog(RestCall& call) {
  const auto found = issue_for(call);
  if (found.issue == nullptr) return found.refused;
  if (!may_edit(call.site(), call.caller(), call.site().project_of(*found.issue))) return refusal(403, "You do not have the permission to associate a worklog to this issue.");
  const auto now = call.doer.stage.clock.now();
  Worklog worklog{.id = call.site().next_worklog, .author = call.caller(), .editor = {}, .comment = {}, .started = now, .created = now, .updated = now, .seconds = 0};
  if (auto refused = take_sent(call, worklog, true)) return *refused;
  ++call.site().next_worklog;
  found.issue->updated = now;
  found.issue->worklogs.push_back(worklog);
  journal(call.doer, "worklog.created", named(*found.issue, worklog), {}, {{"seconds", worklog.seconds}, {"comment", worklog.comment}});
  call.doer.webhooks.issue(call.site(), "updated", call.caller(), *found.issue);
  return json_answer(201, worklog_view(call.site(), *found.issue, worklog));
}

net::Response edit_worklog(RestCall& call) {
  const auto found = issue_for(call);
  if (found.issue == nullptr) return found.refused;
  auto* worklog = worklog_of(*found.issue, call.arguments.at(1));
  if (worklog == nullptr) return no_such_worklog(call.arguments.at(1));
  if (!may_change(call, *found.issue, *worklog)) return refusal(403, "You do not have the permission to edit this worklog.");
  if (auto refused = take_sent(call, *worklog, false)) return *refused;
  journal(call.doer, "worklog.edited", named(*found.issue, *worklog), {}, {{"seconds", worklog->seconds}, {"comment", worklog->comment}});
  call.doer.webhooks.issue(call.site(), "updated", call.caller(), *found.issue);
  return json_answer(200, worklog_view(call.site(), *found.issue, *worklog));
}

net::Response delete_worklog(RestCall& call) {
  const auto found = issue_for(call);
  if (found.issue == nullptr) return found.refused;
  const auto* worklog = worklog_of(*found.issue, call.arguments.at(1));
  if (worklog == nullptr) return no_such_worklog(call.arguments.at(1));
  if (!may_change(call, *found.issue, *worklog)) return refusal(403, "You do not have the permission to delete this worklog.");
  journal(call.doer, "worklog.deleted", named(*found.issue, *worklog));
  std::erase_if(found.issue->worklogs, [id = worklog->id](const Worklog& one) { return one.id == id; });
  call.doer.webhooks.issue(call.site(), "updated", call.caller(), *found.issue);
  return empty_answer(204);
}

}  // namespace belay::sandbox::jira_datacenter
