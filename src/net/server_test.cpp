// The HTTP server heard from outside: raw bytes in, raw bytes out.
#include <doctest/doctest.h>

#include <fstream>

#include <dirent.h>

#include "net/testing.hpp"

using namespace belay;
using namespace belay::net;
using namespace std::chrono_literals;
using testing::RawConnection;
using testing::World;

namespace {

Task<Response> echo(Request request) {
  co_return Response{.headers = {{"Content-Type", "text/plain"}}, .body = request.method + " " + request.target + " " + request.body};
}

Response plain_refusal(unsigned status, std::string_view reason) {
  return {.status = status, .headers = {{"Content-Type", "application/json"}}, .body = "{\"code\":\"" + std::string{reason} + "\"}"};
}

ServerSettings with(ServerLimits limits) { return {.limits = limits, .refuse = plain_refusal}; }

// Says `bytes` on a fresh connection and hears all until the server closes it.
Task<std::string> answer_to(World& world, const Server& server, std::string bytes) {
  RawConnection connection{world.runtime.io()};
  co_await connection.connect(server.port());
  co_await connection.say(std::move(bytes));
  co_return co_await connection.hear_to_the_end();
}

std::string ask(ServerSettings settings, std::string bytes, Handler handler = echo) {
  return testing::run([&](World& world) -> Task<std::string> {
    Server server{world.runtime.io(), std::move(settings), std::move(handler)};
    CHECK(server.start());
    co_return co_await answer_to(world, server, bytes);
  });
}

bool ends_with_body(const std::string& answer, std::string_view body) { return answer.ends_with("\r\n\r\n" + std::string{body}); }

}  // namespace

TEST_CASE("one connection carries many requests, and the last may ask to close") {
  const auto heard = testing::run([](World& world) -> Task<std::string> {
    Server server{world.runtime.io(), {}, echo};
    CHECK(server.start());
    RawConnection connection{world.runtime.io()};
    co_await connection.connect(server.port());
    for (int i = 0; i < 3; ++i) {
      co_await connection.say("GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n");
      const auto answer = co_await connection.hear_until("GET /" + std::to_string(i) + " ");
      CHECK(answer.starts_with("HTTP/1.1 200 OK\r\nDate: "));
      CHECK(answer.find("Connection:") == std::string::npos);
      CHECK(server.open_connections() == 1);
    }
    co_await connection.say("GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    co_return co_await connection.hear_to_the_end();
  });
  CHECK(heard.find("Connection: close\r\n") != std::string::npos);
  CHECK(ends_with_body(heard, "GET /last "));
}

TEST_CASE("requests that come in one piece are answered one after the other, in order") {
  const auto heard = ask({}, "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
                             "POST /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nxyz\r\n1;e=1\r\n!\r\n0\r\nHost: evil\r\n\r\n");
  const auto first = heard.find("POST /1 ab");
  const auto second = heard.find("GET /2 ");
  CHECK(first != std::string::npos);
  CHECK(second > first);
  CHECK(ends_with_body(heard, "POST /3 xyz!"));
}

TEST_CASE("a request that comes byte by byte is understood") {
  const auto heard = testing::run([](World& world) -> Task<std::string> {
    Server server{world.runtime.io(), {}, echo};
    CHECK(server.start());
    RawConnection connection{world.runtime.io()};
    co_await connection.connect(server.port());
    connection.socket().set_option(boost::asio::ip::tcp::no_delay{true});
    for (const char c : std::string_view{"POST /slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"}) co_await connection.say(std::string(1, c));
    co_return co_await connection.hear_to_the_end();
  });
  CHECK(ends_with_body(heard, "POST /slow ab"));
}

TEST_CASE("HEAD has the length of the body and no body; 204 has neither") {
  const auto head = ask({}, "HEAD /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  CHECK(head.find("Content-Length: 8\r\n") != std::string::npos);
  CHECK(ends_with_body(head, ""));
  const auto nothing = ask({}, "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", [](Request) -> Task<Response> { co_return Response{.status = 204, .body = "forgotten"}; });
  CHECK(nothing.starts_with("HTTP/1.1 204 No Content\r\n"));
  CHECK(nothing.find("Content-Length") == std::string::npos);
  CHECK(ends_with_body(nothing, ""));
}

TEST_CASE("HTTP/1.0 closes unless it asks to be kept") {
  CHECK(ask({}, "GET / HTTP/1.0\r\n\r\n").find("Connection: close\r\n") != std::string::npos);
  const auto kept = ask({}, "GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /2 HTTP/1.0\r\n\r\n");
  CHECK(kept.find("Connection: keep-alive\r\n") != std::string::npos);
  CHECK(ends_with_body(kept, "GET /2 "));
}

TEST_CASE("a client that expects 100-continue is told to go on, unless its body is too large") {
  const auto heard = testing::run([](World& world) -> Task<std::string> {
    Server server{world.runtime.io(), with({.max_body = 10}), echo};
    CHECK(server.start());
    RawConnection connection{world.runtime.io()};
    co_await connection.connect(server.port());
    co_await connection.say("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    CHECK(co_await connection.hear_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
    co_await connection.say("ok");
    CHECK((co_await connection.hear_until("POST / ok")).starts_with("HTTP/1.1 200 "));
    co_await connection.say("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n");
    const auto refused = co_await connection.hear_until("too_large\"}");
    connection.close();
    co_return refused;
  });
  CHECK(heard.starts_with("HTTP/1.1 413 "));
}

TEST_CASE("a body over the limit is refused, announced or chunked, and the sender hears why although it still sends") {
  const ServerLimits limits{.max_body = 1000};
  const std::string body(300'000, 'x');
  for (const auto& request : {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n" + body,
                              "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n493e0\r\n" + body + "\r\n0\r\n\r\n"}) {
    const auto heard = testing::run([&](World& world) -> Task<std::string> {
      Server server{world.runtime.io(), with(limits), echo};
      CHECK(server.start());
      RawConnection connection{world.runtime.io()};
      co_await connection.connect(server.port());
      co_await connection.say(request);
      connection.socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send);
      co_return co_await connection.hear_to_the_end();
    });
    CHECK(heard.starts_with("HTTP/1.1 413 "));
    CHECK(heard.find("Connection: close\r\n") != std::string::npos);
    CHECK(ends_with_body(heard, R"({"code":"too_large"})"));
  }
  const auto exact = ask(with(limits), "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n" + std::string(1000, 'y'));
  CHECK(exact.starts_with("HTTP/1.1 200 "));
}

TEST_CASE("headers over the limit are refused with 431") {
  const auto heard = testing::run([](World& world) -> Task<std::string> {
    Server server{world.runtime.io(), with({.max_header = 2000}), echo};
    CHECK(server.start());
    RawConnection connection{world.runtime.io()};
    co_await connection.connect(server.port());
    co_await connection.say("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(3000, 'x') + "\r\n\r\n");
    connection.socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send);
    co_return co_await connection.hear_to_the_end();
  });
  CHECK(heard.starts_with("HTTP/1.1 431 "));
  CHECK(ends_with_body(heard, R"({"code":"header_too_large"})"));
}

TEST_CASE("headers just within the limit are read, over as many reads as they take") {
  const std::string token(65'000, 't');
  const auto heard = ask({}, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer " + token + "\r\n\r\n",
                         [](Request request) -> Task<Response> { co_return Response{.body = std::to_string(request.header("authorization")->size())}; });
  CHECK(ends_with_body(heard, "65007"));
}

TEST_CASE("what two readers could understand differently is a bad request") {
  const std::vector<std::string> smuggling{
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 4\r\n\r\nabcd",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nX-Folded: one\r\n two\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nX-Folded:\r\n \r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nX-Folded: \r\n\ttwo\r\n\r\n",
      "GET / HTTP/1.1\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
      "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /%ff HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
      "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET / HTTP/1.1\nHost: a\n\n",
      "\x16\x03\x01\x02\x00\x01\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\na\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\r\n1\r\na\r\n0\r\n\r\n",
  };
  for (const auto& bytes : smuggling) {
    CAPTURE(bytes);
    const auto heard = ask(with({.header_deadline = 60ms, .body_deadline = 60ms}), bytes, [](Request) -> Task<Response> {
      FAIL_CHECK("the handler was asked");
      co_return Response{};
    });
    CHECK(heard.starts_with("HTTP/1.1 400 "));
    CHECK(heard.find("HTTP/1.1", 5) == std::string::npos);
  }
}

TEST_CASE("a target in absolute form is read as its path") {
  CHECK(ask({}, "GET http://a.example/x?y HTTP/1.1\r\nHost: a.example:80\r\nConnection: close\r\n\r\n", [](Request request) -> Task<Response> {
          CHECK(request.path == std::vector<std::string>{"x"});
          CHECK(request.host == "a.example");
          co_return Response{};
        }).starts_with("HTTP/1.1 200 "));
}

TEST_CASE("a request that stops half way ends in 408, in its headers as in its body") {
  const ServerLimits limits{.header_deadline = 40ms, .body_deadline = 40ms};
  for (const std::string bytes : {"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc"}) {
    const auto heard = ask(with(limits), bytes);
    CHECK(heard.starts_with("HTTP/1.1 408 "));
    CHECK(ends_with_body(heard, R"({"code":"timeout"})"));
  }
}

TEST_CASE("a connection that asks nothing is closed without a word") {
  CHECK(ask(with({.idle = 40ms}), "").empty());
  CHECK(ask(with({.header_deadline = 40ms, .idle = 40ms}), "\r\n").empty());
}

TEST_CASE("a reader that does not read is cut off") {
  testing::run([](World& world) -> Task<void> {
    Server server{world.runtime.io(), with({.write_deadline = 40ms}), [](Request) -> Task<Response> { co_return Response{.body = std::string(32 * 1024 * 1024, 'x')}; }};
    CHECK(server.start());
    RawConnection connection{world.runtime.io()};
    co_await connection.connect(server.port());
    co_await connection.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    while (server.open_connections() == 0) co_await sleep_for(1ms);
    while (server.open_connections() > 0) co_await sleep_for(1ms);
    CHECK((co_await connection.hear_to_the_end()).size() < 32 * 1024 * 1024);
  });
}

TEST_CASE("an answer larger than the socket's buffer arrives whole") {
  const auto heard = ask({}, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", [](Request) -> Task<Response> { co_return Response{.body = std::string(9'000'000, 'x')}; });
  CHECK(ends_with_body(heard, std::string(9'000'000, 'x')));
}

TEST_CASE("a handler that throws is a 500, and one that answers 0 closes the connection") {
  CHECK(ask({}, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", [](Request) -> Task<Response> { throw std::runtime_error{"a bug"}; co_return Response{}; }).starts_with("HTTP/1.1 500 "));
  CHECK(ask({}, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", [](Request) -> Task<Response> { co_return Response{.status = 0}; }).empty());
}

TEST_CASE("a header that would break out of its line is dropped, and the server's own are not overwritten") {
  const auto heard = ask({}, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", [](Request) -> Task<Response> {
    co_return Response{.headers = {{"X-Good", "1"}, {"X-Bad", "1\r\nSet-Cookie: x"}, {"Content-Length", "999"}, {"Transfer-Encoding", "chunked"}}, .body = "ok"};
  });
  CHECK(heard.find("X-Good: 1\r\n") != std::string::npos);
  CHECK(heard.find("Set-Cookie") == std::string::npos);
  CHECK(heard.find("999") == std::string::npos);
  CHECK(heard.find("chunked") == std::string::npos);
  CHECK(heard.find("Content-Length: 2\r\n") != std::string::npos);
}

TEST_CASE("drain closes idle connections, lets a running request end, and refuses new ones") {
  testing::run([](World& world) -> Task<void> {
    Signal release{world.runtime.io()};
    Signal entered{world.runtime.io()};
    Server server{world.runtime.io(), {}, [&](Request request) -> Task<Response> {
      if (request.path.empty()) co_return Response{};
      entered.notify();
      CHECK(co_await release.wait(5s));
      co_return Response{.body = "done"};
    }};
    CHECK(server.start());
    RawConnection idle{world.runtime.io()};
    co_await idle.connect(server.port());
    co_await idle.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    co_await idle.hear_until("\r\n\r\n");
    RawConnection busy{world.runtime.io()};
    co_await busy.connect(server.port());
    co_await busy.say("GET /busy HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(co_await entered.wait(5s));

    Signal drained{world.runtime.io()};
    bool ended = false;
    const auto drain = [&]() -> Task<void> {
      co_await server.drain(5s);
      ended = true;
      drained.notify();
    };
    world.runtime.spawn("drain", drain());
    CHECK((co_await idle.hear_to_the_end()).empty());
    CHECK(!ended);
    RawConnection late{world.runtime.io()};
    CHECK_THROWS_AS(co_await late.connect(server.port()), boost::system::system_error);
    release.notify();
    const auto answer = co_await busy.hear_to_the_end();
    CHECK(answer.find("Connection: close\r\n") != std::string::npos);
    CHECK(ends_with_body(answer, "done"));
    CHECK(co_await drained.wait(5s));
    CHECK(server.open_connections() == 0);
  });
}

TEST_CASE("drain cuts off what outlasts its patience") {
  testing::run([](World& world) -> Task<void> {
    Signal never{world.runtime.io()};
    Signal entered{world.runtime.io()};
    Server server{world.runtime.io(), {}, [&](Request) -> Task<Response> {
      entered.notify();
      co_await never.wait(10s);
      co_return Response{};
    }};
    CHECK(server.start());
    RawConnection connection{world.runtime.io()};
    co_await connection.connect(server.port());
    co_await connection.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(co_await entered.wait(5s));
    const auto begin = std::chrono::steady_clock::now();
    co_await server.drain(30ms);
    CHECK(std::chrono::steady_clock::now() - begin < 5s);
    CHECK((co_await connection.hear_to_the_end()).empty());
    never.notify();
    while (server.open_connections() > 0) co_await sleep_for(1ms);
  });
}

TEST_CASE("connections beyond the limit wait until one ends") {
  testing::run([](World& world) -> Task<void> {
    Server server{world.runtime.io(), with({.max_connections = 1}), echo};
    CHECK(server.start());
    RawConnection first{world.runtime.io()};
    co_await first.connect(server.port());
    co_await first.say("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
    co_await first.hear_until("GET /1 ");
    RawConnection second{world.runtime.io()};
    co_await second.connect(server.port());
    co_await second.say("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
    co_await first.say("GET /3 HTTP/1.1\r\nHost: a\r\n\r\n");
    co_await first.hear_until("GET /3 ");
    CHECK(server.open_connections() == 1);
    CHECK(second.socket().available() == 0);
    first.close();
    CHECK((co_await second.hear_until("GET /2 ")).starts_with("HTTP/1.1 200 "));
  });
}

TEST_CASE("a port that is taken or an address that is none is a reason, not a crash") {
  testing::run([](World& world) -> Task<void> {
    Server first{world.runtime.io(), {}, echo};
    CHECK(first.start());
    CHECK(first.port() != 0);
    Server second{world.runtime.io(), {.port = first.port()}, echo};
    const auto taken = second.start();
    REQUIRE(!taken);
    CHECK(taken.error().code == "listen_failed");
    CHECK(taken.error().cause.find(std::to_string(first.port())) != std::string::npos);
    Server third{world.runtime.io(), {.address = "not an address"}, echo};
    CHECK(!third.start());
    Server fourth{world.runtime.io(), {.trusted_proxies = {"10.0.0.0/33"}}, echo};
    const auto untrusted = fourth.start();
    REQUIRE(!untrusted);
    CHECK(untrusted.error().code == "bad_trusted_proxy");
    co_return;
  });
}

TEST_CASE("the IPv6 loopback is served too") {
  testing::run([](World& world) -> Task<void> {
    Server server{world.runtime.io(), {.address = "::1"}, [](Request request) -> Task<Response> { co_return Response{.body = request.peer + " " + request.host}; }};
    const auto started = server.start();
    if (!started) {
      MESSAGE("no IPv6 on this machine: " << started.error().cause);
      co_return;
    }
    const auto answer = co_await world.client.send({.url = "http://[::1]:" + std::to_string(server.port()) + "/"});
    REQUIRE(answer);
    CHECK(answer->body == "::1 [::1]");
  });
}

TEST_CASE("X-Forwarded-For is believed from trusted hops only") {
  const auto peer_seen = [](std::vector<std::string> trusted, std::string headers) {
    std::string peer;
    ask({.trusted_proxies = std::move(trusted)}, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + headers + "\r\n", [&](Request request) -> Task<Response> {
      peer = request.peer;
      co_return Response{};
    });
    return peer;
  };
  CHECK(peer_seen({}, "X-Forwarded-For: 198.51.100.7\r\n") == "127.0.0.1");
  CHECK(peer_seen({"10.0.0.0/8"}, "X-Forwarded-For: 198.51.100.7\r\n") == "127.0.0.1");
  CHECK(peer_seen({"127.0.0.0/8"}, "X-Forwarded-For: 198.51.100.7\r\n") == "198.51.100.7");
  CHECK(peer_seen({"127.0.0.1"}, "X-Forwarded-For: 203.0.113.9, 198.51.100.7\r\n") == "198.51.100.7");
  CHECK(peer_seen({"127.0.0.1", "198.51.100.0/24"}, "X-Forwarded-For: 203.0.113.9, 198.51.100.7\r\n") == "203.0.113.9");
  CHECK(peer_seen({"127.0.0.1", "198.51.100.0/24"}, "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-For: 198.51.100.7\r\n") == "203.0.113.9");
  CHECK(peer_seen({"127.0.0.1", "198.51.100.0/24"}, "X-Forwarded-For: unknown, 198.51.100.7\r\n") == "198.51.100.7");
  CHECK(peer_seen({"127.0.0.1", "2001:db8::/32"}, "X-Forwarded-For: 2001:db9::1, [2001:db8::5]:443\r\n") == "2001:db9::1");
  CHECK(peer_seen({"127.0.0.1"}, "") == "127.0.0.1");
  CHECK(peer_seen({"127.0.0.1"}, "X-Forwarded-For: [,\r\n") == "127.0.0.1");
}

TEST_CASE("five thousand requests and a thousand connections leave nothing open behind") {
  const auto descriptors = [] {
    int count = 0;
    auto* directory = opendir("/proc/self/fd");
    REQUIRE(directory != nullptr);
    while (readdir(directory) != nullptr) ++count;
    closedir(directory);
    return count;
  };
  const auto resident_kib = [] {
    std::ifstream file{"/proc/self/statm"};
    long total = 0;
    long resident = 0;
    file >> total >> resident;
    return resident * 4;
  };
  testing::run([&](World& world) -> Task<void> {
    Server server{world.runtime.io(), {}, echo};
    CHECK(server.start());
    const auto url = testing::url_of(server, "/x");
    const auto rounds = [&](int count) -> Task<void> {
      for (int i = 0; i < count; ++i) {
        const auto answer = co_await world.client.send({.method = "POST", .url = url, .body = "b"});
        if (!answer || answer->body != "POST /x b") FAIL("request " << i);
      }
    };
    const auto connections = [&](int count) -> Task<void> {
      for (int i = 0; i < count; ++i) co_await answer_to(world, server, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    };
    co_await rounds(1'000);
    co_await connections(200);
    const auto open_before = descriptors();
    const auto before = resident_kib();
    co_await rounds(4'000);
    co_await connections(1'000);
    CHECK(descriptors() == open_before);
    CHECK(server.open_connections() == 1);  // the client's kept one
#if !defined(__SANITIZE_ADDRESS__) && !(defined(__has_feature) && (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer)))
    CHECK(resident_kib() - before < 1024);
#else
    MESSAGE("resident memory grew by " << resident_kib() - before << " KiB under a sanitizer");
#endif
  });
}
