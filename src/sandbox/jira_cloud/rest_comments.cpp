// Comments and their properties.
#include <algorithm>
#include <charconv>

#include "sandbox/clock.hpp"
#include "sandbox/jira_cloud/document.hpp"
#include "sandbox/jira_cloud/rest.hpp"
#include "sandbox/jira_cloud/visibility.hpp"
#include "sandbox/journal.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_cloud {
namespace {

constexpr std::size_t kLongestComment = 32'767;  // characters
constexpr std::int64_t kUsualPage = 100;
constexpr std::int64_t kLargestPage = 100;
constexpr std::size_t kMostIds = 1000;

struct WriteLimit { std::size_t writes; std::chrono::seconds window; };
constexpr std::array<WriteLimit, 2> kIssueWriteLimits{{{20, std::chrono::seconds{2}}, {100, std::chrono::seconds{30}}}};

net::Response no_such_comment(std::string_view id) { return refusal(404, "Can not find a comment for the id: " + std::string(id) + "."); }

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// 429 when this issue has been written to too often.
std::optional<net::Response> too_many_writes(RestCall& call, Issue& issue) {
  if (!call.site.behaviour.limit_issue_writes) return std::nullopt;
  const auto now = call.stage.clock.now();
  while (!issue.writes.empty() && now - issue.writes.front() > kIssueWriteLimits.back().window) issue.writes.pop_front();
  for (const auto& limit : kIssueWriteLimits) {
    const auto recent = std::ranges::count_if(issue.writes, [&](Time at) { return now - at <= limit.window; });
    if (static_cast<std::size_t>(recent) < limit.writes) continue;
    auto answer = refusal(429, "Rate limit exceeded.");
    answer.headers.emplace("Retry-After", std::to_string(limit.window.count()));
    answer.headers.emplace("RateLimit-Reason", "jira-per-issue-on-write");
    return answer;
  }
  issue.writes.push_back(now);
  return std::nullopt;
}

/// The restriction in the body of POST and PUT, nothing where none is. Nobody restricts a comment to what they are not in themselves.
std::expected<std::optional<Visibility>, net::Response> sent_visibility(const RestCall& call, const Issue& issue, const json::object& sent) {
  const auto* restriction = sent.if_contains("visibility");
  if (restriction == nullptr || restriction->is_null()) return std::nullopt;
  if (!restriction->is_object()) return std::unexpected(field_refusal(400, "visibility", "Visibility is an object."));
  const auto& project = *call.site.project(issue.project);
  auto visibility = read_visibility(call.site, project, restriction->get_object());
  if (!visibility) return std::unexpected(field_refusal(400, visibility.error().code == "unknown_type" ? "visibility" : "commentLevel", visibility.error().cause));
  if (!belongs_to(call.site, project, *visibility, call.caller.account)) {
    return std::unexpected(field_refusal(400, "commentLevel", "You are not a member of the " + std::string(to_string(visibility->type)) + ": " + visibility->value + "."));
  }
  return std::move(*visibility);
}

struct Sent {
  json::object body;
  std::optional<Visibility> visibility;
  std::map<std::string, json::value> properties;
};

/// The body of POST and PUT, judged as Jira does.
std::expected<Sent, net::Response> read_sent(const RestCall& call, const Issue& issue) {
  const auto parsed = json::parse(call.request.body);
  if (!parsed || !parsed->is_object()) return std::unexpected(refusal(400, "Unexpected character or end of input in the request body."));
  const auto& object = parsed->get_object();
  const auto* body = object.if_contains("body");
  if (body == nullptr || !body->is_object()) return std::unexpected(field_refusal(400, "comment", "Comment body is not valid!"));
  if (document_problem(*body)) return std::unexpected(field_refusal(400, "comment", "INVALID_INPUT"));
  if (document_length(*body) > kLongestComment) return std::unexpected(field_refusal(400, "comment", "CONTENT_LIMIT_EXCEEDED"));
  const auto text = document_text(*body);
  if (text.find_first_not_of(" \t\n") == std::string::npos) return std::unexpected(field_refusal(400, "comment", "Comment body can not be empty!"));
  auto visibility = sent_visibility(call, issue, object);
  if (!visibility) return std::unexpected(std::move(visibility.error()));
  Sent sent{.body = body->get_object(), .visibility = std::move(*visibility), .properties = {}};
  if (const auto* properties = json::array_at(object, "properties")) {
    for (const auto& one : *properties) {
      const auto* property = one.if_object();
      const auto key = property == nullptr ? std::string{} : json::string_at(*property, "key").value_or("");
      if (key.empty() || key.size() > kLongestPropertyKey || !property->contains("value")) return std::unexpected(refusal(400, "A property needs a key and a value."));
      sent.properties[key] = property->at("value");
    }
  }
  return sent;
}

bool wants_internal(const std::map<std::string, json::value>& properties) {
  const auto found = properties.find("sd.public.comment");
  const auto* value = found == properties.end() ? nullptr : found->second.if_object();
  return value != nullptr && json::bool_at(*value, "internal").value_or(false);
}

json::object as_object(const std::map<std::string, json::value>& properties) {
  json::object object;
  for (const auto& [key, value] : properties) object[key] = value;
  return object;
}

json::object ids(const Issue& issue, const Comment& comment) {
  return {{"issue", issue.id}, {"issueKey", issue.key}, {"comment", std::to_string(comment.id)}};
}

/// The comment {1} of the issue {0}, if the caller may see it.
Comment* visible_comment(RestCall& call, Issue& issue) {
  const auto id = number(call.arguments[1]);
  const auto found = std::ranges::find_if(issue.comments, [&](const Comment& one) { return id && one.id == *id && may_see(call.site, call.caller, issue, one); });
  return found == issue.comments.end() ? nullptr : &*found;
}

bool may_change(RestCall& call, const Issue& issue, const Comment& comment, std::string_view own, std::string_view all) {
  const auto* project = call.site.project(issue.project);
  if (has_permission(call.site, call.caller, all, project) && !call.caller.is_app) return true;
  return comment.author == call.caller.account && has_permission(call.site, call.caller, own, project);
}

}  // namespace

net::Response list_comments(RestCall& call) {
  const auto* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  const auto page = page_wish(call.request, kUsualPage, kLargestPage);
  const auto order = call.request.parameter("orderBy").value_or("created");
  if (!page || (order != "created" && order != "+created" && order != "-created")) return refusal(400, "Query parameter is invalid.");
  std::vector<const Comment*> seen;
  for (const auto& one : issue->comments) {
    if (may_see(call.site, call.caller, *issue, one)) seen.push_back(&one);
  }
  if (order == "-created") std::ranges::reverse(seen);
  json::array comments;
  for (auto at = page->start; at < page->start + page->size && at < static_cast<std::int64_t>(seen.size()); ++at) {
    comments.push_back(call.views.comment(*issue, *seen[static_cast<std::size_t>(at)], false));
  }
  return json_answer(200, json::object{{"startAt", page->start}, {"maxResults", page->size}, {"total", seen.size()}, {"comments", std::move(comments)}});
}

net::Response get_comment(RestCall& call) {
  auto* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  const auto* comment = visible_comment(call, *issue);
  if (comment == nullptr) return no_such_comment(call.arguments[1]);
  return json_answer(200, call.views.comment(*issue, *comment, false));
}

net::Response add_comment(RestCall& call) {
  auto* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  if (!has_permission(call.site, call.caller, "ADD_COMMENTS", call.site.project(issue->project))) {
    return refusal(400, "You do not have the permission to comment on this issue.");
  }
  auto sent = read_sent(call, *issue);
  if (!sent) return sent.error();
  if (auto limited = too_many_writes(call, *issue)) return *limited;

  const auto now = call.stage.clock.now();
  const auto* project = call.site.project(issue->project);
  const auto& behaviour = call.site.behaviour;
  const bool wanted_internal = wants_internal(sent->properties) ? !behaviour.internal_comments_become_public : behaviour.public_comments_become_internal;
  const bool internal = wanted_internal && project->kind == "service_desk";
  issue->comments.push_back({.id = call.site.next_comment++,
                             .author = call.caller.account,
                             .editor = call.caller.account,
                             .body = std::move(sent->body),
                             .created = now,
                             .updated = now,
                             .is_public = !internal,
                             .visibility = std::move(sent->visibility),
                             .properties = std::move(sent->properties)});
  issue->updated = now;
  const auto& comment = issue->comments.back();
  journal(call, "comment.created", ids(*issue, comment), as_object(comment.properties), {{"public", comment.is_public}, {"mentions", mentioned_accounts(comment.body)}, {"text", document_text(comment.body)}});
  happen(call, "avi:jira:commented:issue", *issue, &comment);
  return json_answer(201, call.views.comment(*issue, comment, false));
}

net::Response edit_comment(RestCall& call) {
  auto* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  auto* comment = visible_comment(call, *issue);
  if (comment == nullptr) return no_such_comment(call.arguments[1]);
  if (!may_change(call, *issue, *comment, "EDIT_OWN_COMMENTS", "EDIT_ALL_COMMENTS")) return refusal(400, "You do not have permission to edit this comment.");
  auto sent = read_sent(call, *issue);
  if (!sent) return sent.error();
  if (auto limited = too_many_writes(call, *issue)) return *limited;
  comment->body = std::move(sent->body);
  if (sent->visibility) comment->visibility = std::move(sent->visibility);  // an edit that says nothing of it leaves it
  for (auto& [key, value] : sent->properties) comment->properties[key] = value;
  comment->editor = call.caller.account;
  comment->updated = issue->updated = call.stage.clock.now();
  const bool notify = call.request.parameter("notifyUsers").value_or("true") != "false";
  journal(call, "comment.edited", ids(*issue, *comment), as_object(comment->properties), {{"notifyUsers", notify}, {"public", comment->is_public}, {"mentions", mentioned_accounts(comment->body)}, {"text", document_text(comment->body)}});
  happen(call, "avi:jira:commented:issue", *issue, comment);
  return json_answer(200, call.views.comment(*issue, *comment, false));
}

net::Response delete_comment(RestCall& call) {
  auto* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  auto* comment = visible_comment(call, *issue);
  if (comment == nullptr) return no_such_comment(call.arguments[1]);
  if (!may_change(call, *issue, *comment, "DELETE_OWN_COMMENTS", "DELETE_ALL_COMMENTS")) return refusal(400, "You do not have permission to delete this comment.");
  if (auto limited = too_many_writes(call, *issue)) return *limited;
  journal(call, "comment.deleted", ids(*issue, *comment), as_object(comment->properties));
  happen(call, "avi:jira:deleted:comment", *issue, comment);
  issue->comments.erase(issue->comments.begin() + (comment - issue->comments.data()));
  issue->updated = call.stage.clock.now();
  return empty_answer(204);
}

net::Response comments_by_ids(RestCall& call) {
  const auto parsed = json::parse_object(call.request.body);
  const auto* wanted = parsed ? json::array_at(*parsed, "ids") : nullptr;
  if (wanted == nullptr || wanted->empty()) return refusal(400, "The 'ids' parameter is required.");
  if (wanted->size() > kMostIds) return refusal(400, "At most 1000 comment ids may be asked for.");
  const auto expand = "," + std::string(call.request.parameter("expand").value_or("")) + ",";
  json::array values;
  for (const auto& id : *wanted) {
    if (!id.is_int64()) return refusal(400, "Comment ids are numbers.");
    const auto place = call.site.comment(id.get_int64());
    if (!place || !may_browse(call.site, call.caller, *place->issue) || !may_see(call.site, call.caller, *place->issue, *place->comment)) continue;
    values.push_back(call.views.comment(*place->issue, *place->comment, expand.contains(",properties,")));
  }
  return json_answer(200, json::object{{"maxResults", 1'048'576}, {"startAt", 0}, {"total", values.size()}, {"isLast", true}, {"values", values}});
}

namespace {

std::optional<Site::Place> visible_place(RestCall& call) {
  const auto id = number(call.arguments[0]);
  auto place = id ? call.site.comment(*id) : std::nullopt;
  if (!place || !may_browse(call.site, call.caller, *place->issue) || !may_see(call.site, call.caller, *place->issue, *place->comment)) return std::nullopt;
  return place;
}

}  // namespace

net::Response list_comment_properties(RestCall& call) {
  const auto place = visible_place(call);
  if (!place) return no_such_comment(call.arguments[0]);
  json::array keys;
  for (const auto& [key, value] : place->comment->properties) {
    keys.push_back(json::object{{"self", call.views.api() + "/rest/api/3/comment/" + call.arguments[0] + "/properties/" + key}, {"key", key}});
  }
  return json_answer(200, json::object{{"keys", std::move(keys)}});
}

net::Response get_comment_property(RestCall& call) {
  const auto place = visible_place(call);
  if (!place) return no_such_comment(call.arguments[0]);
  const auto found = place->comment->properties.find(call.arguments[1]);
  if (found == place->comment->properties.end()) return refusal(404, "The property with key '" + call.arguments[1] + "' does not exist.");
  return json_answer(200, json::object{{"key", found->first}, {"value", found->second}});
}

net::Response put_comment_property(RestCall& call) {
  auto place = visible_place(call);
  if (!place) return no_such_comment(call.arguments[0]);
  if (!may_change(call, *place->issue, *place->comment, "EDIT_OWN_COMMENTS", "EDIT_ALL_COMMENTS")) return refusal(403, "You do not have permission to edit this comment.");
  const auto& key = call.arguments[1];
  if (key.empty() || key.size() > kLongestPropertyKey || call.request.body.size() > kLongestPropertyValue) return refusal(400, "The property is too long.");
  const auto value = json::parse(call.request.body);
  if (!value) return refusal(400, "The value of the property must be valid, non-empty JSON.");
  const bool fresh = place->comment->properties.insert_or_assign(key, *value).second;
  auto object = ids(*place->issue, *place->comment);
  object["property"] = key;
  journal(call, "comment_property.set", std::move(object), as_object(place->comment->properties));
  return empty_answer(fresh ? 201 : 200);
}

net::Response delete_comment_property(RestCall& call) {
  auto place = visible_place(call);
  if (!place) return no_such_comment(call.arguments[0]);
  if (!may_change(call, *place->issue, *place->comment, "EDIT_OWN_COMMENTS", "EDIT_ALL_COMMENTS")) return refusal(403, "You do not have permission to edit this comment.");
  if (place->comment->properties.erase(call.arguments[1]) == 0) return refusal(404, "The property with key '" + call.arguments[1] + "' does not exist.");
  return empty_answer(204);
}

void add_comment_by_hand(Stage& stage, Site& site, Issue& issue, const std::string& account, const json::object& body, bool is_public, const Tell& tell) {
  const net::Request none;
  RestCall call{.request = none, .stage = stage, .site = site, .views = Views{site, stage.addresses.jira_api + "/ex/jira/" + site.cloud_id}, .caller = {account, false}, .installation = {}, .arguments = {}, .tell = tell};
  const auto now = stage.clock.now();
  issue.comments.push_back({.id = site.next_comment++, .author = account, .editor = account, .body = body, .created = now, .updated = now, .is_public = is_public, .properties = {}});
  issue.updated = now;
  journal(call, "comment.created", ids(issue, issue.comments.back()), {}, {{"public", is_public}, {"byHand", true}});
  happen(call, "avi:jira:commented:issue", issue, &issue.comments.back());
}

}  // namespace belay::sandbox::jira_cloud
