#include "desk/account_reporting.hpp"

#include <utility>

#include "base/log.hpp"
#include "desk/account_erasing.hpp"
#include "desk/personal_data.hpp"

namespace belay::desk {
namespace {

constexpr const char* kKind = "accounts.report";
constexpr Milliseconds kHour{3'600'000};
constexpr Milliseconds kDay{24 * 3'600'000};
constexpr Milliseconds kBetween{1'000};       // of two requests
constexpr std::size_t kListedAtOnce = 500;

struct Known {
  std::optional<ports::Installation> installation;
  std::optional<ports::AccountReport> report;
  std::vector<ports::StoredAccount> due;
};

Task<Result<Known>> look(const Doors& doors, InstallationId installation) {
  co_return co_await doors.storage.read<Known>([&](ports::UnitOfWork& unit) -> Result<Known> {
    Known known{.installation = unit.installations().find(installation), .report = unit.kept().report(installation), .due = {}};
    if (!known.report) return known;
    const auto not_since = doors.clock.now() - std::chrono::days{known.report->cycle_days};
    known.due = unit.kept().due(installation, not_since, ports::kMostReportedAtOnce);
    return known;
  });
}

// A clock that was set back makes no list old.
bool is_list_old(const std::optional<ports::AccountReport>& report, Time now) { return !report || now < report->listed_at || now - report->listed_at >= kHour; }

void follow(const Doors& doors, ports::UnitOfWork& unit, const ports::OutboxRow& row, const AccountId& account, ports::AccountChange change) {
  if (change == ports::AccountChange::closed) begin_erasing(doors, unit, row.installation, account, EraseWish::atlassian);
  else unit.outbox().put(outbox_row(doors, row, "account.refresh", account.value));
}

// 400: something in the list is not taken, for which others need not wait.
bool is_about_accounts(const Error& failure) {
  const auto* status = failure.detail.if_contains("status");
  return failure.code == "jira_refused" && status != nullptr && *status == 400;
}

}  // namespace

void begin_reporting(const Doors& doors, ports::UnitOfWork& unit, const InstallationId& installation) {
  if (const auto row = unit.outbox().find(installation, kKind, installation.value); row && !row->set_aside_at) return;
  unit.outbox().put(outbox_row(doors, installation, kKind, installation.value));
}

// Whose ids are kept, page by page. Who is new on the list was stored since the one before, or since the pairing: nothing of theirs is older.
Task<Result<void>> AccountReporting::list(ports::OutboxRow row, ports::Installation installation, std::optional<ports::AccountReport> last) {
  const auto began = doors_.clock.now();
  const auto fetched_at = std::min(last ? last->listed_at : installation.paired_at, began);
  AccountId after;
  for (bool more = true; more;) {
    BELAY_CO_TRY(page, co_await doors_.storage.read<std::vector<AccountId>>([&](ports::UnitOfWork& unit) -> Result<std::vector<AccountId>> {
      return accounts_kept(doors_, unit, row.installation, after, kListedAtOnce);
    }));
    more = page.size() == kListedAtOnce;
    const auto to = more ? page.back() : AccountId{};
    std::vector<ports::KeptStore::Listed> listed;
    for (const auto& account : page) listed.push_back(as_listed(doors_, row.installation, account));
    BELAY_CO_CHECK(co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
      unit.kept().list(row.installation, after, to, listed, fetched_at);
      return {};
    }));
    after = to;
  }
  co_return co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    auto report = unit.kept().report(row.installation).value_or(ports::AccountReport{});
    report.listed_at = began;
    unit.kept().forget_erased(row.installation, began - std::chrono::days{report.cycle_days});
    unit.kept().put(row.installation, report);
    return {};
  });
}

Task<StepResult> AccountReporting::report(ports::OutboxRow row) {
  const auto began = doors_.clock.now();
  auto known = co_await look(doors_, row.installation);
  if (!known) co_return try_again(known.error());
  if (!known->installation || known->installation->leaving_since) co_return Done{};
  if (is_list_old(known->report, doors_.clock.now())) {
    if (auto listed = co_await list(row, *known->installation, known->report); !listed) co_return try_again(listed.error());
    known = co_await look(doors_, row.installation);
    if (!known) co_return try_again(known.error());
  }
  if (known->due.empty()) co_return LaterAt{began + kHour};

  const auto asked_at = doors_.clock.now();
  auto due = known->due;
  auto answer = co_await doors_.account_reports.report(step_call(row), due);
  // One that Atlassian does not take must not keep everybody behind it from being reported: half of them at a time, until it stands alone.
  while (!answer && is_about_accounts(answer.error()) && due.size() > 1) {
    due.resize(due.size() / 2);
    answer = co_await doors_.account_reports.report(step_call(row), due);
  }
  // Whether it is that one, or everything that we send, only another tells.
  std::optional<ports::StoredAccount> not_taken;
  if (!answer && is_about_accounts(answer.error()) && known->due.size() > 1) {
    std::vector<ports::StoredAccount> another{known->due[1]};
    if (auto taken = co_await doors_.account_reports.report(step_call(row), another)) {
      log::warning("account_not_reported", log::fields_of(answer.error(), {{"installation", row.installation.value}}));
      not_taken = std::exchange(due, std::move(another)).front();
      answer = std::move(taken);
    }
  }
  // A token comes with the next hourly call, or none does any more.
  if (!answer && answer.error().code == "jira_token_missing") co_return LaterAt{doors_.clock.now() + kHour};
  if (!answer && may_pass(answer.error())) co_return TryAgain{answer.error()};
  auto recorded = co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    auto report = unit.kept().report(row.installation).value_or(ports::AccountReport{});
    report.last_error.reset();
    if (!answer) {
      report.last_error = answer.error();
      unit.kept().put(row.installation, report);
      return {};
    }
    report.reported_at = asked_at;
    if (answer->cycle_days) report.cycle_days = *answer->cycle_days;
    unit.kept().put(row.installation, report);
    for (const auto& stored : due) unit.kept().note_reported(row.installation, stored.account, asked_at);
    if (not_taken) unit.kept().note_reported(row.installation, not_taken->account, asked_at);   // in the next cycle it may be
    for (const auto& [account, change] : answer->changes) follow(doors_, unit, row, account, change);
    return {};
  });
  if (!recorded) co_return try_again(recorded.error());
  if (!answer) {
    log::warning("accounts_not_reported", log::fields_of(answer.error(), {{"installation", row.installation.value}}));
    co_return LaterAt{doors_.clock.now() + kDay};
  }
  if (!answer->changes.empty()) doors_.work.ring();
  co_return LaterAt{doors_.clock.now() + kBetween};
}

}  // namespace belay::desk
