#include "jira/cloud/caller_verifier.hpp"

#include <fstream>

#include <doctest/doctest.h>

#include "crypto/digest.hpp"
#include "jira/cloud/testing.hpp"

using namespace belay;
using namespace belay::jira::cloud;
using namespace belay::jira::cloud::testing;
using std::chrono::seconds;

namespace {

constexpr auto kApp = "ari:cloud:ecosystem::app/1";
constexpr auto kInstallation = "ari:cloud:ecosystem::installation/1";

// Making a key takes a tenth of a second: two for the whole file.
const crypto::SigningKey& key_one() { static const auto made = crypto::SigningKey::generate("one"); return made; }
const crypto::SigningKey& key_two() { static const auto made = crypto::SigningKey::generate("two"); return made; }

std::string key_set(std::initializer_list<const crypto::SigningKey*> keys) {
  json::array list;
  for (const auto* key : keys) list.push_back(key->public_jwk());
  return boost::json::serialize(json::object{{"keys", std::move(list)}});
}

// A key server that answers what the test says, and counts.
class KeyServer {
 public:
  explicit KeyServer(boost::asio::io_context& io) : server_(io, {}, [this](net::Request) { return serve(); }) { REQUIRE(server_.start().has_value()); }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()) + "/jwks.json"; }
  unsigned status = 200;
  std::string body;
  int asked = 0;

 private:
  Task<net::Response> serve() {
    ++asked;
    co_return answer(status, body);
  }
  net::Server server_;
};

struct Gate {
  net::Runtime runtime;
  net::Client client{runtime.io(), {}};
  MovedClock clock;
  KeyServer server{runtime.io()};
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("belay-jwks-" + crypto::hex(crypto::random_bytes(6)));
  KeySource keys;
  ForgeCallerVerifier verifier;

  Gate()
      : keys((std::filesystem::create_directories(folder), client), clock, {.url = server.url(), .cache_file = folder / "jwks.json"}),
        verifier(keys, clock, {.app_ids = {kApp}, .environments = {"PRODUCTION"}, .api_hosts = {"api.atlassian.com", "http://127.0.0.1:9/"}}) {
    server.body = key_set({&key_one()});
  }
  ~Gate() { std::filesystem::remove_all(folder); }

  [[nodiscard]] json::object claims(std::string api = "https://api.atlassian.com/ex/jira/c-1") const {
    const auto now = to_millis(clock.now()) / 1000;
    return {{"iss", "forge/invocation-token"}, {"aud", kApp}, {"iat", now}, {"nbf", now}, {"exp", now + 25}, {"principal", "account-1"},
            {"app", json::object{{"id", kApp}, {"installationId", kInstallation}, {"apiBaseUrl", api}, {"environment", json::object{{"type", "PRODUCTION"}, {"id", "env-1"}}},
                                 {"module", json::object{{"type", "jira:issueContext"}, {"key", "belay-panel"}}}, {"installation", json::object{{"id", kInstallation}}}}},
            {"context", json::object{{"cloudId", "c-1"}, {"siteUrl", "https://help.example/"},
                                     {"extension", json::object{{"type", "jira:issueContext"}, {"issue", json::object{{"id", "10001"}, {"key", "HELP-1"}}}}}}}};
  }

  Result<ports::VerifiedCall> verify(ports::CallerHeaders headers) {
    std::optional<Result<ports::VerifiedCall>> result;
    runtime.run(into(result, std::move(headers)), nullptr);
    return std::move(*result);
  }
  Result<ports::VerifiedCall> verify(const crypto::SigningKey& key) { return verify({.authorization = "Bearer " + key.sign(claims()), .system_token = {}, .user_token = {}}); }
  std::string reason(const crypto::SigningKey& key) {
    const auto result = verify(key);
    return result ? "accept" : result.error().cause;
  }
  void load() { runtime.run(load_once(), nullptr); }

  Task<int> into(std::optional<Result<ports::VerifiedCall>>& result, ports::CallerHeaders headers) {
    result.emplace(co_await verifier.verify(std::move(headers)));
    co_return 0;
  }
  Task<int> load_once() {
    co_await keys.load();
    co_return 0;
  }
};

}  // namespace

TEST_CASE("a verified call says who calls, from where, about what, and hands the tokens on") {
  Gate gate;
  const auto opaque_end = to_millis(gate.clock.now()) / 1000 + 7200;
  const auto user_token = key_two().sign({{"exp", opaque_end}});
  const auto call = gate.verify({.authorization = "bearer " + key_one().sign(gate.claims()), .system_token = "opaque", .user_token = user_token}).value();
  CHECK(call.installation == InstallationId{kInstallation});
  CHECK(call.cloud_id == "c-1");
  CHECK(call.api_base_url == "https://api.atlassian.com/ex/jira/c-1");
  CHECK(call.site_url == "https://help.example");
  CHECK(call.principal == AccountId{"account-1"});
  CHECK(call.issue == IssueId{"10001"});
  CHECK(call.page == support::Page::issue_panel);
  CHECK(call.environment_id == "env-1");
  REQUIRE(call.system_token.has_value());
  CHECK(call.system_token->secret == "opaque");
  CHECK(call.system_token->expires_at == gate.clock.now() + seconds{3600});
  REQUIRE(call.user_token.has_value());
  CHECK(call.user_token->expires_at == Time{seconds{opaque_end}});
  CHECK(call.system_token->end_is_assumed);
  CHECK_FALSE(call.user_token->end_is_assumed);
}

TEST_CASE("a token of Jira's that is over is not handed on, seen before or not") {
  Gate gate;
  const auto seconds_now = to_millis(gate.clock.now()) / 1000;
  const auto handed_on = [&](const std::string& token) {
    return gate.verify({.authorization = "Bearer " + key_one().sign(gate.claims()), .system_token = token, .user_token = token}).value();
  };
  const auto over = key_two().sign({{"exp", seconds_now}});
  CHECK_FALSE(handed_on(over).system_token.has_value());
  CHECK_FALSE(handed_on(over).user_token.has_value());
  const auto good = key_two().sign({{"exp", seconds_now + 60}});
  CHECK(handed_on(good).system_token.has_value());
  gate.clock.time += seconds{60};
  CHECK_FALSE(handed_on(good).system_token.has_value());
  CHECK_FALSE(handed_on(good).user_token.has_value());
}

TEST_CASE("a user token without a user is handed on, and it is not said whose it is") {
  Gate gate;
  auto claims = gate.claims();
  claims.erase("principal");
  const auto call = gate.verify({.authorization = "Bearer " + key_one().sign(claims), .system_token = "", .user_token = "somebody's"}).value();
  REQUIRE(call.user_token.has_value());
  CHECK(call.user_token->secret == "somebody's");
  CHECK_FALSE(call.principal.has_value());
  CHECK_FALSE(call.system_token.has_value());
}

TEST_CASE("a bearer token goes only to the pinned origins") {
  Gate gate;
  const auto reason_for = [&](std::string api) {
    const auto result = gate.verify({.authorization = "Bearer " + key_one().sign(gate.claims(std::move(api))), .system_token = {}, .user_token = {}});
    return result ? std::string("accept") : result.error().cause;
  };
  CHECK(reason_for("https://api.atlassian.com/ex/jira/c-1") == "accept");
  CHECK(reason_for("http://127.0.0.1:9/ex/jira/c-1") == "accept");
  CHECK(reason_for("http://api.atlassian.com/ex/jira/c-1") == "foreign_api_host");
  CHECK(reason_for("https://api.atlassian.com:444/ex/jira/c-1") == "foreign_api_host");
  CHECK(reason_for("https://API.atlassian.com/ex/jira/c-1") == "foreign_api_host");
  CHECK(reason_for("https://api.atlassian.com.evil.example/ex/jira/c-1") == "foreign_api_host");
  CHECK(reason_for("https://evil.example/ex/jira/c-1") == "foreign_api_host");
}

TEST_CASE("no token, another scheme, and nonsense are refused") {
  Gate gate;
  for (const auto header : {"", "Bearer", "Bearer ", "Basic abc", "Bearer abc", "abc"}) {
    INFO(header);
    CHECK(gate.verify({.authorization = header, .system_token = {}, .user_token = {}}).error().code == "invalid_invocation_token");
  }
}

TEST_CASE("an unknown key loads the set at once, also right after the first load, then at most once a minute") {
  Gate gate;
  CHECK(gate.reason(key_one()) == "accept");
  CHECK(gate.server.asked == 1);
  gate.server.body = key_set({&key_one(), &key_two()});
  CHECK(gate.reason(key_two()) == "accept");
  CHECK(gate.server.asked == 2);

  const auto stranger = crypto::SigningKey::generate("three");
  CHECK(gate.reason(stranger) == "unknown_kid");
  gate.clock.time += seconds{59};
  CHECK(gate.reason(stranger) == "unknown_kid");
  CHECK(gate.server.asked == 2);
  gate.clock.time += seconds{1};
  CHECK(gate.reason(stranger) == "unknown_kid");
  CHECK(gate.server.asked == 3);
  CHECK(gate.reason(stranger) == "unknown_kid");
  CHECK(gate.server.asked == 3);
}

TEST_CASE("callers who come while the set is loading share one load, and all get in") {
  Gate gate;
  gate.load();
  gate.server.body = key_set({&key_one(), &key_two()});
  std::array<std::optional<Result<ports::VerifiedCall>>, 3> results;
  const auto all = [&]() -> Task<int> {
    std::vector<Task<void>> tasks;
    for (auto& result : results) {
      const auto one = [](Gate& g, std::optional<Result<ports::VerifiedCall>>& r) -> Task<void> { co_await g.into(r, {.authorization = "Bearer " + key_two().sign(g.claims()), .system_token = {}, .user_token = {}}); };
      tasks.push_back(one(gate, result));
    }
    co_await all_of(std::move(tasks));
    co_return 0;
  };
  gate.runtime.run(all(), nullptr);
  for (const auto& result : results) CHECK(result->has_value());
  CHECK(gate.server.asked == 2);
}

TEST_CASE("an outage, garbage, an empty set and a doubled kid keep the old set") {
  Gate gate;
  gate.load();
  const auto still_works = [&](unsigned status, std::string body) {
    gate.server.status = status;
    gate.server.body = std::move(body);
    gate.clock.time += seconds{60};
    CHECK(gate.reason(key_two()) == "unknown_kid");
    CHECK(gate.reason(key_one()) == "accept");
  };
  still_works(500, key_set({&key_two()}));
  still_works(200, "<html>");
  still_works(200, R"({"keys":[]})");
  still_works(200, key_set({&key_two(), &key_two()}));
}

TEST_CASE("a restart during an outage uses the set of the last run") {
  Gate gate;
  gate.load();
  KeySource again{gate.client, gate.clock, {.url = "http://127.0.0.1:1/", .cache_file = gate.folder / "jwks.json"}};
  CHECK(again.read_cache());
  REQUIRE(again.current() != nullptr);
  CHECK(again.current()->find("one") != nullptr);
  std::ofstream(gate.folder / "jwks.json") << "cut";
  KeySource broken{gate.client, gate.clock, {.url = "http://127.0.0.1:1/", .cache_file = gate.folder / "jwks.json"}};
  CHECK_FALSE(broken.read_cache());
  KeySource missing{gate.client, gate.clock, {.url = "http://127.0.0.1:1/", .cache_file = gate.folder / "none.json"}};
  CHECK_FALSE(missing.read_cache());
}

TEST_CASE("without any set nobody gets in, and the server is asked again after a few seconds only") {
  Gate gate;
  gate.server.status = 503;
  CHECK(gate.reason(key_one()) == "no_keys");
  const auto asked = gate.server.asked;
  CHECK(gate.reason(key_one()) == "no_keys");
  CHECK(gate.server.asked == asked);
  gate.server.status = 200;
  gate.clock.time += seconds{5};
  CHECK(gate.reason(key_one()) == "accept");
}

TEST_CASE("the set is loaded at the start, again after an hour, and sooner while loading fails") {
  struct Enough {};
  struct CountedAlarm final : ports::Alarm {
    std::function<void()> between;
    std::vector<Milliseconds> sleeps;
    Task<void> wait(Time) override { co_return; }
    void ring() override {}
    Task<void> sleep(Milliseconds time) override {
      sleeps.push_back(time);
      if (sleeps.size() == 4) throw Enough{};
      between();
      co_return;
    }
  };
  Gate gate;
  CountedAlarm alarm;
  alarm.between = [&] { gate.server.status = alarm.sleeps.size() == 2 ? 503 : 200; };
  gate.server.status = 503;
  const auto keep = [&]() -> Task<int> {
    co_await gate.keys.keep_fresh(alarm);
    co_return 0;
  };
  CHECK_THROWS_AS(gate.runtime.run(keep(), nullptr), Enough);
  CHECK(alarm.sleeps == std::vector<Milliseconds>{kFirstLoadPause, kKeySetLife, kUnknownKeyPause, kKeySetLife});
}

TEST_CASE("module types stand for our pages") {
  CHECK(page_of("jira:adminPage") == support::Page::admin);
  CHECK(page_of("jira:personalSettingsPage") == support::Page::personal);
  CHECK(page_of("jiraServiceManagement:portalRequestDetailPanel") == support::Page::portal);
  CHECK(page_of("jiraServiceManagement:queuePage") == support::Page::queue);
  CHECK(page_of("core:endpoint") == support::Page::backend);
  CHECK(page_of("jira:dashboardGadget") == support::Page::other);
  CHECK(page_of("") == support::Page::other);
}

TEST_CASE("a token of Jira's with spaces, or without end, is no token") {
  const Time now{seconds{1'800'000'000}};
  CHECK_FALSE(app_token("", now).has_value());
  CHECK_FALSE(app_token("a b", now).has_value());
  CHECK_FALSE(app_token("a\r\nx: y", now).has_value());
  CHECK_FALSE(app_token(std::string(20'000, 'a'), now).has_value());
  CHECK(app_token("a.b.c", now)->expires_at == now + seconds{3600});
  CHECK(app_token("a." + crypto::base64url(R"({"exp":"soon"})") + ".c", now)->expires_at == now + seconds{3600});
  CHECK(app_token("a.b.c", now)->end_is_assumed);
  CHECK(app_token("a." + crypto::base64url(R"({"exp":1800000100})") + ".c", now)->expires_at == now + seconds{100});
  CHECK_FALSE(app_token("a." + crypto::base64url(R"({"exp":1800000100})") + ".c", now)->end_is_assumed);
  CHECK_FALSE(app_token("a." + crypto::base64url(R"({"exp":1800000000})") + ".c", now).has_value());
  CHECK_FALSE(app_token("a." + crypto::base64url(R"({"exp":0})") + ".c", now).has_value());
}
