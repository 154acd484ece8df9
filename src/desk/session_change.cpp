#include "desk/session_change.hpp"

#include "base/log.hpp"
#include "desk/installation_settings.hpp"

namespace belay::desk {

using support::Step;

Task<Result<support::SupportSession>> change_session(const Doors& doors, InstallationId installation, SessionId id, SessionChange change, Commit commit) {
  using Changed = std::optional<support::SupportSession>;
  const auto work = [&](ports::UnitOfWork& unit) -> Result<Changed> {
    auto session = unit.sessions().find(installation, id);
    if (!session) return fail("not_found", "no session of that id");
    BELAY_CHECK(change(*session, unit));
    if (!unit.sessions().update(*session)) return fail_for_now("session_moved", "somebody was faster");
    return session;
  };
  constexpr int kTries = 5;
  for (int tries = 0; tries < kTries; ++tries) {
    auto written = commit == Commit::forced ? co_await doors.storage.write<Changed>(work) : co_await doors.storage.write_unforced<Changed>(work);
    if (written) co_return std::move(**written);
    if (written.error().code != "session_moved") co_return std::unexpected(written.error());
  }
  co_return fail_for_now("storage_unavailable", "the session kept changing");
}

Task<Result<support::SupportSession>> read_session(const Doors& doors, InstallationId installation, SessionId id) {
  co_return co_await doors.storage.read<support::SupportSession>([&](ports::UnitOfWork& unit) -> Result<support::SupportSession> {
    auto session = unit.sessions().find(installation, id);
    if (!session) return fail("not_found", "no session of that id");
    return std::move(*session);
  });
}

bool is_in(const support::SupportSession& session, const ProviderAccountId& account) { return session.provider_account.empty() || session.provider_account == account; }

Task<Result<bool>> lives_elsewhere(const Doors& doors, support::SupportSession session) {
  co_return co_await doors.storage.read<bool>([&](ports::UnitOfWork& unit) -> Result<bool> {
    const auto link = unit.links().find(session.installation, session.creator, session.provider);
    return link && !is_in(session, link->at_provider.id);
  });
}

bool is_maybe_told(ports::UnitOfWork& unit, const support::SupportSession& session) {
  return session.waiting_told && unit.outbox().find(session.installation, "session.waiting", session.id.value).has_value();
}

Result<void> end_session(const Doors& doors, support::SupportSession& session, ports::UnitOfWork& unit, support::SessionEvent event, const ports::AuditEntry& audit,
                         bool edit_invitation, std::string trace_id) {
  BELAY_CHECK(support::apply(session, event, doors.clock.now()));
  BELAY_CHECK(give_place_back(unit, session));
  session.last_error.reset();
  // An invitation that never left is not written any more; one that may have left is looked for.
  if (session.invitation_step == Step::pending && !session.comment_asked) session.invitation_step = Step::none;
  if (session.invitation_step == Step::failed) unit.outbox().erase(session.installation, "session.invite", session.id.value);   // nobody need try that again
  // Nobody waits any more. What may have been written is looked for: the customer may be able to read it.
  if (is_maybe_told(unit, session)) unit.outbox().put(outbox_row(doors, session.installation, "session.waiting", session.id.value, trace_id));
  else unit.outbox().erase(session.installation, "session.waiting", session.id.value);
  if (session.made) {
    session.closing_step = Step::pending;
    unit.outbox().put(outbox_row(doors, session.installation, "session.close", session.id.value, trace_id));
    auto report = outbox_row(doors, session.installation, "session.report", session.id.value, trace_id);
    report.due_at = *session.ended_at + support::kFirstReportLook;
    unit.outbox().put(report);
    unit.outbox().put(outbox_row(doors, session.installation, "issue.property", session.issue.value, trace_id));
  }
  if (session.comment && edit_invitation) begin_notice(doors, unit, session, trace_id);
  auto entry = audit;
  entry.issue = session.issue;
  entry.session = session.id;
  entry.person = session.customer.account;
  unit.audit().append(entry);
  return {};
}

Result<void> make_again(const Doors& doors, support::SupportSession& session) {
  const auto validity = session.valid_until - session.created_at;
  BELAY_CHECK(support::apply(session, support::SessionEvent::retried, doors.clock.now()));
  session.created_at = doors.clock.now();
  session.valid_until = session.created_at + validity;
  session.session_step = Step::pending;
  session.invitation_step = session.invitation == support::Invitation::none ? Step::none : Step::pending;
  return {};
}

void begin_notice(const Doors& doors, ports::UnitOfWork& unit, support::SupportSession& session, const std::string& trace_id) {
  session.notice_step = Step::pending;
  auto row = outbox_row(doors, session.installation, "session.notice", session.id.value, trace_id);
  const bool closed_there = !session.made || session.closing_step == Step::done;
  if (!closed_there) row.due_at = std::max(row.due_at, session.valid_until);
  unit.outbox().put(row);
}

void begin_report(const Doors& doors, ports::UnitOfWork& unit, support::SupportSession& session, const std::string& trace_id) {
  session.report_step = Step::pending;
  unit.outbox().put(outbox_row(doors, session.installation, "session.report_back", session.id.value, trace_id));
  // Where nobody wants it, Jira is not asked for what it would be written from.
  if (settings_of(unit, session.installation, doors.words).settings.worklog) unit.outbox().put(outbox_row(doors, session.installation, "session.worklog", session.id.value, trace_id));
}

namespace {

// The other session of a pair, while it still says so itself.
std::optional<support::SupportSession> replaced_by(ports::UnitOfWork& unit, const support::SupportSession& replacement) {
  if (!replacement.replaces) return std::nullopt;
  auto old = unit.sessions().find(replacement.installation, *replacement.replaces);
  if (!old || old->replaced_by != replacement.id) return std::nullopt;
  return old;
}

constexpr int kLongestChain = 100;   // of sessions that were replaced one after the other: a circle in the table must not hold us up

// Whoever changes the first of the pair begins anew when somebody was faster with the other.
Result<void> write_other(ports::UnitOfWork& unit, support::SupportSession& other) {
  if (!unit.sessions().update(other)) return fail_for_now("session_moved", "somebody was faster");
  return {};
}

}  // namespace

Result<void> give_place_back(ports::UnitOfWork& unit, const support::SupportSession& replacement) {
  if (replacement.first_came_at || replacement.replaced_by) return {};
  auto old = replaced_by(unit, replacement);
  // One that is over by now, and to which nobody came, gives back in its turn what it had taken.
  for (int link = 0; old && support::is_over(old->state) && !old->first_came_at && link < kLongestChain; ++link) old = replaced_by(unit, *old);
  if (!old || !support::is_live(old->state)) return {};
  old->replaced_by.reset();
  return write_other(unit, *old);
}

Result<void> take_place_again(ports::UnitOfWork& unit, support::SupportSession& replacement) {
  if (!replacement.replaces) return {};
  auto old = unit.sessions().find(replacement.installation, *replacement.replaces);
  auto taken_by = replacement.id;
  // One that is over, to which nobody came, gave back along with us what it had taken (give_place_back).
  for (int link = 0; old && old->replaced_by == taken_by && support::is_over(old->state) && !old->first_came_at && old->replaces && link < kLongestChain; ++link) {
    taken_by = old->id;
    old = unit.sessions().find(replacement.installation, *old->replaces);
  }
  if (!old || old->replaced_by == taken_by) return {};
  if (old->replaced_by || !support::is_live(old->state)) {
    if (taken_by == replacement.id) replacement.replaces.reset();
    return {};
  }
  old->replaced_by = taken_by;
  return write_other(unit, *old);
}

Result<void> end_replaced(const Doors& doors, ports::UnitOfWork& unit, const support::SupportSession& replacement, bool edit_invitation) {
  auto old = replaced_by(unit, replacement);
  if (!old) return {};
  BELAY_CHECK(end_replaced(doors, unit, *old, edit_invitation));   // what that one had been made for
  if (old->state != support::SessionState::open) return {};
  BELAY_CHECK(end_session(doors, *old, unit, support::SessionEvent::closed, audit_entry(doors, old->installation, "replaced_session_closed"), edit_invitation));
  return write_other(unit, *old);
}

bool was_joined_elsewhere(ports::UnitOfWork& unit, const support::SupportSession& session) {
  auto next = session.replaced_by;
  for (int link = 0; next && link < kLongestChain; ++link) {
    const auto replacement = unit.sessions().find(session.installation, *next);
    if (!replacement) return false;
    if (replacement->first_came_at) return true;
    next = replacement->replaced_by;
  }
  return false;
}

namespace {

constexpr std::string_view kSecondSessionSince = "second_session_since";   // of a sweep's payload, in milliseconds

}  // namespace

std::optional<Time> second_session_since(const ports::OutboxRow& sweep) {
  const auto since = json::integer_at(sweep.payload, kSecondSessionSince);
  return since ? std::optional(from_millis(*since)) : std::nullopt;
}

std::optional<Time> second_session_since(ports::UnitOfWork& unit, const support::SupportSession& session) {
  const auto sweep = unit.outbox().find(session.installation, "session.sweep", session.id.value);
  return sweep ? second_session_since(*sweep) : std::nullopt;
}

namespace {

void put_sweep(const Doors& doors, ports::UnitOfWork& unit, const support::SupportSession& session, Milliseconds after, std::optional<Time> second_session_since) {
  auto row = outbox_row(doors, session.installation, "session.sweep", session.id.value);
  row.payload["from"] = to_millis(row.due_at);
  if (second_session_since) row.payload[kSecondSessionSince] = to_millis(*second_session_since);
  row.due_at += after;
  unit.outbox().replace(row);   // a sweep that runs goes on, and is seen to run (is_being_swept)
}

}  // namespace

void begin_sweep(const Doors& doors, ports::UnitOfWork& unit, const support::SupportSession& session, Milliseconds after) {
  put_sweep(doors, unit, session, after, second_session_since(unit, session));
}

void begin_session_sweep(const Doors& doors, ports::UnitOfWork& unit, const support::SupportSession& session, Milliseconds after) {
  put_sweep(doors, unit, session, after, doors.clock.now());
}

Task<Result<void>> journal(const Doors& doors, support::SupportSession session, std::string action) {
  log::warning(action, {{"installation", session.installation.value}, {"session", session.id.value}});
  co_return co_await doors.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    auto entry = audit_entry(doors, session.installation, action);
    entry.issue = session.issue;
    entry.session = session.id;
    unit.audit().append(entry);
    return {};
  });
}

Task<Result<bool>> is_being_swept(const Doors& doors, InstallationId installation, SessionId id) {
  const auto now = doors.clock.now();
  co_return co_await doors.storage.read<bool>([&](ports::UnitOfWork& unit) -> Result<bool> {
    const auto row = unit.outbox().find(installation, "session.sweep", id.value);
    return row && row->leased_until && *row->leased_until > now;
  });
}

}  // namespace belay::desk
