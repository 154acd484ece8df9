// Identical reads under way share one call, and each caller keeps its own deadline.
#include <algorithm>

#include <doctest/doctest.h>

#include "net/testing.hpp"

using namespace belay;
using namespace belay::net;
using namespace std::chrono_literals;
using testing::World;

TEST_CASE("identical reads under way share one call and one answer; later ones ask again") {
  testing::run([](World& world) -> Task<void> {
    Signal release{world.runtime.io()};
    int asked = 0;
    Server server{world.runtime.io(), {}, [&](Request) -> Task<Response> {
      ++asked;
      CHECK(co_await release.wait(5s));
      co_return Response{.body = "shared"};
    }};
    CHECK(server.start());
    const OutboundRequest request{.url = testing::url_of(server, "/"), .single_flight_key = "installation/account/read"};
    int heard = 0;
    const auto one = [&](OutboundRequest mine) -> Task<void> {
      const auto answer = co_await world.client.send(std::move(mine));
      if (answer && answer->body == "shared") ++heard;
    };
    const auto opener = [&]() -> Task<void> {
      while (asked == 0) co_await sleep_for(1ms);
      release.notify();
    };
    std::vector<Task<void>> all;
    for (int i = 0; i < 10; ++i) all.push_back(one(request));
    all.push_back(opener());
    co_await all_of(std::move(all));
    CHECK(heard == 10);
    CHECK(asked == 1);
    release.notify();
    co_await one(request);
    CHECK(asked == 2);
  });
}

TEST_CASE("a caller that gives up early takes nothing from those who share its call, whoever came first") {
  const auto told = [](std::vector<std::chrono::milliseconds> deadlines) {
    int asked = 0;
    auto order = testing::run([&](World& world) -> Task<std::vector<std::string>> {
      Signal release{world.runtime.io()};
      Server server{world.runtime.io(), {}, [&](Request) -> Task<Response> {
        ++asked;
        CHECK(co_await release.wait(5s));
        co_return Response{.body = "shared"};
      }};
      CHECK(server.start());
      std::vector<std::string> heard;
      const auto hurried = std::ranges::count_if(deadlines, [](auto deadline) { return deadline < 1s; });
      const auto one = [&](OutboundRequest mine) -> Task<void> {
        const auto answer = co_await world.client.send(std::move(mine));
        heard.push_back(answer ? answer->body : answer.error().code);
        if (!answer && std::ranges::count(heard, "no_answer") == hurried) release.notify();   // only once the last of them has left
      };
      std::vector<Task<void>> all;
      for (const auto deadline : deadlines) all.push_back(one({.url = testing::url_of(server, "/"), .deadline = deadline, .single_flight_key = "k"}));
      co_await all_of(std::move(all));
      co_return heard;
    });
    CHECK(asked == 1);
    return order;
  };
  CHECK(told({5s, 20ms}) == std::vector<std::string>{"no_answer", "shared"});
  CHECK(told({20ms, 5s}) == std::vector<std::string>{"no_answer", "shared"});
  CHECK(told({20ms, 5s, 20ms, 4s}) == std::vector<std::string>{"no_answer", "no_answer", "shared", "shared"});
}

TEST_CASE("a shared call ends when the most patient of its callers has no time left") {
  testing::run([](World& world) -> Task<void> {
    Signal never{world.runtime.io()};
    Server server{world.runtime.io(), {}, [&](Request) -> Task<Response> {
      co_await never.wait(10s);
      co_return Response{};
    }};
    CHECK(server.start());
    std::vector<std::string> codes;
    const auto one = [&](std::chrono::milliseconds deadline) -> Task<void> {
      const auto answer = co_await world.client.send({.url = testing::url_of(server, "/"), .deadline = deadline, .single_flight_key = "k"});
      codes.push_back(answer ? answer->body : answer.error().code);
    };
    int ended = 0;
    world.client.observe([&](const CallObserved& call) {
      ++ended;
      CHECK(call.status == 0);
      CHECK(call.took >= 150ms);
    });
    const auto begin = std::chrono::steady_clock::now();
    std::vector<Task<void>> all;
    all.push_back(one(20ms));
    all.push_back(one(150ms));
    co_await all_of(std::move(all));
    CHECK(codes == std::vector<std::string>{"no_answer", "no_answer"});
    while (ended == 0) co_await sleep_for(1ms);
    CHECK(std::chrono::steady_clock::now() - begin < 3s);
    CHECK(ended == 1);
    never.notify();
  });
}
