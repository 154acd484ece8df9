#include "storage/kept_store.hpp"

#include <algorithm>
#include <set>

#include "storage/people_rows.hpp"
#include "storage/stored_error.hpp"
#include "support/erasure.hpp"

namespace belay::storage {
namespace {

// ---- erases under way ----

#define BELAY_ERASURE_COLUMNS "installation_id, subject, days, began_at, to_erase, sessions, entries, others, ended_at"
constexpr Query kErasure{"select " BELAY_ERASURE_COLUMNS " from erasure where installation_id = :installation and subject = :subject", 9};
constexpr Query kPutErasure{
    "insert into erasure (" BELAY_ERASURE_COLUMNS ") values (:installation, :subject, :days, :began_at, :to_erase, :sessions, :entries, :others, :ended_at)"
    " on conflict (installation_id, subject) do update set days = excluded.days, began_at = excluded.began_at, to_erase = excluded.to_erase,"
    " sessions = excluded.sessions, entries = excluded.entries, others = excluded.others, ended_at = excluded.ended_at"};
constexpr Query kBeingErased{"select subject from erasure where installation_id = :installation and subject <> '' and ended_at is null order by subject", 1};
constexpr Query kForgetErasure{"delete from erasure where installation_id = :installation and subject = :subject"};

// ---- by age ----

// What waits has to happen outside still; what was set aside a while ago will not.
#define BELAY_NOTHING_WAITS_FOR(subject_of_it) \
  " and not exists (select 1 from outbox o where o.installation_id = :installation and o.subject = " subject_of_it \
  " and (o.set_aside_at is null or o.set_aside_at >= :before))"

// One that could not be closed at the provider is remembered for as long as somebody could join it.
#define BELAY_OLD_SESSIONS                                                                                                   \
  " from support_session s where s.installation_id = :installation and s.ended_at < :before"                                   \
  " and (s.closing_step in ('none', 'done') or s.valid_until < :before)" BELAY_NOTHING_WAITS_FOR("s.id")
constexpr Query kOldSessions{"select count(*)" BELAY_OLD_SESSIONS, 1};
constexpr Query kEraseSessions{
    "delete from support_session where installation_id = :installation and id in (select s.id" BELAY_OLD_SESSIONS " order by s.ended_at, s.id limit :most) returning issue_id", 1};

#define BELAY_OLD_ENTRIES(which) " from audit_entry where installation_id = :installation and happened_at < :before and action " which " 'retention_erased'"
constexpr Query kOldEntries{"select count(*)" BELAY_OLD_ENTRIES("<>"), 1};
#define BELAY_ERASE_ENTRIES(which) \
  "delete from audit_entry where installation_id = :installation and id in (select id" BELAY_OLD_ENTRIES(which) " order by happened_at, id limit :most)"
constexpr Query kEraseEntries{BELAY_ERASE_ENTRIES("<>") " returning case when action = 'launched' then issue_id end", 1};
constexpr Query kEraseOwnEntries{BELAY_ERASE_ENTRIES("=")};

// The subject of contact.invite, as desk/contact_invitation.hpp writes it.
#define BELAY_OLD_INVITATIONS \
  " from contact_invitation i where i.installation_id = :installation and i.asked_at < :before and (i.sent_at is null or i.sent_at < :before)" \
  BELAY_NOTHING_WAITS_FOR("i.agent_id || '|' || i.person_id")
constexpr Query kOldInvitations{"select count(*)" BELAY_OLD_INVITATIONS, 1};
constexpr Query kEraseInvitations{
    "delete from contact_invitation where installation_id = :installation and (agent_id, person_id, provider) in"
    " (select i.agent_id, i.person_id, i.provider" BELAY_OLD_INVITATIONS " order by i.asked_at limit :most)"};

// One that was only begun says nothing yet, and is about to.
#define BELAY_OLD_ROSTERS \
  " from roster r where r.installation_id = :installation and r.read_at > 0 and r.read_at < :before and r.doubted_at < :before" BELAY_NOTHING_WAITS_FOR("r.issue_id")
constexpr Query kOldRosters{"select count(*)" BELAY_OLD_ROSTERS, 1};
constexpr Query kOldRosterIssues{"select r.issue_id" BELAY_OLD_ROSTERS " order by r.read_at limit :most", 1};
constexpr Query kEraseAuthors{"delete from roster_author where installation_id = :installation and issue_id = :issue"};
constexpr Query kEraseRoster{"delete from roster where installation_id = :installation and issue_id = :issue"};
// Each may have thousands of authors.
constexpr std::size_t kMostRosters = 10;

// Of a session that is not over it may be wanted yet; what gives back or takes out always is.
#define BELAY_OLD_WORK \
  " from outbox o where o.installation_id = :installation and o.set_aside_at < :before and o.kind not in ('account.erase', 'grant.expire', 'issue.gone')" \
  " and not exists (select 1 from support_session s where s.installation_id = :installation and s.id = o.subject and s.ended_at is null)"
constexpr Query kOldWork{"select count(*)" BELAY_OLD_WORK, 1};
constexpr Query kEraseWork{"delete from outbox where installation_id = :installation and id in (select o.id" BELAY_OLD_WORK " order by o.set_aside_at limit :most)"};

constexpr Query kOldestSession{"select ended_at from support_session where installation_id = :installation and ended_at is not null order by ended_at limit 1", 1};
constexpr Query kOldestEntry{"select happened_at from audit_entry where installation_id = :installation and action <> 'retention_erased' order by happened_at, id limit 1", 1};
constexpr Query kOldestInvitation{"select min(asked_at) from contact_invitation where installation_id = :installation", 1};

// ---- by account ----

// From one account to the next by the index, however many rows each has.
#define BELAY_STEPS(name, table, column) \
  name "(id) as (select min(" column ") from " table " where installation_id = :installation and " column " > :after" \
  " union all select (select min(" column ") from " table " where installation_id = :installation and " column " > " name ".id) from " name " where " name ".id is not null)"
#define BELAY_STEPPED(name) "select id from (select id from " name " where id is not null and id <> 'erased' limit :most) as some_" name
// Tables in which each has few rows.
#define BELAY_PLAIN(table, column) \
  "select id from (select distinct " column " as id from " table " where installation_id = :installation and " column " > :after order by id limit :most) as some_" table "_" column
constexpr Query kAccounts{
    "with recursive " BELAY_STEPS("actors", "audit_entry", "actor_id") ", " BELAY_STEPS("persons", "audit_entry", "person_id") ", "
    BELAY_STEPS("creators", "support_session", "creator_id") ", " BELAY_STEPS("supporters", "support_session", "supporter_id") ", "
    BELAY_STEPS("customers", "support_session", "customer_id") ", " BELAY_STEPS("authors", "roster_author", "account_id") ", "
    BELAY_STEPS("agents", "contact_invitation", "agent_id") ", " BELAY_STEPS("invited", "contact_invitation", "person_id")
    " select id from (" BELAY_STEPPED("actors") " union " BELAY_STEPPED("persons") " union " BELAY_STEPPED("creators") " union " BELAY_STEPPED("supporters")
    " union " BELAY_STEPPED("customers") " union " BELAY_STEPPED("authors") " union " BELAY_STEPPED("agents") " union " BELAY_STEPPED("invited")
    " union " BELAY_PLAIN("account_link", "account_id") " union " BELAY_PLAIN("person_mapping", "person_id") " union " BELAY_PLAIN("person_mapping", "mapped_by")
    " union " BELAY_PLAIN("help_ask", "account_id") " union " BELAY_PLAIN("sign_in", "account_id") " union " BELAY_PLAIN("jira_grant", "account_id")
    " union select paired_by as id from installation where id = :installation and paired_by > :after"
    " union select cast(:also as text) as id where cast(:also as text) > :after"
    ") as everybody where id <> 'erased' and id <> '' order by id limit :most", 1};
static_assert(support::kErasedAccount == "erased");

constexpr Query kSessionsOf{
    "select count(*) from support_session where installation_id = :installation and (creator_id = :account or supporter_id = :account or customer_id = :account"
    " or ((joined_by <> '[]' or before_connect is not null) and (joined_by like :quoted escape '!' or before_connect like :quoted escape '!')))", 1};
// Each by an index of its own.
constexpr Query kEntriesBy{"select count(*) from audit_entry where installation_id = :installation and actor_id = :account", 1};
constexpr Query kEntriesAbout{
    "select count(*) from audit_entry where installation_id = :installation and person_id = :account and (actor_id is null or actor_id <> :account)", 1};
constexpr Query kEntriesOfSupporter{
    "select count(*) from audit_entry where installation_id = :installation and action = 'session_created' and detail like :quoted escape '!'"
    " and (actor_id is null or actor_id <> :account) and (person_id is null or person_id <> :account)", 1};
constexpr Query kMappingsOf{"select count(*) from person_mapping where installation_id = :installation and (person_id = :account or mapped_by = :account)", 1};
constexpr Query kInvitationsOf{"select count(*) from contact_invitation where installation_id = :installation and (agent_id = :account or person_id = :account)", 1};
constexpr Query kAsksOf{"select count(*) from help_ask where installation_id = :installation and account_id = :account", 1};
constexpr Query kIssuesOf{"select count(distinct issue_id) from roster_author where installation_id = :installation and account_id = :account", 1};

constexpr Query kMappingRows{
    "select " BELAY_MAPPING_COLUMNS " from person_mapping where installation_id = :installation and (person_id = :account or mapped_by = :account)"
    " order by person_id, provider", kMappingColumns};
constexpr Query kInvitationsBy{
    "select " BELAY_INVITATION_COLUMNS " from contact_invitation where installation_id = :installation and agent_id = :account and person_id > :after"
    " order by person_id limit :most", kInvitationColumns};
constexpr Query kInvitationsTo{
    "select " BELAY_INVITATION_COLUMNS " from contact_invitation where installation_id = :installation and person_id = :account and agent_id > :after"
    " order by agent_id limit :most", kInvitationColumns};
constexpr Query kCommentsOf{
    "select issue_id, max(spoke_at) from roster_author where installation_id = :installation and account_id = :account and issue_id > :after"
    " group by issue_id order by issue_id limit :most", 2};

constexpr Query kEraseAuthor{
    "delete from roster_author where installation_id = :installation and account_id = :account and (issue_id, restricted_to) in"
    " (select issue_id, restricted_to from roster_author where installation_id = :installation and account_id = :account limit :most)"};
constexpr Query kEraseInvitationsOf{
    "delete from contact_invitation where installation_id = :installation and (agent_id, person_id, provider) in"
    " (select agent_id, person_id, provider from contact_invitation where installation_id = :installation and (agent_id = :account or person_id = :account) limit :most)"};
constexpr Query kEraseAsks{"delete from help_ask where installation_id = :installation and account_id = :account"};
constexpr Query kEraseMapping{"delete from person_mapping where installation_id = :installation and person_id = :account"};
constexpr Query kUnnameMapper{"update person_mapping set mapped_by = 'erased', mapped_by_name = '', contact_owner_id = '' where installation_id = :installation and mapped_by = :account"};

constexpr Query kEraseUserToken{"delete from user_token where installation_id = :installation and account_id = :account"};
constexpr Query kEraseKeys{"delete from keyed_request where installation_id = :installation and account_id = :account"};
constexpr Query kEraseAttempts{"delete from link_attempt where installation_id = :installation and account_id = :account"};
constexpr Query kEraseSignIns{"delete from sign_in where installation_id = :installation and account_id = :account"};
constexpr Query kEraseSignInCodes{"delete from sign_in_code where installation_id = :installation and account_id = :account"};
constexpr Query kEraseJiraGrant{"delete from jira_grant where installation_id = :installation and account_id = :account"};
constexpr Query kEraseLooks{"delete from outbox where installation_id = :installation and subject = :account and kind in ('account.poll', 'link.check', 'account.refresh')"};
constexpr Query kInvitingRows{"select id, subject from outbox where installation_id = :installation and kind = 'contact.invite'", 2};
constexpr Query kEraseRow{"delete from outbox where installation_id = :installation and id = :id"};
constexpr Query kUnnamePairer{"update installation set paired_by = 'erased', paired_by_name = '' where id = :installation and paired_by = :account"};
constexpr Query kUnlist{"delete from kept_account where installation_id = :installation and account_id = :account"};

constexpr Query kRenameLink{"update account_link set account_name = :name where installation_id = :installation and account_id = :account and account_name <> :name"};
constexpr Query kRenameMapper{"update person_mapping set mapped_by_name = :name where installation_id = :installation and mapped_by = :account and mapped_by_name <> :name"};
constexpr Query kRenameAsker{"update help_ask set account_name = :name where installation_id = :installation and account_id = :account and account_name <> :name"};
constexpr Query kRenamePairer{"update installation set paired_by_name = :name where id = :installation and paired_by = :account and paired_by_name <> :name"};

// ---- reports to Atlassian ----

constexpr Query kReport{"select listed_at, reported_at, cycle_days, last_error from account_report where installation_id = :installation", 4};
constexpr Query kPutReport{
    "insert into account_report (installation_id, listed_at, reported_at, cycle_days, last_error) values (:installation, :listed_at, :reported_at, :cycle_days, :error)"
    " on conflict (installation_id) do update set listed_at = excluded.listed_at, reported_at = excluded.reported_at, cycle_days = excluded.cycle_days,"
    " last_error = excluded.last_error"};
constexpr Query kListedBetween{"select account_id from kept_account where installation_id = :installation and account_id > :after and (:to_end = 1 or account_id <= :to)", 1};
constexpr Query kList{
    "insert into kept_account (installation_id, account_id, fetched_at, reported_at) values (:installation, :account, :fetched_at,"
    " (select reported_at from erased_account where installation_id = :installation and account_hash = :hash))"
    " on conflict (installation_id, account_id) do nothing"};
constexpr Query kNoteErased{
    "insert into erased_account (installation_id, account_hash, reported_at)"
    " select installation_id, :hash, reported_at from kept_account where installation_id = :installation and account_id = :account and reported_at is not null"
    " on conflict (installation_id, account_hash) do update set reported_at = excluded.reported_at"};
constexpr Query kForgetErased{"delete from erased_account where installation_id = :installation and reported_at < :before"};
constexpr Query kListed{"select count(*) from kept_account where installation_id = :installation", 1};
constexpr Query kDue{
    "select account_id, fetched_at from kept_account where installation_id = :installation and (reported_at is null or reported_at <= :not_since)"
    " order by coalesce(reported_at, 0), account_id limit :most", 2};
constexpr Query kNoteReported{"update kept_account set reported_at = :at where installation_id = :installation and account_id = :account"};
constexpr Query kNoteFetched{"update kept_account set fetched_at = :at where installation_id = :installation and account_id = :account"};

std::int64_t number_of(Row& row) { return row.number(); }

bool is_about(std::string_view subject, const AccountId& account) {
  const auto between = subject.find('|');
  return between != std::string_view::npos && (subject.substr(0, between) == account.value || subject.substr(between + 1) == account.value);
}

}  // namespace

// ---- erases under way ----

std::optional<ports::Erasure> SqlKept::erasure(const InstallationId& installation, const std::string& subject) {
  return connection_.statement(kErasure).with("installation", installation).with("subject", subject).row([](Row& row) {
    ports::Erasure erasure;
    erasure.installation = row.id<InstallationId>();
    erasure.subject = row.text();
    erasure.days = row.number();
    erasure.began_at = row.time();
    erasure.to_erase = row.number();
    erasure.erased.sessions = row.number();
    erasure.erased.entries = row.number();
    erasure.erased.others = row.number();
    erasure.ended_at = row.maybe_time();
    return erasure;
  });
}

void SqlKept::put(const ports::Erasure& erasure) {
  connection_.statement(kPutErasure)
      .with("installation", erasure.installation)
      .with("subject", erasure.subject)
      .with("days", erasure.days)
      .with("began_at", erasure.began_at)
      .with("to_erase", erasure.to_erase)
      .with("sessions", erasure.erased.sessions)
      .with("entries", erasure.erased.entries)
      .with("others", erasure.erased.others)
      .with("ended_at", erasure.ended_at)
      .run();
}

std::vector<AccountId> SqlKept::being_erased(const InstallationId& installation) {
  return connection_.statement(kBeingErased).with("installation", installation).rows([](Row& row) { return row.id<AccountId>(); });
}

void SqlKept::forget_erasure(const InstallationId& installation, const std::string& subject) {
  connection_.statement(kForgetErasure).with("installation", installation).with("subject", subject).run();
}

// ---- by age ----

ports::KeptCount SqlKept::older(const InstallationId& installation, Time before) {
  const auto count = [&](const Query& query) { return connection_.statement(query).with("installation", installation).with("before", before).row(number_of).value_or(0); };
  return {.sessions = count(kOldSessions), .entries = count(kOldEntries), .others = count(kOldInvitations) + count(kOldRosters) + count(kOldWork)};
}

std::optional<Time> SqlKept::oldest(const InstallationId& installation) {
  std::optional<Time> oldest;
  for (const auto* query : {&kOldestSession, &kOldestEntry, &kOldestInvitation}) {
    const auto found = connection_.statement(*query).with("installation", installation).row([](Row& row) { return row.maybe_time(); }).value_or(std::nullopt);
    if (found) oldest = std::min(oldest.value_or(*found), *found);
  }
  return oldest;
}

ports::KeptStore::ErasedSome SqlKept::erase_older(const InstallationId& installation, Time before, std::size_t most) {
  ErasedSome some;
  const auto left = [&] { return most - static_cast<std::size_t>(some.erased.total()); };
  const auto erase = [&](const Query& query) {
    return static_cast<std::int64_t>(connection_.statement(query).with("installation", installation).with("before", before).with("most", left()).run());
  };
  const auto erase_counted = [&](const Query& query) {
    const auto issues = connection_.statement(query).with("installation", installation).with("before", before).with("most", left()).rows([](Row& row) { return row.maybe_text(); });
    for (const auto& issue : issues) {
      if (issue) some.issues.emplace_back(IssueId{*issue});
    }
    return static_cast<std::int64_t>(issues.size());
  };
  some.more = true;
  some.erased.sessions = erase_counted(kEraseSessions);
  if (some.erased.sessions > 0) connection_.touch(installation);
  if (left() == 0) return some;
  some.erased.entries = erase_counted(kEraseEntries);
  if (left() == 0) return some;
  erase(kEraseOwnEntries);
  some.erased.others += erase(kEraseInvitations);
  if (left() == 0) return some;
  some.erased.others += erase(kEraseWork);
  if (left() == 0) return some;
  const auto rosters = std::min(left(), kMostRosters);
  const auto issues = connection_.statement(kOldRosterIssues).with("installation", installation).with("before", before).with("most", rosters).rows([](Row& row) { return row.id<IssueId>(); });
  for (const auto& issue : issues) {
    connection_.statement(kEraseAuthors).with("installation", installation).with("issue", issue).run();
    connection_.statement(kEraseRoster).with("installation", installation).with("issue", issue).run();
  }
  some.erased.others += static_cast<std::int64_t>(issues.size());
  some.more = issues.size() == rosters;
  return some;
}

// ---- by account ----

std::vector<AccountId> SqlKept::accounts(const InstallationId& installation, const AccountId& after, std::size_t most, const AccountId& also) {
  return connection_.statement(kAccounts).with("installation", installation).with("after", after).with("also", also).with("most", most).rows([](Row& row) { return row.id<AccountId>(); });
}

ports::KeptOfAccount SqlKept::of_account(const InstallationId& installation, const AccountId& account) {
  const auto count = [&](const Query& query) { return connection_.statement(query).with("installation", installation).with("account", account).row(number_of).value_or(0); };
  const auto looked = [&](const Query& query) {
    return connection_.statement(query).with("installation", installation).with("account", account).with("quoted", quoted_somewhere(account.value)).row(number_of).value_or(0);
  };
  return {.sessions = looked(kSessionsOf), .entries = count(kEntriesBy) + count(kEntriesAbout) + looked(kEntriesOfSupporter), .mappings = count(kMappingsOf), .invitations = count(kInvitationsOf), .asks = count(kAsksOf), .issues = count(kIssuesOf)};
}

std::vector<ports::PersonMapping> SqlKept::mappings_of(const InstallationId& installation, const AccountId& account) {
  return connection_.statement(kMappingRows).with("installation", installation).with("account", account).rows(mapping_from);
}

std::vector<ports::ContactInvitation> SqlKept::invitations_of(const InstallationId& installation, const AccountId& account, bool of_them, const AccountId& after,
                                                              std::size_t most) {
  const auto& query = of_them ? kInvitationsTo : kInvitationsBy;
  return connection_.statement(query).with("installation", installation).with("account", account).with("after", after).with("most", most).rows(invitation_from);
}

std::vector<ports::CommentedIssue> SqlKept::comments_of(const InstallationId& installation, const AccountId& account, const IssueId& after, std::size_t most) {
  return connection_.statement(kCommentsOf).with("installation", installation).with("account", account).with("after", after).with("most", most).rows([](Row& row) {
    ports::CommentedIssue commented;
    commented.issue = row.id<IssueId>();
    commented.spoke_at = row.time();
    return commented;
  });
}

std::size_t SqlKept::erase_rows_of(const InstallationId& installation, const AccountId& account, std::size_t most) {
  connection_.touch(installation);
  const auto erase = [&](const Query& query) { return connection_.statement(query).with("installation", installation).with("account", account).run(); };
  const auto erase_some = [&](const Query& query) { return connection_.statement(query).with("installation", installation).with("account", account).with("most", most).run(); };
  const auto few = erase(kEraseMapping) + erase(kUnnameMapper) + erase(kEraseAsks);
  return few + erase_some(kEraseInvitationsOf) + erase_some(kEraseAuthor);
}

void SqlKept::erase_traces_of(const InstallationId& installation, const AccountId& account) {
  for (const auto* query : {&kEraseUserToken, &kEraseKeys, &kEraseAttempts, &kEraseSignIns, &kEraseSignInCodes, &kEraseJiraGrant, &kEraseLooks, &kUnnamePairer, &kUnlist}) {
    connection_.statement(*query).with("installation", installation).with("account", account).run();
  }
  const auto rows = connection_.statement(kInvitingRows).with("installation", installation).rows([](Row& row) {
    auto id = row.id<OutboxId>();
    return std::pair(std::move(id), row.text());
  });
  for (const auto& [id, subject] : rows) {
    if (is_about(subject, account)) connection_.statement(kEraseRow).with("installation", installation).with("id", id).run();
  }
}

void SqlKept::rename(const InstallationId& installation, const AccountId& account, const std::string& name) {
  connection_.touch(installation);
  for (const auto* query : {&kRenameLink, &kRenameMapper, &kRenameAsker, &kRenamePairer}) {
    connection_.statement(*query).with("name", name).with("installation", installation).with("account", account).run();
  }
}

// ---- reports to Atlassian ----

std::optional<ports::AccountReport> SqlKept::report(const InstallationId& installation) {
  return connection_.statement(kReport).with("installation", installation).row([](Row& row) {
    ports::AccountReport report;
    report.listed_at = row.time();
    report.reported_at = row.maybe_time();
    report.cycle_days = row.number();
    report.last_error = error_from_column(row.maybe_text());
    return report;
  });
}

void SqlKept::put(const InstallationId& installation, const ports::AccountReport& report) {
  connection_.statement(kPutReport)
      .with("installation", installation)
      .with("listed_at", report.listed_at)
      .with("reported_at", report.reported_at)
      .with("cycle_days", report.cycle_days)
      .with("error", to_column(report.last_error))
      .run();
}

void SqlKept::list(const InstallationId& installation, const AccountId& after, const AccountId& to, const std::vector<Listed>& accounts, Time fetched_at) {
  const auto before = connection_.statement(kListedBetween).with("installation", installation).with("after", after).with("to_end", to.empty()).with("to", to).rows([](Row& row) {
    return row.id<AccountId>();
  });
  const std::set<AccountId> known(before.begin(), before.end());
  auto gone = known;
  for (const auto& [account, hash] : accounts) {
    gone.erase(account);
    if (known.contains(account)) continue;
    connection_.statement(kList).with("installation", installation).with("account", account).with("fetched_at", fetched_at).with("hash", hash).run();
  }
  for (const auto& account : gone) connection_.statement(kUnlist).with("installation", installation).with("account", account).run();
}

void SqlKept::note_erased(const InstallationId& installation, const Listed& account) {
  connection_.statement(kNoteErased).with("hash", account.hash).with("installation", installation).with("account", account.account).run();
}

void SqlKept::forget_erased(const InstallationId& installation, Time before) {
  connection_.statement(kForgetErased).with("installation", installation).with("before", before).run();
}

std::int64_t SqlKept::listed(const InstallationId& installation) {
  return connection_.statement(kListed).with("installation", installation).row(number_of).value_or(0);
}

std::vector<ports::StoredAccount> SqlKept::due(const InstallationId& installation, Time not_since, std::size_t most) {
  return connection_.statement(kDue).with("installation", installation).with("not_since", not_since).with("most", most).rows([](Row& row) {
    ports::StoredAccount stored;
    stored.account = row.id<AccountId>();
    stored.fetched_at = row.time();
    return stored;
  });
}

void SqlKept::note_reported(const InstallationId& installation, const AccountId& account, Time at) {
  connection_.statement(kNoteReported).with("at", at).with("installation", installation).with("account", account).run();
}

void SqlKept::note_fetched(const InstallationId& installation, const AccountId& account, Time at) {
  connection_.statement(kNoteFetched).with("at", at).with("installation", installation).with("account", account).run();
}

}  // namespace belay::storage
