// Comments: wiki markup as it came; properties shown one at a time; what is internal only Service Management says.
#include <algorithm>
#include <charconv>

#include "sandbox/clock.hpp"
#include "sandbox/jira_datacenter/rest.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_datacenter {
namespace {

constexpr std::size_t kLongest = 32'767;

std::int64_t number_of(std::string_view text) {
  std::int64_t number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? number : -1;
}

json::object comment_view(const Site& site, const Issue& issue, const Comment& comment) {
  json::object view{{"self", site.url + "/rest/api/2/issue/" + issue.id + "/comment/" + std::to_string(comment.id)},
                    {"id", std::to_string(comment.id)},
                    {"author", user_view(site, comment.author)},
                    {"body", comment.body},
                    {"updateAuthor", user_view(site, comment.author)},
                    {"created", moment(comment.created)},
                    {"updated", moment(comment.updated)}};
  if (!comment.visibility.is_null()) view["visibility"] = comment.visibility;
  return view;
}

json::object named(const Issue& issue, const Comment& comment) { return {{"issue", issue.id}, {"issueKey", issue.key}, {"comment", std::to_string(comment.id)}}; }

Comment* comment_of(Issue& issue, std::string_view id) {
  const auto found = std::ranges::find(issue.comments, number_of(id), &Comment::id);
  return found == issue.comments.end() ? nullptr : &*found;
}

std::size_t wish(const net::Request& request, std::string_view name, std::size_t otherwise) {
  const auto text = request.parameter(name);
  const auto number = text ? number_of(*text) : -1;
  return number < 0 ? otherwise : static_cast<std::size_t>(number);
}

}  // namespace

net::Response list_comments(RestCall& call) {
  const auto found = issue_for(call);
  if (found.issue == nullptr) return found.refused;
  std::vector<const Comment*> all;
  for (const auto& comment : found.issue->comments) all.push_back(&comment);
  if (call.request.parameter("orderBy") == "-created") std::ranges::reverse(all);
  const auto start = wish(call.request, "startAt", 0);
  const auto most = wish(call.request, "maxResults", 5'000);
  json::array comments;
  for (auto at = start; at < all.size() && at - start < most; ++at) comments.push_back(comment_view(call.site, *found.issue, *all[at]));
  return json_answer(200, json::object{{"startAt", start}, {"maxResults", most}, {"total", all.size()}, {"comments", std::move(comments)}});
}

net::Response add_comment(RestCall& call) {
  const auto found = issue_for(call);
  if (found.issue == nullptr) return found.refused;
  const auto body = json::string_at(call.body, "body");
  if (!body || body->empty()) return json_answer(400, json::object{{"errorMessages", json::array{}}, {"errors", json::object{{"comment", "Comment body can not be empty!"}}}});
  if (body->size() > kLongest) return json_answer(400, json::object{{"errorMessages", json::array{}}, {"errors", json::object{{"comment", "The entered text is too long. It exceeds the allowed limit of 32,767 characters."}}}});
  Comment comment;
  comment.id = call.site.next_comment++;
  comment.author = call.caller;
  comment.body = *body;
  comment.created = comment.updated = call.stage.clock.now();
  json::object identity;
  const auto* properties = json::array_at(call.body, "properties");
  for (const auto& entry : properties == nullptr ? json::array{} : *properties) {
    const auto* property = entry.if_object();
    const auto key = property == nullptr ? std::nullopt : json::string_at(*property, "key");
    const auto* value = property == nullptr ? nullptr : property->if_contains("value");
    if (!key || value == nullptr) continue;
    comment.properties.insert_or_assign(*key, *value);
    if (key->starts_with("belay.")) identity[*key] = *value;
  }
  const bool service = call.site.project(found.issue->project)->service;
  if (const auto wanted = comment.properties.find("sd.public.comment"); service && wanted != comment.properties.end() && wanted->second.is_object()) {
    comment.internal = json::bool_at(wanted->second.get_object(), "internal").value_or(false);
  }
  found.issue->comments.push_back(comment);
  found.issue->updated = comment.created;
  journal(call, "comment.created", named(*found.issue, comment), std::move(identity), {{"internal", comment.internal}, {"body", comment.body}});
  return json_answer(201, comment_view(call.site, *found.issue, comment));
}

net::Response edit_comment(RestCall& call) {
  const auto found = issue_for(call);
  if (found.issue == nullptr) return found.refused;
  auto* comment = comment_of(*found.issue, call.arguments.at(1));
  if (comment == nullptr) return refusal(404, "Can not find a comment for the id: " + call.arguments.at(1) + ".");
  if (comment->author != call.caller) return refusal(400, "You do not have the permission to edit this comment.");
  const auto body = json::string_at(call.body, "body");
  if (!body || body->empty()) return refusal(400, "Comment body can not be empty!");
  comment->body = *body;
  comment->updated = call.stage.clock.now();
  journal(call, "comment.edited", named(*found.issue, *comment), {}, {{"body", comment->body}});
  return json_answer(200, comment_view(call.site, *found.issue, *comment));
}

net::Response delete_comment(RestCall& call) {
  const auto found = issue_for(call);
  if (found.issue == nullptr) return found.refused;
  const auto* comment = comment_of(*found.issue, call.arguments.at(1));
  if (comment == nullptr) return refusal(404, "Can not find a comment for the id: " + call.arguments.at(1) + ".");
  journal(call, "comment.deleted", named(*found.issue, *comment));
  std::erase_if(found.issue->comments, [id = comment->id](const Comment& one) { return one.id == id; });
  return empty_answer(204);
}

net::Response get_comment_property(RestCall& call) {
  const auto place = call.site.comment(number_of(call.arguments.at(0)));
  if (!place || !call.site.may_browse(call.caller, *call.site.project(place->issue->project))) return refusal(404, "Can not find a comment for the id: " + call.arguments.at(0) + ".");
  const auto property = place->comment->properties.find(call.arguments.at(1));
  if (property == place->comment->properties.end()) return refusal(404, "The property " + call.arguments.at(1) + " does not exist.");
  return json_answer(200, json::object{{"key", property->first}, {"value", property->second}});
}

// ---- Service Management ----

namespace {

// A request for whoever works on it and for its customers; for anybody else there is none.
Issue* request_for(RestCall& call) {
  auto* issue = call.site.issue(call.arguments.at(0));
  if (issue == nullptr) return nullptr;
  const auto& project = *call.site.project(issue->project);
  const bool sees = call.site.may_browse(call.caller, project) || call.site.is_customer(call.caller, *issue);
  return project.service && sees ? issue : nullptr;
}

net::Response no_request() { return json_answer(404, json::object{{"errorMessage", "The requested object does not exist"}, {"i18nErrorMessage", json::object{{"i18nKey", "sd.request.not.found"}, {"parameters", json::array{}}}}}); }

}  // namespace

net::Response get_request(RestCall& call) {
  const auto* issue = request_for(call);
  if (issue == nullptr) return no_request();
  const auto& project = *call.site.project(issue->project);
  json::object view{{"issueId", issue->id}, {"issueKey", issue->key}, {"requestTypeId", "1"}, {"serviceDeskId", project.id}, {"reporter", user_view(call.site, issue->reporter)}};
  if (call.request.parameter("expand").value_or("").contains("serviceDesk")) view["serviceDesk"] = json::object{{"id", project.id}, {"projectId", project.id}, {"projectName", project.name}, {"projectKey", project.key}};
  return json_answer(200, view);
}

net::Response get_participants(RestCall& call) {
  if (call.request.header("x-experimentalapi").value_or("") != "opt-in") return json_answer(412, json::object{{"errorMessage", "This API is experimental. Set the header X-ExperimentalApi: opt-in to use it."}});
  const auto* issue = request_for(call);
  if (issue == nullptr) return no_request();
  const auto start = wish(call.request, "start", 0);
  const auto most = std::min<std::size_t>(wish(call.request, "limit", 50), 50);
  json::array values;
  for (auto at = start; at < issue->participants.size() && at - start < most; ++at) values.push_back(user_view(call.site, issue->participants[at]));
  const bool last = start + values.size() >= issue->participants.size();
  return json_answer(200, json::object{{"size", values.size()}, {"start", start}, {"limit", most}, {"isLastPage", last}, {"values", std::move(values)}});
}

net::Response get_request_comment(RestCall& call) {
  auto* issue = request_for(call);
  auto* comment = issue == nullptr ? nullptr : comment_of(*issue, call.arguments.at(1));
  const bool team = issue != nullptr && call.site.may_browse(call.caller, *call.site.project(issue->project));
  if (comment == nullptr || (comment->internal && !team)) return no_request();
  return json_answer(200, json::object{{"id", std::to_string(comment->id)}, {"body", comment->body}, {"public", !comment->internal}, {"author", user_view(call.site, comment->author)}, {"created", json::object{{"iso8601", moment(comment->created)}, {"epochMillis", to_millis(comment->created)}}}});
}

}  // namespace belay::sandbox::jira_datacenter
