#include "desk/events.hpp"

#include <algorithm>
#include <cctype>

#include "base/log.hpp"
#include "desk/farewell.hpp"
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

// Whoever wrote or edited a comment. What the app writes itself is not news.
std::optional<ports::RosterAuthor> speaker_of(const json::object& payload, Time now) {
  if (json::bool_at(payload, "selfGenerated").value_or(false)) return std::nullopt;
  const auto* comment = json::object_at(payload, "comment");
  const auto* author = comment == nullptr ? nullptr : json::object_at(*comment, "author");
  auto account = author == nullptr ? json::string_at(payload, "atlassianId") : json::string_at(*author, "accountId");
  if (!account || account->empty() || account->size() > kLongestAccount) return std::nullopt;
  ports::RosterAuthor speaker{.spoke = {.account = AccountId{std::move(*account)}, .at = now}, .restricted_to = {}, .comment = {}};
  if (comment == nullptr) return speaker;
  speaker.restricted_to = support::restriction_of(*comment);
  if (auto id = json::string_at(*comment, "id"); id && is_number(*id)) speaker.comment = CommentId{std::move(*id)};
  return speaker;
}

// That an event says nothing of a restriction does not say that there is none: somebody who was not on the list before comes on it by the newest
// page, which the next viewer reads with their own rights.
void note_speaker(ports::UnitOfWork& unit, const InstallationId& installation, const IssueId& issue, const ports::RosterAuthor& speaker) {
  if (!speaker.restricted_to.empty()) unit.rosters().note(installation, issue, speaker);
  else if (!unit.rosters().spoke_again(installation, issue, speaker.spoke)) unit.rosters().doubt(installation, issue, speaker.spoke.at);
}

}  // namespace

Task<Result<void>> Events::hear(ports::VerifiedCall call, ForgeEvent event, json::object payload) {
  const auto type = json::string_at(payload, "eventType").value_or("");
  const auto issue = issue_of(payload);
  if (!issue.empty()) admission_.forget_ticket(call.installation, issue);
  const bool issue_deleted = event == ForgeEvent::product && type == "avi:jira:deleted:issue" && !issue.empty();

  const auto spoke = event == ForgeEvent::product && type == "avi:jira:commented:issue" ? speaker_of(payload, doors_.clock.now()) : std::nullopt;

  auto heard = co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    auto installation = unit.installations().find(call.installation);
    if (!installation || installation->leaving_since) return {};
    if (issue_deleted) unit.outbox().put(outbox_row(doors_, call.installation, "issue.gone", issue.value));
    if (spoke && !issue.empty()) note_speaker(unit, call.installation, issue, *spoke);
    if (event == ForgeEvent::uninstall) {
      begin_leaving(doors_, unit, std::move(*installation), audit_entry(doors_, call.installation, "uninstalled"));
      return {};
    }
    if (event != ForgeEvent::hourly) return {};
    installation->last_tick_at = doors_.clock.now();
    unit.installations().update(*installation);
    return {};
  });
  if (heard && event == ForgeEvent::uninstall) admission_.forget(call.installation);
  if (heard && (issue_deleted || event == ForgeEvent::uninstall)) doors_.work.ring();
  log::info("forge_event", {{"installation", call.installation.value}, {"type", type.empty() ? std::string("none") : type.substr(0, kMostLogged)}});
  co_return heard;
}

}  // namespace belay::desk
