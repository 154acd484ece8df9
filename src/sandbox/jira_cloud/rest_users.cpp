// People and groups.
#include <algorithm>

#include "sandbox/jira_cloud/rest.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_cloud {
namespace {

constexpr std::size_t kLongestAccountId = 128;

std::vector<std::string> asked_accounts(const net::Request& request) {
  std::vector<std::string> accounts;
  for (const auto& [name, value] : request.query) {
    if (name == "accountId") accounts.push_back(value);
  }
  return accounts;
}

/// The one person asked for by ?accountId=, or why not.
std::expected<const Person*, net::Response> asked_person(RestCall& call) {
  const auto accounts = asked_accounts(call.request);
  if (accounts.size() != 1 || accounts[0].empty() || accounts[0].size() > kLongestAccountId) return std::unexpected(refusal(400, "The accountId parameter is required."));
  const auto* person = call.site.person(accounts[0]);
  if (person == nullptr || person->deleted) return std::unexpected(refusal(404, "Specified user does not exist or you do not have required permissions"));
  return person;
}

json::object page_of(const PageWish& page, const std::vector<json::value>& all) {
  json::array values;
  for (auto at = page.start; at < page.start + page.size && at < static_cast<std::int64_t>(all.size()); ++at) values.push_back(all[static_cast<std::size_t>(at)]);
  const bool last = page.start + static_cast<std::int64_t>(values.size()) >= static_cast<std::int64_t>(all.size());
  return {{"maxResults", page.size}, {"startAt", page.start}, {"total", all.size()}, {"isLast", last}, {"values", std::move(values)}};
}

}  // namespace

net::Response get_myself(RestCall& call) { return json_answer(200, call.views.user(call.caller.account, Views::Detail::full)); }

net::Response get_user(RestCall& call) {
  const auto person = asked_person(call);
  if (!person) return person.error();
  return json_answer(200, call.views.user((*person)->account_id, Views::Detail::full));
}

net::Response get_users(RestCall& call) {
  const auto page = page_wish(call.request, 10, 200);
  const auto accounts = asked_accounts(call.request);
  if (!page || accounts.empty()) return refusal(400, "The accountId parameter is required.");
  if (accounts.size() > 200) return refusal(400, "At most 200 accountIds may be asked for.");
  std::vector<json::value> found;
  for (const auto& account : accounts) {
    const auto* person = call.site.person(account);
    if (person != nullptr && !person->deleted) found.push_back(call.views.user(account, Views::Detail::full));
  }
  return json_answer(200, page_of(*page, found));
}

net::Response get_email(RestCall& call) {
  if (!call.site.behaviour.user_emails_readable) return refusal(503, "The user e-mail service is not available.");
  const auto person = asked_person(call);
  if (!person) return person.error();
  return json_answer(200, json::object{{"accountId", (*person)->account_id}, {"email", (*person)->email}});
}

net::Response get_emails(RestCall& call) {
  if (!call.site.behaviour.user_emails_readable) return refusal(503, "The user e-mail service is not available.");
  const auto accounts = asked_accounts(call.request);
  if (accounts.empty()) return refusal(400, "The accountId parameter is required.");
  json::array found;
  for (const auto& account : accounts) {
    const auto* person = call.site.person(account);
    if (person != nullptr && !person->email.empty()) found.push_back(json::object{{"accountId", account}, {"email", person->email}});
  }
  return json_answer(200, found);
}

net::Response get_user_groups(RestCall& call) {
  const auto person = asked_person(call);
  if (!person) return person.error();
  json::array groups;
  for (const auto& group : call.site.groups) {
    if (!group.members.contains((*person)->account_id)) continue;
    groups.push_back(json::object{{"groupId", group.id}, {"name", group.name}, {"self", call.views.api() + "/rest/api/3/group?groupId=" + group.id}});
  }
  return json_answer(200, groups);
}

net::Response get_group_members(RestCall& call) {
  const auto wanted = call.request.parameter("groupId") ? call.request.parameter("groupId") : call.request.parameter("groupname");
  if (!wanted) return refusal(400, "Either the groupname or the groupId parameter is required.");
  const auto* group = call.site.group(*wanted);
  if (group == nullptr) return refusal(404, "The group named '" + std::string(*wanted) + "' does not exist.");
  const auto page = page_wish(call.request, 50, 50);
  if (!page) return refusal(400, "Query parameter is invalid.");
  const bool inactive_too = call.request.parameter("includeInactiveUsers").value_or("false") == "true";
  std::vector<json::value> members;
  for (const auto& person : call.site.people) {
    if (group->members.contains(person.account_id) && (person.active || inactive_too)) members.push_back(call.views.user(person.account_id, Views::Detail::embedded));
  }
  return json_answer(200, page_of(*page, members));
}

net::Response get_groups(RestCall& call) {
  const auto page = page_wish(call.request, 50, 50);
  if (!page) return refusal(400, "Query parameter is invalid.");
  std::set<std::string> names;
  std::set<std::string> group_ids;
  for (const auto& [name, value] : call.request.query) {
    if (name == "groupName") names.insert(value);
    if (name == "groupId") group_ids.insert(value);
  }
  std::vector<json::value> groups;
  for (const auto& group : call.site.groups) {
    const bool wanted = (names.empty() && group_ids.empty()) || names.contains(group.name) || group_ids.contains(group.id);
    if (wanted) groups.push_back(json::object{{"name", group.name}, {"groupId", group.id}});
  }
  return json_answer(200, page_of(*page, groups));
}

net::Response search_users(RestCall& call) {
  const auto query = call.request.parameter("query");
  const auto account = call.request.parameter("accountId");
  if (!query && !account) return refusal(400, "One of the query, accountId and property parameters is required.");
  json::array found;
  for (const auto& person : call.site.people) {
    const bool wanted = account ? person.account_id == *account : person.name.contains(*query) || (person.email_visible && person.email.starts_with(*query));
    if (wanted && person.active && person.type != "app") found.push_back(call.views.user(person.account_id, Views::Detail::embedded));
  }
  return json_answer(200, found);
}

}  // namespace belay::sandbox::jira_cloud
