#include "desk/report_steps.hpp"

#include <algorithm>
#include <array>

#include "base/log.hpp"
#include "desk/installation_settings.hpp"
#include "desk/report_text.hpp"
#include "desk/session_change.hpp"

namespace belay::desk {
namespace {

using support::ReportPlace;
using support::SessionEvent;
using support::Step;
using support::SupportSession;

// About a day: nobody waits for it, and Jira's token may be missing for hours.
constexpr int kMostWriteTries = 300;
constexpr int kMostWaitingTries = 10;
constexpr Milliseconds kClockDifference{300'000};
constexpr std::chrono::seconds kLeastWorklog{60};
constexpr std::string_view kErased = "session_erased";   // among ourselves: never leaves this file

SessionId subject(const ports::OutboxRow& row) { return SessionId{row.subject}; }

ports::LinkRef creator_of(const SupportSession& session) { return {.installation = session.installation, .account = session.creator}; }

bool is_ended(const SupportSession& session) { return support::is_over(session.state) && session.state != support::SessionState::failed && session.made && session.ended_at; }

// There is nothing to ask with, and nobody to blame: without reports everything else works (docs/account-link.md).
bool is_not_for_us(const Error& error) { return error.code == "reports_not_allowed" || error.code == "provider_permission" || error.code == "not_linked"; }

std::vector<support::Connection> connections_of(const std::vector<ports::ConnectionRecord>& records) {
  std::vector<support::Connection> connections;
  for (const auto& one : records) {
    connections.push_back({.start = one.start, .end = one.end, .supporter = one.user_name, .notes = one.notes, .rating = one.rating, .customer_comment = one.customer_comment});
  }
  return connections;
}

}  // namespace

struct ReportSteps::Known {
  SupportSession session;
  support::Settings settings;
  ports::Ticket ticket;
  std::string time_zone;   // of the supporter; empty when Jira did not say
  [[nodiscard]] ReportPlace place() const { return support::report_place_on(ticket.service_project, settings.report); }
};

Task<Result<ReportSteps::Known>> ReportSteps::know(ports::OutboxRow row, SessionId id) {
  struct Stored { SupportSession session; support::Settings settings; };
  auto stored = co_await doors_.storage.read<Stored>([&](ports::UnitOfWork& unit) -> Result<Stored> {
    auto session = unit.sessions().find(row.installation, id);
    if (!session) return fail(std::string(kErased), "erased since");
    return Stored{.session = std::move(*session), .settings = settings_of(unit, row.installation, doors_.words).settings};
  });
  if (!stored) co_return std::unexpected(stored.error());
  auto [ticket, supporter] = co_await both(doors_.tickets.ticket(step_call(row), ports::AsApp{}, stored->session.issue), doors_.users.user(step_call(row), stored->session.supporter));
  if (!ticket) co_return std::unexpected(ticket.error());
  co_return Known{.session = std::move(stored->session), .settings = std::move(stored->settings), .ticket = std::move(*ticket), .time_zone = supporter ? supporter->time_zone : std::string()};
}

// ---- the customer is waiting ----

Task<StepResult> ReportSteps::tell_of_waiting(ports::OutboxRow row) {
  auto known = co_await know(row, subject(row));
  if (!known) {
    if (known.error().code == kErased || !may_pass(known.error()) || row.attempts + 1 >= kMostWaitingTries) co_return Done{};
    co_return try_again(known.error());
  }
  const auto& session = known->session;
  // Somebody went there meanwhile, or the customer gave up; and where everybody reads comments there is none for the team.
  if (session.state != support::SessionState::customer_present || session.waiting_told || !known->ticket.service_project) co_return Done{};

  ports::CommentDraft draft;
  draft.issue = session.issue;
  draft.document = waiting_for_agent(session, known->settings.default_language, known->time_zone, doors_.words);
  draft.audience = ports::Audience::team;
  draft.service_project = true;
  draft.purpose = ports::CommentPurpose::waiting;
  draft.session = session.id;
  // Written before the request leaves. A comment whose answer was lost is not written again: late, or twice, it would only mislead.
  auto marked = co_await change_session(doors_, row.installation, session.id, [](SupportSession& now, ports::UnitOfWork&) -> Result<void> {
    now.waiting_told = true;
    return {};
  });
  if (!marked) co_return try_again(marked.error());
  auto written = co_await doors_.tickets.write_comment(step_call(row), std::move(draft));
  if (written && written->visible_to_customer.value_or(false)) {
    // Nothing secret stands in it, but it was for the team.
    log::error("comment_visible_to_customer", {{"installation", row.installation.value}, {"session", session.id.value}});
    if (auto deleted = co_await doors_.tickets.delete_comment(step_call(row), session.issue, written->id); !deleted) log::warning("comment_not_deleted", log::fields_of(deleted.error()));
  }
  if (written) co_return Done{};
  log::warning("waiting_not_told", log::fields_of(written.error(), {{"installation", row.installation.value}, {"session", session.id.value}}));
  const bool surely_not = !json::bool_at(written.error().detail, "maybe_done").value_or(false);
  if (!surely_not || !may_pass(written.error()) || row.attempts + 1 >= kMostWaitingTries) co_return Done{};
  auto unmarked = co_await change_session(doors_, row.installation, session.id, [](SupportSession& now, ports::UnitOfWork&) -> Result<void> {
    now.waiting_told = false;
    return {};
  });
  if (!unmarked) co_return Done{};
  co_return try_again(written.error());
}

// ---- looking ----

Task<StepResult> ReportSteps::look(ports::OutboxRow row) {
  auto session = co_await read_session(doors_, row.installation, subject(row));
  if (!session) {
    if (session.error().code == "not_found") co_return Done{};
    co_return try_again(session.error());
  }
  if (!is_ended(*session)) co_return Done{};
  auto records = co_await doors_.records.of_session(step_call(row), creator_of(*session), session->made->code, session->made->created_at - kClockDifference);
  if (!records && is_not_for_us(records.error())) co_return next_look(*session);
  if (!records) co_return may_pass(records.error()) ? try_again(std::move(records).error()) : StepResult{GiveUp{std::move(records).error()}};
  if (auto handed = co_await hand_notes_over(row, *session, *records); !handed && may_pass(handed.error())) co_return try_again(handed.error());

  const auto now = doors_.clock.now();
  const auto connections = connections_of(*records);
  const bool ready = support::is_ready(connections, session->first_came_at.has_value(), *session->ended_at, now);
  const auto told = [&connections](const SupportSession& of) {
    auto report = support::sum_up(connections, of.notes);
    return of.redacted ? support::without_people(std::move(report), of.notes) : report;
  };
  if (ready && session->report != told(*session)) {
    auto noted = co_await change_session(doors_, row.installation, session->id, [&](SupportSession& present, ports::UnitOfWork& unit) -> Result<void> {
      auto report = told(present);
      if (present.report == report) return {};
      present.report = std::move(report);
      present.report_step = Step::pending;
      unit.outbox().put(outbox_row(doors_, row, "session.report_back", present.id.value));
      return {};
    });
    if (!noted) co_return noted.error().code == "not_found" ? StepResult{Done{}} : try_again(noted.error());
    doors_.work.ring();
  }
  co_return next_look(*session);
}

// Also where there is nothing to ask with: the account may be connected again meanwhile, with what it lacks.
StepResult ReportSteps::next_look(const SupportSession& session) const {
  const auto next = support::next_report_look(*session.ended_at, doors_.clock.now());
  return next ? StepResult{LaterAt{*next}} : StepResult{Done{}};
}

// On the first record: that is where the supporter would have typed them.
Task<Result<void>> ReportSteps::hand_notes_over(ports::OutboxRow row, SupportSession session, std::vector<ports::ConnectionRecord> records) {
  if (records.empty() || session.redacted || session.notes == session.notes_at_provider) co_return Result<void>{};
  const auto& first = records.front();
  auto notes = support::with_notes(first.notes, session.notes_at_provider, session.notes);
  const auto ours = session.notes;
  if (notes != first.notes) BELAY_CO_CHECK(co_await doors_.records.set_notes(step_call(row), creator_of(session), first.id, std::move(notes)));
  auto noted = co_await change_session(doors_, row.installation, session.id, [&](SupportSession& now, ports::UnitOfWork&) -> Result<void> {
    now.notes_at_provider = ours;
    return {};
  });
  if (!noted) co_return std::unexpected(noted.error());
  co_return Result<void>{};
}

// ---- writing ----

Task<StepResult> ReportSteps::write_back(ports::OutboxRow row) {
  auto known = co_await know(row, subject(row));
  if (!known) {
    if (known.error().code == kErased) co_return Done{};
    co_return co_await not_written(std::move(row), known.error());
  }
  const auto& session = known->session;
  if (!session.report || session.report_step == Step::done) co_return Done{};
  auto written = co_await write_comment(row, *known);
  if (written && known->settings.worklog && !session.report->nobody()) written = co_await write_worklog(row, *known);
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
    if (known->place() == ReportPlace::invitation && known->settings.edit_when_ended && now.comment) begin_notice(doors_, unit, now, ports::trace_of(row));
    unit.outbox().put(outbox_row(doors_, row, "issue.property", now.issue.value));
    return {};
  });
  if (!noted) co_return noted.error().code == "not_found" ? StepResult{Done{}} : try_again(noted.error());
  doors_.work.ring();
  if (changed_since) co_return LaterAt{doors_.clock.now()};
  co_return Done{};
}

// What was for the team and can be read by the customer. Until it is gone the row comes back, finds it by its mark, and tries again.
Task<Result<void>> ReportSteps::withdraw(ports::OutboxRow row, SupportSession session, CommentId comment) {
  log::error("comment_visible_to_customer", {{"installation", row.installation.value}, {"session", session.id.value}});
  auto deleted = co_await doors_.tickets.delete_comment(step_call(row), session.issue, std::move(comment));
  if (!deleted && deleted.error().code != "not_found") co_return deleted;
  co_return fail("comment_visibility_surprise", "the report was for the team");
}

Task<Result<void>> ReportSteps::write_comment(ports::OutboxRow row, const Known& known) {
  if (known.place() != ReportPlace::internal) co_return Result<void>{};
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
    if (!edited && edited.error().code != "not_found") co_return edited;
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

// In the supporter's name while Jira lets us, else in the app's, which names them.
Task<Result<void>> ReportSteps::write_worklog(ports::OutboxRow row, const Known& known) {
  const auto& session = known.session;
  ports::WorklogDraft draft;
  draft.issue = session.issue;
  draft.session = session.id;
  draft.started = session.report->began.value_or(*session.ended_at);
  draft.spent = std::max(kLeastWorklog, session.report->connected);
  draft.comment = report_for_worklog(session, known.settings.default_language, doors_.words);
  const auto since = draft.started - kClockDifference;

  auto there = session.worklog;
  if (!there && session.worklog_asked) {
    BELAY_CO_TRY(found, co_await doors_.marks.find_worklogs(step_call(row), session.issue, session.id, since));
    if (!found.empty()) there = std::move(found.front());
  }
  const std::array<ports::Actor, 2> actors{ports::AsUser{session.supporter}, ports::AsApp{}};
  if (!there) {
    auto marked = co_await change_session(doors_, row.installation, session.id, [](SupportSession& now, ports::UnitOfWork&) -> Result<void> {
      now.worklog_asked = true;
      return {};
    });
    if (!marked) co_return std::unexpected(marked.error());
    Result<WorklogId> written = fail("jira_token_missing", "nobody tried");
    for (const auto& actor : actors) {
      written = co_await doors_.marks.write_worklog(step_call(row), actor, draft);
      if (written || maybe_done(written.error())) break;
    }
    if (!written) co_return std::unexpected(written.error());
    there = *written;
  } else {
    Result<void> changed = fail("jira_token_missing", "nobody tried");
    for (const auto& actor : actors) {
      changed = co_await doors_.marks.change_worklog(step_call(row), actor, *there, draft);
      if (changed || changed.error().code == "not_found") break;
    }
    if (!changed && changed.error().code != "not_found") co_return changed;
  }
  if (there == session.worklog) co_return Result<void>{};
  auto kept = co_await change_session(doors_, row.installation, session.id, [&](SupportSession& now, ports::UnitOfWork& unit) -> Result<void> {
    now.worklog = there;
    if (session.worklog_asked) begin_sweep(doors_, unit, now, kLateEffect);
    return {};
  });
  if (!kept) co_return std::unexpected(kept.error());
  co_return Result<void>{};
}

Task<StepResult> ReportSteps::not_written(ports::OutboxRow row, Error error) {
  const bool give_up = !may_pass(error) || row.attempts + 1 >= kMostWriteTries;
  if (!give_up) co_return try_again(std::move(error));
  auto noted = co_await change_session(doors_, row.installation, subject(row), [&](SupportSession& now, ports::UnitOfWork&) -> Result<void> {
    now.report_step = Step::failed;
    return {};
  });
  if (!noted && noted.error().code != "not_found") co_return try_again(noted.error());
  // The issue is gone: nobody is left to read it.
  if (error.code == "not_found") co_return Done{};
  co_return GiveUp{std::move(error)};
}

}  // namespace belay::desk
