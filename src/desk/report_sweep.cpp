#include "desk/report_sweep.hpp"

#include <array>

#include "desk/session_change.hpp"

namespace belay::desk {
namespace {

using support::SupportSession;

Task<Result<void>> sweep_comments(const Doors& doors, ports::OutboxRow row, SupportSession session) {
  if (!session.report_asked) co_return Result<void>{};
  BELAY_CO_TRY(found, co_await doors.tickets.find_comments(step_call(row), session.issue, ports::CommentPurpose::report, session.id, *session.ended_at - kClockDifference));
  // Read after the look: what was kept since then is among what was found, or came later.
  BELAY_CO_TRY(now, co_await read_session(doors, row.installation, session.id));
  if (!now.report_comment) co_return Result<void>{};
  for (const auto& comment : found) {
    if (comment.id == *now.report_comment) continue;
    auto deleted = co_await doors.tickets.delete_comment(step_call(row), session.issue, comment.id);
    if (!deleted && deleted.error().code == "not_found") continue;
    if (!deleted) co_return deleted;
    BELAY_CO_CHECK(co_await journal(doors, session, "second_comment_deleted"));
  }
  co_return Result<void>{};
}

// None of these is kept: the first one stays.
Task<Result<void>> sweep_waiting(const Doors& doors, ports::OutboxRow row, SupportSession session) {
  if (!session.waiting_told) co_return Result<void>{};
  BELAY_CO_TRY(found, co_await doors.tickets.find_comments(step_call(row), session.issue, ports::CommentPurpose::waiting, session.id, session.created_at - kClockDifference));
  while (found.size() > 1) {
    auto deleted = co_await doors.tickets.delete_comment(step_call(row), session.issue, found.front().id);
    if (!deleted && deleted.error().code != "not_found") co_return deleted;
    if (deleted) BELAY_CO_CHECK(co_await journal(doors, session, "second_comment_deleted"));
    found.erase(found.begin());
  }
  co_return Result<void>{};
}

// Written in the supporter's name or in the app's, and taken away in the same.
Task<Result<void>> delete_worklog(const Doors& doors, ports::OutboxRow row, SupportSession session, WorklogId worklog) {
  const std::array<ports::Actor, 2> actors{ports::AsUser{session.supporter}, ports::AsApp{}};
  Result<void> refused;
  for (const auto& actor : actors) {
    auto deleted = co_await doors.marks.delete_worklog(step_call(row), actor, session.issue, worklog);
    // To a supporter who may not see the issue any more Jira says that there is none.
    if (deleted || (deleted.error().code == "not_found" && std::holds_alternative<ports::AsApp>(actor))) co_return Result<void>{};
    if (refused || !may_pass(refused.error())) refused = std::move(deleted);
  }
  co_return refused;
}

Task<Result<void>> sweep_worklogs(const Doors& doors, ports::OutboxRow row, SupportSession session) {
  if (!session.worklog_asked || !session.report) co_return Result<void>{};
  const auto since = session.report->began.value_or(*session.ended_at) - kClockDifference;
  BELAY_CO_TRY(found, co_await doors.marks.find_worklogs(step_call(row), session.issue, session.id, since));
  BELAY_CO_TRY(now, co_await read_session(doors, row.installation, session.id));
  if (!now.worklog) co_return Result<void>{};
  for (const auto& worklog : found) {
    if (worklog == *now.worklog) continue;
    BELAY_CO_CHECK(co_await delete_worklog(doors, row, session, worklog));
    BELAY_CO_CHECK(co_await journal(doors, session, "second_worklog_deleted"));
  }
  co_return Result<void>{};
}

}  // namespace

Task<Result<void>> sweep_report(const Doors& doors, ports::OutboxRow row, SupportSession session) {
  auto waiting = co_await sweep_waiting(doors, row, session);
  if (!waiting && may_pass(waiting.error())) co_return waiting;
  if (!session.ended_at) co_return waiting;
  auto comments = co_await sweep_comments(doors, row, session);
  auto worklogs = co_await sweep_worklogs(doors, row, session);
  if (!comments && (worklogs || may_pass(comments.error()))) co_return comments;
  co_return worklogs;
}

}  // namespace belay::desk
