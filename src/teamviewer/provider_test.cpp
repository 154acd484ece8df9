// Sessions, groups and limits against a TeamViewer on loopback: real HTTP, every shape of trouble.
#include "teamviewer/provider.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include "teamviewer/ids.hpp"
#include "teamviewer/testing.hpp"

using namespace belay;
using namespace belay::teamviewer;
using testing::answer;
using testing::code_of;
using testing::refusal;
using testing::World;

namespace {

constexpr const char* kSessions = "/api/v1/sessions";
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

template <class T>
bool maybe_done(const Result<T>& result) { return !result && result.error().detail.contains("maybe_done"); }

}  // namespace

// ---- sessions ----

TEST_CASE("the sample of a code and a link would be read as a session's own") {
  World world;
  const auto sample = world.provider()->sample();
  CHECK(is_session_code(sample.code.value));
  CHECK(web_address(sample.customer_link) == sample.customer_link);
}

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
    net::Signal heard_nothing{world.runtime.io()};
    const auto hold = [&heard_nothing](net::Request) -> Task<net::Response> {
      co_await heard_nothing.wait(Milliseconds{10'000});
      co_return answer(200, session_json("s1-2"));
    };
    world.service.on(std::string("POST ") + kSessions, hold);
    const auto provider = world.provider();
    const auto late = co_await provider->create_session(world.call, world.mara, draft());
    CHECK(code_of(late) == "provider_unreachable");
    CHECK(maybe_done(late));
    heard_nothing.notify();
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

TEST_CASE("a group that another session of the account has made in between is taken; any other refusal to make one is said") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    const auto provider = world.provider();
    const auto none = answer(200, R"({"groups":[]})");
    world.service.on("GET /api/v1/groups", {none, answer(200, R"({"groups":[{"id":"g9","name":"Jira","permissions":"owned"}]})"), none, none});
    world.service.on("POST /api/v1/groups", {refusal(400, "invalid_request"), refusal(400, "invalid_request")});
    CHECK(co_await provider->group(world.call, world.mara, "Jira") == "g9");
    CHECK(code_of(co_await provider->group(world.call, world.mara, "Jira")) == "provider_refused");
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
