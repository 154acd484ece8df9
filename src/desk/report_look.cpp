#include "desk/report_look.hpp"

#include <algorithm>

#include "desk/session_change.hpp"

namespace belay::desk {
namespace {

using support::SupportSession;

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

constexpr std::string_view kNotesRefused = "notes_refused";

bool says_notes_refused(const SupportSession& session) { return session.last_error && session.last_error->code == kNotesRefused; }

// The first one: that is where the supporter would have typed them. Unless they were written on another before this one came.
ports::ConnectionRecord* record_for_notes(std::vector<ports::ConnectionRecord>& records, const SupportSession& session) {
  if (records.empty()) return nullptr;
  const bool written = !session.notes_at_provider.empty();
  const auto holder = std::ranges::find_if(records, [&](const auto& one) { return written && support::holds_notes(one.notes, session.notes_at_provider); });
  return holder == records.end() ? &records.front() : &*holder;
}

}  // namespace

Task<StepResult> ReportLook::look(ports::OutboxRow row) {
  auto session = co_await read_session(doors_, row.installation, SessionId{row.subject});
  if (!session) {
    if (session.error().code == "not_found") co_return Done{};
    co_return try_again(session.error());
  }
  if (!is_ended(*session)) co_return Done{};
  if (*session->ended_at > doors_.clock.now()) session = co_await ended_by_now(*session);
  if (!session) co_return session.error().code == "not_found" ? StepResult{Done{}} : try_again(session.error());
  // Asked for sooner by a note that was typed, or an account that was connected again: records are not there yet.
  if (doors_.clock.now() < *session->ended_at + support::kFirstReportLook) co_return next_look(*session);
  // The other account has no records of it, which would look as if nobody had connected.
  auto elsewhere = co_await lives_elsewhere(doors_, *session);
  if (!elsewhere) co_return try_again(elsewhere.error());
  if (*elsewhere) co_return next_look(*session);
  auto records = co_await doors_.records.of_session(step_call(row), creator_of(*session), session->made->code, session->made->created_at - kClockDifference);
  if (!records && is_not_for_us(records.error())) co_return next_look(*session);
  if (!records) co_return may_pass(records.error()) ? try_again(std::move(records).error()) : StepResult{GiveUp{std::move(records).error()}};
  std::optional<Error> notes_wait;   // they are tried again; what came of the session does not wait for them
  if (auto* record = record_for_notes(*records, *session)) {
    auto notes = co_await hand_notes_over(row, *session, *record);
    if (!notes && may_pass(notes.error())) notes_wait = notes.error();
    else if (!notes && notes.error().code != "not_found") {
      if (auto said = co_await say_that_notes_stay(*session, notes.error().code); !said && said.error().code != "not_found") co_return try_again(said.error());
    }
    // Until it takes them the report says what is to stand there, and not what somebody here has changed since.
    record->notes = notes ? std::move(*notes) : session->redacted ? std::move(record->notes) : support::with_notes(record->notes, session->notes_at_provider, session->notes);
  }

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
      begin_report(doors_, unit, present, ports::trace_of(row));
      return {};
    });
    if (!noted) co_return noted.error().code == "not_found" ? StepResult{Done{}} : try_again(noted.error());
    doors_.work.ring();
  }
  if (notes_wait) co_return try_again(std::move(*notes_wait));
  co_return next_look(*session);
}

// The clock was set back since its end: else what came of it would wait until that time comes again.
Task<Result<SupportSession>> ReportLook::ended_by_now(SupportSession session) {
  co_return co_await change_session(doors_, session.installation, session.id, [&](SupportSession& now, ports::UnitOfWork&) -> Result<void> {
    const auto first_look = doors_.clock.now() - support::kFirstReportLook;
    if (now.ended_at && *now.ended_at > first_look) now.ended_at = first_look;
    return {};
  });
}

// Also where there is nothing to ask with: the account may be connected again meanwhile, with what it lacks.
StepResult ReportLook::next_look(const SupportSession& session) const {
  const auto next = support::next_report_look(*session.ended_at, doors_.clock.now());
  return next ? StepResult{LaterAt{*next}} : StepResult{Done{}};
}

Task<Result<std::string>> ReportLook::hand_notes_over(ports::OutboxRow row, SupportSession session, ports::ConnectionRecord record) {
  if (session.redacted || session.notes == session.notes_at_provider) co_return std::move(record.notes);
  auto notes = support::with_notes(record.notes, session.notes_at_provider, session.notes);
  if (notes != record.notes) BELAY_CO_CHECK(co_await doors_.records.set_notes(step_call(row), creator_of(session), record.id, notes));
  auto noted = co_await change_session(doors_, row.installation, session.id, [&](SupportSession& now, ports::UnitOfWork&) -> Result<void> {
    now.notes_at_provider = session.notes;
    if (says_notes_refused(now)) now.last_error.reset();
    return {};
  });
  if (!noted) co_return std::unexpected(noted.error());
  co_return notes;
}

// Once; what else went wrong is more than this. Every further look tries again.
Task<Result<void>> ReportLook::say_that_notes_stay(SupportSession session, std::string why) {
  if (session.last_error) co_return Result<void>{};
  auto said = co_await change_session(doors_, session.installation, session.id, [&](SupportSession& now, ports::UnitOfWork& unit) -> Result<void> {
    if (now.last_error) return {};
    now.last_error = Error{.code = std::string(kNotesRefused), .cause = why, .detail = {{"provider", doors_.provider.display_name()}}, .retryable = false, .retry_after = {}};
    auto entry = audit_entry(doors_, now.installation, "notes_refused");
    entry.issue = now.issue;
    entry.session = now.id;
    entry.detail = {{"code", why}};
    unit.audit().append(entry);
    return {};
  });
  if (!said) co_return std::unexpected(std::move(said).error());
  co_return Result<void>{};
}

}  // namespace belay::desk
