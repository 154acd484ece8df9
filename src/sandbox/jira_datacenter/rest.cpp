#include "sandbox/jira_datacenter/rest.hpp"

#include <array>
#include <charconv>

#include "sandbox/clock.hpp"
#include "sandbox/jira_datacenter/authentication.hpp"
#include "sandbox/jira_datacenter/rights.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_datacenter {
namespace {

constexpr std::string_view kNotAuthenticated = "You are not authenticated. Authentication required to perform this operation.";

struct Route {
  std::string_view method;
  std::string_view pattern;   ///< {} stands for one segment
  net::Response (*handler)(RestCall&);
};

constexpr std::array kRoutes{
    Route{"GET", "rest/api/2/myself", get_myself},
    Route{"GET", "rest/api/2/user", get_user},
    Route{"GET", "rest/api/2/user/search", search_users},
    Route{"GET", "rest/api/2/groups/picker", find_groups},
    Route{"GET", "rest/api/2/group/member", get_group_members},
    Route{"GET", "rest/api/2/mypermissions", my_permissions},
    Route{"GET", "rest/api/2/project/{}", get_project},
    Route{"GET", "rest/api/2/issue/{}", get_issue},
    Route{"POST", "rest/api/2/search", search},
    Route{"GET", "rest/api/2/issue/{}/properties", list_issue_properties},
    Route{"GET", "rest/api/2/issue/{}/properties/{}", get_issue_property},
    Route{"PUT", "rest/api/2/issue/{}/properties/{}", put_issue_property},
    Route{"DELETE", "rest/api/2/issue/{}/properties/{}", delete_issue_property},
    Route{"GET", "rest/api/2/issue/{}/worklog", list_worklogs},
    Route{"POST", "rest/api/2/issue/{}/worklog", add_worklog},
    Route{"GET", "rest/api/2/issue/{}/worklog/{}", get_worklog},
    Route{"PUT", "rest/api/2/issue/{}/worklog/{}", edit_worklog},
    Route{"DELETE", "rest/api/2/issue/{}/worklog/{}", delete_worklog},
    Route{"GET", "rest/api/2/issue/{}/comment", list_comments},
    Route{"POST", "rest/api/2/issue/{}/comment", add_comment},
    Route{"GET", "rest/api/2/issue/{}/comment/{}", get_comment},
    Route{"PUT", "rest/api/2/issue/{}/comment/{}", edit_comment},
    Route{"DELETE", "rest/api/2/issue/{}/comment/{}", delete_comment},
    Route{"GET", "rest/api/2/comment/{}/properties", list_comment_properties},
    Route{"GET", "rest/api/2/comment/{}/properties/{}", get_comment_property},
    Route{"PUT", "rest/api/2/comment/{}/properties/{}", put_comment_property},
    Route{"DELETE", "rest/api/2/comment/{}/properties/{}", delete_comment_property},
    Route{"GET", "rest/servicedeskapi/request/{}", get_request},
    Route{"GET", "rest/servicedeskapi/request/{}/participant", get_participants},
    Route{"GET", "rest/servicedeskapi/request/{}/comment", list_request_comments},
    Route{"POST", "rest/servicedeskapi/request/{}/comment", add_request_comment},
    Route{"GET", "rest/servicedeskapi/request/{}/comment/{}", get_request_comment},
    Route{"GET", "rest/pat/latest/tokens", list_personal_tokens},
    Route{"POST", "rest/pat/latest/tokens", make_personal_token},
    Route{"DELETE", "rest/pat/latest/tokens/{}", delete_personal_token},
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

// What this version, or a site without Service Management, has nothing of.
bool is_missing(const Site& site, std::string_view pattern) {
  if (pattern.starts_with("rest/pat/")) return !site.has_personal_tokens();
  return pattern.starts_with("rest/servicedeskapi/") && !site.has_service_management();
}

net::Response limited(std::int64_t seconds) {
  auto answer = refusal(429, "Rate limit exceeded.");
  answer.headers.emplace("Retry-After", std::to_string(seconds));
  answer.headers.emplace("X-RateLimit-Remaining", "0");
  return answer;
}

std::optional<net::Response> take_body(RestCall& call) {
  if (call.request.body.empty()) return std::nullopt;
  if (!call.request.header("content-type").value_or("").starts_with("application/json")) return refusal(415, "Unsupported Media Type");
  auto parsed = json::parse(call.request.body);
  if (!parsed) return refusal(400, "Unexpected character in the request body.");
  call.sent = std::move(*parsed);
  if (call.sent.is_object()) call.body = call.sent.get_object();
  return std::nullopt;
}

}  // namespace

net::Response refusal(unsigned status, std::string_view message) { return json_answer(status, json::object{{"errorMessages", json::array{message}}, {"errors", json::object{}}}); }
net::Response field_refusal(unsigned status, std::string_view field, std::string_view message) {
  return json_answer(status, json::object{{"errorMessages", json::array{}}, {"errors", json::object{{field, message}}}});
}

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() && number >= 0 ? std::optional(number) : std::nullopt;
}

std::size_t number_in(const net::Request& request, std::string_view name, std::size_t otherwise) {
  const auto text = request.parameter(name);
  const auto number = text ? number_of(*text) : std::nullopt;
  return number ? static_cast<std::size_t>(*number) : otherwise;
}

Found issue_for(const RestCall& call) {
  auto* issue = call.site().issue(call.arguments.at(0));
  if (issue == nullptr) return {.issue = nullptr, .refused = refusal(404, "Issue Does Not Exist")};
  if (!may_browse(call.site(), call.caller(), call.site().project_of(*issue))) return {.issue = nullptr, .refused = refusal(403, "You do not have the permission to see the specified issue.")};
  return {.issue = issue, .refused = {}};
}

Found editable_issue_for(const RestCall& call) {
  auto found = issue_for(call);
  if (found.issue != nullptr && !may_edit(call.site(), call.caller(), call.site().project_of(*found.issue))) return {.issue = nullptr, .refused = refusal(403, "You do not have permission to edit issues in this project.")};
  return found;
}

bool calls_as_admin(const RestCall& call) {
  const bool scope_suffices = call.scope.empty() || call.scope.ends_with("ADMIN") || !call.site().behaviour.admin_needs_scope;
  return scope_suffices && is_admin(call.site(), call.caller());
}

net::Response answer_rest(const Stage& stage, Webhooks& webhooks, Site& site, const net::Request& request) {
  if (site.behaviour.retry_after_seconds > 0) return limited(site.behaviour.retry_after_seconds);
  if (request.method == "GET" && match("rest/api/2/serverInfo", request.path)) return server_info(site);
  auto caller = caller_of(site, request, stage.clock.now());
  if (!caller) return refusal(401, kNotAuthenticated);
  RestCall call{.request = request, .doer = {.stage = stage, .webhooks = webhooks, .site = site, .person = std::move(caller->person), .by_hand = false}, .scope = std::move(caller->scope), .arguments = {}, .sent = {}, .body = {}};
  bool known_path = false;
  for (const auto& route : kRoutes) {
    auto arguments = match(route.pattern, request.path);
    if (!arguments || is_missing(site, route.pattern)) continue;
    known_path = true;
    if (route.method != request.method) continue;
    const bool reads = request.method == "GET" || route.pattern == "rest/api/2/search";
    if (!reads && call.scope == "READ") return refusal(403, "The access token does not have the scope for this.");
    if (auto refused = take_body(call)) return *refused;
    call.arguments = std::move(*arguments);
    return route.handler(call);
  }
  return refusal(known_path ? 405 : 404, known_path ? "Method Not Allowed" : "null for uri: " + request.target);
}

}  // namespace belay::sandbox::jira_datacenter
