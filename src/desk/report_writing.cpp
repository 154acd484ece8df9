#include "desk/report_writing.hpp"

#include "base/log.hpp"
#include "desk/report_text.hpp"
#include "desk/session_change.hpp"

namespace belay::desk {
namespace {

using support::ReportPlace;
using support::SessionEvent;
using support::Step;
using support::SupportSession;

bool belongs_into_invitation(const SessionOnIssue& known) { return support::report_place_on(known.ticket.service_project, known.settings.report) == ReportPlace::invitation; }

bool invitation_says_it(const SessionOnIssue& known) {
  return belongs_into_invitation(known) && known.session.comment && known.settings.edit_when_ended && !known.session.report->nobody();
}

// Also what no invitation can say, where the team has comments of its own; and what was said there once is kept true.
bool team_is_told(const SessionOnIssue& known) {
  if (known.settings.report == ReportPlace::none || !known.ticket.service_project) return false;
  return !invitation_says_it(known) || known.session.report_asked;
}

bool is_gone(const Error& error) { return error.code == "not_found"; }

}  // namespace

Task<StepResult> ReportWriting::write_back(ports::OutboxRow row) {
  auto known = co_await session_on_issue(doors_, row);
  if (!known) {
    if (known.error().code == kSessionErased) co_return Done{};
    co_return co_await not_written(std::move(row), known.error());
  }
  const auto& session = known->session;
  if (!session.report || session.report_step == Step::done) co_return Done{};
  auto written = co_await write_comment(row, *known);
  if (!written) co_return co_await not_written(std::move(row), written.error());

  bool changed_since = false;
  auto noted = co_await change_session(doors_, row.installation, session.id, [&](SupportSession& now, ports::UnitOfWork& unit) -> Result<void> {
    changed_since = now.report != session.report;
    if (changed_since) return {};
    now.report_step = Step::done;
    if (now.state != support::SessionState::reported) {
      BELAY_CHECK(support::apply(now, SessionEvent::reported, doors_.clock.now()));
      auto entry = audit_entry(doors_, now.installation, "session_reported");
      entry.issue = now.issue;
      entry.session = now.id;
      unit.audit().append(entry);
    }
    if (belongs_into_invitation(*known) && known->settings.edit_when_ended && now.comment) begin_notice(doors_, unit, now, ports::trace_of(row));
    unit.outbox().put(outbox_row(doors_, row, "issue.property", now.issue.value));
    return {};
  });
  if (!noted) co_return noted.error().code == "not_found" ? StepResult{Done{}} : try_again(noted.error());
  doors_.work.ring();
  if (changed_since) co_return LaterAt{doors_.clock.now()};
  co_return Done{};
}

// What was for the team and can be read by the customer. Until it is gone the row comes back, finds it by its mark, and tries again.
Task<Result<void>> ReportWriting::withdraw(ports::OutboxRow row, SupportSession session, CommentId comment) {
  log::error("comment_visible_to_customer", {{"installation", row.installation.value}, {"session", session.id.value}});
  auto deleted = co_await doors_.tickets.delete_comment(step_call(row), session.issue, std::move(comment));
  if (!deleted && !is_gone(deleted.error())) co_return deleted;
  co_return fail("comment_visibility_surprise", "the report was for the team");
}

Task<Result<void>> ReportWriting::write_comment(ports::OutboxRow row, const SessionOnIssue& known) {
  if (!team_is_told(known)) co_return Result<void>{};
  const auto& session = known.session;
  auto document = report_for_team(session, known.settings.default_language, known.time_zone, doors_.words);
  std::optional<CommentId> there = session.report_comment;
  if (!there && session.report_asked) {
    BELAY_CO_TRY(found, co_await doors_.tickets.find_comments(step_call(row), session.issue, ports::CommentPurpose::report, session.id, *session.ended_at - kClockDifference));
    if (!found.empty() && found.back().visible_to_customer.value_or(false)) co_return co_await withdraw(row, session, found.back().id);
    if (!found.empty()) there = found.back().id;
  }
  if (there) {
    auto edited = co_await doors_.tickets.edit_comment(step_call(row), session.issue, *there, std::move(document));
    // Somebody took it away: that is for them to decide.
    if (!edited && !is_gone(edited.error())) co_return edited;
  } else {
    auto marked = co_await change_session(doors_, row.installation, session.id, [](SupportSession& now, ports::UnitOfWork&) -> Result<void> {
      now.report_asked = true;
      return {};
    });
    if (!marked) co_return std::unexpected(marked.error());
    ports::CommentDraft draft;
    draft.issue = session.issue;
    draft.document = std::move(document);
    draft.audience = ports::Audience::team;
    draft.service_project = known.ticket.service_project;
    draft.purpose = ports::CommentPurpose::report;
    draft.session = session.id;
    BELAY_CO_TRY(written, co_await doors_.tickets.write_comment(step_call(row), std::move(draft)));
    if (written.visible_to_customer.value_or(false)) co_return co_await withdraw(row, session, written.id);
    there = written.id;
  }
  if (there == session.report_comment) co_return Result<void>{};
  auto kept = co_await change_session(doors_, row.installation, session.id, [&](SupportSession& now, ports::UnitOfWork& unit) -> Result<void> {
    now.report_comment = there;
    // Only after a try whose answer was never seen can there be a second one.
    if (session.report_asked) begin_sweep(doors_, unit, now, kLateEffect);
    return {};
  });
  if (!kept) co_return std::unexpected(kept.error());
  co_return Result<void>{};
}

Task<StepResult> ReportWriting::not_written(ports::OutboxRow row, Error answer) {
  auto error = out_of_sight(std::move(answer));
  const bool give_up = !may_pass(error) || row.attempts + 1 >= kMostReportTries;
  if (!give_up) co_return try_again(std::move(error));
  auto noted = co_await change_session(doors_, row.installation, SessionId{row.subject}, [&](SupportSession& now, ports::UnitOfWork&) -> Result<void> {
    now.report_step = Step::failed;
    return {};
  });
  if (!noted) co_return noted.error().code == "not_found" ? StepResult{Done{}} : try_again(noted.error());
  co_return GiveUp{std::move(error)};
}

}  // namespace belay::desk
