#include "desk/events.hpp"

#include <algorithm>
#include <cctype>

#include "base/log.hpp"
#include "desk/account_reporting.hpp"
#include "desk/farewell.hpp"
#include "desk/rosters.hpp"
#include "support/restriction.hpp"

namespace belay::desk {
namespace {

constexpr std::size_t kMostLogged = 64;
constexpr std::size_t kLongestAccount = 128;

// The body is not signed: an id that is none is not looked for.
bool is_number(std::string_view text) { return !text.empty() && text.size() <= 20 && std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c) != 0; }); }

// Jira's events carry issue.id as a string; older payloads as a number.
IssueId issue_of(const json::object& payload) {
  const auto* issue = json::object_at(payload, "issue");
  if (issue == nullptr) return {};
  if (auto id = json::string_at(*issue, "id"); id && is_number(*id)) return IssueId{std::move(*id)};
  if (const auto id = json::integer_at(*issue, "id"); id && *id > 0) return IssueId{std::to_string(*id)};
  return {};
}

CommentId comment_of(const json::object& payload) {
  const auto* comment = json::object_at(payload, "comment");
  auto id = comment == nullptr ? std::nullopt : json::string_at(*comment, "id");
  return id && is_number(*id) ? CommentId{std::move(*id)} : CommentId{};
}

// Whose comment it is and when they wrote it: the event comes for an edit, too, by whomever. Nothing where it does not say.
std::optional<ports::RosterAuthor> speaker_of(const json::object& payload, Time now) {
  const auto* comment = json::object_at(payload, "comment");
  const auto* author = comment == nullptr ? nullptr : json::object_at(*comment, "author");
  auto account = author == nullptr ? std::nullopt : json::string_at(*author, "accountId");
  const auto created = comment == nullptr ? std::nullopt : from_iso8601(json::string_at(*comment, "created").value_or(""));
  if (!account || account->empty() || account->size() > kLongestAccount || !created) return std::nullopt;
  // The body is not signed: nobody has spoken in times to come.
  return ports::RosterAuthor{.spoke = {.account = AccountId{std::move(*account)}, .at = std::min(*created, now)}, .restricted_to = support::restriction_of(*comment), .comment = comment_of(payload)};
}

// That an event says nothing of a restriction does not say that there is none: somebody who was not on the list before comes on it by the newest
// page, which the next viewer reads with their own rights.
void note_comment(const Doors& doors, ports::UnitOfWork& unit, const InstallationId& installation, const IssueId& issue, const std::optional<ports::RosterAuthor>& speaker, Time now) {
  auto& rosters = unit.rosters();
  if (speaker && !speaker->restricted_to.empty()) {
    take_off(doors, unit, installation, issue, speaker->comment, speaker->restricted_to);   // who could read it before
    rosters.note(installation, issue, *speaker);
    return;
  }
  if (!speaker || !rosters.spoke_again(installation, issue, *speaker)) rosters.doubt(installation, issue, now);
}

}  // namespace

Task<Result<void>> Events::hear(ports::VerifiedCall call, ForgeEvent event, json::object payload) {
  const auto type = json::string_at(payload, "eventType").value_or("");
  const auto issue = issue_of(payload);
  if (!issue.empty()) admission_.forget_ticket(call.installation, issue);
  const bool issue_deleted = event == ForgeEvent::product && type == "avi:jira:deleted:issue" && !issue.empty();

  // What the app writes itself is not news.
  const bool about_comments = event == ForgeEvent::product && !issue.empty() && !json::bool_at(payload, "selfGenerated").value_or(false);
  const auto now = doors_.clock.now();

  auto heard = co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    auto installation = unit.installations().find(call.installation);
    if (!installation || installation->leaving_since) return {};
    // Of an app that was there before the present one.
    if (installation->known_as != (call.known_as.empty() ? call.installation : call.known_as)) return {};
    if (issue_deleted) unit.outbox().put(outbox_row(doors_, call.installation, "issue.gone", issue.value));
    if (about_comments && type == "avi:jira:commented:issue") note_comment(doors_, unit, call.installation, issue, speaker_of(payload, now), now);
    if (about_comments && type == "avi:jira:deleted:comment") {
      take_off(doors_, unit, call.installation, issue, comment_of(payload));
      unit.rosters().doubt(call.installation, issue, now);
    }
    if (event == ForgeEvent::uninstall) {
      begin_leaving(doors_, unit, std::move(*installation), audit_entry(doors_, call.installation, "uninstalled"));
      return {};
    }
    if (event != ForgeEvent::hourly) return {};
    installation->last_tick_at = doors_.clock.now();
    unit.installations().update(*installation);
    begin_reporting(doors_, unit, call.installation);
    return {};
  });
  if (heard && event == ForgeEvent::uninstall) admission_.forget(call.installation);
  if (heard && (issue_deleted || event == ForgeEvent::uninstall || event == ForgeEvent::hourly)) doors_.work.ring();
  log::info("forge_event", {{"installation", call.installation.value}, {"type", type.empty() ? std::string("none") : type.substr(0, kMostLogged)}});
  co_return heard;
}

}  // namespace belay::desk
