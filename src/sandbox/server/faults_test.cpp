#include "sandbox/server/faults.hpp"

#include <doctest/doctest.h>

#include "net/runtime.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox {
namespace {

json::array rules(std::string_view text) { return json::parse(text)->as_array(); }

/// What a request to `path` gets under `faults`, and how often the effect happened.
struct Outcome {
  net::Response answer;
  int effects = 0;
};

Task<int> ask(Faults& faults, std::string method, std::string path, Outcome& outcome) {
  net::Request request;
  request.method = std::move(method);
  request.target = path;
  auto* effects = &outcome.effects;
  outcome.answer = co_await faults.apply("jira", std::move(request), std::move(path), [effects](net::Request) -> Task<net::Response> {
    ++*effects;
    co_return empty_answer(204);
  });
  co_return 0;
}

Outcome outcome_of(net::Runtime& runtime, Faults& faults, std::string method = "GET", std::string path = "/rest/api/3/myself") {
  Outcome outcome;
  runtime.run(ask(faults, std::move(method), std::move(path), outcome), [] {});
  return outcome;
}

TEST_CASE("a star stays within one segment, two go across") {
  CHECK(matches_glob("/rest/api/3/issue/*/comment", "/rest/api/3/issue/HELP-1/comment"));
  CHECK_FALSE(matches_glob("/rest/api/3/issue/*/comment", "/rest/api/3/issue/HELP-1/comment/10"));
  CHECK_FALSE(matches_glob("/rest/api/3/issue/*", "/rest/api/3/issue/HELP-1/comment"));
  CHECK(matches_glob("/rest/**", "/rest/api/3/issue/HELP-1/comment"));
  CHECK(matches_glob("**/sessions", "/api/v1/sessions"));
  CHECK_FALSE(matches_glob("**/sessions", "/api/v1/sessions/s1"));
}

TEST_CASE("without a rule the effect happens and its answer goes out") {
  net::Runtime runtime;
  Faults faults{runtime.io()};
  const auto outcome = outcome_of(runtime, faults);
  CHECK(outcome.answer.status == 204);
  CHECK(outcome.effects == 1);
}

TEST_CASE("an answer in the party's place leaves the effect undone") {
  net::Runtime runtime;
  Faults faults{runtime.io()};
  REQUIRE(faults.replace(rules(R"([{"answer":{"status":429,"headers":{"Retry-After":"7"},"body":{"a":1}}}])")));
  const auto outcome = outcome_of(runtime, faults);
  CHECK(outcome.answer.status == 429);
  CHECK(outcome.answer.headers.find("retry-after")->second == "7");
  CHECK(outcome.effects == 0);
}

TEST_CASE("an answer after the effect hides that it happened") {
  net::Runtime runtime;
  Faults faults{runtime.io()};
  REQUIRE(faults.replace(rules(R"([{"answer":{"status":502},"answerMoment":"after"}])")));
  const auto outcome = outcome_of(runtime, faults);
  CHECK(outcome.answer.status == 502);
  CHECK(outcome.effects == 1);
}

TEST_CASE("a connection dropped before the effect differs from one dropped after it") {
  net::Runtime runtime;
  Faults faults{runtime.io()};
  REQUIRE(faults.replace(rules(R"([{"drop":"before","times":1},{"drop":"after"}])")));
  const auto before = outcome_of(runtime, faults);
  CHECK(before.answer.status == kDropConnection);
  CHECK(before.effects == 0);
}

TEST_CASE("a dropped answer had its effect") {
  net::Runtime runtime;
  Faults faults{runtime.io()};
  REQUIRE(faults.replace(rules(R"([{"drop":"after"}])")));
  const auto after = outcome_of(runtime, faults);
  CHECK(after.answer.status == kDropConnection);
  CHECK(after.effects == 1);
}

TEST_CASE("a rule matches by method and path, skips, and ends after its times") {
  net::Runtime runtime;
  Faults faults{runtime.io()};
  REQUIRE(faults.replace(rules(R"([{"match":{"party":"jira","method":"POST","path":"/x/*"},"skip":1,"times":1,"answer":{"status":500}}])")));
  const auto ask_all = [](Faults& all, std::vector<unsigned>& statuses) -> Task<int> {
    for (const auto& [method, path] : {std::pair{"GET", "/x/1"}, std::pair{"POST", "/y/1"}, std::pair{"POST", "/x/1"}, std::pair{"POST", "/x/1"}, std::pair{"POST", "/x/1"}}) {
      Outcome outcome;
      co_await ask(all, method, path, outcome);
      statuses.push_back(outcome.answer.status);
    }
    co_return 0;
  };
  std::vector<unsigned> statuses;
  runtime.run(ask_all(faults, statuses), [] {});
  CHECK(statuses == std::vector<unsigned>{204, 204, 204, 500, 204});
}

TEST_CASE("a held request is shown, and goes on when it is released") {
  net::Runtime runtime;
  Faults faults{runtime.io()};
  REQUIRE(faults.replace(rules(R"([{"id":"window","hold":"after"}])")));
  Outcome outcome;
  const auto walk = [](net::Runtime& the_runtime, Faults& all, Outcome& into, std::vector<std::size_t>& seen) -> Task<int> {
    const auto forget = [](Faults& some, Outcome& place) -> Task<void> { co_await ask(some, "POST", "/x", place); };
    the_runtime.spawn("held", forget(all, into));
    while (all.show().at("holding").as_array().empty()) co_await net::sleep_for(std::chrono::milliseconds{1});
    seen.push_back(static_cast<std::size_t>(into.effects));
    seen.push_back(into.answer.body.size());
    seen.push_back(all.release(std::nullopt, false));
    while (!all.show().at("holding").as_array().empty()) co_await net::sleep_for(std::chrono::milliseconds{1});
    co_return 0;
  };
  std::vector<std::size_t> seen;
  runtime.run(walk(runtime, faults, outcome, seen), [] {});
  CHECK(seen == std::vector<std::size_t>{1, 0, 1});  // the effect was done, no answer out, one released
  CHECK(outcome.answer.status == 204);
}

TEST_CASE("a rule with an unknown member is refused and the old rules stay") {
  net::Runtime runtime;
  Faults faults{runtime.io()};
  REQUIRE(faults.replace(rules(R"([{"id":"old","answer":{"status":500}}])")));
  CHECK_FALSE(faults.replace(rules(R"([{"id":"new","whenever":true}])")));
  CHECK(faults.show().at("rules").as_array().at(0).at("id").as_string() == "old");
}

}  // namespace
}  // namespace belay::sandbox
