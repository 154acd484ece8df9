// Comments. Their bodies are wiki markup, kept and given as they came.
#include <algorithm>
#include <expected>

#include "sandbox/jira_datacenter/rest.hpp"
#include "sandbox/jira_datacenter/rights.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_datacenter {
namespace {

constexpr std::size_t kLongestComment = 32'767;   // characters
constexpr std::size_t kLargestPage = 5'000;

net::Response no_such_comment(std::string_view id) { return refusal(404, "Can not find a comment for the id: " + std::string(id) + "."); }

CommentDetail detail_of(const net::Request& request) {
  const auto expand = request.parameter("expand").value_or("");
  return {.properties = expand.contains("properties"), .rendered = expand.contains("renderedBody")};
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](unsigned char byte) { return (byte & 0xC0) != 0x80; }));
}

struct Sent {
  std::string body;
  std::optional<Visibility> visibility;
  Properties properties;
};

// Nobody restricts a comment to what they are not in themselves.
std::expected<std::optional<Visibility>, net::Response> sent_visibility(const RestCall& call, const Issue& issue) {
  const auto* restriction = json::object_at(call.body, "visibility");
  if (restriction == nullptr) return std::nullopt;
  Visibility visibility{.type = json::string_at(*restriction, "type").value_or(""), .value = json::string_at(*restriction, "value").value_or("")};
  const auto& project = call.site().project_of(issue);
  if (visibility.type != "role" && visibility.type != "group") return std::unexpected(refusal(400, "Visibility type must be role or group."));
  if (visibility.type == "role" && !is_role(project, visibility.value)) return std::unexpected(field_refusal(400, "commentLevel", "Role: " + visibility.value + " does not exist."));
  if (!belongs_to(call.site(), call.caller(), project, visibility)) return std::unexpected(field_refusal(400, "commentLevel", "You are currently not a member of the " + visibility.type + ": " + visibility.value + "."));
  return visibility;
}

std::expected<Sent, net::Response> read_sent(const RestCall& call, const Issue& issue) {
  const auto body = json::string_at(call.body, "body");
  if (!body || body->find_first_not_of(" \t\r\n") == std::string::npos) return std::unexpected(field_refusal(400, "comment", "Comment body can not be empty!"));
  if (characters(*body) > kLongestComment) return std::unexpected(field_refusal(400, "comment", "The entered text is too long. It exceeds the allowed limit of 32,767 characters."));
  auto visibility = sent_visibility(call, issue);
  if (!visibility) return std::unexpected(std::move(visibility.error()));
  Sent sent{.body = *body, .visibility = std::move(*visibility), .properties = {}};
  const auto* properties = json::array_at(call.body, "properties");
  for (const auto& entry : properties == nullptr ? json::array{} : *properties) {
    const auto* property = entry.if_object();
    const auto key = property == nullptr ? std::string() : json::string_at(*property, "key").value_or("");
    if (key.empty() || !property->contains("value")) return std::unexpected(refusal(400, "A property needs a key and a value."));
    sent.properties.insert_or_assign(key, property->at("value"));
  }
  return sent;
}

/// The comment {1} of the issue, if the caller may see it.
Comment* visible_comment(const RestCall& call, Issue& issue) {
  const auto found = std::ranges::find(issue.comments, number_of(call.arguments.at(1)).value_or(-1), &Comment::id);
  return found == issue.comments.end() || !may_see(call.site(), call.caller(), issue, *found) ? nullptr : &*found;
}

bool may_change(const RestCall& call, const Issue& issue, const Comment& comment) {
  return comment.author == call.caller() || may_administer(call.site(), call.caller(), call.site().project_of(issue));
}

}  // namespace

net::Response list_comments(RestCall& call) {
  const auto found = issue_for(call);
  if (found.issue == nullptr) return found.refused;
  const auto order = call.request.parameter("orderBy").value_or("created");
  if (order != "created" && order != "+created" && order != "-created") return refusal(400, "Unsupported order: " + std::string(order));
  std::vector<const Comment*> seen;
  for (const auto& comment : found.issue->comments) {
    if (may_see(call.site(), call.caller(), *found.issue, comment)) seen.push_back(&comment);
  }
  if (order == "-created") std::ranges::reverse(seen);
  const auto start = number_in(call.request, "startAt", 0);
  const auto most = std::min(number_in(call.request, "maxResults", kLargestPage), kLargestPage);
  json::array comments;
  for (auto at = start; at < seen.size() && comments.size() < most; ++at) comments.push_back(comment_view(call.site(), *found.issue, *seen[at], detail_of(call.request)));
  return json_answer(200, json::object{{"startAt", start}, {"maxResults", most}, {"total", seen.size()}, {"comments", std::move(comments)}});
}

net::Response get_comment(RestCall& call) {
  const auto found = issue_for(call);
  if (found.issue == nullptr) return found.refused;
  const auto* comment = visible_comment(call, *found.issue);
  return comment == nullptr ? no_such_comment(call.arguments.at(1)) : json_answer(200, comment_view(call.site(), *found.issue, *comment, detail_of(call.request)));
}

net::Response add_comment(RestCall& call) {
  const auto found = issue_for(call);
  if (found.issue == nullptr) return found.refused;
  auto sent = read_sent(call, *found.issue);
  if (!sent) return sent.error();
  Comment comment;
  comment.body = std::move(sent->body);
  comment.visibility = std::move(sent->visibility);
  comment.properties = std::move(sent->properties);
  const auto& written = add_comment(call.doer, *found.issue, std::move(comment));
  return json_answer(201, comment_view(call.site(), *found.issue, written, detail_of(call.request)));
}

net::Response edit_comment(RestCall& call) {
  const auto found = issue_for(call);
  if (found.issue == nullptr) return found.refused;
  auto* comment = visible_comment(call, *found.issue);
  if (comment == nullptr) return no_such_comment(call.arguments.at(1));
  if (!may_change(call, *found.issue, *comment)) return refusal(400, "You do not have the permission for editing this comment.");
  auto sent = read_sent(call, *found.issue);
  if (!sent) return sent.error();
  if (sent->visibility) comment->visibility = std::move(sent->visibility);
  edit_comment(call.doer, *found.issue, *comment, std::move(sent->body), sent->properties);
  return json_answer(200, comment_view(call.site(), *found.issue, *comment, detail_of(call.request)));
}

net::Response delete_comment(RestCall& call) {
  const auto found = issue_for(call);
  if (found.issue == nullptr) return found.refused;
  const auto* comment = visible_comment(call, *found.issue);
  if (comment == nullptr) return no_such_comment(call.arguments.at(1));
  if (!may_change(call, *found.issue, *comment)) return refusal(400, "You do not have the permission to delete this comment.");
  delete_comment(call.doer, *found.issue, comment->id);
  return empty_answer(204);
}

}  // namespace belay::sandbox::jira_datacenter
