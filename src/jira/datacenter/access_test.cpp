// With which token a Data Center is called: the service account's, or a user's, which is renewed before it ends.
#include "jira/datacenter/access.hpp"

#include <doctest/doctest.h>

#include "jira/datacenter/testing.hpp"

using namespace belay;
using namespace belay::jira;
using namespace belay::jira::datacenter;
using namespace belay::jira::datacenter::testing;
using std::chrono::seconds;

namespace {

constexpr const char* kToken = "/rest/oauth2/latest/token";

net::Response given(std::string access_token, std::string refresh_token) {
  return answer(200, json::object{{"access_token", access_token}, {"refresh_token", refresh_token}, {"token_type", "bearer"}, {"expires_in", 7'200}});
}
net::Response refused(std::string_view error) { return answer(400, json::object{{"error", error}}); }

struct Desk : World {
  Result<Access> as(ports::Actor actor) { return wait_for(access.of(call(), std::move(actor))); }
  Result<Access> as_agent() { return as(ports::AsUser{agent}); }
  ports::JiraGrant& grant() { return storage.grants.at({installation, agent}); }
  [[nodiscard]] bool is_signed_in() const { return storage.grants.contains({installation, agent}); }
  void ends_in(seconds life) { grant().expires_at = clock.now() + life; }
};

}  // namespace

TEST_CASE("the app calls with the service account's token, users with their own, and a token that came with the call is used as it is") {
  Desk desk;
  CHECK(desk.as(ports::AsApp{}).value().token == "service-token");
  CHECK(desk.as_agent().value().token == "user-token");
  CHECK(desk.as(ports::WithToken{"typed-token"}).value().token == "typed-token");
  CHECK(desk.as(ports::AsApp{}).value().base_url == desk.jira.base_url());
  CHECK(desk.as_agent().value().base_url == desk.jira.base_url());
  CHECK_FALSE(desk.as_agent().value().settling);
  CHECK(desk.jira.asked.empty());
}

TEST_CASE("who is not signed in has no token, and never that of somebody else") {
  Desk desk;
  CHECK(code(desk.as(ports::AsUser{AccountId{"stranger"}})) == "jira_token_missing");
  auto elsewhere = desk.call();
  elsewhere.installation = installation_of("other");
  CHECK(code(desk.wait_for(desk.access.of(elsewhere, ports::AsUser{desk.agent}))) == "not_paired");
  CHECK(code(desk.wait_for(desk.access.of(elsewhere, ports::AsApp{}))) == "not_paired");
}

TEST_CASE("a token that ends within a minute is renewed first, and what Jira gave instead is kept") {
  Desk desk;
  desk.jira.on("POST", kToken, {given("access-2", "refresh-2")});
  desk.ends_in(seconds{61});
  CHECK(desk.as_agent().value().token == "user-token");
  CHECK(desk.jira.asked.empty());
  desk.ends_in(seconds{60});
  CHECK(desk.as_agent().value().token == "access-2");
  CHECK(desk.grant().access_token == "access-2");
  CHECK(desk.grant().refresh_token == "refresh-2");
  CHECK(desk.grant().expires_at == desk.clock.now() + seconds{7'200});
  CHECK(desk.as_agent().value().token == "access-2");
  CHECK(desk.jira.asked.size() == 1);
}

TEST_CASE("calls that begin together renew once: the refresh token works once") {
  Desk desk;
  desk.jira.on("POST", kToken, {given("access-2", "refresh-2"), refused("invalid_grant")});
  desk.ends_in(seconds{0});
  const auto [one, other] = desk.wait_for(both(desk.access.of(desk.call(), ports::AsUser{desk.agent}), desk.access.of(desk.call(), ports::AsUser{desk.agent})));
  CHECK(one.value().token == "access-2");
  CHECK(other.value().token == "access-2");
  CHECK(desk.jira.asked.size() == 1);
}

TEST_CASE("a grant that Jira does not take any more is forgotten: they sign in again") {
  Desk desk;
  desk.jira.on("POST", kToken, {refused("invalid_grant")});
  desk.ends_in(seconds{0});
  CHECK(code(desk.as_agent()) == "jira_token_missing");
  CHECK_FALSE(desk.is_signed_in());
}

TEST_CASE("a page of a proxy, a Jira that is down, and a wrong secret in the configuration sign nobody out") {
  for (const auto& trouble : {page(403), page(404), page(502), silence(), page(200), answer(429, json::object{}), refused("invalid_client"), refused("unauthorized_client")}) {
    INFO(trouble.status);
    Desk desk;
    desk.jira.on("POST", kToken, {trouble, given("access-2", "refresh-2")});
    desk.ends_in(seconds{0});
    const auto failed = desk.as_agent();
    CHECK(code(failed) == "jira_unreachable");
    CHECK(failed.error().retryable);
    CHECK(desk.is_signed_in());
    CHECK(desk.as_agent().value().token == "access-2");
  }
}

TEST_CASE("a token that somebody typed in is used until it ends, and is never renewed") {
  Desk desk;
  desk.grant() = {.access_token = "typed-token", .refresh_token = "", .expires_at = {}};
  CHECK(desk.as_agent().value().token == "typed-token");
  desk.ends_in(seconds{0});
  CHECK(code(desk.as_agent()) == "jira_token_missing");
  CHECK(desk.jira.asked.empty());
}

TEST_CASE("what another instance renewed meanwhile is used, whatever came of our own try") {
  for (const auto& told : {refused("invalid_grant"), given("access-2", "refresh-2")}) {
    Desk desk;
    desk.jira.on("POST", kToken, {told});
    desk.ends_in(seconds{0});
    desk.jira.before_answer = [&desk]() -> Task<void> {
      desk.grant() = {.access_token = "access-of-another", .refresh_token = "refresh-of-another", .expires_at = desk.clock.now() + seconds{7'200}};
      co_return;
    };
    CHECK(desk.as_agent());
    CHECK(desk.grant().refresh_token == "refresh-of-another");
  }
}

TEST_CASE("somebody who signs out while their token is renewed is not brought back") {
  for (const auto& told : {refused("invalid_grant"), given("access-2", "refresh-2")}) {
    Desk desk;
    desk.jira.on("POST", kToken, {told});
    desk.ends_in(seconds{0});
    desk.jira.before_answer = [&desk]() -> Task<void> {
      desk.storage.grants.clear();
      co_return;
    };
    CHECK(code(desk.as_agent()) == "jira_token_missing");
    CHECK_FALSE(desk.is_signed_in());
  }
}

TEST_CASE("no token stands in what is said of its absence") {
  Desk desk;
  desk.jira.on("POST", kToken, {answer(400, json::object{{"error", "invalid_grant"}, {"error_description", "refresh-token is over"}})});
  desk.ends_in(seconds{0});
  const auto error = desk.as_agent().error();
  CHECK_FALSE(error.cause.contains("refresh-token"));
  CHECK_FALSE(error.cause.contains("user-token"));
}
