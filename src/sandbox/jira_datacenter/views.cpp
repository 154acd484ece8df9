#include "sandbox/jira_datacenter/views.hpp"

#include <array>

#include "net/message.hpp"
#include "sandbox/jira_datacenter/rights.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_datacenter {
namespace {

std::string spoken(std::int64_t seconds) {
  const auto minutes = seconds / 60;
  std::string text;
  if (minutes >= 60) text = std::to_string(minutes / 60) + "h";
  if (minutes % 60 != 0 || minutes < 60) text += (text.empty() ? "" : " ") + std::to_string(minutes % 60) + "m";
  return text;
}

json::object status_view(const Site& site, const Issue& issue) {
  const bool done = issue.status == "Done" || issue.status == "Resolved" || issue.status == "Closed";
  return {{"self", site.url + "/rest/api/2/status/1"}, {"id", "1"}, {"name", issue.status}, {"description", ""},
          {"statusCategory", json::object{{"id", done ? 3 : 2}, {"key", done ? "done" : "new"}, {"name", done ? "Done" : "To Do"}}}};
}

json::object comment_page(const Site& site, const Issue& issue, std::string_view person) {
  json::array comments;
  for (const auto& comment : issue.comments) {
    if (may_see(site, person, issue, comment)) comments.push_back(comment_view(site, issue, comment));
  }
  const auto count = comments.size();
  return {{"comments", std::move(comments)}, {"maxResults", count}, {"total", count}, {"startAt", 0}};
}

json::object worklog_page(const Site& site, const Issue& issue) {
  constexpr std::size_t kShown = 20;   // of an issue's own field
  json::array worklogs;
  for (const auto& worklog : issue.worklogs) {
    if (worklogs.size() < kShown) worklogs.push_back(worklog_view(site, issue, worklog));
  }
  return {{"startAt", 0}, {"maxResults", kShown}, {"total", issue.worklogs.size()}, {"worklogs", std::move(worklogs)}};
}

}  // namespace

std::string moment(Time at) {
  auto text = to_iso8601_millis(at);
  text.replace(text.size() - 1, 1, "+0000");
  return text;
}

json::object user_view(const Site& site, std::string_view key) {
  const auto* person = site.person(key);
  if (person == nullptr) return {};
  const auto picture = site.url + "/secure/useravatar?";
  const auto owner = "ownerId=" + net::percent_encode(person->key) + "&avatarId=10500";
  return {{"self", site.url + "/rest/api/2/user?username=" + net::percent_encode(person->name)},
          {"key", person->key},
          {"name", person->name},
          {"emailAddress", person->email},
          {"avatarUrls", json::object{{"48x48", picture + owner}, {"24x24", picture + "size=small&" + owner}, {"16x16", picture + "size=xsmall&" + owner}, {"32x32", picture + "size=medium&" + owner}}},
          {"displayName", person->display_name},
          {"active", person->active},
          {"deleted", false},
          {"timeZone", person->time_zone},
          {"locale", person->locale}};
}

json::value user_or_null(const Site& site, std::string_view key) {
  auto view = user_view(site, key);
  return view.empty() ? json::value{} : json::value(std::move(view));
}

json::object project_view(const Site& site, const Project& project) {
  return {{"self", site.url + "/rest/api/2/project/" + project.id}, {"id", project.id}, {"key", project.key}, {"name", project.name}, {"projectTypeKey", project.service ? "service_desk" : "software"}};
}

json::array properties_view(const Properties& properties) {
  json::array list;
  for (const auto& [key, value] : properties) list.push_back(json::object{{"key", key}, {"value", value}});
  return list;
}

json::object comment_view(const Site& site, const Issue& issue, const Comment& comment, CommentDetail detail) {
  json::object view{{"self", site.url + "/rest/api/2/issue/" + issue.id + "/comment/" + std::to_string(comment.id)},
                    {"id", std::to_string(comment.id)},
                    {"author", user_or_null(site, comment.author)},
                    {"body", comment.body},
                    {"updateAuthor", user_or_null(site, comment.editor)},
                    {"created", moment(comment.created)},
                    {"updated", moment(comment.updated)}};
  if (comment.visibility) view["visibility"] = json::object{{"type", comment.visibility->type}, {"value", comment.visibility->value}};
  if (detail.rendered) view["renderedBody"] = "<p>" + escape_html(comment.body) + "</p>";
  if (detail.properties) view["properties"] = properties_view(comment.properties);
  return view;
}

json::object worklog_view(const Site& site, const Issue& issue, const Worklog& worklog) {
  return {{"self", site.url + "/rest/api/2/issue/" + issue.id + "/worklog/" + std::to_string(worklog.id)},
          {"id", std::to_string(worklog.id)},
          {"issueId", issue.id},
          {"author", user_or_null(site, worklog.author)},
          {"updateAuthor", user_or_null(site, worklog.editor)},
          {"comment", worklog.comment},
          {"created", moment(worklog.created)},
          {"updated", moment(worklog.updated)},
          {"started", moment(worklog.started)},
          {"timeSpent", spoken(worklog.seconds)},
          {"timeSpentSeconds", worklog.seconds}};
}

Fields::Fields(std::string_view list, std::string_view usual) {
  auto rest = list.empty() ? usual : list;
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    const auto name = rest.substr(0, comma);
    if (name == "*all") all_ = true;
    else if (name == "*navigable") navigable_ = true;
    else if (name.starts_with('-')) left_out_.emplace(name.substr(1));
    else named_.emplace(name);
    rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
  }
  // "-comment" alone is all the others.
  if (named_.empty() && !navigable_ && !left_out_.empty()) all_ = true;
}

bool Fields::has(std::string_view name) const {
  constexpr std::array kNotNavigable{std::string_view("comment"), std::string_view("worklog"), std::string_view("description")};
  if (left_out_.contains(name)) return false;
  const bool navigable = std::ranges::find(kNotNavigable, name) == kNotNavigable.end();
  return all_ || named_.contains(name) || (navigable_ && navigable);
}

json::object issue_view(const Site& site, const Issue& issue, std::string_view person, const Fields& fields) {
  json::object shown;
  const auto add = [&](std::string_view name, auto make) {
    if (fields.has(name)) shown[name] = make();
  };
  add("summary", [&] { return json::value(issue.summary); });
  add("description", [&] { return issue.description.empty() ? json::value{} : json::value(issue.description); });
  add("issuetype", [&] { return json::object{{"self", site.url + "/rest/api/2/issuetype/10001"}, {"id", "10001"}, {"name", issue.type}, {"subtask", false}}; });
  add("project", [&] { return project_view(site, site.project_of(issue)); });
  add("status", [&] { return status_view(site, issue); });
  add("reporter", [&] { return user_or_null(site, issue.reporter); });
  add("creator", [&] { return user_or_null(site, issue.reporter); });
  add("assignee", [&] { return user_or_null(site, issue.assignee); });
  add("created", [&] { return json::value(moment(issue.created)); });
  add("updated", [&] { return json::value(moment(issue.updated)); });
  add("comment", [&] { return comment_page(site, issue, person); });
  add("worklog", [&] { return worklog_page(site, issue); });
  return {{"expand", "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations"}, {"id", issue.id}, {"self", site.url + "/rest/api/2/issue/" + issue.id}, {"key", issue.key}, {"fields", std::move(shown)}};
}

}  // namespace belay::sandbox::jira_datacenter
