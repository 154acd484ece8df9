// Who there is: the site, its users, its groups.
#include <algorithm>
#include <cctype>
#include <charconv>

#include "sandbox/jira_datacenter/rest.hpp"
#include "sandbox/jira_datacenter/rights.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_datacenter {
namespace {

constexpr std::size_t kUsualUsers = 50;
constexpr std::size_t kMostUsers = 1'000;
constexpr std::size_t kUsualGroups = 20;
constexpr std::size_t kMostMembers = 50;

std::string lower(std::string_view text) {
  std::string small(text);
  std::ranges::transform(small, small.begin(), [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return small;
}

std::set<std::string> groups_of(const Site& site) {
  auto names = site.groups;
  for (const auto& person : site.people) names.insert(person.groups.begin(), person.groups.end());
  return names;
}

json::object with_groups(const RestCall& call, json::object view, const Person& person) {
  const auto expand = call.request.parameter("expand").value_or("");
  json::array items;
  if (expand.contains("groups")) {
    for (const auto& group : person.groups) items.push_back(json::object{{"name", group}, {"self", call.site().url + "/rest/api/2/group?groupname=" + net::percent_encode(group)}});
  }
  view["groups"] = json::object{{"size", person.groups.size()}, {"items", std::move(items)}};
  view["applicationRoles"] = json::object{{"size", 1}, {"items", json::array{}}};
  view["expand"] = "groups,applicationRoles";
  return view;
}

// The part of the name that was asked for stands out.
std::string with_match(std::string_view name, std::string_view query) {
  const auto at = query.empty() ? std::string::npos : lower(name).find(lower(query));
  if (at == std::string::npos) return escape_html(name);
  return escape_html(name.substr(0, at)) + "<b>" + escape_html(name.substr(at, query.size())) + "</b>" + escape_html(name.substr(at + query.size()));
}

}  // namespace

net::Response server_info(const Site& site) {
  json::array numbers;
  std::int64_t build = 0;
  std::string_view rest = site.version;
  while (!rest.empty()) {
    int number = 0;
    std::from_chars(rest.data(), rest.data() + rest.size(), number);
    numbers.emplace_back(number);
    build = build * 100 + number;
    const auto dot = rest.find('.');
    rest = dot == std::string_view::npos ? std::string_view{} : rest.substr(dot + 1);
  }
  return json_answer(200, json::object{{"baseUrl", site.url}, {"version", site.version}, {"versionNumbers", std::move(numbers)}, {"deploymentType", site.server ? "Server" : "Data Center"}, {"buildNumber", build}, {"serverTitle", site.title}});
}

net::Response get_myself(RestCall& call) { return json_answer(200, with_groups(call, user_view(call.site(), call.caller()), *call.site().person(call.caller()))); }

net::Response get_user(RestCall& call) {
  const auto key = call.request.parameter("key");
  const auto name = call.request.parameter("username");
  if (!key && !name) return refusal(400, "Either the 'username' or the 'key' query parameters need to be provided");
  const auto* person = key ? call.site().person(*key) : call.site().signing_in_as(*name);
  if (person == nullptr) return refusal(404, key ? "The user with the key '" + std::string(*key) + "' does not exist" : "The user named '" + std::string(*name) + "' does not exist");
  return json_answer(200, with_groups(call, user_view(call.site(), person->key), *person));
}

net::Response search_users(RestCall& call) {
  const auto wanted = lower(call.request.parameter("username").value_or(""));
  if (wanted.empty()) return refusal(400, "The username query parameter was not provided");
  const auto start = number_in(call.request, "startAt", 0);
  const auto most = std::min(number_in(call.request, "maxResults", kUsualUsers), kMostUsers);
  const bool inactive_too = call.request.parameter("includeInactive") == "true";
  std::size_t at = 0;
  json::array found;
  for (const auto& person : call.site().people) {
    if (!person.active && !inactive_too) continue;
    if (!lower(person.name).contains(wanted) && !lower(person.display_name).contains(wanted) && !lower(person.email).contains(wanted)) continue;
    if (at++ >= start && found.size() < most) found.push_back(user_view(call.site(), person.key));
  }
  return json_answer(200, std::move(found));
}

net::Response find_groups(RestCall& call) {
  const auto query = call.request.parameter("query").value_or("");
  const auto most = number_in(call.request, "maxResults", kUsualGroups);
  std::size_t total = 0;
  json::array groups;
  for (const auto& name : groups_of(call.site())) {
    if (!lower(name).contains(lower(query))) continue;
    ++total;
    if (groups.size() < most) groups.push_back(json::object{{"name", name}, {"html", with_match(name, query)}, {"labels", json::array{}}});
  }
  return json_answer(200, json::object{{"header", "Showing " + std::to_string(groups.size()) + " of " + std::to_string(total) + " matching groups"}, {"total", total}, {"groups", std::move(groups)}});
}

net::Response get_group_members(RestCall& call) {
  if (!calls_as_admin(call)) return refusal(403, "You do not have the permission to see the members of a group.");
  const auto name = std::string(call.request.parameter("groupname").value_or(""));
  if (!groups_of(call.site()).contains(name)) return refusal(404, "The group named '" + name + "' does not exist.");
  const auto start = number_in(call.request, "startAt", 0);
  const auto most = std::min(number_in(call.request, "maxResults", kMostMembers), kMostMembers);
  const bool inactive_too = call.request.parameter("includeInactiveUsers") == "true";
  std::size_t total = 0;
  json::array values;
  for (const auto& person : call.site().people) {
    if (!person.groups.contains(name) || (!person.active && !inactive_too)) continue;
    if (total++ >= start && values.size() < most) values.push_back(user_view(call.site(), person.key));
  }
  const bool last = start + values.size() >= total;
  return json_answer(200, json::object{{"self", call.site().url + "/rest/api/2/group/member?groupname=" + net::percent_encode(name)}, {"maxResults", most}, {"startAt", start}, {"total", total}, {"isLast", last}, {"values", std::move(values)}});
}

}  // namespace belay::sandbox::jira_datacenter
