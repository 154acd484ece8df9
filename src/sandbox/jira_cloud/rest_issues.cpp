// Issues and their properties.
#include <map>

#include <boost/json/serialize.hpp>

#include "sandbox/jira_cloud/rest.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_cloud {
namespace {

constexpr std::size_t kMostIssues = 100;

std::set<std::string> wanted_fields(const net::Request& request) {
  std::set<std::string> fields;
  for (const auto& [name, value] : request.query) {
    if (name != "fields") continue;
    for (std::size_t from = 0; from <= value.size();) {
      const auto end = std::min(value.find(',', from), value.size());
      if (end > from) fields.insert(value.substr(from, end - from));
      from = end + 1;
    }
  }
  if (fields.empty()) fields.insert("*all");
  return fields;
}

}  // namespace

net::Response get_issue(RestCall& call) {
  const auto* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  auto view = call.views.issue(*issue, call.caller, wanted_fields(call.request));
  if (const auto wanted = call.request.parameter("properties")) {
    json::object properties;
    for (const auto& [key, value] : issue->properties) {
      if (*wanted == "*all" || ("," + std::string(*wanted) + ",").contains("," + key + ",")) properties[key] = value;
    }
    view["properties"] = std::move(properties);
  }
  return json_answer(200, view);
}

// At most 100 by id or key, in ascending order of ids. Those that the caller may not see, and those that are not there, are left out without a word.
net::Response get_issues(RestCall& call) {
  const auto body = json::parse_object(call.request.body);
  const auto* wanted = body ? json::array_at(*body, "issueIdsOrKeys") : nullptr;
  if (wanted == nullptr || wanted->empty() || wanted->size() > kMostIssues) return refusal(400, "Between 1 and 100 issue ids or keys must be provided.");
  std::set<std::string> fields;
  if (const auto* asked = json::array_at(*body, "fields")) {
    for (const auto& field : *asked) {
      if (field.is_string()) fields.emplace(field.get_string());
    }
  }
  if (fields.empty()) fields.insert("*all");
  std::map<std::int64_t, const Issue*> found;
  for (const auto& id : *wanted) {
    const auto* issue = id.is_string() ? call.site.issue(std::string(id.get_string())) : nullptr;
    if (issue != nullptr && may_browse(call.site, call.caller, *issue)) found.emplace(std::stoll(issue->id), issue);
  }
  json::array issues;
  for (const auto& [id, issue] : found) issues.push_back(call.views.issue(*issue, call.caller, fields));
  return json_answer(200, json::object{{"expand", "schema,names"}, {"issues", std::move(issues)}, {"issueErrors", json::array{}}});
}

net::Response list_issue_properties(RestCall& call) {
  const auto* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  json::array keys;
  for (const auto& [key, value] : issue->properties) {
    keys.push_back(json::object{{"self", call.views.api() + "/rest/api/3/issue/" + issue->id + "/properties/" + key}, {"key", key}});
  }
  return json_answer(200, json::object{{"keys", std::move(keys)}});
}

net::Response get_issue_property(RestCall& call) {
  const auto* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  const auto found = issue->properties.find(call.arguments[1]);
  if (found == issue->properties.end()) return refusal(404, "The property with key '" + call.arguments[1] + "' does not exist.");
  return json_answer(200, json::object{{"key", found->first}, {"value", found->second}});
}

net::Response put_issue_property(RestCall& call) {
  auto* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  if (!has_permission(call.site, call.caller, "EDIT_ISSUES", call.site.project(issue->project))) return refusal(403, "You do not have permission to edit issues in this project.");
  const auto& key = call.arguments[1];
  if (key.empty() || key.size() > kLongestPropertyKey) return refusal(400, "The length of the property key must be between 1 and 255 characters.");
  if (call.request.body.size() > kLongestPropertyValue) return refusal(400, "The value of the property is too long.");
  const auto value = json::parse(call.request.body);
  if (!value) return refusal(400, "The value of the property must be valid, non-empty JSON.");
  const bool fresh = issue->properties.insert_or_assign(key, *value).second;
  journal(call, "issue_property.set", {{"issue", issue->id}, {"issueKey", issue->key}, {"property", key}}, {}, {{"value", *value}});
  return empty_answer(fresh ? 201 : 200);
}

net::Response delete_issue_property(RestCall& call) {
  auto* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  if (!has_permission(call.site, call.caller, "EDIT_ISSUES", call.site.project(issue->project))) return refusal(403, "You do not have permission to edit issues in this project.");
  if (issue->properties.erase(call.arguments[1]) == 0) return refusal(404, "The property with key '" + call.arguments[1] + "' does not exist.");
  journal(call, "issue_property.deleted", {{"issue", issue->id}, {"issueKey", issue->key}, {"property", call.arguments[1]}});
  return empty_answer(204);
}

}  // namespace belay::sandbox::jira_cloud
