#include "sandbox/jira_datacenter/rest.hpp"

#include <array>
#include <optional>

#include "sandbox/clock.hpp"
#include "sandbox/journal.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_datacenter {
namespace {

struct Route {
  std::string_view method;
  std::string_view pattern;   ///< {} stands for one segment
  net::Response (*handler)(RestCall&);
};

constexpr std::array kRoutes{
    Route{"GET", "rest/api/2/myself", get_myself},
    Route{"GET", "rest/api/2/user", get_user},
    Route{"GET", "rest/api/2/groups/picker", find_groups},
    Route{"GET", "rest/api/2/mypermissions", my_permissions},
    Route{"GET", "rest/api/2/project/{}", get_project},
    Route{"GET", "rest/api/2/issue/{}", get_issue},
    Route{"POST", "rest/api/2/search", search},
    Route{"GET", "rest/api/2/issue/{}/properties/{}", get_issue_property},
    Route{"PUT", "rest/api/2/issue/{}/properties/{}", put_issue_property},
    Route{"GET", "rest/api/2/issue/{}/worklog", list_worklogs},
    Route{"POST", "rest/api/2/issue/{}/worklog", add_worklog},
    Route{"PUT", "rest/api/2/issue/{}/worklog/{}", edit_worklog},
    Route{"DELETE", "rest/api/2/issue/{}/worklog/{}", delete_worklog},
    Route{"GET", "rest/api/2/issue/{}/comment", list_comments},
    Route{"POST", "rest/api/2/issue/{}/comment", add_comment},
    Route{"PUT", "rest/api/2/issue/{}/comment/{}", edit_comment},
    Route{"DELETE", "rest/api/2/issue/{}/comment/{}", delete_comment},
    Route{"GET", "rest/api/2/comment/{}/properties/{}", get_comment_property},
    Route{"GET", "rest/servicedeskapi/request/{}", get_request},
    Route{"GET", "rest/servicedeskapi/request/{}/participant", get_participants},
    Route{"GET", "rest/servicedeskapi/request/{}/comment/{}", get_request_comment},
};

std::optional<std::vector<std::string>> match(std::string_view pattern, const std::vector<std::string>& path) {
  std::vector<std::string> arguments;
  std::size_t at = 0;
  while (!pattern.empty()) {
    const auto end = pattern.find('/');
    const auto piece = pattern.substr(0, end);
    if (at >= path.size()) return std::nullopt;
    if (piece == "{}") arguments.push_back(path[at]);
    else if (piece != path[at]) return std::nullopt;
    ++at;
    pattern = end == std::string_view::npos ? std::string_view{} : pattern.substr(end + 1);
  }
  return at == path.size() ? std::optional(arguments) : std::nullopt;
}

const Token* token_of(const Site& site, const net::Request& request, Time now) {
  const auto header = request.header("authorization").value_or("");
  if (!header.starts_with("Bearer ")) return nullptr;
  const auto found = site.tokens.find(std::string(header.substr(7)));
  if (found == site.tokens.end() || (found->second.ends && *found->second.ends <= now)) return nullptr;
  const auto* person = site.person(found->second.person);
  return person != nullptr && person->active ? &found->second : nullptr;
}

}  // namespace

net::Response refusal(unsigned status, std::string_view message) { return json_answer(status, json::object{{"errorMessages", json::array{message}}, {"errors", json::object{}}}); }

std::string moment(Time at) {
  auto text = to_iso8601_millis(at);
  text.replace(text.size() - 1, 1, "+0000");
  return text;
}

json::object user_view(const Site& site, std::string_view key) {
  const auto* person = site.person(key);
  if (person == nullptr) return {};
  return {{"self", site.url + "/rest/api/2/user?username=" + person->name},
          {"key", person->key},
          {"name", person->name},
          {"emailAddress", person->email},
          {"avatarUrls", json::object{{"48x48", site.url + "/secure/useravatar?ownerId=" + person->key}}},
          {"displayName", person->display_name},
          {"active", person->active},
          {"timeZone", person->time_zone},
          {"locale", person->locale}};
}

void journal(const RestCall& call, std::string kind, json::object object, json::object identity, json::object more) {
  call.stage.journal.write({.party = "datacenter", .kind = std::move(kind), .installation = call.site.name, .account = call.caller, .object = std::move(object), .identity = std::move(identity), .more = std::move(more)});
}

Found issue_for(RestCall& call) {
  auto* issue = call.site.issue(call.arguments.at(0));
  if (issue == nullptr) return {.issue = nullptr, .refused = refusal(404, "Issue Does Not Exist")};
  if (!call.site.may_browse(call.caller, *call.site.project(issue->project))) return {.issue = nullptr, .refused = refusal(403, "You do not have the permission to see the specified issue.")};
  return {.issue = issue, .refused = {}};
}

net::Response answer_rest(const Stage& stage, Site& site, const net::Request& request) {
  RestCall call{.request = request, .stage = stage, .site = site, .caller = {}, .arguments = {}, .body = {}};
  if (request.method == "GET" && match("rest/api/2/serverInfo", request.path)) return server_info(call);
  const auto* token = token_of(site, request, stage.clock.now());
  // In words of its own, as every answer to somebody who is not known.
  if (token == nullptr) return refusal(401, "You are not authenticated. Authentication required to perform this operation.");
  call.caller = token->person;
  bool known_path = false;
  for (const auto& route : kRoutes) {
    auto arguments = match(route.pattern, request.path);
    if (!arguments) continue;
    known_path = true;
    if (route.method != request.method) continue;
    const bool reads = request.method == "GET" || route.pattern == "rest/api/2/search";
    if (!reads && !token->may_write) return refusal(403, "The access token does not have the scope for this.");
    if (!request.body.empty()) {
      if (!request.header("content-type").value_or("").starts_with("application/json")) return refusal(415, "Unsupported Media Type");
      auto body = json::parse_object(request.body);
      if (!body) return refusal(400, "Unexpected character");
      call.body = std::move(*body);
    }
    call.arguments = std::move(*arguments);
    return route.handler(call);
  }
  return refusal(known_path ? 405 : 404, known_path ? "Method Not Allowed" : "null for uri: " + request.target);
}

}  // namespace belay::sandbox::jira_datacenter
