// What programs keep beside issues and comments.
#include "sandbox/jira_datacenter/rest.hpp"
#include "sandbox/jira_datacenter/rights.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_datacenter {
namespace {

constexpr std::size_t kLongestKey = 255;
constexpr std::size_t kLongestValue = 32'768;

net::Response keys_of(const std::string& self, const Properties& properties) {
  json::array keys;
  for (const auto& [key, value] : properties) keys.push_back(json::object{{"self", self + "/properties/" + net::percent_encode(key)}, {"key", key}});
  return json_answer(200, json::object{{"keys", std::move(keys)}});
}

net::Response one_of(const Properties& properties, const std::string& key) {
  const auto found = properties.find(key);
  if (found == properties.end()) return refusal(404, "The property " + key + " does not exist.");
  return json_answer(200, json::object{{"key", found->first}, {"value", found->second}});
}

/// 201 where it is new, 200 where it was there.
net::Response set(RestCall& call, Properties& properties, const std::string& kind, json::object named_thing) {
  const auto& key = call.arguments.at(1);
  if (call.request.body.empty()) return refusal(400, "The property value cannot be empty.");
  if (key.size() > kLongestKey || call.request.body.size() > kLongestValue) return refusal(400, "The property key or value is too long.");
  const bool is_new = properties.insert_or_assign(key, call.sent).second;
  named_thing["property"] = key;
  journal(call.doer, kind + ".set", std::move(named_thing), {}, {{"value", call.sent}});
  return empty_answer(is_new ? 201 : 200);
}

net::Response erase(RestCall& call, Properties& properties, const std::string& kind, json::object named_thing) {
  const auto& key = call.arguments.at(1);
  if (properties.erase(key) == 0) return refusal(404, "The property " + key + " does not exist.");
  named_thing["property"] = key;
  journal(call.doer, kind + ".deleted", std::move(named_thing));
  return empty_answer(204);
}

struct FoundComment { Issue* issue = nullptr; Comment* comment = nullptr; net::Response refused{}; };

// The comment {0}. Its properties are set by who may edit it.
FoundComment comment_for(const RestCall& call, bool to_change) {
  const auto id = number_of(call.arguments.at(0));
  const auto place = id ? call.site().comment(*id) : std::nullopt;
  const bool sees = place && may_browse(call.site(), call.caller(), call.site().project_of(*place->issue)) && may_see(call.site(), call.caller(), *place->issue, *place->comment);
  if (!sees) return {.issue = nullptr, .comment = nullptr, .refused = refusal(404, "Can not find a comment for the id: " + call.arguments.at(0) + ".")};
  const bool may_change = place->comment->author == call.caller() || may_administer(call.site(), call.caller(), call.site().project_of(*place->issue));
  if (to_change && !may_change) return {.issue = nullptr, .comment = nullptr, .refused = refusal(403, "You do not have the permission to edit this comment.")};
  return {.issue = place->issue, .comment = place->comment, .refused = {}};
}

}  // namespace

net::Response list_issue_properties(RestCall& call) {
  const auto found = issue_for(call);
  return found.issue == nullptr ? found.refused : keys_of(call.site().url + "/rest/api/2/issue/" + found.issue->id, found.issue->properties);
}
net::Response get_issue_property(RestCall& call) {
  const auto found = issue_for(call);
  return found.issue == nullptr ? found.refused : one_of(found.issue->properties, call.arguments.at(1));
}
net::Response put_issue_property(RestCall& call) {
  const auto found = editable_issue_for(call);
  return found.issue == nullptr ? found.refused : set(call, found.issue->properties, "issue_property", named(*found.issue));
}
net::Response delete_issue_property(RestCall& call) {
  const auto found = editable_issue_for(call);
  return found.issue == nullptr ? found.refused : erase(call, found.issue->properties, "issue_property", named(*found.issue));
}

net::Response list_comment_properties(RestCall& call) {
  const auto found = comment_for(call, false);
  return found.comment == nullptr ? found.refused : keys_of(call.site().url + "/rest/api/2/comment/" + call.arguments.at(0), found.comment->properties);
}
net::Response get_comment_property(RestCall& call) {
  const auto found = comment_for(call, false);
  return found.comment == nullptr ? found.refused : one_of(found.comment->properties, call.arguments.at(1));
}
net::Response put_comment_property(RestCall& call) {
  const auto found = comment_for(call, true);
  return found.comment == nullptr ? found.refused : set(call, found.comment->properties, "comment_property", named(*found.issue, *found.comment));
}
net::Response delete_comment_property(RestCall& call) {
  const auto found = comment_for(call, true);
  return found.comment == nullptr ? found.refused : erase(call, found.comment->properties, "comment_property", named(*found.issue, *found.comment));
}

}  // namespace belay::sandbox::jira_datacenter
