#include "desk/session_change.hpp"

namespace belay::desk {

using support::Step;

Task<Result<support::SupportSession>> change_session(const Doors& doors, InstallationId installation, SessionId id, SessionChange change) {
  constexpr int kTries = 5;
  for (int tries = 0; tries < kTries; ++tries) {
    auto written = co_await doors.storage.write<std::optional<support::SupportSession>>(
        [&](ports::UnitOfWork& unit) -> Result<std::optional<support::SupportSession>> {
          auto session = unit.sessions().find(installation, id);
          if (!session) return fail("not_found", "no session of that id");
          BELAY_CHECK(change(*session, unit));
          if (!unit.sessions().update(*session)) return fail_for_now("session_moved", "somebody was faster");
          return session;
        });
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

Result<void> end_session(const Doors& doors, support::SupportSession& session, ports::UnitOfWork& unit, support::SessionEvent event, const ports::AuditEntry& audit,
                         bool edit_invitation, std::string trace_id) {
  BELAY_CHECK(support::apply(session, event, doors.clock.now()));
  session.last_error.reset();
  // An invitation that never left is not written any more; one that may have left is looked for.
  if (session.invitation_step == Step::pending && !session.comment_asked) session.invitation_step = Step::none;
  if (session.made) {
    session.closing_step = Step::pending;
    unit.outbox().put(outbox_row(doors, session.installation, "session.close", session.id.value, trace_id));
  }
  if (session.comment && edit_invitation) begin_notice(doors, unit, session, trace_id);
  auto entry = audit;
  entry.issue = session.issue;
  entry.session = session.id;
  entry.person = session.customer.account;
  unit.audit().append(entry);
  return {};
}

void begin_notice(const Doors& doors, ports::UnitOfWork& unit, support::SupportSession& session, const std::string& trace_id) {
  session.notice_step = Step::pending;
  auto row = outbox_row(doors, session.installation, "session.notice", session.id.value, trace_id);
  const bool closed_there = !session.made || session.closing_step == Step::done;
  if (!closed_there) row.due_at = std::max(row.due_at, session.valid_until);
  unit.outbox().put(row);
}

void begin_sweep(const Doors& doors, ports::UnitOfWork& unit, const support::SupportSession& session, Milliseconds after) {
  auto row = outbox_row(doors, session.installation, "session.sweep", session.id.value);
  row.payload["from"] = to_millis(row.due_at);
  row.due_at += after;
  unit.outbox().erase(session.installation, "session.sweep", session.id.value);
  unit.outbox().put(row);
}

Task<Result<bool>> is_being_swept(const Doors& doors, InstallationId installation, SessionId id) {
  const auto now = doors.clock.now();
  co_return co_await doors.storage.read<bool>([&](ports::UnitOfWork& unit) -> Result<bool> {
    const auto row = unit.outbox().find(installation, "session.sweep", id.value);
    return row && row->leased_until && *row->leased_until > now;
  });
}

}  // namespace belay::desk
