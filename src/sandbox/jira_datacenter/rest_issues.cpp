// Issues, what is kept beside them, and time worked.
#include <algorithm>
#include <charconv>

#include "sandbox/clock.hpp"
#include "sandbox/jira_datacenter/rest.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_datacenter {
namespace {

std::int64_t number_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? number : 0;
}

json::value person_or_null(const Site& site, std::string_view key) {
  auto view = user_view(site, key);
  return view.empty() ? json::value{} : json::value(std::move(view));
}

json::object issue_view(const Site& site, const Issue& issue) {
  const auto& project = *site.project(issue.project);
  return {{"id", issue.id},
          {"self", site.url + "/rest/api/2/issue/" + issue.id},
          {"key", issue.key},
          {"fields", json::object{{"summary", issue.summary},
                                  {"project", json::object{{"id", project.id}, {"key", project.key}, {"name", project.name}, {"projectTypeKey", project.service ? "service_desk" : "software"}}},
                                  {"reporter", person_or_null(site, issue.reporter)},
                                  {"assignee", person_or_null(site, issue.assignee)},
                                  {"created", moment(issue.created)},
                                  {"updated", moment(issue.updated)}}}};
}

json::object worklog_view(const Site& site, const Worklog& worklog) {
  return {{"id", std::to_string(worklog.id)}, {"author", user_view(site, worklog.author)}, {"comment", worklog.comment}, {"started", moment(worklog.started)}, {"created", moment(worklog.created)}, {"timeSpentSeconds", worklog.seconds}};
}

Worklog* worklog_of(Issue& issue, std::string_view id) {
  const auto found = std::ranges::find(issue.worklogs, number_of(id), &Worklog::id);
  return found == issue.worklogs.end() ? nullptr : &*found;
}

json::object named(const Issue& issue, const Worklog& worklog) { return {{"issue", issue.id}, {"issueKey", issue.key}, {"worklog", std::to_string(worklog.id)}}; }

bool take_worklog(RestCall& call, Worklog& worklog) {
  const auto seconds = json::integer_at(call.body, "timeSpentSeconds");
  if (!seconds || *seconds < 60) return false;
  worklog.seconds = *seconds;
  worklog.comment = json::string_at(call.body, "comment").value_or("");
  worklog.started = from_iso8601(json::string_at(call.body, "started").value_or("")).value_or(call.stage.clock.now());
  return true;
}

}  // namespace

net::Response get_issue(RestCall& call) {
  const auto found = issue_for(call);
  return found.issue == nullptr ? found.refused : json_answer(200, issue_view(call.site, *found.issue));
}

// "id in (1,2)" and nothing else.
net::Response search(RestCall& call) {
  constexpr std::string_view begin = "id in (";
  const auto jql = json::string_at(call.body, "jql").value_or("");
  if (!jql.starts_with(begin) || !jql.ends_with(")")) return refusal(400, "Error in the JQL Query: the sandbox knows id in (…) alone.");
  std::string_view list = jql;
  list = list.substr(begin.size(), list.size() - begin.size() - 1);
  json::array issues;
  while (!list.empty()) {
    const auto comma = list.find(',');
    const auto id = list.substr(0, comma);
    const auto* issue = call.site.issue(id);
    const bool visible = issue != nullptr && call.site.may_browse(call.caller, *call.site.project(issue->project));
    if (!visible && json::bool_at(call.body, "validateQuery").value_or(true)) return refusal(400, "A value with ID '" + std::string(id) + "' does not exist for the field 'id'.");
    if (visible) issues.push_back(issue_view(call.site, *issue));
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
  }
  return json_answer(200, json::object{{"startAt", 0}, {"maxResults", json::integer_at(call.body, "maxResults").value_or(50)}, {"total", issues.size()}, {"issues", std::move(issues)}});
}

net::Response get_issue_property(RestCall& call) {
  const auto found = issue_for(call);
  if (found.issue == nullptr) return found.refused;
  const auto property = found.issue->properties.find(call.arguments.at(1));
  if (property == found.issue->properties.end()) return refusal(404, "The property " + call.arguments.at(1) + " does not exist.");
  return json_answer(200, json::object{{"key", property->first}, {"value", property->second}});
}

net::Response put_issue_property(RestCall& call) {
  const auto found = issue_for(call);
  if (found.issue == nullptr) return found.refused;
  const auto& key = call.arguments.at(1);
  const bool is_new = found.issue->properties.insert_or_assign(key, json::value(call.body)).second;
  journal(call, "issue_property.set", {{"issue", found.issue->id}, {"issueKey", found.issue->key}, {"property", key}}, {}, {{"value", call.body}});
  return empty_answer(is_new ? 201 : 200);
}

net::Response list_worklogs(RestCall& call) {
  const auto found = issue_for(call);
  if (found.issue == nullptr) return found.refused;
  json::array worklogs;
  for (const auto& worklog : found.issue->worklogs) worklogs.push_back(worklog_view(call.site, worklog));
  return json_answer(200, json::object{{"startAt", 0}, {"maxResults", worklogs.size()}, {"total", worklogs.size()}, {"worklogs", std::move(worklogs)}});
}

net::Response add_worklog(RestCall& call) {
  const auto found = issue_for(call);
  if (found.issue == nullptr) return found.refused;
  Worklog worklog{.id = call.site.next_worklog, .author = call.caller, .comment = {}, .started = {}, .created = call.stage.clock.now(), .seconds = 0};
  if (!take_worklog(call, worklog)) return refusal(400, "Worklog must not be null.");
  ++call.site.next_worklog;
  found.issue->worklogs.push_back(worklog);
  journal(call, "worklog.created", named(*found.issue, worklog), {}, {{"seconds", worklog.seconds}, {"comment", worklog.comment}});
  return json_answer(201, worklog_view(call.site, worklog));
}

net::Response edit_worklog(RestCall& call) {
  const auto found = issue_for(call);
  if (found.issue == nullptr) return found.refused;
  auto* worklog = worklog_of(*found.issue, call.arguments.at(1));
  if (worklog == nullptr) return refusal(404, "Cannot find worklog with id: '" + call.arguments.at(1) + "'.");
  if (!take_worklog(call, *worklog)) return refusal(400, "Worklog must not be null.");
  journal(call, "worklog.edited", named(*found.issue, *worklog), {}, {{"seconds", worklog->seconds}});
  return json_answer(200, worklog_view(call.site, *worklog));
}

net::Response delete_worklog(RestCall& call) {
  const auto found = issue_for(call);
  if (found.issue == nullptr) return found.refused;
  const auto* worklog = worklog_of(*found.issue, call.arguments.at(1));
  if (worklog == nullptr) return refusal(404, "Cannot find worklog with id: '" + call.arguments.at(1) + "'.");
  journal(call, "worklog.deleted", named(*found.issue, *worklog));
  std::erase_if(found.issue->worklogs, [id = worklog->id](const Worklog& one) { return one.id == id; });
  return empty_answer(204);
}

}  // namespace belay::sandbox::jira_datacenter
