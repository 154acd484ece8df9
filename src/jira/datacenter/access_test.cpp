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
constexpr const char* kThing = "/rest/api/2/thing";

net::Response given(std::string access_token, std::string refresh_token) {
  return answer(200, json::object{{"access_token", access_token}, {"refresh_token", refresh_token}, {"token_type", "bearer"}, {"expires_in", 7'200}});
}
net::Response refused(std::string_view error) { return answer(400, json::object{{"error", error}}); }

struct Desk : World {
  Result<Access> as(ports::Actor actor) { return wait_for(access.of(call(), std::move(actor))); }
  Result<Access> as_agent() { return as(ports::AsUser{agent}); }
  ports::JiraGrant& grant() { return storage.grants.at({installation, agent}); }
  [[nodiscard]] bool is_signed_in() const { return storage.grants.contains({installation, agent}); }
  Result<json::value> call_as(ports::Actor actor, std::string method = "GET") {
    RestCall thing;
    thing.call = call();
    thing.actor = std::move(actor);
    thing.method = std::move(method);
    thing.path = kThing;
    thing.name = "jira.thing";
    thing.idempotent = thing.method == "GET";
    return wait_for(rest.send(std::move(thing)));
  }
  /// Of the calls for the thing itself.
  [[nodiscard]] std::vector<std::string> tokens_sent() const {
    std::vector<std::string> sent;
    for (const auto& request : jira.asked) {
      if (request.target == kThing) sent.emplace_back(request.header("Authorization").value_or(""));
    }
    return sent;
  }
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
  CHECK(code(desk.as(ports::AsUser{AccountId{"stranger"}})) == "signed_out");
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
  CHECK(code(desk.as_agent()) == "signed_out");
  CHECK_FALSE(desk.is_signed_in());
}

TEST_CASE("a page of a proxy, a Jira that is down, and a wrong secret in the configuration sign nobody out") {
  for (const auto& trouble : {page(403), page(404), page(502), silence(), page(200), refused("invalid_client"), refused("unauthorized_client")}) {
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

TEST_CASE("a token that somebody typed in is used as it is, and never renewed") {
  Desk desk;
  desk.grant() = {.access_token = "typed-token", .refresh_token = "", .expires_at = {}};
  CHECK(desk.as_agent().value().token == "typed-token");
  CHECK(desk.jira.asked.empty());
}

TEST_CASE("a typed-in token that Jira refused once and knows when it is asked whose it is stays: Jira shows it once") {
  for (const auto& told : {answer(200, json::object{{"key", "JIRAUSER10100"}}), page(503), silence()}) {
    Desk desk;
    desk.grant() = {.access_token = "user-token", .refresh_token = "", .expires_at = {}};
    desk.jira.on("GET", kThing, {refusal(401, "no"), answer(200, json::object{})});
    desk.jira.on("GET", "/rest/api/2/myself", {told});
    CHECK(code(desk.call_as(ports::AsUser{desk.agent})) == (told.status == 200 ? "ok" : "jira_unreachable"));
    CHECK(desk.is_signed_in());
  }
}

// ---- a token that Jira does not take ----

TEST_CASE("a call whose token Jira refuses is made once more with a fresh one, and so is a write: nothing was done") {
  for (const auto* method : {"GET", "POST"}) {
    Desk desk;
    desk.jira.on(method, kThing, {refusal(401, "no"), answer(200, json::object{})});
    desk.jira.on("POST", kToken, {given("access-2", "refresh-2")});
    CHECK(desk.call_as(ports::AsUser{desk.agent}, method));
    CHECK(desk.tokens_sent() == std::vector<std::string>{"Bearer user-token", "Bearer access-2"});
    CHECK(desk.grant().refresh_token == "refresh-2");
  }
}

TEST_CASE("a fresh token that Jira refuses too is not renewed for ever") {
  Desk desk;
  desk.jira.on("GET", kThing, {refusal(401, "no")});
  desk.jira.on("POST", kToken, {given("access-2", "refresh-2")});
  CHECK(code(desk.call_as(ports::AsUser{desk.agent})) == "jira_token_missing");
  CHECK(desk.tokens_sent() == std::vector<std::string>{"Bearer user-token", "Bearer access-2"});
}

TEST_CASE("where Jira takes neither token nor grant they are signed out, and a typed-in token is forgotten when Jira says twice that it does not know it") {
  for (const bool typed : {false, true}) {
    Desk desk;
    if (typed) desk.grant() = {.access_token = "user-token", .refresh_token = "", .expires_at = {}};
    desk.jira.on("GET", kThing, {refusal(401, "no")});
    desk.jira.on("GET", "/rest/api/2/myself", {refusal(401, "no")});
    desk.jira.on("POST", kToken, {refused("invalid_grant")});
    CHECK(code(desk.call_as(ports::AsUser{desk.agent})) == "signed_out");
    CHECK_FALSE(desk.is_signed_in());
    CHECK(desk.tokens_sent().size() == 1);
    CHECK(std::ranges::count(desk.asked(), std::string("POST ") + kToken) == (typed ? 0 : 1));
  }
}

TEST_CASE("a token that is replaced while Jira refuses it is neither renewed nor forgotten") {
  Desk desk;
  desk.grant() = {.access_token = "user-token", .refresh_token = "", .expires_at = {}};
  desk.jira.on("GET", kThing, {refusal(401, "no"), answer(200, json::object{})});
  desk.jira.before_answer = [&desk]() -> Task<void> {
    desk.grant().access_token = "typed-meanwhile";
    co_return;
  };
  CHECK(desk.call_as(ports::AsUser{desk.agent}));
  CHECK(desk.tokens_sent() == std::vector<std::string>{"Bearer user-token", "Bearer typed-meanwhile"});
  CHECK(desk.is_signed_in());
}

TEST_CASE("the service account's token, and one that came with the call, have no other: nobody is signed out") {
  for (const ports::Actor& actor : {ports::Actor{ports::AsApp{}}, ports::Actor{ports::WithToken{"typed-token"}}}) {
    Desk desk;
    desk.jira.on("GET", kThing, {refusal(401, "no")});
    CHECK(code(desk.call_as(actor)) == "jira_token_missing");
    CHECK(desk.tokens_sent().size() == 1);
    CHECK(desk.is_signed_in());
  }
}

// ---- several at once ----

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
    CHECK(code(desk.as_agent()) == "signed_out");
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
