#include <boost/json/serialize.hpp>

#include "storage/stores.hpp"

namespace belay::storage {
namespace {

#define BELAY_AUDIT_COLUMNS "installation_id, id, happened_at, actor_id, action, issue_id, session_id, person_id, peer, detail"
constexpr Query kAppend{
    "insert into audit_entry (" BELAY_AUDIT_COLUMNS
    ") values (:installation, :id, :happened_at, :actor, :action, :issue, :session, :person, :peer, :detail)"};
constexpr Query kNewest{
    "select " BELAY_AUDIT_COLUMNS " from audit_entry where installation_id = :installation order by happened_at desc, id desc limit :most", 10};

constexpr Query kTally{
    "select count(*), max(happened_at) from audit_entry where installation_id = :installation and issue_id = :issue and action = :action", 2};

}  // namespace

void SqlAuditLog::append(const ports::AuditEntry& entry) {
  connection_.statement(kAppend)
      .with("installation", entry.installation)
      .with("id", entry.id)
      .with("happened_at", entry.at)
      .with("actor", entry.actor)
      .with("action", entry.action)
      .with("issue", entry.issue)
      .with("session", entry.session)
      .with("person", entry.person)
      .with("peer", entry.peer)
      .with("detail", boost::json::serialize(entry.detail))
      .run();
}

ports::AuditLog::Tally SqlAuditLog::tally(const InstallationId& installation, const IssueId& issue, const std::string& action) {
  const auto found = connection_.statement(kTally).with("installation", installation).with("issue", issue).with("action", action).row([](Row& row) {
    Tally tally;
    tally.count = row.number();
    tally.last = row.maybe_time();
    return tally;
  });
  return found.value_or(Tally{});
}

std::vector<ports::AuditEntry> SqlAuditLog::newest(const InstallationId& installation, std::size_t most) {
  return connection_.statement(kNewest).with("installation", installation).with("most", most).rows([](Row& row) {
    ports::AuditEntry entry;
    entry.installation = row.id<InstallationId>();
    entry.id = row.text();
    entry.at = row.time();
    entry.actor = row.maybe_id<AccountId>();
    entry.action = row.text();
    entry.issue = row.maybe_id<IssueId>();
    entry.session = row.maybe_id<SessionId>();
    entry.person = row.maybe_id<AccountId>();
    entry.peer = row.text();
    entry.detail = row.object();
    return entry;
  });
}

}  // namespace belay::storage
