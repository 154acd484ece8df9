#include <algorithm>

#include <boost/json/serialize.hpp>

#include "storage/stored_error.hpp"
#include "storage/stores.hpp"

namespace belay::storage {
namespace {

#define BELAY_OUTBOX_COLUMNS \
  "installation_id, kind, subject, id, payload, due_at, attempts, leased_until, leased_by, set_aside_at, last_error"
constexpr int kColumns = 11;

// Four cases of one statement. Set aside: replaced. Waiting: kept, due at the earlier of both times. Leased: kept, and
// remembered in wanted_at, so that finish() does not take away what was asked for while the step ran.
constexpr Query kPut{
    "insert into outbox (" BELAY_OUTBOX_COLUMNS ") values (:installation, :kind, :subject, :id, :payload, :due_at, :attempts, null, '', null, null)"
    " on conflict (installation_id, kind, subject) do update set"
    " id = case when outbox.set_aside_at is null then outbox.id else excluded.id end,"
    " payload = case when outbox.set_aside_at is null then outbox.payload else excluded.payload end,"
    " attempts = case when outbox.set_aside_at is null then outbox.attempts else excluded.attempts end,"
    " last_error = case when outbox.set_aside_at is null then outbox.last_error else null end,"
    " due_at = case when outbox.set_aside_at is not null then excluded.due_at"
    " when outbox.leased_until is null and excluded.due_at < outbox.due_at then excluded.due_at else outbox.due_at end,"
    " wanted_at = case when outbox.leased_until is null then null"
    " when outbox.wanted_at is null or excluded.due_at < outbox.wanted_at then excluded.due_at else outbox.wanted_at end,"
    " set_aside_at = null"};

// A row that nobody holds becomes the new one. What is leased keeps who holds it, and the time it was due at.
constexpr Query kReplace{
    "insert into outbox (" BELAY_OUTBOX_COLUMNS ") values (:installation, :kind, :subject, :id, :payload, :due_at, :attempts, null, '', null, null)"
    " on conflict (installation_id, kind, subject) do update set"
    " id = case when outbox.leased_until is null then excluded.id else outbox.id end,"
    " due_at = case when outbox.leased_until is null then excluded.due_at else outbox.due_at end,"
    " wanted_at = case when outbox.leased_until is null then null else excluded.due_at end,"
    " payload = excluded.payload, attempts = excluded.attempts, last_error = null, set_aside_at = null"};

constexpr Query kPutLeased{
    "insert into outbox (" BELAY_OUTBOX_COLUMNS ") values (:installation, :kind, :subject, :id, :payload, :due_at, :attempts, :until, :owner, null, null)"
    " on conflict (installation_id, kind, subject) do nothing"};

#define BELAY_CLAIMABLE \
  "set_aside_at is null and due_at <= :now and (leased_until is null or leased_until <= :now) order by due_at, id limit :most"
#define BELAY_CLAIM \
  "update outbox set leased_until = :until, leased_by = :owner, wanted_at = null, hastened_to = null where id in (select id from outbox where "
// SQLite: the transaction holds the only write lock. PostgreSQL: rows another worker is about to take are passed over.
constexpr Query kClaimSqlite{BELAY_CLAIM BELAY_CLAIMABLE ") returning " BELAY_OUTBOX_COLUMNS, kColumns};
constexpr Query kClaimPostgresql{BELAY_CLAIM BELAY_CLAIMABLE " for update skip locked) returning " BELAY_OUTBOX_COLUMNS, kColumns};

constexpr Query kExtend{"update outbox set leased_until = :until where id = :id and leased_by = :owner and leased_until is not null"};

constexpr Query kFinish{"delete from outbox where id = :id and leased_by = :owner and leased_until is not null and wanted_at is null"};
// Asked for again in the meantime: a new piece of work in the old row.
constexpr Query kStartAnew{
    "update outbox set due_at = wanted_at, attempts = 0, leased_until = null, leased_by = '', wanted_at = null, hastened_to = null,"
    " last_error = null where id = :id and leased_by = :owner and leased_until is not null and wanted_at is not null"};

constexpr Query kAgain{
    "update outbox set due_at = case"
    " when wanted_at is not null and wanted_at < :due_at and (hastened_to is null or wanted_at <= hastened_to) then wanted_at"
    " when hastened_to is not null and hastened_to < :due_at then hastened_to else :due_at end,"
    " attempts = case when :failed = 1 then attempts + 1 else 0 end,"
    " last_error = :error, leased_until = null, leased_by = '', wanted_at = null, hastened_to = null"
    " where id = :id and leased_by = :owner and leased_until is not null"};

constexpr Query kSetAside{
    "update outbox set set_aside_at = :now, attempts = attempts + 1, last_error = :error, leased_until = null, leased_by = '', hastened_to = null"
    " where id = :id and leased_by = :owner and leased_until is not null and wanted_at is null"};

constexpr Query kNextDue{
    // In two halves, so that neither reads more than a row, or those that are leased.
    "select min(at) from (select * from (select due_at as at from outbox where set_aside_at is null and leased_until is null order by due_at, id limit 1) as waiting"
    " union all select min(case when leased_until > due_at then leased_until else due_at end) from outbox where set_aside_at is null and leased_until is not null) as next", 1};

// Of two instances that both notice, the second finds the rows where the first has put them, and brings some of them too early: never too late.
constexpr Query kBringBack{
    "update outbox set due_at = case when due_at - :by < :now then cast(:now as bigint) else due_at - :by end where due_at > :now and set_aside_at is null"};
constexpr Query kShortenLeases{"update outbox set leased_until = :until where leased_until > :until"};

constexpr Query kHasten{
    "update outbox set due_at = case when leased_until is null then :due_at else due_at end,"
    " hastened_to = case when leased_until is null then null else cast(:due_at as bigint) end"
    " where installation_id = :installation and kind = :kind and subject = :subject and set_aside_at is null"
    " and ((leased_until is null and due_at > :due_at) or (leased_until is not null and (hastened_to is null or hastened_to > :due_at)))"};

constexpr Query kFind{
    "select " BELAY_OUTBOX_COLUMNS " from outbox where installation_id = :installation and kind = :kind and subject = :subject", kColumns};
constexpr Query kErase{"delete from outbox where installation_id = :installation and kind = :kind and subject = :subject"};
constexpr Query kFindById{"select " BELAY_OUTBOX_COLUMNS " from outbox where installation_id = :installation and id = :id", kColumns};
constexpr Query kAllSetAside{
    "select " BELAY_OUTBOX_COLUMNS " from outbox where installation_id = :installation and set_aside_at is not null"
    " order by set_aside_at desc, id desc limit :most", kColumns};
constexpr Query kCountSetAside{"select count(*) from outbox where installation_id = :installation and set_aside_at is not null", 1};
constexpr Query kTakeUp{
    "update outbox set set_aside_at = null, due_at = :due_at, attempts = 0, last_error = null, wanted_at = null, hastened_to = null"
    " where installation_id = :installation and id = :id and set_aside_at is not null"};
// What was leased was due, and still is.
constexpr Query kReleaseAll{
    "update outbox set leased_until = null, leased_by = '', wanted_at = null, hastened_to = null where leased_until is not null"};

constexpr Query kCounts{
    "select coalesce(sum(case when set_aside_at is null and due_at <= :now and (leased_until is null or leased_until <= :now) then 1 else 0 end), 0),"
    " coalesce(sum(case when set_aside_at is null then 1 else 0 end), 0), count(*) from outbox", 3};

ports::OutboxRow outbox_row_from(Row& row) {
  ports::OutboxRow outbox_row;
  outbox_row.installation = row.id<InstallationId>();
  outbox_row.kind = row.text();
  outbox_row.subject = row.text();
  outbox_row.id = row.id<OutboxId>();
  outbox_row.payload = row.object();
  outbox_row.due_at = row.time();
  outbox_row.attempts = static_cast<int>(row.number());
  outbox_row.leased_until = row.maybe_time();
  outbox_row.leased_by = row.text();
  outbox_row.set_aside_at = row.maybe_time();
  outbox_row.last_error = error_from_column(row.maybe_text());
  return outbox_row;
}

Statement& with_new_row(Statement& statement, const ports::OutboxRow& row) {
  return statement.with("installation", row.installation)
      .with("kind", row.kind)
      .with("subject", row.subject)
      .with("id", row.id)
      .with("payload", boost::json::serialize(row.payload))
      .with("due_at", row.due_at)
      .with("attempts", row.attempts);
}

}  // namespace

void SqlOutbox::put(const ports::OutboxRow& row) { with_new_row(connection_.statement(kPut), row).run(); }

void SqlOutbox::replace(const ports::OutboxRow& row) { with_new_row(connection_.statement(kReplace), row).run(); }

bool SqlOutbox::put_leased(const ports::OutboxRow& row, const ports::Lease& lease) {
  if (with_new_row(connection_.statement(kPutLeased), row).with("until", lease.until).with("owner", lease.owner).run() == 1) return true;
  put(row);
  return false;
}

std::vector<ports::OutboxRow> SqlOutbox::claim(const std::string& owner, Time now, Milliseconds lease, std::size_t most) {
  const auto& claim = connection_.dialect().engine == Engine::sqlite ? kClaimSqlite : kClaimPostgresql;
  auto rows = connection_.statement(claim).with("until", now + lease).with("owner", owner).with("now", now).with("most", most).rows(outbox_row_from);
  // "returning" keeps no order.
  std::ranges::sort(rows, [](const auto& a, const auto& b) { return std::tie(a.due_at, a.id) < std::tie(b.due_at, b.id); });
  return rows;
}

bool SqlOutbox::extend(const OutboxId& id, const std::string& owner, Time until) {
  return connection_.statement(kExtend).with("until", until).with("id", id).with("owner", owner).run() == 1;
}

void SqlOutbox::finish(const OutboxId& id, const std::string& owner) {
  if (connection_.statement(kFinish).with("id", id).with("owner", owner).run() == 1) return;
  connection_.statement(kStartAnew).with("id", id).with("owner", owner).run();
}

void SqlOutbox::again(const OutboxId& id, const std::string& owner, Time due_at, const std::optional<Error>& error) {
  connection_.statement(kAgain).with("due_at", due_at).with("failed", error.has_value()).with("error", to_column(error)).with("id", id).with("owner", owner).run();
}

void SqlOutbox::set_aside(const OutboxId& id, const std::string& owner, Time now, const Error& error) {
  const auto changed = connection_.statement(kSetAside).with("now", now).with("error", to_column(error)).with("id", id).with("owner", owner).run();
  if (changed == 1) return;
  // A put() that came while it ran replaces what would have been set aside.
  connection_.statement(kStartAnew).with("id", id).with("owner", owner).run();
}

std::optional<Time> SqlOutbox::next_due() {
  return connection_.statement(kNextDue).row([](Row& row) { return row.maybe_time(); }).value_or(std::nullopt);
}

void SqlOutbox::clock_set_back(Time now, Milliseconds by, Milliseconds lease) {
  connection_.statement(kBringBack).with("by", by.count()).with("now", now).run();
  connection_.statement(kShortenLeases).with("until", now + lease).run();
}

void SqlOutbox::hasten(const InstallationId& installation, const std::string& kind, const std::string& subject, Time due_at) {
  connection_.statement(kHasten).with("due_at", due_at).with("installation", installation).with("kind", kind).with("subject", subject).run();
}

std::optional<ports::OutboxRow> SqlOutbox::find(const InstallationId& installation, const std::string& kind, const std::string& subject) {
  return connection_.statement(kFind).with("installation", installation).with("kind", kind).with("subject", subject).row(outbox_row_from);
}

void SqlOutbox::erase(const InstallationId& installation, const std::string& kind, const std::string& subject) {
  connection_.statement(kErase).with("installation", installation).with("kind", kind).with("subject", subject).run();
}

std::optional<ports::OutboxRow> SqlOutbox::find(const InstallationId& installation, const OutboxId& id) {
  return connection_.statement(kFindById).with("installation", installation).with("id", id).row(outbox_row_from);
}

std::vector<ports::OutboxRow> SqlOutbox::all_set_aside(const InstallationId& installation, std::size_t most) {
  return connection_.statement(kAllSetAside).with("installation", installation).with("most", most).rows(outbox_row_from);
}

std::size_t SqlOutbox::count_set_aside(const InstallationId& installation) {
  return static_cast<std::size_t>(connection_.statement(kCountSetAside).with("installation", installation).row([](Row& row) { return row.number(); }).value_or(0));
}

bool SqlOutbox::take_up(const InstallationId& installation, const OutboxId& id, Time due_at) {
  return connection_.statement(kTakeUp).with("due_at", due_at).with("installation", installation).with("id", id).run() == 1;
}

void SqlOutbox::release_all() { connection_.statement(kReleaseAll).run(); }

ports::Outbox::Counts SqlOutbox::counts(Time now) {
  const auto counts = connection_.statement(kCounts).with("now", now).row([](Row& row) {
    const auto due = static_cast<std::size_t>(row.number());
    const auto active = static_cast<std::size_t>(row.number());
    const auto all = static_cast<std::size_t>(row.number());
    return Counts{.due = due, .waiting = active - due, .set_aside = all - active};
  });
  return counts.value_or(Counts{});
}

}  // namespace belay::storage
