#include "desk/worklog_writing.hpp"

#include <algorithm>

#include "desk/report_text.hpp"
#include "desk/session_change.hpp"

namespace belay::desk {
namespace {

using support::SupportSession;

constexpr std::chrono::seconds kLeastWorklog{60};

bool is_gone(const Error& error) { return error.code == "not_found"; }

ports::WorklogDraft draft_of(const SessionOnIssue& known, const Catalogue& words) {
  const auto& session = known.session;
  ports::WorklogDraft draft;
  draft.issue = session.issue;
  draft.session = session.id;
  draft.started = session.report->began.value_or(*session.ended_at);
  draft.spent = std::max(kLeastWorklog, session.report->connected);
  draft.comment = report_for_worklog(session, known.settings.default_language, words);
  return draft;
}

}  // namespace

Task<StepResult> WorklogWriting::book(ports::OutboxRow row) {
  auto known = co_await session_on_issue(doors_, row);
  if (!known && known.error().code == kSessionErased) co_return Done{};
  Result<void> written;
  if (!known) written = std::unexpected(known.error());
  else if (known->session.report && known->settings.worklog && known->session.report->ended) written = co_await write(row, *known);
  if (written) co_return Done{};
  auto error = out_of_sight(std::move(written).error());
  if (!may_pass(error) || row.attempts + 1 >= kMostReportTries) co_return GiveUp{std::move(error)};
  co_return try_again(std::move(error));
}

Task<Result<void>> WorklogWriting::write(ports::OutboxRow row, const SessionOnIssue& known) {
  const auto& session = known.session;
  auto draft = draft_of(known, doors_.words);
  auto there = session.worklog;
  if (!there && session.worklog_asked) {
    BELAY_CO_TRY(found, co_await doors_.marks.find_worklogs(step_call(row), session.issue, session.id, draft.started - kClockDifference));
    if (!found.empty()) there = std::move(found.front());
  }
  if (there) {
    BELAY_CO_CHECK(co_await change(row, session, *there, std::move(draft)));
  } else {
    BELAY_CO_TRY(added, co_await add(row, session, std::move(draft)));
    there = std::move(added);
  }
  if (there == session.worklog) co_return Result<void>{};
  auto kept = co_await change_session(doors_, row.installation, session.id, [&](SupportSession& now, ports::UnitOfWork& unit) -> Result<void> {
    now.worklog = there;
    // Only after a try whose answer was never seen can there be a second one.
    if (session.worklog_asked) begin_sweep(doors_, unit, now, kLateEffect);
    return {};
  });
  if (!kept) co_return std::unexpected(kept.error());
  co_return Result<void>{};
}

// In the supporter's name while Jira lets us, else in the app's, which names them. Where both are refused, the supporter's refusal decides if it may
// pass: their token comes with the next page that they open, and what the app may not do stays so.
Task<Result<WorklogId>> WorklogWriting::add(ports::OutboxRow row, SupportSession session, ports::WorklogDraft draft) {
  auto marked = co_await change_session(doors_, row.installation, session.id, [](SupportSession& now, ports::UnitOfWork&) -> Result<void> {
    now.worklog_asked = true;
    return {};
  });
  if (!marked) co_return std::unexpected(marked.error());
  auto written = co_await doors_.marks.write_worklog(step_call(row), ports::AsUser{session.supporter}, draft);
  if (written || maybe_done(written.error())) co_return written;
  auto as_app = co_await doors_.marks.write_worklog(step_call(row), ports::AsApp{}, std::move(draft));
  if (as_app || maybe_done(as_app.error()) || !may_pass(written.error())) co_return as_app;
  co_return written;
}

Task<Result<void>> WorklogWriting::change(ports::OutboxRow row, SupportSession session, WorklogId there, ports::WorklogDraft draft) {
  auto changed = co_await doors_.marks.change_worklog(step_call(row), ports::AsUser{session.supporter}, there, draft);
  if (changed) co_return Result<void>{};
  auto as_app = co_await doors_.marks.change_worklog(step_call(row), ports::AsApp{}, std::move(there), std::move(draft));
  // Somebody took it away: that is for them to decide. A supporter who may not see the issue any more is told the same, and so only the app knows.
  if (as_app || is_gone(as_app.error())) co_return Result<void>{};
  if (!may_pass(changed.error())) co_return as_app;
  co_return changed;
}

}  // namespace belay::desk
