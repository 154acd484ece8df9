// Consent, refreshing and giving back against a TeamViewer on loopback, with two processes where it takes two.
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include "net/message.hpp"
#include "teamviewer/testing.hpp"

using namespace belay;
using namespace belay::teamviewer;
using testing::answer;
using testing::code_of;
using testing::refusal;
using testing::World;

namespace {

constexpr const char* kSessions = "/api/v1/sessions";
constexpr const char* kToken = "/api/v1/oauth2/token";

std::string field(const net::Request& request, std::string_view name) {
  for (const auto& [key, value] : net::form_decode(request.body).value_or(std::vector<std::pair<std::string, std::string>>{})) {
    if (key == name) return value;
  }
  return {};
}

std::string tokens(std::string_view access, std::string_view refresh) {
  json::object body{{"access_token", access}, {"token_type", "bearer"}, {"expires_in", 7200}};
  if (!refresh.empty()) body["refresh_token"] = refresh;
  return boost::json::serialize(body);
}

// Sessions for who holds `good`, "too old" for anybody else.
testing::Service::Handler sessions_for(std::string good) {
  return [good](net::Request request) {
    const bool known = request.header("authorization") == "Bearer " + good;
    return testing::Service::just(known ? answer(200, R"({"sessions":[]})") : refusal(401, "token_expired"));
  };
}

}  // namespace

TEST_CASE("the browser is sent to consent with PKCE and our state") {
  testing::run([](World& world) -> Task<void> {
    const auto url = world.provider()->authorize_url(ports::Registration::base, "state 1", "challenge");
    CHECK(url == "https://login.teamviewer.example/oauth2/authorize?response_type=code&client_id=412907-exampleClientId&redirect_uri=https%3A%2F%2Fsupport.example.com%2Foauth%2Fteamviewer%2Fcallback"
                 "&state=state%201&code_challenge=challenge&code_challenge_method=S256");
    co_return;
  });
}

TEST_CASE("a code is exchanged with the verifier and the client secret, form-encoded") {
  testing::run([](World& world) -> Task<void> {
    world.service.on(std::string("POST ") + kToken, {answer(200, tokens("access-1", "refresh-1"))});
    const auto grant = co_await world.provider()->exchange(world.call, ports::Registration::base, "code-1", "verifier-1");
    REQUIRE(grant.has_value());
    CHECK(grant->access_token == "access-1");
    CHECK(grant->refresh_token == "refresh-1");
    CHECK(grant->expires_at == world.clock.at + std::chrono::hours{2});
    const auto& request = world.service.last();
    CHECK(request.header("content-type") == "application/x-www-form-urlencoded");
    CHECK_FALSE(request.header("authorization").has_value());
    CHECK(field(request, "grant_type") == "authorization_code");
    CHECK(field(request, "code") == "code-1");
    CHECK(field(request, "code_verifier") == "verifier-1");
    CHECK(field(request, "client_secret") == "example&secret");
    CHECK(field(request, "redirect_uri") == "https://support.example.com/oauth/teamviewer/callback");
  });
}

TEST_CASE("a used code is an expired grant, an unknown client is a refusal, a strange answer is trouble") {
  testing::run([](World& world) -> Task<void> {
    const auto provider = world.provider();
    struct Case { net::Response response; const char* code; };
    for (const auto& [response, code] : {Case{refusal(400, "invalid_grant"), "grant_expired"}, Case{refusal(400, "invalid_request"), "grant_expired"}, Case{refusal(400, "invalid_client"), "provider_refused"},
                                         Case{answer(200, R"({"token_type":"bearer"})"), "provider_unreachable"}, Case{answer(200, tokens("a\r\nb", "r")), "provider_unreachable"},
                                         Case{answer(200, "null"), "provider_unreachable"}, Case{answer(503, ""), "provider_unreachable"}}) {
      CAPTURE(response.body);
      world.service.on(std::string("POST ") + kToken, {response});
      CHECK(code_of(co_await provider->exchange(world.call, ports::Registration::base, "code", "verifier")) == code);
    }
  });
}

TEST_CASE("a token whose time is over is not tried: it is refreshed first, and whoever prepared need not wait") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    world.service.on(std::string("POST ") + kToken, {answer(200, tokens("access-2", "refresh-2"))});
    world.service.on(std::string("GET ") + kSessions, sessions_for("access-2"));
    const auto provider = world.provider();
    co_await provider->prepare(world.call, world.mara);
    CHECK(world.service.seen.empty());   // it is still good
    world.clock.at += std::chrono::hours{2};
    co_await provider->prepare(world.call, world.mara);
    CHECK(world.stored().grant.access_token == "access-1");   // nothing was waited for
    REQUIRE((co_await provider->open_sessions(world.call, world.mara)).has_value());
    CHECK(world.service.count(std::string("POST ") + kToken) == 1);
    CHECK(world.service.count(std::string("GET ") + kSessions) == 1);
    CHECK(world.stored().grant.access_token == "access-2");
    CHECK(world.stored().grant.expires_at == world.clock.at + std::chrono::hours{2});
  });
}

TEST_CASE("an expired token is refreshed, the new pair is stored before it is used, and the call goes through") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    world.service.on(std::string("POST ") + kToken, {answer(200, tokens("access-2", "refresh-2"))});
    world.service.on(std::string("GET ") + kSessions, [&world](net::Request request) {
      if (request.header("authorization") != "Bearer access-2") return testing::Service::just(refusal(401, "token_expired"));
      CHECK(world.stored().grant.access_token == "access-2");
      CHECK(world.stored().grant.refresh_token == "refresh-2");
      return testing::Service::just(answer(200, R"({"sessions":[]})"));
    });
    CHECK((co_await world.provider()->open_sessions(world.call, world.mara)).has_value());
    CHECK(world.service.count("GET /api/v1/sessions") == 2);
    CHECK(field(world.service.seen[1], "grant_type") == "refresh_token");
    CHECK(field(world.service.seen[1], "refresh_token") == "refresh-1");
    CHECK(world.stored().grant.expires_at == world.clock.at + std::chrono::hours{2});
  });
}

TEST_CASE("a refresh that brings no new refresh token keeps the old one") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    world.service.on(std::string("POST ") + kToken, {answer(200, tokens("access-2", ""))});
    world.service.on(std::string("GET ") + kSessions, sessions_for("access-2"));
    CHECK((co_await world.provider()->open_sessions(world.call, world.mara)).has_value());
    CHECK(world.stored().grant.refresh_token == "refresh-1");
  });
}

TEST_CASE("a 400 is no expired token: nothing is refreshed") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    const auto provider = world.provider();
    for (const auto& response : {refusal(400, "invalid_request"), refusal(400, "invalid_token"), answer(400, "license limitations", "text/plain"), refusal(403, "invalid_permission")}) {
      world.service.on(std::string("POST ") + kSessions, {response});
      CHECK_FALSE((co_await provider->create_session(world.call, world.mara, {})).has_value());
    }
    CHECK(world.service.count("POST /api/v1/oauth2/token") == 0);
  });
}

TEST_CASE("a refused refresh marks the link: the user has to link again, and nothing is asked any more") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    world.service.on(std::string("POST ") + kToken, {refusal(400, "invalid_request")});
    world.service.on(std::string("GET ") + kSessions, sessions_for("nobody"));
    const auto provider = world.provider();
    CHECK(code_of(co_await provider->open_sessions(world.call, world.mara)) == "link_expired");
    CHECK(world.stored().expired);
    const auto calls = world.service.seen.size();
    CHECK(code_of(co_await provider->open_sessions(world.call, world.mara)) == "link_expired");
    CHECK(world.service.seen.size() == calls);
  });
}

TEST_CASE("a refresh that TeamViewer could not answer leaves the link as it was") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    world.service.on(std::string("GET ") + kSessions, sessions_for("access-2"));
    const auto provider = world.provider();
    for (const auto& response : {answer(503, ""), refusal(400, "invalid_client"), answer(404, "<html>")}) {
      world.service.on(std::string("POST ") + kToken, {response});
      const auto outcome = co_await provider->open_sessions(world.call, world.mara);
      CHECK_FALSE(outcome.has_value());
      CHECK(code_of(outcome) != "link_expired");
      CHECK_FALSE(world.stored().expired);
    }
    world.service.on(std::string("POST ") + kToken, {answer(200, tokens("access-2", "refresh-2"))});
    CHECK((co_await provider->open_sessions(world.call, world.mara)).has_value());
  });
}

TEST_CASE("a fresh token that is refused as well ends the link, and there is no second refresh") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    world.service.on(std::string("POST ") + kToken, {answer(200, tokens("access-2", "refresh-2"))});
    world.service.on(std::string("GET ") + kSessions, {refusal(401, "invalid_token")});
    CHECK(code_of(co_await world.provider()->open_sessions(world.call, world.mara)) == "link_expired");
    CHECK(world.stored().expired);
    CHECK(world.service.count("POST /api/v1/oauth2/token") == 1);
  });
}

TEST_CASE("many calls that find the token expired share one refresh") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    world.service.on(std::string("POST ") + kToken, {answer(200, tokens("access-2", "refresh-2")), refusal(400, "invalid_request")});
    world.service.on(std::string("GET ") + kSessions, sessions_for("access-2"));
    world.service.on("GET /api/v1/sessions/s1-2", [](net::Request request) {
      return testing::Service::just(request.header("authorization") == "Bearer access-2" ? answer(200, R"({"code":"s1-2","state":"Open"})") : refusal(401, "token_expired"));
    });
    const auto provider = world.provider();
    int good = 0;
    const auto list = [&]() -> Task<void> { good += (co_await provider->open_sessions(world.call, world.mara)).has_value() ? 1 : 0; };
    const auto look = [&]() -> Task<void> { good += (co_await provider->session(world.call, world.mara, SessionCode{"s1-2"})).has_value() ? 1 : 0; };
    std::vector<Task<void>> calls;
    for (int i = 0; i < 5; ++i) {
      calls.push_back(list());
      calls.push_back(look());
    }
    co_await all_of(std::move(calls));
    CHECK(good == 10);
    CHECK(world.service.count("POST /api/v1/oauth2/token") == 1);
    CHECK_FALSE(world.stored().expired);
  });
}

TEST_CASE("two processes that refresh at once: the late one is refused and takes what the other has stored") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    // Rotating: the first to come gets tokens, whoever comes with the same refresh token afterwards is refused.
    world.service.on(std::string("POST ") + kToken, [spent = std::make_shared<bool>(false)](net::Request) {
      if (std::exchange(*spent, true)) return testing::Service::just(refusal(400, "invalid_grant"));
      return testing::Service::just(answer(200, tokens("access-2", "refresh-2")));
    });
    world.service.on(std::string("GET ") + kSessions, sessions_for("access-2"));
    const auto one = world.provider();
    const auto other = world.provider();
    const auto outcome = co_await both(one->open_sessions(world.call, world.mara), other->open_sessions(world.call, world.mara));
    CHECK(outcome.first.has_value());
    CHECK(outcome.second.has_value());
    CHECK(world.service.count("POST /api/v1/oauth2/token") == 2);
    CHECK(world.stored().grant.access_token == "access-2");
    CHECK_FALSE(world.stored().expired);
  });
}

TEST_CASE("a link that another process refreshed is used as it stands in the store") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    world.service.on(std::string("GET ") + kSessions, [&world](net::Request request) {
      if (request.header("authorization") == "Bearer access-2") return testing::Service::just(answer(200, R"({"sessions":[]})"));
      world.link("access-2", "refresh-2");  // while our call was under way
      return testing::Service::just(refusal(401, "token_expired"));
    });
    CHECK((co_await world.provider()->open_sessions(world.call, world.mara)).has_value());
    CHECK(world.service.count("POST /api/v1/oauth2/token") == 0);
  });
}

TEST_CASE("tokens that cannot be stored at once are stored a moment later, and not used before") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    world.service.on(std::string("POST ") + kToken, [&world](net::Request) {
      world.storage.failures_to_come = 2;
      return testing::Service::just(answer(200, tokens("access-2", "refresh-2")));
    });
    world.service.on(std::string("GET ") + kSessions, sessions_for("access-2"));
    CHECK((co_await world.provider()->open_sessions(world.call, world.mara)).has_value());
    CHECK(world.stored().grant.refresh_token == "refresh-2");
  });
}

TEST_CASE("without a link there is nothing to call with") {
  testing::run([](World& world) -> Task<void> {
    const auto outcome = co_await world.provider()->open_sessions(world.call, world.mara);
    CHECK(code_of(outcome) == "not_linked");
    CHECK(world.service.seen.empty());
  });
}

TEST_CASE("giving back: a dead grant is success, an expired one is opened once more to be given back whole") {
  testing::run([](World& world) -> Task<void> {
    const auto provider = world.provider();
    const ports::Grant grant{.access_token = "access-1", .refresh_token = "refresh-1", .expires_at = {}};
    world.service.on("POST /api/v1/OAuth2/revoke", {answer(204, "")});
    CHECK((co_await provider->revoke(world.call, grant)).has_value());
    CHECK(world.service.last().header("authorization") == "Bearer access-1");

    world.service.on("POST /api/v1/OAuth2/revoke", {refusal(401, "token_expired"), answer(204, "")});
    world.service.on(std::string("POST ") + kToken, {answer(200, tokens("access-2", "refresh-2"))});
    CHECK((co_await provider->revoke(world.call, grant)).has_value());
    CHECK(world.service.last().header("authorization") == "Bearer access-2");

    world.service.on("POST /api/v1/OAuth2/revoke", {refusal(401, "invalid_token")});
    world.service.on(std::string("POST ") + kToken, {refusal(400, "invalid_grant")});
    CHECK((co_await provider->revoke(world.call, grant)).has_value());

    world.service.on("POST /api/v1/OAuth2/revoke", {answer(503, "")});
    CHECK(code_of(co_await provider->revoke(world.call, grant)) == "provider_unreachable");
  });
}

TEST_CASE("the account of a fresh grant is asked with that grant") {
  testing::run([](World& world) -> Task<void> {
    world.service.on("GET /api/v1/account", {answer(200, R"({"userid":"u20914478","name":"Mara"})"), refusal(401, "invalid_token"), answer(200, "[]")});
    const auto provider = world.provider();
    const ports::Grant grant{.access_token = "access-9", .refresh_token = {}, .expires_at = {}};
    const auto account = co_await provider->account_of(world.call, grant);
    REQUIRE(account.has_value());
    CHECK(account->name == "Mara");
    CHECK(world.service.last().header("authorization") == "Bearer access-9");
    CHECK(code_of(co_await provider->account_of(world.call, grant)) == "grant_expired");
    CHECK(code_of(co_await provider->account_of(world.call, grant)) == "provider_unreachable");
  });
}

TEST_CASE("it is learned whether the client is known, and whether a link is accepted") {
  testing::run([](World& world) -> Task<void> {
    const auto provider = world.provider();
    world.service.on(std::string("POST ") + kToken, {refusal(400, "invalid_request"), refusal(400, "invalid_client")});
    CHECK((co_await provider->check_registration(world.call, ports::Registration::base)).has_value());
    CHECK(code_of(co_await provider->check_registration(world.call, ports::Registration::base)) == "provider_refused");
    world.link("access-1", "refresh-1");
    world.service.on("GET /api/v1/ping", {answer(200, R"({"token_valid":true})"), answer(200, R"({"token_valid":false})")});
    CHECK((co_await provider->ping(world.call, world.mara)).has_value());
    CHECK(code_of(co_await provider->ping(world.call, world.mara)) == "link_expired");
  });
}
