#include "storage/ask_store.hpp"

namespace belay::storage {
namespace {

#define BELAY_ASK_COLUMNS "installation_id, id, issue_id, account_id, account_name, asked_at, ended_at"
constexpr int kColumns = 7;
constexpr Query kOpen{"select " BELAY_ASK_COLUMNS " from help_ask where installation_id = :installation and issue_id = :issue and ended_at is null", kColumns};
constexpr Query kWaiting{
    "select " BELAY_ASK_COLUMNS " from help_ask where installation_id = :installation and ended_at is null and asked_at > :since order by asked_at, id limit :most", kColumns};
constexpr Query kInsert{"insert into help_ask (" BELAY_ASK_COLUMNS ") values (:installation, :id, :issue, :account, :name, :asked_at, :ended_at)"};
constexpr Query kEnd{"update help_ask set ended_at = :now where installation_id = :installation and id = :id and ended_at is null"};
constexpr Query kAsked{"select asked_at from help_ask where installation_id = :installation and account_id = :account and asked_at > :since order by asked_at", 1};
constexpr Query kOfAccount{"select " BELAY_ASK_COLUMNS " from help_ask where installation_id = :installation and account_id = :account order by asked_at, id", kColumns};
constexpr Query kEraseOfIssue{"delete from help_ask where installation_id = :installation and issue_id = :issue"};
constexpr Query kForget{"delete from help_ask where asked_at < :before"};

ports::HelpAsk ask_from(Row& row) {
  ports::HelpAsk ask;
  ask.installation = row.id<InstallationId>();
  ask.id = row.id<HelpAskId>();
  ask.issue = row.id<IssueId>();
  ask.customer = row.id<AccountId>();
  ask.customer_name = row.text();
  ask.asked_at = row.time();
  ask.ended_at = row.maybe_time();
  return ask;
}

}  // namespace

std::optional<ports::HelpAsk> SqlAsks::open(const InstallationId& installation, const IssueId& issue) {
  return connection_.statement(kOpen).with("installation", installation).with("issue", issue).row(ask_from);
}

std::vector<ports::HelpAsk> SqlAsks::waiting(const InstallationId& installation, Time since, std::size_t most) {
  return connection_.statement(kWaiting).with("installation", installation).with("since", since).with("most", most).rows(ask_from);
}

void SqlAsks::insert(const ports::HelpAsk& ask) {
  connection_.touch(ask.installation);
  connection_.statement(kInsert)
      .with("installation", ask.installation)
      .with("id", ask.id)
      .with("issue", ask.issue)
      .with("account", ask.customer)
      .with("name", ask.customer_name)
      .with("asked_at", ask.asked_at)
      .with("ended_at", ask.ended_at)
      .run();
}

bool SqlAsks::end(const InstallationId& installation, const HelpAskId& id, Time now) {
  connection_.touch(installation);
  return connection_.statement(kEnd).with("now", now).with("installation", installation).with("id", id).run() == 1;
}

std::vector<Time> SqlAsks::asked(const InstallationId& installation, const AccountId& account, Time since) {
  return connection_.statement(kAsked).with("installation", installation).with("account", account).with("since", since).rows([](Row& row) { return row.time(); });
}

std::vector<ports::HelpAsk> SqlAsks::of_account(const InstallationId& installation, const AccountId& account) {
  return connection_.statement(kOfAccount).with("installation", installation).with("account", account).rows(ask_from);
}

void SqlAsks::erase_of_issue(const InstallationId& installation, const IssueId& issue) {
  connection_.touch(installation);
  connection_.statement(kEraseOfIssue).with("installation", installation).with("issue", issue).run();
}

std::size_t SqlAsks::forget(Time before) { return connection_.statement(kForget).with("before", before).run(); }

}  // namespace belay::storage
