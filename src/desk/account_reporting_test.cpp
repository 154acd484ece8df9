#include "desk/stage_test.hpp"

namespace belay::desk {
namespace {

constexpr std::chrono::hours kHour{1};
constexpr std::chrono::hours kDay{24};

class Reporting : public Stage {
 public:
  StepResult report() { return run(account_reporting->report(row("accounts.report", installation.value))); }
  /// Until nobody's turn it is, a second apart as the worker would.
  void report_all() {
    for (int round = 0; round < 20; ++round) {
      const auto result = report();
      REQUIRE(is<LaterAt>(result));
      if (std::get<LaterAt>(result).due_at - clock.now() >= kHour) return;
      clock.time += Milliseconds{1'000};
    }
    FAIL("it never ends");
  }
  void acted(int from, int to) {
    write([&](ports::UnitOfWork& unit) {
      for (int i = from; i < to; ++i) {
        auto entry = audit_entry(*doors, installation, "launched");
        entry.actor = AccountId{"somebody " + std::to_string(i)};
        unit.audit().append(entry);
      }
    });
  }
  std::map<AccountId, int> reported() {
    std::map<AccountId, int> times;
    for (const auto& one : account_reports.reports) {
      CHECK(one.size() <= 90);
      for (const auto& stored : one) ++times[stored.account];
    }
    return times;
  }
  ports::AccountReport state() {
    ports::AccountReport found;
    write([&](ports::UnitOfWork& unit) { found = unit.kept().report(installation).value(); });
    return found;
  }
};

TEST_CASE("whoever the settings alone name is reported too, wherever they stand in the order") {
  for (const auto* name : {"a first one", "somebody 4999", "zoe"}) {
    CAPTURE(std::string(name));
    Reporting stage;
    stage.acted(0, 600);   // more than are listed at once
    stage.keep_settings([&](support::Settings& settings) { settings.default_supporter = AccountId{name}; });
    stage.report_all();
    const auto reported = stage.reported();
    CHECK(reported.size() == 602);
    CHECK(reported.contains(AccountId{name}));
    CHECK(std::ranges::all_of(reported, [](const auto& one) { return one.second == 1; }));
  }
}

TEST_CASE("everybody is reported once a cycle, ninety at a time; who comes later, within the hour") {
  Reporting stage;
  stage.acted(0, 200);
  stage.report_all();
  CHECK(stage.account_reports.reports.size() == 3);
  CHECK(stage.reported().size() == 201);   // and the agent with the link
  stage.clock.time += kHour;
  stage.acted(200, 201);
  stage.report_all();
  REQUIRE(stage.account_reports.reports.size() == 4);
  const auto& late = stage.account_reports.reports.back();
  REQUIRE(late.size() == 1);
  CHECK(late.front().fetched_at <= stage.clock.now() - kHour);   // what is kept of them may be that old
  for (int day = 0; day < 6; ++day) {
    stage.clock.time += kDay;
    stage.report_all();
  }
  CHECK(stage.account_reports.reports.size() == 4);
  stage.clock.time += kDay;
  stage.report_all();
  for (const auto& [account, times] : stage.reported()) CHECK(times == 2);
}

TEST_CASE("Atlassian says how long a cycle is") {
  Reporting stage;
  stage.account_reports.cycle_days = 30;
  stage.report_all();
  stage.clock.time += 20 * kDay;
  stage.report_all();
  CHECK(stage.account_reports.reports.size() == 1);
  stage.clock.time += 11 * kDay;
  stage.report_all();
  CHECK(stage.account_reports.reports.size() == 2);
}

TEST_CASE("a closed account is erased, one that changed is read anew, and neither is reported before its time") {
  Reporting stage;
  stage.acted(0, 3);
  stage.account_reports.changes = {{AccountId{"somebody 0"}, ports::AccountChange::closed}, {AccountId{"somebody 1"}, ports::AccountChange::updated}};
  stage.report_all();
  CHECK(stage.is_asked_for("account.erase", "somebody 0"));
  CHECK(stage.is_asked_for("account.refresh", "somebody 1"));
  CHECK_FALSE(stage.is_asked_for("account.erase", "somebody 2"));
  CHECK(is<Done>(stage.run(stage.account_erasing->erase(*stage.asked("account.erase", "somebody 0")))));
  // Jira names them again, as the author of a comment.
  stage.acted(0, 1);
  stage.clock.time += 2 * kHour;
  stage.report_all();
  CHECK(stage.reported().at(AccountId{"somebody 0"}) == 1);
  stage.clock.time += 8 * kDay;
  stage.report_all();
  CHECK(stage.reported().at(AccountId{"somebody 0"}) == 2);
}

TEST_CASE("one account that Atlassian does not take keeps nobody else from being reported, and is not asked about again in this cycle") {
  Reporting stage;
  stage.acted(0, 200);
  stage.account_reports.not_taken = AccountId{"somebody 57"};
  stage.report_all();
  CHECK(stage.state().reported_at);
  std::map<AccountId, int> taken;
  for (const auto& one : stage.account_reports.reports) {
    if (std::ranges::find(one, stage.account_reports.not_taken, &ports::StoredAccount::account) != one.end()) continue;
    for (const auto& stored : one) ++taken[stored.account];
  }
  CHECK(taken.size() == 200);   // and the agent with the link
  CHECK(std::ranges::all_of(taken, [](const auto& one) { return one.second == 1; }));
  const auto calls = stage.account_reports.reports.size();
  stage.clock.time += kHour;
  stage.report_all();
  CHECK(stage.account_reports.reports.size() == calls);
}

TEST_CASE("where Atlassian takes no list at all nobody counts as reported, and it is tried again a day later") {
  Reporting stage;
  stage.acted(0, 200);
  stage.account_reports.down = Error{.code = "jira_refused", .cause = {}, .detail = {{"status", 400}}, .retryable = false, .retry_after = {}};
  const auto refused = stage.report();
  REQUIRE(is<LaterAt>(refused));
  CHECK(std::get<LaterAt>(refused).due_at - stage.clock.now() == kDay);
  CHECK(stage.state().last_error->code == "jira_refused");
  CHECK_FALSE(stage.state().reported_at);
  CHECK(stage.account_reports.reports.size() < 10);
  stage.account_reports.down.reset();
  stage.account_reports.reports.clear();
  stage.report_all();
  CHECK(stage.reported().size() == 201);
}

TEST_CASE("a refusal is told to the admin and tried again a day later; a pause is kept") {
  Reporting stage;
  stage.account_reports.down = Error{.code = "account_reports_refused", .cause = {}, .detail = {{"status", 403}}, .retryable = false, .retry_after = {}};
  const auto refused = stage.report();
  REQUIRE(is<LaterAt>(refused));
  CHECK(std::get<LaterAt>(refused).due_at - stage.clock.now() == kDay);
  CHECK(stage.state().last_error->code == "account_reports_refused");
  const auto health = [&] {
    auto settings = stage.run(stage.administration->settings(stage.admin_caller()));
    REQUIRE(settings);
    for (const auto& line : settings->at("health").as_array()) {
      if (line.at("check").as_string() == "account_reports") return line.at("ok").as_bool();
    }
    return false;
  };
  CHECK_FALSE(health());
  stage.account_reports.down = Error{.code = "jira_rate_limited", .cause = {}, .detail = {}, .retryable = true, .retry_after = Milliseconds{5'000}};
  const auto paused = stage.report();
  REQUIRE(is<TryAgain>(paused));
  CHECK(std::get<TryAgain>(paused).error.retry_after == Milliseconds{5'000});
  CHECK(stage.state().last_error);
  stage.account_reports.down.reset();
  stage.report_all();
  CHECK_FALSE(stage.state().last_error);
  CHECK(stage.state().reported_at);
  CHECK(health());
}

TEST_CASE("the hourly call begins it, once") {
  Reporting stage;
  ports::VerifiedCall call;
  call.installation = stage.installation;
  REQUIRE(stage.run(stage.events->hear(call, ForgeEvent::hourly, {})));
  const auto row = stage.asked("accounts.report", stage.installation.value);
  REQUIRE(row);
  stage.clock.time += kHour;
  REQUIRE(stage.run(stage.events->hear(call, ForgeEvent::hourly, {})));
  CHECK(stage.asked("accounts.report", stage.installation.value)->due_at == row->due_at);
}

}  // namespace
}  // namespace belay::desk
