#include "sandbox/jira_datacenter/effects.hpp"

#include <algorithm>

#include "sandbox/clock.hpp"
#include "sandbox/jira_datacenter/rights.hpp"
#include "sandbox/journal.hpp"

namespace belay::sandbox::jira_datacenter {
namespace {

json::object identity_in(const Properties& properties) {
  json::object identity;
  for (const auto& [key, value] : properties) {
    if (key.starts_with("belay.")) identity[key] = value;
  }
  return identity;
}

bool asks_for_internal(const Properties& properties) {
  const auto found = properties.find("sd.public.comment");
  const auto* value = found == properties.end() ? nullptr : found->second.if_object();
  return value != nullptr && json::bool_at(*value, "internal").value_or(false);
}

}  // namespace

void journal(const Doer& doer, std::string kind, json::object object, json::object identity, json::object more) {
  doer.stage.journal.write({.party = "datacenter", .kind = std::move(kind), .installation = doer.by_hand ? std::string() : doer.site.name, .account = doer.person, .object = std::move(object), .identity = std::move(identity), .more = std::move(more)});
}

json::object named(const Issue& issue) { return {{"issue", issue.id}, {"issueKey", issue.key}}; }
json::object named(const Issue& issue, const Comment& comment) { return {{"issue", issue.id}, {"issueKey", issue.key}, {"comment", std::to_string(comment.id)}}; }
json::object named(const Issue& issue, const Worklog& worklog) { return {{"issue", issue.id}, {"issueKey", issue.key}, {"worklog", std::to_string(worklog.id)}}; }

Comment& add_comment(const Doer& doer, Issue& issue, Comment comment) {
  const auto& behaviour = doer.site.behaviour;
  comment.id = doer.site.next_comment++;
  comment.author = comment.editor = doer.person;
  comment.created = comment.updated = doer.stage.clock.now();
  if (asks_for_internal(comment.properties)) comment.internal = !behaviour.internal_comments_become_public;
  else if (!doer.by_hand && behaviour.public_comments_become_internal) comment.internal = true;
  comment.internal = comment.internal && doer.site.project_of(issue).service;
  issue.updated = comment.created;
  auto& kept = issue.comments.emplace_back(std::move(comment));
  journal(doer, "comment.created", named(issue, kept), identity_in(kept.properties), {{"internal", kept.internal}, {"body", kept.body}});
  doer.webhooks.comment(doer.site, "created", doer.person, issue, kept);
  return kept;
}

void edit_comment(const Doer& doer, Issue& issue, Comment& comment, std::string body, const Properties& properties) {
  comment.body = std::move(body);
  comment.editor = doer.person;
  comment.updated = issue.updated = doer.stage.clock.now();
  for (const auto& [key, value] : properties) comment.properties.insert_or_assign(key, value);
  journal(doer, "comment.edited", named(issue, comment), identity_in(comment.properties), {{"body", comment.body}});
  doer.webhooks.comment(doer.site, "updated", doer.person, issue, comment);
}

void delete_comment(const Doer& doer, Issue& issue, std::int64_t id) {
  const auto found = std::ranges::find(issue.comments, id, &Comment::id);
  if (found == issue.comments.end()) return;
  const auto gone = std::move(*found);
  issue.comments.erase(found);
  issue.updated = doer.stage.clock.now();
  journal(doer, "comment.deleted", named(issue, gone), identity_in(gone.properties));
  doer.webhooks.comment(doer.site, "deleted", doer.person, issue, gone);
}

}  // namespace belay::sandbox::jira_datacenter
