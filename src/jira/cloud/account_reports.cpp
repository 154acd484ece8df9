#include "jira/cloud/account_reports.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace belay::jira::cloud {
namespace {

constexpr std::int64_t kLongestCycle = 365;

// "7", in days; as a duration, "P7D", it would mean the same.
std::optional<std::int64_t> cycle_of(std::string_view text) {
  if (text.starts_with('P')) text.remove_prefix(1);
  std::int64_t days = 0;
  const auto* end = text.data() + text.size();
  const auto [rest, problem] = std::from_chars(text.data(), end, days);
  const bool whole = rest == end || (end - rest == 1 && *rest == 'D');
  if (problem != std::errc{} || !whole || days < 1) return std::nullopt;
  return std::min(days, kLongestCycle);
}

std::optional<ports::AccountChange> change_of(const json::object& said) {
  const auto status = json::string_at(said, "status");
  if (status == "closed") return ports::AccountChange::closed;
  if (status == "updated") return ports::AccountChange::updated;
  return std::nullopt;
}

// Of somebody whom we did not report nothing is to be done, whatever it says.
Result<std::vector<std::pair<AccountId, ports::AccountChange>>> changes_of(const json::value& body, const std::vector<ports::StoredAccount>& reported) {
  const auto* said = body.is_object() ? json::array_at(body.get_object(), "accounts") : nullptr;
  if (said == nullptr) return fail_for_now("jira_unreachable", "jira.report_accounts: an answer without accounts");
  std::vector<std::pair<AccountId, ports::AccountChange>> changes;
  for (const auto& one : *said) {
    if (!one.is_object()) continue;
    const auto account = json::string_at(one.get_object(), "accountId");
    const auto change = change_of(one.get_object());
    if (!account || !change) continue;
    const AccountId id{*account};
    if (std::ranges::find(reported, id, &ports::StoredAccount::account) != reported.end()) changes.emplace_back(id, *change);
  }
  return changes;
}

}  // namespace

Task<Result<ports::AccountReportAnswer>> CloudAccountReports::report(ports::Call call, std::vector<ports::StoredAccount> accounts) {
  if (accounts.empty() || accounts.size() > ports::kMostReportedAtOnce) throw std::logic_error("a report is of 1 to 90 accounts");
  json::array list;
  for (const auto& [account, fetched_at] : accounts) list.push_back(json::object{{"accountId", account.value}, {"updatedAt", to_iso8601_millis(fetched_at)}});
  RestCall rest_call;
  rest_call.call = std::move(call);
  rest_call.actor = ports::AsApp{};
  rest_call.method = "POST";
  rest_call.path = "/app/report-accounts/";
  rest_call.name = "jira.report_accounts";
  rest_call.of_the_host = true;
  rest_call.body = json::object{{"accounts", std::move(list)}};
  rest_call.idempotent = false;   // nobody is to be reported twice in a cycle
  rest_call.writes = true;
  BELAY_CO_TRY(answer, co_await rest_.ask(std::move(rest_call)));
  const auto cause = "jira.report_accounts: status " + std::to_string(answer.status);
  if (answer.status == 401 || answer.status == 403) co_return fail("account_reports_refused", cause, {{"status", answer.status}});
  if (answer.status != 200 && answer.status != 204) co_return fail("jira_refused", cause, {{"status", answer.status}, {"said", words_of(answer.body)}});
  ports::AccountReportAnswer told;
  if (const auto cycle = answer.header("Cycle-Period")) told.cycle_days = cycle_of(*cycle);
  if (answer.status == 204) co_return told;
  const auto body = json::parse(answer.body, json::kMaxAnswerDepth);
  if (!body) co_return fail_for_now("jira_unreachable", "jira.report_accounts: an answer that is no JSON");
  BELAY_CO_TRY(changes, changes_of(*body, accounts));
  told.changes = std::move(changes);
  co_return told;
}

}  // namespace belay::jira::cloud
