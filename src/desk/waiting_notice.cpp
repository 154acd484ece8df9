#include "desk/waiting_notice.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "desk/report_text.hpp"
#include "desk/session_change.hpp"
#include "desk/session_on_issue.hpp"

namespace belay::desk {
namespace {

using support::SessionState;
using support::SupportSession;

constexpr int kMostTries = 10;

}  // namespace

Task<StepResult> WaitingNotice::tell(ports::OutboxRow row) {
  auto known = co_await session_on_issue(doors_, row);
  if (!known) {
    if (known.error().code == kSessionErased) co_return Done{};
    co_return co_await not_told(std::move(row), known.error());
  }
  const auto& session = known->session;
  if (!known->ticket.service_project) co_return Done{};   // everybody would read it
  const bool maybe_told = session.waiting_told;
  if (maybe_told) {
    // An earlier try of this row was cut short, or its answer lost.
    auto found = co_await doors_.tickets.find_comments(step_call(row), session.issue, ports::CommentPurpose::waiting, session.id, session.created_at - kClockDifference);
    if (!found) co_return co_await not_told(std::move(row), found.error());
    if (!found->empty()) {
      auto kept = co_await keep_from_customer(row, session.issue, found->back());
      if (!kept) co_return not_kept(row, std::move(kept).error());
      co_return Done{};
    }
  }

  ports::CommentDraft draft;
  draft.issue = session.issue;
  draft.document = waiting_for_agent(session, known->settings.default_language, known->time_zone, doors_.words);
  draft.audience = ports::Audience::team;
  draft.service_project = true;
  draft.purpose = ports::CommentPurpose::waiting;
  draft.session = session.id;
  // Written before the request leaves: a next try looks first. Somebody may have gone there meanwhile, or the customer given up.
  bool still_waits = false;
  auto marked = co_await change_session(doors_, row.installation, session.id, [&](SupportSession& now, ports::UnitOfWork& unit) -> Result<void> {
    still_waits = now.state == SessionState::customer_present;
    if (still_waits) now.waiting_told = true;
    if (maybe_told) begin_sweep(doors_, unit, now, kLateEffect);
    return {};
  });
  if (!marked) co_return marked.error().code == "not_found" ? StepResult{Done{}} : try_again(marked.error());
  if (!still_waits) co_return until_they_come_again(*marked);
  auto written = co_await doors_.tickets.write_comment(step_call(row), std::move(draft));
  if (!written) co_return co_await not_told(std::move(row), written.error());
  auto kept = co_await keep_from_customer(row, session.issue, std::move(*written));
  if (!kept) co_return not_kept(row, std::move(kept).error());
  co_return Done{};
}

// Nobody waits. What may not have been written stays asked for: polling brings it forward when they come, and end_session when they will not.
StepResult WaitingNotice::until_they_come_again(const SupportSession& session) const {
  if (!session.waiting_told || !support::is_live(session.state)) return Done{};
  return LaterAt{std::max(session.valid_until, doors_.clock.now() + kLateEffect)};
}

// Nothing secret stands in it, but it was for the team.
Task<Result<void>> WaitingNotice::keep_from_customer(ports::OutboxRow row, IssueId issue, ports::WrittenComment written) {
  if (!written.visible_to_customer.value_or(false)) co_return Result<void>{};
  log::error("comment_visible_to_customer", {{"installation", row.installation.value}, {"session", row.subject}});
  auto deleted = co_await doors_.tickets.delete_comment(step_call(row), std::move(issue), written.id);
  if (!deleted && deleted.error().code != "not_found") co_return deleted;
  co_return Result<void>{};
}

// Whoever waits or does not: the customer may be reading it.
StepResult WaitingNotice::not_kept(const ports::OutboxRow& row, Error answer) {
  auto error = out_of_sight(std::move(answer));
  log::warning("waiting_comment_not_deleted", log::fields_of(error, {{"installation", row.installation.value}, {"session", row.subject}}));
  if (!may_pass(error) || row.attempts + 1 >= kMostTries) return GiveUp{std::move(error)};
  return try_again(std::move(error));
}

Task<StepResult> WaitingNotice::not_told(ports::OutboxRow row, Error answer) {
  auto error = out_of_sight(std::move(answer));
  log::warning("waiting_not_told", log::fields_of(error, {{"installation", row.installation.value}, {"session", row.subject}}));
  const bool give_up = (!may_pass(error) && !maybe_done(error)) || row.attempts + 1 >= kMostTries;
  if (!give_up) co_return try_again(std::move(error));
  const auto session = co_await read_session(doors_, row.installation, SessionId{row.subject});
  if (!session && session.error().code != "not_found") co_return try_again(session.error());
  if (!session) co_return Done{};
  if (session->state != SessionState::customer_present) co_return until_they_come_again(*session);
  co_return GiveUp{std::move(error)};
}

}  // namespace belay::desk
