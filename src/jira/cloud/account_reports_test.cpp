#include "jira/cloud/account_reports.hpp"

#include <doctest/doctest.h>

#include "jira/cloud/testing.hpp"

using namespace belay;
using namespace belay::jira::cloud;

namespace {

struct Reports {
  testing::World world;
  CloudAccountReports reports{world.rest};
  const std::vector<ports::StoredAccount> two{{.account = AccountId{"ann"}, .fetched_at = *from_iso8601("2018-10-25T23:08:51.382Z")}, {.account = AccountId{"bob"}, .fetched_at = *from_iso8601("2019-01-01T00:00:00Z")}};

  Result<ports::AccountReportAnswer> answered(net::Response answer) {
    world.jira.on_host("POST", "/app/report-accounts/", {std::move(answer)});
    return world.wait_for(reports.report(world.call(), two));
  }
};

std::string code_of(const auto& result) { return result ? "none" : result.error().code; }

}  // namespace

TEST_CASE("accounts are reported to the host, with the app's token and the times as Atlassian writes them") {
  Reports of;
  const auto answer = of.answered(testing::answer(200, std::string(R"({"accounts":[{"accountId":"bob","status":"closed"},{"accountId":"ann","status":"updated"}]})"), {{"Cycle-Period", "9"}}));
  REQUIRE(answer);
  REQUIRE(answer->changes.size() == 2);
  CHECK(answer->changes.at(0) == std::pair(AccountId{"bob"}, ports::AccountChange::closed));
  CHECK(answer->changes.at(1) == std::pair(AccountId{"ann"}, ports::AccountChange::updated));
  CHECK(answer->cycle_days == 9);
  const auto& asked = of.world.jira.asked.back();
  CHECK(asked.target == "/app/report-accounts/");
  CHECK(asked.header("authorization") == "Bearer app-token");
  CHECK(asked.body == R"({"accounts":[{"accountId":"ann","updatedAt":"2018-10-25T23:08:51.382Z"},{"accountId":"bob","updatedAt":"2019-01-01T00:00:00.000Z"}]})");
}

TEST_CASE("204: nothing is to be done; of others than were reported nothing is, whatever it says") {
  Reports of;
  const auto nothing = of.answered(testing::answer(204, std::string()));
  REQUIRE(nothing);
  CHECK(nothing->changes.empty());
  CHECK_FALSE(nothing->cycle_days);
  const auto odd = of.answered(testing::answer(200, std::string(R"({"accounts":[{"accountId":"eve","status":"closed"},{"accountId":"ann","status":"asleep"},{"status":"closed"},7]})")));
  REQUIRE(odd);
  CHECK(odd->changes.empty());
}

TEST_CASE("a cycle is read as days, however it is written, and not from what is none") {
  Reports of;
  const auto cycle = [&](std::string_view said) { return of.answered(testing::answer(204, std::string(), {{"Cycle-Period", std::string(said)}}))->cycle_days; };
  CHECK(cycle("7") == 7);
  CHECK(cycle("P14D") == 14);
  CHECK(cycle("100000") == 365);
  for (const auto* said : {"", "0", "-3", "P1M", "7 days", "x"}) CHECK_MESSAGE(!cycle(said), said);
}

TEST_CASE("refusals: a token that is not taken, a pause, trouble, nonsense") {
  Reports of;
  for (const unsigned status : {401U, 403U}) {
    const auto refused = of.answered(testing::answer(status, std::string(R"({"code":0,"message":"no"})")));
    CHECK(code_of(refused) == "account_reports_refused");
    CHECK_FALSE(refused.error().retryable);
  }
  CHECK(code_of(of.answered(testing::answer(400, std::string(R"({"message":"no"})")))) == "jira_refused");
  CHECK(code_of(of.answered(testing::answer(503, std::string("{}")))) == "jira_unreachable");
  CHECK(code_of(of.answered(testing::answer(200, std::string("nonsense")))) == "jira_unreachable");
  CHECK(code_of(of.answered(testing::answer(200, std::string("{}")))) == "jira_unreachable");
  const auto paused = of.answered(testing::answer(429, std::string("{}"), {{"Retry-After", "30"}}));
  CHECK(code_of(paused) == "jira_rate_limited");
  CHECK(paused.error().retry_after == Milliseconds{30'000});
  const auto asked = of.world.jira.asked.size();
  CHECK(code_of(of.answered(testing::answer(204, std::string()))) == "jira_rate_limited");   // kept in mind, nothing is sent
  CHECK(of.world.jira.asked.size() == asked);
}

TEST_CASE("without a token nothing is sent, and it may come") {
  Reports of;
  of.world.storage.system_tokens.clear();
  const auto answer = of.answered(testing::answer(204, std::string()));
  CHECK(code_of(answer) == "jira_token_missing");
  CHECK(answer.error().retryable);
  CHECK(of.world.jira.asked.empty());
}
