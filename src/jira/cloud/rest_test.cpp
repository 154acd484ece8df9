#include "jira/rest.hpp"

#include <doctest/doctest.h>

#include "jira/cloud/testing.hpp"

using namespace belay;
using namespace belay::jira;
using namespace belay::jira::cloud;
using namespace belay::jira::cloud::testing;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

RestCall reading(const World& world, ports::Actor actor = ports::AsApp{}) {
  RestCall rest_call;
  rest_call.call = world.call();
  rest_call.actor = std::move(actor);
  rest_call.path = "/rest/api/3/myself";
  rest_call.name = "jira.myself";
  return rest_call;
}

RestCall writing(const World& world) {
  auto rest_call = reading(world);
  rest_call.method = "POST";
  rest_call.path = "/rest/api/3/thing";
  rest_call.name = "jira.thing";
  rest_call.body = json::object{{"a", 1}};
  rest_call.written_issue = "10001";
  rest_call.idempotent = false;
  rest_call.writes = true;
  return rest_call;
}

// Six calls of other things at once, the actors in turn.
Task<std::size_t> answered_of_six(World& world, std::vector<ports::Actor> actors) {
  std::vector<std::optional<Result<json::value>>> answers(6);
  std::vector<Task<void>> calls;
  for (std::size_t n = 0; n < answers.size(); ++n) {
    auto call = reading(world, actors[n % actors.size()]);
    call.path = "/rest/api/3/" + std::to_string(n);
    calls.push_back(answer_into(answers[n], world.rest.send(std::move(call))));
  }
  co_await all_of(std::move(calls));
  co_return static_cast<std::size_t>(std::ranges::count_if(answers, [](const auto& one) { return one->has_value(); }));
}

// "0 Bearer app-token": what was asked for since the last time, and with which token.
std::vector<std::string> sent(World& world) {
  std::vector<std::string> tokens;
  for (const auto& request : world.jira.asked) tokens.push_back(request.path.back() + ' ' + std::string(request.header("Authorization").value_or("")));
  std::ranges::sort(tokens);
  world.jira.asked.clear();
  return tokens;
}

}  // namespace

TEST_CASE("a call goes to the installation's address with the actor's token and the caller's trace id") {
  World world;
  world.jira.on("GET", "/rest/api/3/myself", {answer(200, std::string(R"({"accountId":"x"})"))});
  const auto as_app = world.wait_for(world.rest.send(reading(world))).value();
  CHECK(as_app.at("accountId") == "x");
  CHECK(world.wait_for(world.rest.send(reading(world, ports::AsUser{world.agent}))).has_value());
  REQUIRE(world.jira.asked.size() == 2);
  CHECK(world.jira.asked[0].header("Authorization") == "Bearer app-token");
  CHECK(world.jira.asked[0].header("x-b3-traceid") == "trace-1");
  CHECK(world.jira.asked[1].header("Authorization") == "Bearer user-token");
}

TEST_CASE("of calls that begin together each goes with its own actor's token, and with what is kept at the time") {
  World world;
  const AccountId colleague{"agent-2"};
  world.storage.user_tokens[std::pair(world.installation, colleague)] = {.secret = "colleague-token", .expires_at = world.clock.now() + minutes{10}};
  world.jira.on("GET", "/rest/api/3/", {answer(200, std::string("{}"))});
  const std::vector<ports::Actor> actors{ports::AsApp{}, ports::AsUser{world.agent}, ports::AsUser{colleague}};
  CHECK(world.wait_for(answered_of_six(world, actors)) == 6);
  CHECK(sent(world) == std::vector<std::string>{"0 Bearer app-token", "1 Bearer user-token", "2 Bearer colleague-token", "3 Bearer app-token", "4 Bearer user-token", "5 Bearer colleague-token"});
  world.storage.system_tokens[world.installation].secret = "app-token-2";
  world.storage.user_tokens.erase(std::pair(world.installation, colleague));
  CHECK(world.wait_for(answered_of_six(world, actors)) == 4);
  CHECK(sent(world) == std::vector<std::string>{"0 Bearer app-token-2", "1 Bearer user-token", "3 Bearer app-token-2", "4 Bearer user-token"});
}

TEST_CASE("without a live token nothing is sent") {
  World world;
  world.jira.on("GET", "/rest/api/3/myself", {answer(200, std::string("{}"))});
  const auto code = [&](ports::Actor actor) { return world.wait_for(world.rest.send(reading(world, std::move(actor)))).error(); };
  CHECK(code(ports::AsUser{AccountId{"somebody"}}).code == "jira_token_missing");
  world.storage.system_tokens[world.installation].expires_at = world.clock.now() + seconds{4};
  CHECK(code(ports::AsApp{}).code == "jira_token_missing");
  CHECK(code(ports::AsApp{}).retryable);
  world.storage.installations.clear();
  CHECK(code(ports::AsApp{}).code == "not_paired");
  CHECK(world.jira.asked.empty());
}

TEST_CASE("while pairing, the address comes with the call") {
  World world;
  world.jira.on("GET", "/rest/api/3/myself", {answer(200, std::string("{}"))});
  world.storage.installations.clear();
  auto rest_call = reading(world);
  rest_call.call.api_base_url = world.jira.base_url();
  CHECK(world.wait_for(world.rest.send(rest_call)).has_value());
}

TEST_CASE("each refusal of Jira has its code, and says whether trying again makes sense") {
  struct Case { unsigned status; std::string code; bool retryable; };
  for (const auto& expected : {Case{401, "jira_token_missing", true}, Case{403, "jira_forbidden", false}, Case{404, "not_found", false}, Case{429, "jira_rate_limited", true},
                               Case{500, "jira_unreachable", true}, Case{503, "jira_unreachable", true}, Case{400, "jira_refused", false}, Case{302, "jira_unreachable", true}}) {
    INFO(expected.status);
    World world;
    world.jira.on("POST", "/rest/api/3/thing", {answer(expected.status, std::string(R"({"errorMessages":["no"]})"))});
    const auto refused = world.wait_for(world.rest.send(writing(world)));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == expected.code);
    CHECK(refused.error().retryable == expected.retryable);
    CHECK(world.jira.asked.size() == 1);
  }
}

TEST_CASE("right after pairing a 403 may be Jira's slowness, so trying again makes sense") {
  World world;
  world.storage.installations[world.installation].paired_at = world.clock.now() - minutes{3};
  world.jira.on("GET", "/rest/api/3/myself", {answer(403, std::string("{}"))});
  const auto refused = world.wait_for(world.rest.send(reading(world)));
  CHECK(refused.error().code == "jira_forbidden");
  CHECK(refused.error().retryable);
}

TEST_CASE("a write that may have happened says so, a read and a refused connection do not") {
  World world;
  world.jira.on("POST", "/rest/api/3/thing", {answer(502, std::string("<html>"))});
  CHECK(world.wait_for(world.rest.send(writing(world))).error().detail.contains("maybe_done"));
  world.jira.on("GET", "/rest/api/3/myself", {answer(502, std::string("<html>"))});
  CHECK_FALSE(world.wait_for(world.rest.send(reading(world))).error().detail.contains("maybe_done"));
  world.storage.installations[world.installation].api_base_url = "http://127.0.0.1:1/ex/jira/cloud-1";
  const auto refused = world.wait_for(world.rest.send(writing(world))).error();
  CHECK(refused.code == "jira_unreachable");
  CHECK_FALSE(refused.detail.contains("maybe_done"));
}

TEST_CASE("who has time left hears the answer to a read that somebody in a hurry began") {
  World world;
  world.jira.on("GET", "/rest/api/3/myself", {answer(200, std::string(R"({"accountId":"x"})"))});
  net::Signal hurried_has_left{world.runtime.io()};
  world.jira.before_answer = [&]() -> Task<void> { CHECK(co_await hurried_has_left.wait(seconds{5})); };
  auto hurried = reading(world);
  hurried.call.deadline = Milliseconds{20};
  const auto leave = [&]() -> Task<Result<json::value>> {
    auto answer = co_await world.rest.send(hurried);
    hurried_has_left.notify();
    co_return answer;
  };
  const auto answers = world.wait_for(both(leave(), world.rest.send(reading(world))));
  REQUIRE_FALSE(answers.first.has_value());
  CHECK(answers.first.error().code == "jira_unreachable");
  REQUIRE(answers.second.has_value());
  CHECK(answers.second->at("accountId") == "x");
  CHECK(world.jira.asked.size() == 1);
}

TEST_CASE("after a 429 nothing is sent until the pause is over, and the wait is said") {
  World world;
  world.jira.on("GET", "/rest/api/3/myself", {answer(429, std::string("{}"), {{"Retry-After", "30"}, {"RateLimit-Reason", "jira-burst-based"}}), answer(200, std::string("{}"))});
  const auto first = world.wait_for(world.rest.send(reading(world))).error();
  CHECK(first.retry_after == seconds{30});
  world.clock.time += seconds{10};
  const auto second = world.wait_for(world.rest.send(reading(world))).error();
  CHECK(second.code == "jira_rate_limited");
  CHECK(second.retry_after == seconds{20});
  CHECK(world.jira.asked.size() == 1);
  world.clock.time += seconds{20};
  CHECK(world.wait_for(world.rest.send(reading(world))).has_value());
  CHECK(world.jira.asked.size() == 2);
}

TEST_CASE("an answer that is no JSON is no answer") {
  World world;
  world.jira.on("GET", "/rest/api/3/myself", {answer(200, std::string("<html>sign in</html>"))});
  CHECK(world.wait_for(world.rest.send(reading(world))).error().code == "jira_unreachable");
}

TEST_CASE("Jira's words are kept to one short line") {
  CHECK(words_of(R"({"errorMessages":["Comment body can not be empty!"],"errors":{"comment":"too\nlong"}})") == "Comment body can not be empty! toolong");
  CHECK(words_of(R"({"message":"x"})") == "x");
  CHECK(words_of("<html>") == "");
  CHECK(words_of("[]") == "");
  const auto cut = words_of(boost::json::serialize(json::object{{"message", std::string(299, 'a') + "é"}}));
  CHECK(cut == std::string(299, 'a'));
}
