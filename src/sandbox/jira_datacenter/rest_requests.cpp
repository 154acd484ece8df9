// Service Management, as servicedeskapi tells of it: for whoever works on a request and for its customers; for anybody else there is none.
#include <algorithm>

#include "sandbox/clock.hpp"
#include "sandbox/jira_datacenter/rest.hpp"
#include "sandbox/jira_datacenter/rights.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_datacenter {
namespace {

constexpr std::size_t kPage = 50;

net::Response desk_refusal(unsigned status, std::string_view key, std::string_view message) {
  return json_answer(status, json::object{{"errorMessage", message}, {"i18nErrorMessage", json::object{{"i18nKey", key}, {"parameters", json::array{}}}}});
}
net::Response no_request() { return desk_refusal(404, "sd.request.not.found", "The requested object does not exist"); }

bool is_team(const RestCall& call, const Issue& issue) { return may_browse(call.site(), call.caller(), call.site().project_of(issue)); }

Issue* request_for(const RestCall& call) {
  auto* issue = call.site().issue(call.arguments.at(0));
  if (issue == nullptr || !call.site().project_of(*issue).service) return nullptr;
  return is_team(call, *issue) || is_customer(call.site(), call.caller(), *issue) ? issue : nullptr;
}

bool may_read(const RestCall& call, const Issue& issue, const Comment& comment) {
  return is_team(call, issue) ? may_see(call.site(), call.caller(), issue, comment) : is_public(comment);
}

json::object date(Time at) {
  const auto iso = to_iso8601_millis(at);
  return {{"iso8601", moment(at)}, {"jira", moment(at)}, {"friendly", iso.substr(0, 10) + " " + iso.substr(11, 5)}, {"epochMillis", to_millis(at)}};
}

json::object person_view(const Site& site, std::string_view key) {
  const auto* person = site.person(key);
  if (person == nullptr) return {};
  return {{"name", person->name}, {"key", person->key}, {"emailAddress", person->email}, {"displayName", person->display_name}, {"active", person->active}, {"timeZone", person->time_zone},
          {"_links", json::object{{"self", site.url + "/rest/api/2/user?username=" + net::percent_encode(person->name)}}}};
}

std::string address_of(const Site& site, const Issue& issue) { return site.url + "/rest/servicedeskapi/request/" + issue.id; }

json::object comment_shown(const Site& site, const Issue& issue, const Comment& comment) {
  return {{"id", std::to_string(comment.id)}, {"body", comment.body}, {"public", is_public(comment)}, {"author", person_view(site, comment.author)}, {"created", date(comment.created)},
          {"_links", json::object{{"self", address_of(site, issue) + "/comment/" + std::to_string(comment.id)}}}};
}

/// {"size","start","limit","isLastPage","values"} of what the query wants of them.
json::object page_of(const net::Request& request, json::array all) {
  const auto start = number_in(request, "start", 0);
  const auto most = std::min(number_in(request, "limit", kPage), kPage);
  json::array values;
  for (auto at = start; at < all.size() && values.size() < most; ++at) values.push_back(std::move(all[at]));
  const bool last = start + values.size() >= all.size();
  return {{"size", values.size()}, {"start", start}, {"limit", most}, {"isLastPage", last}, {"values", std::move(values)}};
}

}  // namespace

net::Response get_request(RestCall& call) {
  const auto* issue = request_for(call);
  if (issue == nullptr) return no_request();
  const auto& site = call.site();
  const auto& project = site.project_of(*issue);
  const auto desk = std::to_string(project.desk);
  json::object view{{"issueId", issue->id},
                    {"issueKey", issue->key},
                    {"requestTypeId", "1"},
                    {"serviceDeskId", desk},
                    {"createdDate", date(issue->created)},
                    {"reporter", person_view(site, issue->reporter)},
                    {"requestFieldValues", json::array{json::object{{"fieldId", "summary"}, {"label", "Summary"}, {"value", issue->summary}}}},
                    {"currentStatus", json::object{{"status", issue->status}, {"statusDate", date(issue->updated)}}},
                    {"_links", json::object{{"jiraRest", site.url + "/rest/api/2/issue/" + issue->id}, {"web", site.url + "/servicedesk/customer/portal/" + desk + "/" + issue->key}, {"self", address_of(site, *issue)}}}};
  if (call.request.parameter("expand").value_or("").contains("serviceDesk")) view["serviceDesk"] = json::object{{"id", desk}, {"projectId", project.id}, {"projectName", project.name}, {"projectKey", project.key}};
  return json_answer(200, view);
}

net::Response get_participants(RestCall& call) {
  if (call.request.header("x-experimentalapi").value_or("") != "opt-in") return desk_refusal(412, "sd.experimental.api", "This API is experimental. Set the header X-ExperimentalApi: opt-in to use it.");
  const auto* issue = request_for(call);
  if (issue == nullptr) return no_request();
  json::array people;
  for (const auto& participant : issue->participants) people.push_back(person_view(call.site(), participant));
  return json_answer(200, page_of(call.request, std::move(people)));
}

net::Response list_request_comments(RestCall& call) {
  const auto* issue = request_for(call);
  if (issue == nullptr) return no_request();
  const bool public_too = call.request.parameter("public").value_or("true") == "true";
  const bool internal_too = call.request.parameter("internal").value_or("true") == "true";
  json::array comments;
  for (const auto& comment : issue->comments) {
    if (may_read(call, *issue, comment) && (is_public(comment) ? public_too : internal_too)) comments.push_back(comment_shown(call.site(), *issue, comment));
  }
  return json_answer(200, page_of(call.request, std::move(comments)));
}

net::Response add_request_comment(RestCall& call) {
  auto* issue = request_for(call);
  if (issue == nullptr) return no_request();
  const auto body = json::string_at(call.body, "body").value_or("");
  const auto shown = json::bool_at(call.body, "public").value_or(true);
  if (body.find_first_not_of(" \t\r\n") == std::string::npos) return desk_refusal(400, "sd.comment.empty", "Comment body can not be empty!");
  if (!shown && !is_team(call, *issue)) return desk_refusal(403, "sd.comment.internal", "You are not allowed to add internal comments.");
  Comment comment;
  comment.body = body;
  // The same property as by REST v2 says which it is.
  comment.properties.emplace("sd.public.comment", json::object{{"internal", !shown}});
  const auto& written = add_comment(call.doer, *issue, std::move(comment));
  return json_answer(201, comment_shown(call.site(), *issue, written));
}

net::Response get_request_comment(RestCall& call) {
  const auto* issue = request_for(call);
  if (issue == nullptr) return no_request();
  const auto found = std::ranges::find(issue->comments, number_of(call.arguments.at(1)).value_or(-1), &Comment::id);
  if (found == issue->comments.end() || !may_read(call, *issue, *found)) return no_request();
  return json_answer(200, comment_shown(call.site(), *issue, *found));
}

}  // namespace belay::sandbox::jira_datacenter
