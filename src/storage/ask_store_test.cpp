// Asks for help: one open one of an issue, counted by account, forgotten after a day.
#include "storage/engines_test.hpp"

using namespace belay;
using namespace belay::storage::testing;
using belay::ports::HelpAsk;
using belay::ports::UnitOfWork;

namespace {

const InstallationId kAcme = installation_id("acme");
const IssueId kIssue{"10001"};
const AccountId kCustomer{"customer"};

HelpAsk ask(const std::string& id, Time at, const std::string& issue = "10001", const std::string& account = "customer") {
  return {.id = HelpAskId{id}, .installation = kAcme, .issue = IssueId{issue}, .customer = AccountId{account}, .customer_name = "Ada", .asked_at = at, .ended_at = {}};
}

constexpr std::chrono::minutes kMinute{1};

}  // namespace

STORAGE_TEST("an ask is open until it is ended, once; the next may come then") {
  bench.change([](UnitOfWork& unit) {
    unit.installations().insert(installation("acme"));
    unit.asks().insert(ask("a1", kNoon));
  });
  bench.change([](UnitOfWork& unit) {
    const auto found = unit.asks().open(kAcme, kIssue);
    REQUIRE(found);
    CHECK(found->id == HelpAskId{"a1"});
    CHECK(found->customer == kCustomer);
    CHECK(found->customer_name == "Ada");
    CHECK(found->asked_at == kNoon);
    CHECK_FALSE(found->ended_at);
    CHECK_FALSE(unit.asks().open(kAcme, IssueId{"10002"}));
    CHECK(unit.asks().end(kAcme, found->id, kNoon + kMinute));
    CHECK_FALSE(unit.asks().end(kAcme, found->id, kNoon + 2 * kMinute));
    CHECK_FALSE(unit.asks().open(kAcme, kIssue));
    unit.asks().insert(ask("a2", kNoon + 3 * kMinute));
    unit.asks().insert(ask("a3", kNoon + 4 * kMinute, "10002"));
    unit.asks().insert(ask("a4", kNoon + 4 * kMinute, "10003", "another"));
  });
  bench.read([](UnitOfWork& unit) {
    CHECK(unit.asks().asked(kAcme, kCustomer, kNoon) == std::vector<Time>{kNoon + 3 * kMinute, kNoon + 4 * kMinute});
    const auto all = unit.asks().of_account(kAcme, kCustomer);
    REQUIRE(all.size() == 3);
    CHECK(all[0].ended_at == kNoon + kMinute);
    CHECK(unit.kept().of_account(kAcme, kCustomer).asks == 3);
    const auto ids = [](const std::vector<HelpAsk>& asks) {
      std::string found;
      for (const auto& one : asks) found += one.id.value + " ";
      return found;
    };
    CHECK(ids(unit.asks().waiting(kAcme, kNoon, 10)) == "a2 a3 a4 ");
    CHECK(ids(unit.asks().waiting(kAcme, kNoon + 3 * kMinute, 1)) == "a3 ");
    CHECK(unit.asks().waiting(installation_id("other"), kNoon, 10).empty());
    return true;
  });
}

STORAGE_TEST("asks go with their issue, with their account, and when they are old") {
  bench.change([](UnitOfWork& unit) {
    unit.installations().insert(installation("acme"));
    unit.asks().insert(ask("a1", kNoon));
    unit.asks().insert(ask("a2", kNoon + kMinute, "10002"));
    unit.asks().insert(ask("a3", kNoon + 2 * kMinute, "10003", "another"));
    unit.asks().insert(ask("a4", kNoon + 3 * kMinute, "10004", "another"));
  });
  CHECK(bench.read([](UnitOfWork& unit) { return unit.kept().accounts(kAcme, AccountId{"another "}, 10, {}); }) == std::vector{kCustomer});
  bench.change([](UnitOfWork& unit) {
    unit.kept().rename(kAcme, kCustomer, "Anew");
    CHECK(unit.asks().open(kAcme, kIssue)->customer_name == "Anew");
    CHECK(unit.asks().open(kAcme, IssueId{"10003"})->customer_name == "Ada");
    unit.asks().erase_of_issue(kAcme, kIssue);
    CHECK_FALSE(unit.asks().open(kAcme, kIssue));
    CHECK(unit.asks().of_account(kAcme, kCustomer).size() == 1);
    CHECK(unit.kept().erase_rows_of(kAcme, kCustomer, 10) == 1);
    CHECK(unit.asks().of_account(kAcme, kCustomer).empty());
    CHECK(unit.asks().forget(kNoon + 3 * kMinute) == 1);
    CHECK(unit.asks().of_account(kAcme, AccountId{"another"}).size() == 1);
  });
}
