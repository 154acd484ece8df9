// Issues, one and several.
#include <algorithm>
#include <cctype>

#include "sandbox/jira_datacenter/rest.hpp"
#include "sandbox/jira_datacenter/rights.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_datacenter {
namespace {

constexpr std::int64_t kUsualIssues = 50;
constexpr std::int64_t kMostIssues = 1'000;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
  return text;
}

std::string_view unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front();
  return quoted ? text.substr(1, text.size() - 2) : text;
}

bool takes_word(std::string_view& text, std::string_view word) {
  text = trimmed(text);
  const bool fits = text.size() >= word.size() && std::ranges::equal(text.substr(0, word.size()), word, [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
  if (fits) text.remove_prefix(word.size());
  return fits;
}

// "id in (10001, PRESS-2)" and "issuekey in (…)"; nothing for anything else that JQL can say.
std::optional<std::vector<std::string>> names_in(std::string_view jql) {
  if (!takes_word(jql, "issuekey") && !takes_word(jql, "id")) return std::nullopt;
  if (!takes_word(jql, "in") || !takes_word(jql, "(") || jql.empty() || trimmed(jql).back() != ')') return std::nullopt;
  auto list = trimmed(jql);
  list.remove_suffix(1);
  std::vector<std::string> names;
  while (true) {
    const auto comma = list.find(',');
    const auto name = unquoted(trimmed(list.substr(0, comma)));
    const bool plain = !name.empty() && std::ranges::all_of(name, [](unsigned char letter) { return std::isalnum(letter) != 0 || letter == '-' || letter == '_'; });
    if (!plain) return std::nullopt;
    if (std::ranges::find(names, name) == names.end()) names.emplace_back(name);
    if (comma == std::string_view::npos) return names;
    list = list.substr(comma + 1);
  }
}

std::string fields_of(const json::object& body) {
  std::string list;
  const auto* names = json::array_at(body, "fields");
  for (const auto& name : names == nullptr ? json::array{} : *names) {
    if (name.is_string()) list += (list.empty() ? "" : ",") + std::string(name.get_string());
  }
  return list;
}

std::string unknown(std::string_view name) {
  const bool is_id = number_of(name).has_value();
  return is_id ? "A value with ID '" + std::string(name) + "' does not exist for the field 'id'." : "An issue with key '" + std::string(name) + "' does not exist for field 'issuekey'.";
}

}  // namespace

net::Response get_issue(RestCall& call) {
  const auto found = issue_for(call);
  if (found.issue == nullptr) return found.refused;
  return json_answer(200, issue_view(call.site(), *found.issue, call.caller(), Fields(call.request.parameter("fields").value_or(""), "*all")));
}

// What is not there and what the caller does not see are one: an error that names it, or, where the query is not to be validated, left out.
net::Response search(RestCall& call) {
  const auto names = names_in(json::string_at(call.body, "jql").value_or(""));
  if (!names) return refusal(400, "Error in the JQL Query: the sandbox knows id in (…) and issuekey in (…) alone.");
  json::array refused;
  std::vector<const Issue*> seen;
  for (const auto& name : *names) {
    const auto* issue = std::as_const(call.site()).issue(name);
    const bool visible = issue != nullptr && may_browse(call.site(), call.caller(), call.site().project_of(*issue));
    if (!visible) refused.emplace_back(unknown(name));
    else if (std::ranges::find(seen, issue) == seen.end()) seen.push_back(issue);
  }
  if (!refused.empty() && json::bool_at(call.body, "validateQuery").value_or(true)) return json_answer(400, json::object{{"errorMessages", std::move(refused)}, {"errors", json::object{}}});
  const auto start = static_cast<std::size_t>(std::max<std::int64_t>(json::integer_at(call.body, "startAt").value_or(0), 0));
  const auto most = static_cast<std::size_t>(std::clamp<std::int64_t>(json::integer_at(call.body, "maxResults").value_or(kUsualIssues), 0, kMostIssues));
  const Fields fields(fields_of(call.body), "*navigable");
  json::array issues;
  for (auto at = start; at < seen.size() && issues.size() < most; ++at) issues.push_back(issue_view(call.site(), *seen[at], call.caller(), fields));
  json::object page{{"expand", "schema,names"}, {"startAt", start}, {"maxResults", most}, {"total", seen.size()}, {"issues", std::move(issues)}};
  if (!refused.empty()) page["warningMessages"] = std::move(refused);
  return json_answer(200, page);
}

}  // namespace belay::sandbox::jira_datacenter
