// Server and client against each other, over real sockets on loopback.
#include <doctest/doctest.h>

#include "net/testing.hpp"

using namespace belay;
using namespace belay::net;
using namespace std::chrono_literals;

TEST_CASE("a request reaches the handler with its parts taken apart, and the answer comes back") {
  Request seen;
  const auto answered = testing::run([&](testing::World& world) -> Task<Result<OutboundResponse>> {
    Server server{world.runtime.io(), {}, [&](Request request) -> Task<Response> {
      seen = std::move(request);
      co_return Response{.status = 201, .headers = {{"Content-Type", "application/json"}}, .body = R"({"ok":true})"};
    }};
    CHECK(server.start());
    auto answer = co_await world.client.send({.method = "POST", .url = testing::url_of(server, "/v1/people/a%3Ab?x=1+2&y"), .headers = {{"X-One", "1"}}, .body = "hello", .trace_id = "4bf92f"});
    co_await server.drain(1s);
    co_return answer;
  });
  REQUIRE(answered);
  CHECK(answered->status == 201);
  CHECK(answered->body == R"({"ok":true})");
  CHECK(answered->header("content-type") == "application/json");
  CHECK(seen.method == "POST");
  CHECK(seen.path == std::vector<std::string>{"v1", "people", "a:b"});
  CHECK(seen.parameter("x") == "1 2");
  CHECK(seen.parameter("y") == "");
  CHECK(!seen.parameter("z"));
  CHECK(seen.header("x-one") == "1");
  CHECK(seen.header("x-b3-traceid") == "4bf92f");
  CHECK(seen.body == "hello");
  CHECK(seen.peer == "127.0.0.1");
  CHECK(seen.host == "127.0.0.1");
}
