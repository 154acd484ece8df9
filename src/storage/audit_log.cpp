#include <array>
#include <utility>

#include <boost/json/serialize.hpp>

#include "storage/stores.hpp"
#include "support/erasure.hpp"

namespace belay::storage {
namespace {

constexpr Query kAppend{
    "insert into audit_entry (installation_id, id, happened_at, actor_id, action, issue_id, session_id, person_id, peer, detail, issue_key, session_code)"
    " values (:installation, :id, :happened_at, :actor, :action, :issue, :session, :person, :peer, :detail,"
    " coalesce(:issue_key, (select s.issue_key from support_session s where s.installation_id = :installation and s.id = :session),"
    " (select e.issue_key from audit_entry e where e.installation_id = :installation and e.issue_id = :issue and e.issue_key is not null"
    " order by e.happened_at desc, e.id desc limit 1)),"
    " (select s.code from support_session s where s.installation_id = :installation and s.id = :session))"};

// An entry may have been written before its session had a code: then it is the session's, or, after that is erased, that of a later entry.
#define BELAY_AUDIT_ENTRIES \
  "select a.installation_id, a.id, a.happened_at, a.actor_id, a.action, a.issue_id, a.session_id, a.person_id, a.peer, a.detail, a.issue_key," \
  " coalesce(s.code, a.session_code, (select max(e.session_code) from audit_entry e where e.installation_id = a.installation_id and e.session_id = a.session_id))" \
  " from audit_entry a" \
  " left join support_session s on s.installation_id = a.installation_id and s.id = a.session_id" \
  " where a.installation_id = :installation"
constexpr int kColumns = 12;
#define BELAY_AUDIT_NEWEST_FIRST " order by a.happened_at desc, a.id desc limit :most"

constexpr Query kNewest{BELAY_AUDIT_ENTRIES BELAY_AUDIT_NEWEST_FIRST, kColumns};

// One filter leads, and its index has the entries in the order in which they are read; the others are looked at row by row. The casts tell
// PostgreSQL what kind of thing is null.
#define BELAY_AUDIT_FILTER(leads) \
  leads \
  " and (a.happened_at, a.id) < (:at, :id) and a.happened_at >= :from" \
  " and (cast(:actor as text) is null or a.actor_id = :actor) and (:by_belay = 0 or a.actor_id is null)" \
  " and (cast(:action as text) is null or a.action = :action) and (cast(:issue as text) is null or a.issue_id = :issue)" \
  " and (cast(:session as text) is null or a.session_id = :session) and (cast(:person as text) is null or a.person_id = :person)"
#define BELAY_AUDIT_LEADS_SESSION " and a.session_id = :session"
#define BELAY_AUDIT_LEADS_ISSUE " and a.issue_id = :issue"
#define BELAY_AUDIT_LEADS_PERSON " and a.person_id = :person"
#define BELAY_AUDIT_LEADS_ACTOR " and a.actor_id = :actor"
#define BELAY_AUDIT_LEADS_ACTION " and a.action = :action"
#define BELAY_AUDIT_LEADS_BELAY " and a.actor_id is null"

// As the queries stand below.
enum class Leading : std::size_t { session, issue, person, actor, action, belay, time };
#define BELAY_AUDIT_PAGE(leads) Query{BELAY_AUDIT_ENTRIES BELAY_AUDIT_FILTER(leads) BELAY_AUDIT_NEWEST_FIRST, kColumns}
constexpr std::array kPage{BELAY_AUDIT_PAGE(BELAY_AUDIT_LEADS_SESSION), BELAY_AUDIT_PAGE(BELAY_AUDIT_LEADS_ISSUE), BELAY_AUDIT_PAGE(BELAY_AUDIT_LEADS_PERSON),
                           BELAY_AUDIT_PAGE(BELAY_AUDIT_LEADS_ACTOR),   BELAY_AUDIT_PAGE(BELAY_AUDIT_LEADS_ACTION), BELAY_AUDIT_PAGE(BELAY_AUDIT_LEADS_BELAY),
                           BELAY_AUDIT_PAGE("")};
#define BELAY_AUDIT_COUNT(leads) Query{"select count(*) from audit_entry a where a.installation_id = :installation" BELAY_AUDIT_FILTER(leads), 1}
constexpr std::array kCount{BELAY_AUDIT_COUNT(BELAY_AUDIT_LEADS_SESSION), BELAY_AUDIT_COUNT(BELAY_AUDIT_LEADS_ISSUE), BELAY_AUDIT_COUNT(BELAY_AUDIT_LEADS_PERSON),
                            BELAY_AUDIT_COUNT(BELAY_AUDIT_LEADS_ACTOR),   BELAY_AUDIT_COUNT(BELAY_AUDIT_LEADS_ACTION), BELAY_AUDIT_COUNT(BELAY_AUDIT_LEADS_BELAY),
                            BELAY_AUDIT_COUNT("")};

// What is likely to be had least often leads.
Leading leading(const ports::AuditFilter& filter) {
  if (filter.session) return Leading::session;
  if (filter.issue) return Leading::issue;
  if (filter.person) return Leading::person;
  if (filter.actor) return Leading::actor;
  if (filter.action) return Leading::action;
  return filter.by_belay ? Leading::belay : Leading::time;
}

// From one account to the next by the index, however many entries each has.
#define BELAY_AUDIT_ACCOUNTS(column) \
  Query{"with recursive account(id) as (select min(" column ") from audit_entry where installation_id = :installation and " column " is not null" \
        " union all select (select min(" column ") from audit_entry where installation_id = :installation and " column " > account.id)" \
        " from account where account.id is not null)" \
        " select id from account where id is not null limit :most", 1}
constexpr Query kActors = BELAY_AUDIT_ACCOUNTS("actor_id");
constexpr Query kPeople = BELAY_AUDIT_ACCOUNTS("person_id");

constexpr Query kIssueOf{
    "select issue_id from audit_entry where installation_id = :installation and issue_key = :key and issue_id is not null"
    " order by happened_at desc, id desc limit 1", 1};
constexpr Query kKeyOf{
    "select issue_key from audit_entry where installation_id = :installation and issue_id = :issue and issue_key is not null"
    " order by happened_at desc, id desc limit 1", 1};
constexpr Query kSessionOf{
    "select id from support_session where installation_id = :installation and code = :code order by created_at desc, id desc limit 1", 1};
constexpr Query kErasedSessionOf{
    "select session_id from audit_entry where installation_id = :installation and session_code = :code and session_id is not null"
    " order by happened_at desc, id desc limit 1", 1};

// A rule may have named another supporter than who it runs as: that stands in the detail.
#define BELAY_AUDIT_NAMES(of) \
  "(" of "actor_id = :account or " of "person_id = :account or (" of "action = 'session_created' and " of "detail like :quoted escape '!'))"
constexpr Query kNaming{
    BELAY_AUDIT_ENTRIES " and (a.happened_at, a.id) > (:at, :id) and " BELAY_AUDIT_NAMES("a.") " order by a.happened_at, a.id limit :most", kColumns};
// Each by an index of its own, which gets shorter as they are taken out.
#define BELAY_AUDIT_TO_TAKE_OUT(which) Query{"select id, actor_id, person_id, peer, detail from audit_entry where installation_id = :installation and " which " limit :most", 5}
constexpr Query kToTakeOutAsActor = BELAY_AUDIT_TO_TAKE_OUT("actor_id = :account");
constexpr Query kToTakeOutAsPerson = BELAY_AUDIT_TO_TAKE_OUT("person_id = :account");
constexpr Query kToTakeOutAsSupporter = BELAY_AUDIT_TO_TAKE_OUT("action = 'session_created' and detail like :account escape '!'");
constexpr Query kTakeOut{
    "update audit_entry set actor_id = :actor, person_id = :person, peer = :peer, detail = :detail where installation_id = :installation and id = :id"};

constexpr Query kTally{
    "select count(*), max(happened_at) from audit_entry where installation_id = :installation and issue_id = :issue and action = :action", 2};

ports::AuditEntry entry_from(Row& row) {
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
  entry.issue_key = row.maybe_id<IssueKey>();
  entry.session_code = row.maybe_id<SessionCode>();
  return entry;
}

// The end of the range and the place of the last page are one bound: what is before both.
ports::AuditPlace bound_of(const ports::AuditFilter& filter, const std::optional<ports::AuditPlace>& after) {
  const ports::AuditPlace end{.at = filter.before.value_or(Time::max()), .id = {}};
  return after && after->at < end.at ? *after : end;
}

Statement& with_filter(Statement& statement, const InstallationId& installation, const ports::AuditFilter& filter, const ports::AuditPlace& bound) {
  return statement.with("installation", installation)
      .with("at", bound.at)
      .with("id", bound.id)
      .with("from", filter.from.value_or(Time::min()))
      .with("actor", filter.actor)
      .with("by_belay", filter.by_belay)
      .with("action", filter.action)
      .with("issue", filter.issue)
      .with("session", filter.session)
      .with("person", filter.person);
}

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
      .with("issue_key", entry.issue_key)
      .run();
}

std::vector<ports::AuditEntry> SqlAuditLog::page(const InstallationId& installation, const ports::AuditFilter& filter, const std::optional<ports::AuditPlace>& after,
                                                 std::size_t most) {
  auto& statement = connection_.statement(kPage.at(std::to_underlying(leading(filter))));
  return with_filter(statement, installation, filter, bound_of(filter, after)).with("most", most).rows(entry_from);
}

std::int64_t SqlAuditLog::count(const InstallationId& installation, const ports::AuditFilter& filter) {
  auto& statement = connection_.statement(kCount.at(std::to_underlying(leading(filter))));
  return with_filter(statement, installation, filter, bound_of(filter, std::nullopt)).row([](Row& row) { return row.number(); }).value_or(0);
}

ports::AuditLog::Accounts SqlAuditLog::accounts(const InstallationId& installation, std::size_t most) {
  const auto read = [&](const Query& query) {
    return connection_.statement(query).with("installation", installation).with("most", most).rows([](Row& row) { return row.id<AccountId>(); });
  };
  return {.actors = read(kActors), .people = read(kPeople)};
}

std::optional<IssueId> SqlAuditLog::issue_of(const InstallationId& installation, const IssueKey& key) {
  return connection_.statement(kIssueOf).with("installation", installation).with("key", key).row([](Row& row) { return row.id<IssueId>(); });
}

std::optional<IssueKey> SqlAuditLog::key_of(const InstallationId& installation, const IssueId& issue) {
  return connection_.statement(kKeyOf).with("installation", installation).with("issue", issue).row([](Row& row) { return row.id<IssueKey>(); });
}

std::optional<SessionId> SqlAuditLog::session_of(const InstallationId& installation, const SessionCode& code) {
  const auto find = [&](const Query& query) {
    return connection_.statement(query).with("installation", installation).with("code", code).row([](Row& row) { return row.id<SessionId>(); });
  };
  auto present = find(kSessionOf);
  return present ? present : find(kErasedSessionOf);
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
  return connection_.statement(kNewest).with("installation", installation).with("most", most).rows(entry_from);
}

namespace {

constexpr const char* kSupporter = "supporter";

bool names(const ports::AuditEntry& entry, const AccountId& account) {
  return entry.actor == account || entry.person == account || json::string_at(entry.detail, kSupporter) == account.value;
}

}  // namespace

std::vector<ports::AuditEntry> SqlAuditLog::naming(const InstallationId& installation, const AccountId& account, const std::optional<ports::AuditPlace>& after, std::size_t most) {
  const ports::AuditPlace from = after.value_or(ports::AuditPlace{.at = Time::min(), .id = {}});
  return connection_.statement(kNaming)
      .with("installation", installation)
      .with("at", from.at)
      .with("id", from.id)
      .with("account", account)
      .with("quoted", quoted_somewhere(account.value))
      .with("most", most)
      .rows(entry_from);
}

std::size_t SqlAuditLog::take_out(const InstallationId& installation, const AccountId& account, std::size_t most) {
  const auto find = [&](const Query& query, const std::string& text, std::size_t at_most) {
    return connection_.statement(query).with("installation", installation).with("account", text).with("most", at_most).rows([](Row& row) {
      ports::AuditEntry entry;
      entry.id = row.text();
      entry.actor = row.maybe_id<AccountId>();
      entry.person = row.maybe_id<AccountId>();
      entry.peer = row.text();
      entry.detail = row.object();
      return entry;
    });
  };
  const AccountId nobody{std::string(support::kErasedAccount)};
  auto found = find(kToTakeOutAsActor, account.value, most);
  if (found.empty()) found = find(kToTakeOutAsPerson, account.value, most);
  if (found.empty()) found = find(kToTakeOutAsSupporter, quoted_somewhere(account.value), most);
  std::size_t taken = 0;
  for (auto entry : found) {
    if (!names(entry, account)) continue;   // SQLite's "like" does not look at capitals
    if (entry.actor == account) {
      entry.actor = nobody;
      entry.peer.clear();   // it was their network
    }
    if (entry.person == account) entry.person = nobody;
    if (json::string_at(entry.detail, kSupporter) == account.value) entry.detail[kSupporter] = nobody.value;
    connection_.statement(kTakeOut)
        .with("actor", entry.actor)
        .with("person", entry.person)
        .with("peer", entry.peer)
        .with("detail", boost::json::serialize(entry.detail))
        .with("installation", installation)
        .with("id", entry.id)
        .run();
    ++taken;
  }
  return taken;
}

}  // namespace belay::storage
