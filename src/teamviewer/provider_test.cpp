// The provider against a TeamViewer on loopback: real HTTP, every shape of trouble.
#include "teamviewer/provider.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include "net/message.hpp"
#include "teamviewer/testing.hpp"

using namespace belay;
using namespace belay::teamviewer;
using testing::answer;
using testing::refusal;
using testing::World;

namespace {

constexpr const char* kSessions = "/api/v1/sessions";
constexpr const char* kToken = "/api/v1/oauth2/token";
const SessionId kOurs{"0192f3a0-0000-7000-8000-000000000001"};

std::string session_json(std::string_view code, std::string_view ours = kOurs.value) {
  const json::object body{{"code", code},
                          {"state", "Open"},
                          {"groupid", "g318442907"},
                          {"end_customer_link", "https://get.teamviewer.example/v15/s284613907"},
                          {"supporter_link", "https://get.teamviewer.example/v15/s284613907-Kq7vTn2LwXe9"},
                          {"custom_api", boost::json::serialize(json::object{{"belay", ours}})},
                          {"valid_until", "2026-11-19T09:14:03Z"}};
  return boost::json::serialize(body);
}

ports::SessionDraft draft() {
  return {.id = kOurs, .group_id = "g318442907", .description = "HELP-12 Printer", .customer = {}, .valid_until = *from_iso8601("2026-11-19T09:14:03Z")};
}

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

template <class T>
std::string code_of(const Result<T>& result) { return result ? "" : result.error().code; }

template <class T>
bool maybe_done(const Result<T>& result) { return !result && result.error().detail.contains("maybe_done"); }

}  // namespace

// ---- consent and tokens ----

TEST_CASE("the browser is sent to consent with PKCE and our state") {
  testing::run([](World& world) -> Task<void> {
    const auto url = world.provider()->authorize_url("state 1", "challenge");
    CHECK(url == "https://login.teamviewer.example/oauth2/authorize?response_type=code&client_id=412907-exampleClientId&redirect_uri=https%3A%2F%2Fsupport.example.com%2Foauth%2Fteamviewer%2Fcallback"
                 "&state=state%201&code_challenge=challenge&code_challenge_method=S256");
    co_return;
  });
}

TEST_CASE("a code is exchanged with the verifier and the client secret, form-encoded") {
  testing::run([](World& world) -> Task<void> {
    world.service.on(std::string("POST ") + kToken, {answer(200, tokens("access-1", "refresh-1"))});
    const auto grant = co_await world.provider()->exchange(world.call, "code-1", "verifier-1");
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
      CHECK(code_of(co_await provider->exchange(world.call, "code", "verifier")) == code);
    }
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
      CHECK_FALSE((co_await provider->create_session(world.call, world.mara, draft())).has_value());
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
      return testing::Service::just(request.header("authorization") == "Bearer access-2" ? answer(200, session_json("s1-2")) : refusal(401, "token_expired"));
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

TEST_CASE("the doctor learns whether the client is known, and whether a link is accepted") {
  testing::run([](World& world) -> Task<void> {
    const auto provider = world.provider();
    world.service.on(std::string("POST ") + kToken, {refusal(400, "invalid_request"), refusal(400, "invalid_client")});
    CHECK((co_await provider->check_credentials(world.call)).has_value());
    CHECK(code_of(co_await provider->check_credentials(world.call)) == "provider_refused");
    world.link("access-1", "refresh-1");
    world.service.on("GET /api/v1/ping", {answer(200, R"({"token_valid":true})"), answer(200, R"({"token_valid":false})")});
    CHECK(co_await provider->ping(world.call, world.mara) == true);
    CHECK(co_await provider->ping(world.call, world.mara) == false);
  });
}

// ---- sessions ----

TEST_CASE("a session is created with our id in custom_api and answered whole") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    world.service.on(std::string("POST ") + kSessions, {answer(200, session_json("s284-613-907"))});
    const auto made = co_await world.provider()->create_session(world.call, world.mara, draft());
    REQUIRE(made.has_value());
    CHECK(made->code == SessionCode{"s284-613-907"});
    CHECK(made->open);
    CHECK(made->ours == kOurs);
    CHECK(made->customer_link == "https://get.teamviewer.example/v15/s284613907");
    const auto body = json::parse_object(world.service.last().body);
    REQUIRE(body.has_value());
    CHECK(body->at("groupid") == "g318442907");
    CHECK(body->at("custom_api") == R"({"belay":"0192f3a0-0000-7000-8000-000000000001"})");
    CHECK(world.service.last().header("x-b3-traceid") == "trace-1");
  });
}

TEST_CASE("a create that may have been done says so and is never sent twice") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    const auto provider = world.provider();
    for (const auto& response : {answer(500, ""), answer(503, ""), answer(200, "{"), answer(200, "{}"), answer(200, R"({"code":"s1-2","state":"Open"})")}) {
      CAPTURE(response.body);
      world.service.seen.clear();
      world.service.on(std::string("POST ") + kSessions, {response});
      const auto made = co_await provider->create_session(world.call, world.mara, draft());
      CHECK(code_of(made) == "provider_unreachable");
      CHECK(maybe_done(made));
      CHECK(made.error().retryable);
      CHECK(world.service.seen.size() == 1);
    }
  });
}

TEST_CASE("a create that TeamViewer refused was not done") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    const auto provider = world.provider();
    struct Case { net::Response response; const char* code; };
    for (const auto& [response, code] : {Case{answer(400, "because of license limitations", "text/plain"), "licence_limit_reached"}, Case{answer(400, R"("license limitations")"), "licence_limit_reached"},
                                         Case{refusal(403, "invalid_permission"), "provider_permission"}, Case{refusal(400, "invalid_request"), "provider_refused"}, Case{refusal(404, "not_found"), "not_found"}}) {
      world.service.on(std::string("POST ") + kSessions, {response});
      const auto made = co_await provider->create_session(world.call, world.mara, draft());
      CHECK(code_of(made) == code);
      CHECK_FALSE(maybe_done(made));
      CHECK_FALSE(made.error().retryable);
    }
  });
}

TEST_CASE("a service that cannot be reached did nothing, one that does not answer may have") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    world.call.deadline = Milliseconds{400};
    world.service.on(std::string("POST ") + kSessions, [](net::Request) -> Task<net::Response> {
      co_await net::sleep_for(Milliseconds{900});
      co_return answer(200, session_json("s1-2"));
    });
    const auto provider = world.provider();
    const auto late = co_await provider->create_session(world.call, world.mara, draft());
    CHECK(code_of(late) == "provider_unreachable");
    CHECK(maybe_done(late));
    co_await world.service.stop();
    const auto away = co_await provider->create_session(world.call, world.mara, draft());
    CHECK(code_of(away) == "provider_unreachable");
    CHECK_FALSE(maybe_done(away));
  });
}

TEST_CASE("our session is found over all pages, also when the list has others and unreadable ones") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    world.service.on(std::string("GET ") + kSessions, [](net::Request request) {
      CHECK(request.parameter("full_list") == "true");
      CHECK(request.parameter("state") == "open");
      if (!request.parameter("offset")) return testing::Service::just(answer(200, R"({"sessions":[{"state":"Open"},7,)" + session_json("s1-2", "0192f3a0-0000-7000-8000-00000000000f") + R"(],"next_offset":"s1-2","sessions_remaining":2})"));
      CHECK(request.parameter("offset") == "s1-2");
      return testing::Service::just(answer(200, R"({"sessions":[)" + session_json("s3-4") + "," + session_json("s3-4") + R"(,{"code":"s5-6","state":"Closed"}]})"));
    });
    const auto provider = world.provider();
    const auto found = co_await provider->find_sessions(world.call, world.mara, kOurs);
    REQUIRE(found.has_value());
    REQUIRE(found->size() == 1);
    CHECK(found->front().code == SessionCode{"s3-4"});
    CHECK((co_await provider->open_sessions(world.call, world.mara))->size() == 2);
  });
}

TEST_CASE("a list that turns in a circle is trouble, not a short list") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    const auto provider = world.provider();
    world.service.on(std::string("GET ") + kSessions, {answer(200, R"({"sessions":[],"next_offset":"s1-2"})")});
    CHECK(code_of(co_await provider->find_sessions(world.call, world.mara, kOurs)) == "provider_unreachable");
    CHECK(world.service.seen.size() == 2);
    world.service.on(std::string("GET ") + kSessions, {answer(200, R"({"sessions":[],"next_offset":"../x"})")});
    CHECK(code_of(co_await provider->find_sessions(world.call, world.mara, kOurs)) == "provider_unreachable");
    world.service.on(std::string("GET ") + kSessions, {answer(200, "{}")});
    CHECK(code_of(co_await provider->find_sessions(world.call, world.mara, kOurs)) == "provider_unreachable");
  });
}

TEST_CASE("a read is tried again after passing trouble") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    world.service.on(std::string("GET ") + kSessions, {answer(500, ""), answer(502, "<html>"), answer(200, R"({"sessions":[]})")});
    CHECK((co_await world.provider()->open_sessions(world.call, world.mara)).has_value());
    CHECK(world.service.seen.size() == 3);
  });
}

TEST_CASE("closing is success when the session is closed, was closed, or is gone") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    const auto provider = world.provider();
    const std::string put = "PUT /api/v1/sessions/s284-613-907";
    const std::string get = "GET /api/v1/sessions/s284-613-907";
    const SessionCode code{"s284-613-907"};
    world.service.on(put, {answer(204, "")});
    CHECK((co_await provider->close_session(world.call, world.mara, code)).has_value());
    CHECK(world.service.last().body == R"({"state":"closed"})");

    world.service.on(put, {refusal(404, "not_found")});
    CHECK((co_await provider->close_session(world.call, world.mara, code)).has_value());

    world.service.on(put, {refusal(400, "invalid_request")});
    world.service.on(get, {answer(200, R"({"code":"s284-613-907","state":"Closed"})"), answer(200, session_json("s284-613-907")), refusal(404, "not_found")});
    CHECK((co_await provider->close_session(world.call, world.mara, code)).has_value());
    CHECK(code_of(co_await provider->close_session(world.call, world.mara, code)) == "provider_refused");
    CHECK((co_await provider->close_session(world.call, world.mara, code)).has_value());
  });
}

TEST_CASE("what is not a session code never reaches a path") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    const auto provider = world.provider();
    for (const char* code : {"", "../account", "s1/../../x", "s284-613-907?state=open"}) {
      CHECK(code_of(co_await provider->session(world.call, world.mara, SessionCode{code})) == "not_found");
      CHECK(code_of(co_await provider->close_session(world.call, world.mara, SessionCode{code})) == "not_found");
    }
    CHECK(world.service.seen.empty());
  });
}

TEST_CASE("an answer about another session is not taken") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    world.service.on("GET /api/v1/sessions/s1-2", {answer(200, session_json("s3-4"))});
    CHECK(code_of(co_await world.provider()->session(world.call, world.mara, SessionCode{"s1-2"})) == "provider_unreachable");
  });
}

// ---- groups ----

TEST_CASE("a group is found by its name whatever the case, and made when there is none") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    const auto provider = world.provider();
    world.service.on("GET /api/v1/groups", {answer(200, R"({"groups":[{"id":"g1","name":"Jira old"},{"id":"g2","name":"jira"},{"id":"g3","name":"Jira","permissions":"read"}]})"), answer(200, R"({"groups":[]})")});
    world.service.on("POST /api/v1/groups", {answer(200, R"({"id":"g9","name":"Jira","permissions":"owned"})")});
    CHECK(co_await provider->group(world.call, world.mara, "Jira") == "g2");
    CHECK(world.service.last().parameter("name") == "Jira");
    CHECK(co_await provider->group(world.call, world.mara, "Jira") == "g9");
    CHECK(world.service.last().body == R"({"name":"Jira"})");
  });
}

// ---- limits ----

TEST_CASE("a reached limit pauses this function for this token only, and nothing is sent before the pause ends") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    world.service.on(std::string("GET ") + kSessions, {refusal(429, "rate_limit_reached"), refusal(400, "rate_limit_reached"), answer(200, R"({"sessions":[]})")});
    world.service.on("GET /api/v1/account", {answer(200, R"({"userid":"u1"})")});
    const auto provider = world.provider();
    const auto limited = co_await provider->open_sessions(world.call, world.mara);
    CHECK(code_of(limited) == "provider_rate_limited");
    CHECK(limited.error().retry_after == Milliseconds{10'000});
    CHECK(world.service.seen.size() == 1);

    world.clock.at += Milliseconds{4'000};
    const auto waiting = co_await provider->open_sessions(world.call, world.mara);
    CHECK(code_of(waiting) == "provider_rate_limited");
    CHECK(waiting.error().retry_after == Milliseconds{6'000});
    CHECK(world.service.seen.size() == 1);
    CHECK((co_await provider->account(world.call, world.mara)).has_value());

    world.clock.at += Milliseconds{6'000};
    CHECK((co_await provider->open_sessions(world.call, world.mara)).error().retry_after == Milliseconds{20'000});
    world.clock.at += Milliseconds{20'000};
    CHECK((co_await provider->open_sessions(world.call, world.mara)).has_value());
  });
}

TEST_CASE("blocked stops every call for a while") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    world.service.on(std::string("GET ") + kSessions, {refusal(403, "blocked")});
    world.service.on("GET /api/v1/account", {answer(200, R"({"userid":"u1"})")});
    const auto provider = world.provider();
    CHECK(code_of(co_await provider->open_sessions(world.call, world.mara)) == "provider_blocked");
    CHECK(code_of(co_await provider->account(world.call, world.mara)) == "provider_blocked");
    CHECK(world.service.seen.size() == 1);
    world.clock.at += std::chrono::minutes{10};
    CHECK((co_await provider->account(world.call, world.mara)).has_value());
  });
}
