#include "sandbox/jira_cloud/rest.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "sandbox/clock.hpp"
#include "sandbox/journal.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_cloud {
namespace {

enum class Whose { anybody, app_only };

struct Route {
  std::string_view method;
  std::string_view pattern;   ///< {} stands for one segment
  std::string_view scope;
  net::Response (*handler)(RestCall&);
  Whose whose = Whose::anybody;
};

constexpr std::string_view kReadWork = "read:jira-work";
constexpr std::string_view kWriteWork = "write:jira-work";
constexpr std::string_view kReadUser = "read:jira-user";

constexpr std::array kRoutes{
    Route{"POST", "rest/api/3/issue/bulkfetch", kReadWork, get_issues},
    Route{"GET", "rest/api/3/issue/{}", kReadWork, get_issue},
    Route{"GET", "rest/api/3/issue/{}/comment", kReadWork, list_comments},
    Route{"POST", "rest/api/3/issue/{}/comment", kWriteWork, add_comment},
    Route{"GET", "rest/api/3/issue/{}/comment/{}", kReadWork, get_comment},
    Route{"PUT", "rest/api/3/issue/{}/comment/{}", kWriteWork, edit_comment},
    Route{"DELETE", "rest/api/3/issue/{}/comment/{}", kWriteWork, delete_comment},
    Route{"GET", "rest/api/3/issue/{}/properties", kReadWork, list_issue_properties},
    Route{"GET", "rest/api/3/issue/{}/properties/{}", kReadWork, get_issue_property},
    Route{"PUT", "rest/api/3/issue/{}/properties/{}", kWriteWork, put_issue_property},
    Route{"DELETE", "rest/api/3/issue/{}/properties/{}", kWriteWork, delete_issue_property},
    Route{"GET", "rest/api/3/issue/{}/worklog", kReadWork, list_worklogs},
    Route{"POST", "rest/api/3/issue/{}/worklog", kWriteWork, add_worklog},
    Route{"PUT", "rest/api/3/issue/{}/worklog/{}", kWriteWork, edit_worklog},
    Route{"DELETE", "rest/api/3/issue/{}/worklog/{}", kWriteWork, delete_worklog},
    Route{"POST", "rest/api/3/comment/list", kReadWork, comments_by_ids},
    Route{"GET", "rest/api/3/comment/{}/properties", kReadWork, list_comment_properties},
    Route{"GET", "rest/api/3/comment/{}/properties/{}", kReadWork, get_comment_property},
    Route{"PUT", "rest/api/3/comment/{}/properties/{}", kWriteWork, put_comment_property},
    Route{"DELETE", "rest/api/3/comment/{}/properties/{}", kWriteWork, delete_comment_property},
    Route{"GET", "rest/api/3/myself", kReadUser, get_myself},
    Route{"GET", "rest/api/3/user", kReadUser, get_user},
    Route{"GET", "rest/api/3/user/bulk", kReadUser, get_users},
    Route{"GET", "rest/api/3/user/email", "read:email-address:jira", get_email, Whose::app_only},
    Route{"GET", "rest/api/3/user/email/bulk", "read:email-address:jira", get_emails, Whose::app_only},
    Route{"GET", "rest/api/3/user/groups", kReadUser, get_user_groups},
    Route{"GET", "rest/api/3/user/search", kReadUser, search_users},
    Route{"GET", "rest/api/3/group/member", kReadUser, get_group_members},
    Route{"GET", "rest/api/3/group/bulk", kReadUser, get_groups},
    Route{"GET", "rest/api/3/mypermissions", kReadWork, my_permissions},
    Route{"POST", "rest/api/3/permissions/check", kReadWork, check_permissions},
    Route{"GET", "rest/api/3/project/{}", kReadWork, get_project},
    Route{"GET", "rest/api/3/project/{}/role", kReadWork, get_project_roles},
    Route{"GET", "rest/api/3/project/{}/role/{}", kReadWork, get_project_role},
    Route{"GET", "rest/api/3/serverInfo", "", server_info},
    Route{"GET", "rest/servicedeskapi/request/{}", "read:servicedesk-request", get_request},
    Route{"GET", "rest/servicedeskapi/request/{}/participant", "read:servicedesk-request", get_participants},
    Route{"POST", "rest/servicedeskapi/request/{}/comment", "write:servicedesk-request", add_request_comment},
};

/// The segments that stand for {}, or nothing.
std::optional<std::vector<std::string>> match(std::string_view pattern, const std::vector<std::string>& path, std::size_t from) {
  std::vector<std::string> arguments;
  while (true) {
    const auto end = pattern.find('/');
    const auto wanted = pattern.substr(0, end);
    if (from >= path.size()) return std::nullopt;
    if (wanted == "{}") arguments.push_back(path[from]);
    else if (wanted != path[from]) return std::nullopt;
    ++from;
    if (end == std::string_view::npos) break;
    pattern.remove_prefix(end + 1);
  }
  if (from != path.size()) return std::nullopt;
  return arguments;
}

// What stands in front of Jira answers this, not Jira.
net::Response gateway_refusal(std::string_view message) {
  auto answer = json_answer(401, json::object{{"code", 401}, {"message", message}});
  answer.headers.emplace("WWW-Authenticate", "Bearer");
  return answer;
}

}  // namespace

net::Response refusal(unsigned status, std::string_view message) {
  return json_answer(status, json::object{{"errorMessages", json::array{message}}, {"errors", json::object{}}});
}

net::Response field_refusal(unsigned status, std::string_view field, std::string_view message) {
  return json_answer(status, json::object{{"errorMessages", json::array{}}, {"errors", json::object{{field, message}}}});
}

net::Response no_such_issue() { return refusal(404, "Issue does not exist or you do not have permission to see it."); }

std::optional<PageWish> page_wish(const net::Request& request, std::int64_t usual, std::int64_t most, PageNames names) {
  PageWish wish{.start = 0, .size = usual};
  for (const auto& [name, place] : {std::pair{names.start, &wish.start}, std::pair{names.size, &wish.size}}) {
    const auto text = request.parameter(name);
    if (!text) continue;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), *place);
    if (error != std::errc{} || end != text->data() + text->size() || *place < 0) return std::nullopt;
  }
  wish.size = std::min(wish.size, most);
  return wish;
}

Issue* visible_issue(RestCall& call) {
  auto* issue = call.site.issue(call.arguments.at(0));
  return issue != nullptr && may_browse(call.site, call.caller, *issue) ? issue : nullptr;
}

void journal(RestCall& call, std::string kind, json::object object, json::object identity, json::object more) {
  call.stage.journal.write({.party = "jira", .kind = std::move(kind), .installation = call.installation, .account = call.caller.account, .object = std::move(object), .identity = std::move(identity), .more = std::move(more)});
}

void happen(RestCall& call, std::string event, const Issue& issue, const Comment* comment) {
  if (!call.tell) return;
  const auto* project = call.site.project(issue.project);
  call.tell({.cloud_id = call.site.cloud_id,
             .event = std::move(event),
             .account = call.caller.account,
             .by_app = call.caller.is_app,
             .issue_id = issue.id,
             .issue_key = issue.key,
             .project_id = project == nullptr ? "" : project->id,
             .project_key = issue.project,
             .comment = comment == nullptr ? json::object{} : call.views.comment(issue, *comment, false)});
}

net::Response Rest::handle(const net::Request& request) {
  auto* site = request.path.size() > 3 ? sites_.by_cloud(request.path[2]) : nullptr;
  const auto header = request.header("authorization");
  if (!header || !header->starts_with("Bearer ")) return gateway_refusal("Unauthorized");
  const auto token = tokens_.valid(header->substr(7));
  if (!token) return gateway_refusal("Unauthorized");
  const auto* installation = installations_.by_id(token->installation);
  if (site == nullptr || installation == nullptr || installation->cloud_id != site->cloud_id || !installation->installed) return gateway_refusal("Unauthorized");

  bool known_path = false;
  for (const auto& route : kRoutes) {
    auto arguments = match(route.pattern, request.path, 3);
    if (!arguments) continue;
    known_path = true;
    if (route.method != request.method) continue;
    if (!route.scope.empty() && !manifest_.has_scope(route.scope)) return gateway_refusal("Unauthorized; scope does not match");
    if (route.whose == Whose::app_only && !token->is_system()) return gateway_refusal("Unauthorized; scope does not match");
    if ((request.method == "POST" || request.method == "PUT") && !request.header("content-type").value_or("").starts_with("application/json")) {
      return refusal(415, "Unsupported Media Type");
    }
    RestCall call{.request = request,
                  .stage = stage_,
                  .site = *site,
                  .views = Views{*site, stage_.addresses.jira_api + "/ex/jira/" + site->cloud_id},
                  .caller = token->is_system() ? Caller{site->app_account, true} : Caller{token->account, false},
                  .installation = token->installation,
                  .arguments = std::move(*arguments),
                  .tell = tell};
    return route.handler(call);
  }
  return known_path ? refusal(405, "Method Not Allowed") : refusal(404, "null for uri: " + request.target);
}

}  // namespace belay::sandbox::jira_cloud
