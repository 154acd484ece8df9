// Time worked on an issue, as Jira's document "Issue worklogs" has it. Time tracking is on.
#include <algorithm>
#include <charconv>

#include "sandbox/clock.hpp"
#include "sandbox/jira_cloud/document.hpp"
#include "sandbox/jira_cloud/rest.hpp"
#include "sandbox/journal.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_cloud {
namespace {

constexpr std::int64_t kLargestPage = 5'000;
constexpr std::int64_t kLeastSeconds = 60;   // Jira counts in minutes

// Jira takes 2021-01-17T12:34:00.000+0000, and neither "Z" nor a colon in the zone.
std::optional<Time> started_from(std::string_view text) {
  constexpr std::size_t kLength = std::string_view("2021-01-17T12:34:00.000+0000").size();
  if (text.size() != kLength || text[10] != 'T' || text[19] != '.' || (text[23] != '+' && text[23] != '-')) return std::nullopt;
  return from_iso8601(std::string(text));
}

std::string spoken(std::int64_t seconds) {
  const auto minutes = seconds / 60;
  std::string text;
  if (minutes >= 60) text = std::to_string(minutes / 60) + "h";
  if (minutes % 60 != 0 || minutes < 60) text += (text.empty() ? "" : " ") + std::to_string(minutes % 60) + "m";
  return text;
}

json::object view(const RestCall& call, const Issue& issue, const Worklog& worklog, bool with_properties) {
  json::object shown{{"self", call.views.api() + "/rest/api/3/issue/" + issue.id + "/worklog/" + std::to_string(worklog.id)},
                     {"id", std::to_string(worklog.id)},
                     {"issueId", issue.id},
                     {"author", call.views.user(worklog.author, Views::Detail::embedded)},
                     {"updateAuthor", call.views.user(worklog.editor, Views::Detail::embedded)},
                     {"created", jira_time(worklog.created)},
                     {"updated", jira_time(worklog.updated)},
                     {"started", jira_time(worklog.started)},
                     {"timeSpent", spoken(worklog.seconds)},
                     {"timeSpentSeconds", worklog.seconds}};
  if (!worklog.comment.empty()) shown["comment"] = worklog.comment;
  if (with_properties) {
    json::array properties;
    for (const auto& [key, value] : worklog.properties) properties.push_back(json::object{{"key", key}, {"value", value}});
    shown["properties"] = std::move(properties);
  }
  return shown;
}

std::optional<net::Response> refuse_adjustment(const RestCall& call) {
  const auto adjust = call.request.parameter("adjustEstimate").value_or("auto");
  if (adjust != "auto" && adjust != "leave") return field_refusal(400, "adjustEstimate", "Only auto and leave are played here.");
  return std::nullopt;
}

// What POST and PUT send, over what is there. `fresh`: time and start are needed.
std::optional<net::Response> take_sent(const RestCall& call, Worklog& worklog, bool fresh) {
  const auto parsed = json::parse_object(call.request.body);
  if (!parsed) return refusal(400, "Unexpected character or end of input in the request body.");
  if (auto refused = refuse_adjustment(call)) return refused;
  if (const auto started = json::string_at(*parsed, "started")) {
    const auto at = started_from(*started);
    if (!at) return field_refusal(400, "started", "Worklog start date is not valid.");
    worklog.started = *at;
  } else if (fresh) {
    return field_refusal(400, "started", "Worklog start date must be specified.");
  }
  if (const auto seconds = json::integer_at(*parsed, "timeSpentSeconds")) {
    if (*seconds < kLeastSeconds) return field_refusal(400, "timeLogged", "Time Spent must be greater than 0.");
    worklog.seconds = *seconds / 60 * 60;
  } else if (fresh) {
    return field_refusal(400, "timeLogged", "You must indicate the time spent working.");
  }
  if (const auto* comment = parsed->if_contains("comment")) {
    if (!comment->is_object() || document_problem(*comment)) return field_refusal(400, "comment", "Comment body is not valid!");
    worklog.comment = comment->get_object();
  }
  if (const auto* properties = json::array_at(*parsed, "properties")) {
    for (const auto& one : *properties) {
      const auto* property = one.if_object();
      const auto key = property == nullptr ? std::string{} : json::string_at(*property, "key").value_or("");
      if (key.empty() || !property->contains("value")) return refusal(400, "A property needs a key and a value.");
      worklog.properties[key] = property->at("value");
    }
  }
  worklog.editor = call.caller.account;
  worklog.updated = call.stage.clock.now();
  return std::nullopt;
}

void note(RestCall& call, std::string kind, const Issue& issue, const Worklog& worklog) {
  json::object properties;
  for (const auto& [key, value] : worklog.properties) properties[key] = value;
  journal(call, std::move(kind), {{"issue", issue.id}, {"issueKey", issue.key}, {"worklog", std::to_string(worklog.id)}}, std::move(properties),
          {{"seconds", worklog.seconds}, {"started", to_iso8601(worklog.started)}});
}

// The worklog {1} of the issue {0}.
std::vector<Worklog>::iterator worklog_of_path(const RestCall& call, Issue& issue) {
  return std::ranges::find_if(issue.worklogs, [&](const Worklog& one) { return std::to_string(one.id) == call.arguments[1]; });
}

net::Response no_such_worklog(const RestCall& call) { return refusal(404, "Cannot find worklog with id: '" + call.arguments[1] + "'."); }

bool may_work(const RestCall& call, const Issue& issue) { return has_permission(call.site, call.caller, "WORK_ON_ISSUES", call.site.project(issue.project)); }

}  // namespace

net::Response list_worklogs(RestCall& call) {
  const auto* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  const auto page = page_wish(call.request, kLargestPage, kLargestPage);
  std::int64_t after = 0;
  if (const auto text = call.request.parameter("startedAfter")) {
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), after);
    if (error != std::errc{} || end != text->data() + text->size()) return refusal(400, "Query parameter is invalid.");
  }
  if (!page) return refusal(400, "Query parameter is invalid.");
  const auto expand = "," + std::string(call.request.parameter("expand").value_or("")) + ",";
  std::vector<const Worklog*> seen;
  for (const auto& one : issue->worklogs) {
    if (to_millis(one.started) >= after) seen.push_back(&one);
  }
  json::array shown;
  for (auto at = page->start; at < page->start + page->size && at < static_cast<std::int64_t>(seen.size()); ++at) {
    shown.push_back(view(call, *issue, *seen[static_cast<std::size_t>(at)], expand.contains(",properties,")));
  }
  return json_answer(200, json::object{{"startAt", page->start}, {"maxResults", page->size}, {"total", seen.size()}, {"worklogs", std::move(shown)}});
}

net::Response add_worklog(RestCall& call) {
  auto* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  if (!may_work(call, *issue)) return refusal(400, "You do not have the permission to associate a worklog to this issue.");
  Worklog worklog;
  if (auto refused = take_sent(call, worklog, true)) return *refused;
  worklog.id = call.site.next_worklog++;
  worklog.author = call.caller.account;
  worklog.created = worklog.updated;
  issue->worklogs.push_back(std::move(worklog));
  note(call, "worklog.created", *issue, issue->worklogs.back());
  return json_answer(201, view(call, *issue, issue->worklogs.back(), false));
}

net::Response edit_worklog(RestCall& call) {
  auto* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  const auto found = worklog_of_path(call, *issue);
  if (found == issue->worklogs.end()) return no_such_worklog(call);
  if (found->author != call.caller.account || !may_work(call, *issue)) return refusal(400, "You do not have the permission to edit this worklog.");
  auto changed = *found;
  if (auto refused = take_sent(call, changed, false)) return *refused;
  *found = std::move(changed);
  note(call, "worklog.edited", *issue, *found);
  return json_answer(200, view(call, *issue, *found, false));
}

net::Response delete_worklog(RestCall& call) {
  auto* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  const auto found = worklog_of_path(call, *issue);
  if (found == issue->worklogs.end()) return no_such_worklog(call);
  if (auto refused = refuse_adjustment(call)) return *refused;
  // Delete own worklogs; "Delete all worklogs" is nobody's here.
  if (found->author != call.caller.account || !may_work(call, *issue)) return refusal(400, "You do not have the permission to delete this worklog.");
  note(call, "worklog.deleted", *issue, *found);
  issue->worklogs.erase(found);
  return empty_answer(204);
}

}  // namespace belay::sandbox::jira_cloud
