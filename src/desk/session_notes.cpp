#include "desk/session_notes.hpp"

#include "desk/session_change.hpp"
#include "support/code_points.hpp"

namespace belay::desk {
namespace {

Result<void> check_length(std::string_view field, std::string_view text) {
  if (support::count_code_points(text) > kNotesLimit) return refuse_field(field, FieldRule::max_characters, {{"limit", kNotesLimit}});
  return {};
}

}  // namespace

Result<void> check(const TypedNotes& typed) {
  BELAY_CHECK(check_length("notes", typed.notes));
  return check_length("before", typed.before.value_or(""));
}

Result<void> put_notes(support::SupportSession& session, const TypedNotes& typed) {
  // The same already: another try of a request whose answer was lost.
  if (session.notes == typed.notes) return {};
  if (typed.before && session.notes != *typed.before) return fail("notes_changed", "somebody else wrote meanwhile", {{"notes", session.notes}});
  if (session.report) session.report->notes = session.redacted ? typed.notes : support::with_notes(session.report->notes, session.notes, typed.notes);
  session.notes = typed.notes;
  return {};
}

Result<void> note_session(const Doors& doors, const Caller& caller, support::SupportSession& session, ports::UnitOfWork& unit, const TypedNotes& typed) {
  if (session.notes == typed.notes) return {};
  BELAY_CHECK(put_notes(session, typed));
  // The provider's record has them in it, and what was written back, also where the provider is not asked any more.
  if (support::is_over(session.state)) unit.outbox().put(outbox_row(doors, caller, "session.report", session.id.value));
  if (session.report) begin_report(doors, unit, session, caller.trace_id);
  auto entry = audit_entry(doors, caller, "session_noted");   // what was noted is no business of the log
  entry.session = session.id;
  unit.audit().append(entry);
  return {};
}

}  // namespace belay::desk
