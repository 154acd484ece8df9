#include "desk/doors.hpp"

namespace belay::desk {

ports::AuditEntry audit_entry(const Doors& doors, const InstallationId& installation, std::string action) {
  ports::AuditEntry entry;
  entry.id = doors.random.uuid();
  entry.installation = installation;
  entry.at = doors.clock.now();
  entry.action = std::move(action);
  return entry;
}

ports::AuditEntry audit_entry(const Doors& doors, const Caller& caller, std::string action) {
  auto entry = audit_entry(doors, caller.installation(), std::move(action));
  entry.actor = caller.account;
  entry.issue = caller.call.issue;
  entry.issue_key = caller.call.issue_key;
  entry.peer = caller.peer;
  return entry;
}

ports::OutboxRow outbox_row(const Doors& doors, const InstallationId& installation, std::string kind, std::string subject, const std::string& trace_id) {
  ports::OutboxRow row;
  row.id = OutboxId{doors.random.uuid()};
  row.installation = installation;
  row.kind = std::move(kind);
  row.subject = std::move(subject);
  row.due_at = doors.clock.now();
  if (!trace_id.empty()) row.payload["trace"] = trace_id;
  return row;
}

ports::OutboxRow outbox_row(const Doors& doors, const Caller& caller, std::string kind, std::string subject) {
  return outbox_row(doors, caller.installation(), std::move(kind), std::move(subject), caller.trace_id);
}

ports::OutboxRow outbox_row(const Doors& doors, const ports::OutboxRow& from, std::string kind, std::string subject) {
  return outbox_row(doors, from.installation, std::move(kind), std::move(subject), ports::trace_of(from));
}

}  // namespace belay::desk
