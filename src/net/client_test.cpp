// The outbound client against servers that misbehave.
#include <doctest/doctest.h>

#include "net/retry_budget.hpp"
#include "net/retry_delay.hpp"
#include "net/testing.hpp"
#include "net/transfer.hpp"

using namespace belay;
using namespace belay::net;
using namespace std::chrono_literals;
using testing::World;

namespace {

using Answer = Result<OutboundResponse>;

// Answers the n-th request with what `script` holds at n, the last one for all that follow.
struct Scripted {
  std::vector<Response> script;
  int asked = 0;
  Task<Response> operator()(Request) {
    const auto at = std::min(static_cast<std::size_t>(asked++), script.size() - 1);
    co_return script[at];
  }
};

// A server for one call: what came back, and how often the server was asked.
struct Told {
  Answer answer;
  int asked;
};

Told call(std::vector<Response> script, OutboundRequest request) {
  Scripted scripted{std::move(script)};
  auto answer = testing::run([&](World& world) -> Task<Answer> {
    Server server{world.runtime.io(), {}, std::ref(scripted)};
    CHECK(server.start());
    request.url = testing::url_of(server, "/");
    co_return co_await world.client.send(request);
  });
  return {std::move(answer), scripted.asked};
}

// A listener that speaks no HTTP of its own: `talk` is run for each connection.
class RawServer {
 public:
  using Talk = std::function<Task<void>(boost::asio::ip::tcp::socket&, int number)>;

  RawServer(World& world, Talk talk) : acceptor_(world.runtime.io(), {boost::asio::ip::address_v4::loopback(), 0}), talk_(std::move(talk)) {
    world.runtime.spawn("raw server", accept(world));
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/"; }
  void close() { acceptor_.close(); }
  int connections = 0;

 private:
  Task<void> accept(World& world) {
    while (true) {
      boost::system::error_code closed;
      auto socket = co_await acceptor_.async_accept(boost::asio::redirect_error(boost::asio::use_awaitable, closed));
      if (closed) co_return;
      world.runtime.spawn("raw connection", converse(std::move(socket), ++connections));
    }
  }
  Task<void> converse(boost::asio::ip::tcp::socket socket, int number) { co_await talk_(socket, number); }

  boost::asio::ip::tcp::acceptor acceptor_;
  Talk talk_;
};

// False when the other side ended before a whole request came.
Task<bool> hear_request(boost::asio::ip::tcp::socket& socket) {
  std::string heard;
  boost::system::error_code ended;
  co_await boost::asio::async_read_until(socket, boost::asio::dynamic_buffer(heard), "\r\n\r\n", boost::asio::redirect_error(boost::asio::use_awaitable, ended));
  co_return !ended;
}

Task<void> say(boost::asio::ip::tcp::socket& socket, std::string text) {
  boost::system::error_code ended;
  co_await boost::asio::async_write(socket, boost::asio::buffer(text), boost::asio::redirect_error(boost::asio::use_awaitable, ended));
}

constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

}  // namespace

TEST_CASE("a read that meets 503 is tried again until it succeeds") {
  const auto told = call({{.status = 503}, {.status = 502}, {.status = 200, .body = "ok"}}, {.idempotent = true});
  REQUIRE(told.answer);
  CHECK(told.answer->status == 200);
  CHECK(told.answer->body == "ok");
  CHECK(told.asked == 3);
}

TEST_CASE("tries end at max_tries, and the last answer is the caller's") {
  const auto told = call({{.status = 504, .body = "late"}}, {.idempotent = true, .max_tries = 2});
  REQUIRE(told.answer);
  CHECK(told.answer->status == 504);
  CHECK(told.answer->body == "late");
  CHECK(told.asked == 2);
}

TEST_CASE("what must not be sent twice is sent once, whatever the answer") {
  for (const unsigned status : {429U, 502U, 503U, 504U}) {
    const auto told = call({{.status = status}}, {.method = "POST", .body = "x"});
    REQUIRE(told.answer);
    CHECK(told.answer->status == status);
    CHECK(told.asked == 1);
  }
}

TEST_CASE("other errors are answers and are not tried again") {
  for (const unsigned status : {400U, 401U, 404U, 409U, 500U, 501U}) {
    const auto told = call({{.status = status}}, {.idempotent = true});
    REQUIRE(told.answer);
    CHECK(told.answer->status == status);
    CHECK(told.asked == 1);
  }
}

TEST_CASE("Retry-After is obeyed") {
  const auto begin = std::chrono::steady_clock::now();
  const auto told = call({{.status = 429, .headers = {{"Retry-After", "1"}}}, {.status = 200}}, {.idempotent = true});
  REQUIRE(told.answer);
  CHECK(told.answer->status == 200);
  CHECK(told.asked == 2);
  CHECK(std::chrono::steady_clock::now() - begin >= 1s);
}

TEST_CASE("a Retry-After beyond the deadline gives the answer back at once") {
  const auto begin = std::chrono::steady_clock::now();
  const auto told = call({{.status = 429, .headers = {{"Retry-After", "30"}}, .body = "slow down"}}, {.deadline = 5s, .idempotent = true});
  REQUIRE(told.answer);
  CHECK(told.answer->status == 429);
  CHECK(told.answer->body == "slow down");
  CHECK(told.answer->retry_after() == 30s);
  CHECK(told.asked == 1);
  CHECK(std::chrono::steady_clock::now() - begin < 3s);
}

TEST_CASE("the budget of a host ends its retries, and successes fill it again") {
  testing::run([](World& world) -> Task<void> {
    unsigned status = 503;
    int asked = 0;
    Server server{world.runtime.io(), {}, [&](Request) -> Task<Response> {
      ++asked;
      co_return Response{.status = status};
    }};
    CHECK(server.start());
    Client client{world.runtime.io(), {.retry_ratio = 0.5, .retry_burst = 2}};
    const OutboundRequest request{.url = testing::url_of(server, "/"), .idempotent = true, .max_tries = 2};
    for (int i = 0; i < 4; ++i) co_await client.send(request);
    CHECK(asked == 4 + 2);
    status = 200;
    co_await client.send(request);
    co_await client.send(request);
    status = 503;
    asked = 0;
    for (int i = 0; i < 3; ++i) co_await client.send(request);
    CHECK(asked == 3 + 1);
  });
}

TEST_CASE("nobody listening is unreachable: nothing was sent, and even a POST is tried again") {
  testing::run([](World& world) -> Task<void> {
    std::string url;
    {
      Server gone{world.runtime.io(), {}, [](Request) -> Task<Response> { co_return Response{}; }};
      CHECK(gone.start());
      url = testing::url_of(gone, "/");
    }
    int tries = 0;
    world.client.observe([&](const CallObserved& observed) {
      tries = observed.tries;
      CHECK(observed.status == 0);
      CHECK(observed.name == "test.call");
      CHECK(observed.host == "127.0.0.1");
    });
    const auto answer = co_await world.client.send({.method = "POST", .url = url, .body = "x", .name = "test.call"});
    REQUIRE(!answer);
    CHECK(answer.error().code == "unreachable");
    CHECK(answer.error().retryable);
    CHECK(tries == 3);
  });
}

TEST_CASE("a host that does not exist is unreachable") {
  testing::run([](World& world) -> Task<void> {
    const auto answer = co_await world.client.send({.url = "http://nowhere.invalid/", .deadline = 5s, .max_tries = 1});
    REQUIRE(!answer);
    CHECK(answer.error().code == "unreachable");
  });
}

TEST_CASE("a call that could not be put on the wire is refused before anything is opened") {
  testing::run([](World& world) -> Task<void> {
    for (const auto* url : {"ftp://127.0.0.1/x", "file:///etc/passwd", "/relative", "http://", "http://user:secret@127.0.0.1/", "http://127.0.0.1/a b", ""}) {
      CAPTURE(url);
      const auto answer = co_await world.client.send({.url = url});
      REQUIRE(!answer);
      CHECK(answer.error().code == "unreachable");
      CHECK(!answer.error().retryable);
    }
    const auto split = co_await world.client.send({.url = "http://127.0.0.1/", .headers = {{"X-A", "1\r\nX-B: 2"}}});
    CHECK(!split);
    const auto method = co_await world.client.send({.method = "GET / HTTP/1.1\r\nX: ", .url = "http://127.0.0.1/"});
    CHECK(!method);
  });
}

TEST_CASE("an answer that breaks off is no_answer: a POST is not repeated, a read is") {
  testing::run([](World& world) -> Task<void> {
    RawServer server{world, [](boost::asio::ip::tcp::socket& socket, int) -> Task<void> {
      co_await hear_request(socket);
      co_await say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    }};
    const auto write = co_await world.client.send({.method = "POST", .url = server.url(), .body = "x"});
    REQUIRE(!write);
    CHECK(write.error().code == "no_answer");
    CHECK(server.connections == 1);
    const auto read = co_await world.client.send({.url = server.url(), .idempotent = true, .max_tries = 2});
    REQUIRE(!read);
    CHECK(read.error().code == "no_answer");
    CHECK(server.connections == 3);
    server.close();
  });
}

TEST_CASE("a kept connection that dies with a POST on it is not silently replaced by a second POST") {
  testing::run([](World& world) -> Task<void> {
    int requests = 0;
    RawServer server{world, [&](boost::asio::ip::tcp::socket& socket, int) -> Task<void> {
      if (!co_await hear_request(socket)) co_return;
      ++requests;
      co_await say(socket, std::string{kOk});
      if (co_await hear_request(socket)) ++requests;  // taken, perhaps acted upon, and then the server dies
    }};
    const auto first = co_await world.client.send({.method = "POST", .url = server.url()});
    CHECK(first);
    const auto second = co_await world.client.send({.method = "POST", .url = server.url()});
    REQUIRE(!second);
    CHECK(second.error().code == "no_answer");
    CHECK(requests == 2);

    // What may be sent twice is repeated on a new connection.
    const auto warm = co_await world.client.send({.url = server.url(), .idempotent = true});
    CHECK(warm);
    const auto read = co_await world.client.send({.url = server.url(), .idempotent = true});
    REQUIRE(read);
    CHECK(read->body == "ok");
    server.close();
  });
}

TEST_CASE("connections are kept and used again") {
  testing::run([](World& world) -> Task<void> {
    Server server{world.runtime.io(), {}, [](Request) -> Task<Response> { co_return Response{}; }};
    CHECK(server.start());
    for (int i = 0; i < 5; ++i) CHECK(co_await world.client.send({.url = testing::url_of(server, "/")}));
    CHECK(server.open_connections() == 1);
  });
}

TEST_CASE("the deadline holds for all tries together, and a server that is silent is no_answer") {
  testing::run([](World& world) -> Task<void> {
    Signal never{world.runtime.io()};
    Server server{world.runtime.io(), {}, [&](Request) -> Task<Response> {
      co_await never.wait(10s);
      co_return Response{};
    }};
    CHECK(server.start());
    const auto begin = std::chrono::steady_clock::now();
    const auto answer = co_await world.client.send({.url = testing::url_of(server, "/"), .deadline = 80ms, .idempotent = true});
    REQUIRE(!answer);
    CHECK(answer.error().code == "no_answer");
    CHECK(std::chrono::steady_clock::now() - begin < 5s);
    never.notify();
  });
}

TEST_CASE("a hundred calls at once go over the connections a host is allowed, and all come back") {
  testing::run([](World& world) -> Task<void> {
    std::size_t most = 0;
    int answered = 0;
    Server* open = nullptr;
    Server server{world.runtime.io(), {}, [&](Request request) -> Task<Response> {
      most = std::max(most, open->open_connections());
      co_await sleep_for(1ms);
      co_return Response{.body = std::move(request.body)};
    }};
    open = &server;
    CHECK(server.start());
    Client client{world.runtime.io(), {.max_connections_per_host = 4}};
    const auto one = [&](int number) -> Task<void> {
      const auto answer = co_await client.send({.method = "POST", .url = testing::url_of(server, "/"), .body = std::to_string(number)});
      if (answer && answer->body == std::to_string(number)) ++answered;
    };
    std::vector<Task<void>> all;
    for (int i = 0; i < 100; ++i) all.push_back(one(i));
    co_await all_of(std::move(all));
    CHECK(answered == 100);
    CHECK(most > 1);
    CHECK(most <= 4);
  });
}

TEST_CASE("a slow answer holds up no other call to the same host") {
  testing::run([](World& world) -> Task<void> {
    Signal release{world.runtime.io()};
    Server server{world.runtime.io(), {}, [&](Request request) -> Task<Response> {
      if (!request.path.empty()) CHECK(co_await release.wait(5s));
      co_return Response{};
    }};
    CHECK(server.start());
    const auto slow = [&]() -> Task<void> { CHECK(co_await world.client.send({.url = testing::url_of(server, "/slow")})); };
    const auto quick = [&]() -> Task<void> {
      CHECK(co_await world.client.send({.url = testing::url_of(server, "/"), .deadline = 2s}));
      CHECK(co_await world.client.send({.url = testing::url_of(server, "/"), .deadline = 2s}));
      release.notify();
    };
    std::vector<Task<void>> all;
    all.push_back(slow());
    all.push_back(quick());
    co_await all_of(std::move(all));
  });
}

TEST_CASE("a server that speaks no TLS is unreachable over https: nothing of the request was sent") {
  testing::run([](World& world) -> Task<void> {
    bool asked = false;
    Server server{world.runtime.io(), {}, [&](Request) -> Task<Response> {
      asked = true;
      co_return Response{};
    }};
    CHECK(server.start());
    const auto answer = co_await world.client.send({.method = "POST", .url = "https://127.0.0.1:" + std::to_string(server.port()) + "/", .body = "secret", .max_tries = 1});
    REQUIRE(!answer);
    CHECK(answer.error().code == "unreachable");
    CHECK(!asked);
  });
}

TEST_CASE("an answer over the limit is refused, announced or not") {
  testing::run([](World& world) -> Task<void> {
    Server server{world.runtime.io(), {}, [](Request) -> Task<Response> { co_return Response{.body = std::string(1001, 'x')}; }};
    CHECK(server.start());
    const auto announced = co_await world.client.send({.url = testing::url_of(server, "/"), .max_answer = 1000, .idempotent = true});
    REQUIRE(!announced);
    CHECK(announced.error().code == "answer_too_large");
    const auto fits = co_await world.client.send({.url = testing::url_of(server, "/"), .max_answer = 1001});
    CHECK(fits);

    RawServer endless{world, [](boost::asio::ip::tcp::socket& socket, int) -> Task<void> {
      co_await hear_request(socket);
      co_await say(socket, "HTTP/1.1 200 OK\r\n\r\n" + std::string(5000, 'x'));
    }};
    const auto unannounced = co_await world.client.send({.url = endless.url(), .max_answer = 1000, .idempotent = true});
    REQUIRE(!unannounced);
    CHECK(unannounced.error().code == "answer_too_large");
    RawServer verbose{world, [](boost::asio::ip::tcp::socket& socket, int) -> Task<void> {
      co_await hear_request(socket);
      std::string head = "HTTP/1.1 200 OK\r\n";
      for (int i = 0; i < 400; ++i) head += "X-" + std::to_string(i) + ": " + std::string(1000, 'x') + "\r\n";
      co_await say(socket, head + "Content-Length: 0\r\n\r\n");
    }};
    const auto headers = co_await world.client.send({.url = verbose.url()});
    REQUIRE(!headers);
    CHECK(headers.error().code == "answer_too_large");
    endless.close();
    verbose.close();
  });
}

TEST_CASE("a redirect is an answer, not a way") {
  const auto told = call({{.status = 302, .headers = {{"Location", "http://example.com/"}, {"Set-Cookie", "a=1"}}}}, {});
  REQUIRE(told.answer);
  CHECK(told.answer->status == 302);
  CHECK(told.answer->header("location") == "http://example.com/");
  CHECK(told.asked == 1);
}

TEST_CASE("every method carries the body it was given and no header nobody asked for") {
  testing::run([](World& world) -> Task<void> {
    Request seen;
    Server server{world.runtime.io(), {}, [&](Request request) -> Task<Response> {
      seen = std::move(request);
      co_return Response{};
    }};
    CHECK(server.start());
    for (const auto* method : {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"}) {
      CAPTURE(method);
      const std::string body = std::string_view{method} == "HEAD" || std::string_view{method} == "GET" ? "" : "{}";
      CHECK(co_await world.client.send({.method = method, .url = testing::url_of(server, "/"), .body = body}));
      CHECK(seen.method == method);
      CHECK(seen.body == body);
      CHECK(!seen.header("Content-Type"));
      CHECK(!seen.header("Expect"));
      CHECK(!seen.header("x-b3-traceid"));
      CHECK(seen.header("User-Agent") == "Belay");
    }
    CHECK(co_await world.client.send({.method = "PUT", .url = testing::url_of(server, "/"), .headers = {{"Content-Type", "text/plain"}, {"X-Empty", ""}}}));
    CHECK(seen.header("Content-Length") == "0");
    CHECK(seen.header("Content-Type") == "text/plain");
    CHECK(seen.header("X-Empty") == "");
  });
}

TEST_CASE("names under localhost lead to this machine, and a proxy of the environment is not asked for them") {
  struct Proxy {
    Proxy() { setenv("http_proxy", "http://127.0.0.1:9", 1); }
    ~Proxy() { unsetenv("http_proxy"); }
  };
  const Proxy proxy;
  testing::run([](World& world) -> Task<void> {
    Server server{world.runtime.io(), {}, [](Request request) -> Task<Response> { co_return Response{.body = request.host}; }};
    CHECK(server.start());
    for (const std::string host : {"teamviewer.localhost", "localhost", "127.0.0.1"}) {
      const auto answer = co_await world.client.send({.url = "http://" + host + ":" + std::to_string(server.port()) + "/"});
      REQUIRE(answer);
      CHECK(answer->body == host);
    }
    const auto outside = co_await world.client.send({.url = "http://example.invalid/", .max_tries = 1});
    REQUIRE(!outside);
    CHECK(outside.error().cause.find("127.0.0.1 port 9") != std::string::npos);
  });
}

TEST_CASE("stop ends calls under way, calls that wait for another try, and new ones, as cancelled") {
  testing::run([](World& world) -> Task<void> {
    Signal never{world.runtime.io()};
    Signal entered{world.runtime.io()};
    int asked = 0;
    Server server{world.runtime.io(), {}, [&](Request request) -> Task<Response> {
      ++asked;
      entered.notify();
      if (!request.path.empty()) co_return Response{.status = 503, .headers = {{"Retry-After", "4"}}};
      co_await never.wait(10s);
      co_return Response{};
    }};
    CHECK(server.start());
    std::vector<std::string> codes;
    const auto one = [&](std::string target, std::string key) -> Task<void> {
      const auto answer = co_await world.client.send({.url = testing::url_of(server, target), .idempotent = true, .single_flight_key = key});
      codes.push_back(answer ? std::to_string(answer->status) : answer.error().code);
    };
    const auto stopper = [&]() -> Task<void> {
      for (int i = 0; i < 1000 && asked < 3; ++i) co_await entered.wait(5ms);
      CHECK(asked == 3);
      co_await world.client.send({.url = testing::url_of(server, "/after"), .max_tries = 1});  // its answer comes behind the 503
      world.client.stop();
    };
    std::vector<Task<void>> all;
    all.push_back(one("/", ""));
    all.push_back(one("/", "shared"));
    all.push_back(one("/later", ""));
    all.push_back(stopper());
    const auto begin = std::chrono::steady_clock::now();
    co_await all_of(std::move(all));
    std::ranges::sort(codes);
    CHECK(codes == std::vector<std::string>{"503", "cancelled", "cancelled"});  // the one that waited keeps the answer it has
    CHECK(std::chrono::steady_clock::now() - begin < 3s);
    const auto late = co_await world.client.send({.url = testing::url_of(server, "/")});
    REQUIRE(!late);
    CHECK(late.error().code == "cancelled");
    never.notify();
  });
}

TEST_CASE("a compressed answer is read, and its limit counts what it unfolds to") {
  // gzip of 2,000 times 'x'
  const std::string packed{"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\xa8\x18\x05\xa3\x60\x14\x8c\x82\x51\x30\x0a\x46\xc1\x50\x07\x00\x7a\x65\x08\x29\xd0\x07\x00\x00", 35};
  const auto told = call({{.headers = {{"Content-Encoding", "gzip"}}, .body = packed}}, {});
  REQUIRE(told.answer);
  CHECK(told.answer->body == std::string(2000, 'x'));
  const auto refused = call({{.headers = {{"Content-Encoding", "gzip"}}, .body = packed}}, {.max_answer = 1999});
  REQUIRE(!refused.answer);
  CHECK(refused.answer.error().code == "answer_too_large");
}

TEST_CASE("a client that goes away before its runtime leaves no call hanging") {
  std::string code;
  testing::run([&](World& world) -> Task<void> {
    Signal never{world.runtime.io()};
    Signal entered{world.runtime.io()};
    Signal over{world.runtime.io()};
    Server server{world.runtime.io(), {}, [&](Request) -> Task<Response> {
      entered.notify();
      co_await never.wait(10s);
      co_return Response{};
    }};
    CHECK(server.start());
    auto client = std::make_unique<Client>(world.runtime.io(), ClientSettings{});
    const auto one = [&]() -> Task<void> {
      const auto answer = co_await client->send({.url = testing::url_of(server, "/")});
      code = answer ? "answer" : answer.error().code;
      over.notify();
    };
    world.runtime.spawn("call", one());
    CHECK(co_await entered.wait(5s));
    client.reset();
    CHECK(co_await over.wait(5s));
    never.notify();
  });
  CHECK(code == "cancelled");
}

TEST_CASE("back-off doubles up to its cap, and jitter keeps it between half and whole") {
  CHECK(retry_delay(2, 0.0) == 50ms);
  CHECK(retry_delay(2, 1.0) == 100ms);
  CHECK(retry_delay(3, 1.0) == 200ms);
  CHECK(retry_delay(5, 0.5) == 600ms);
  CHECK(retry_delay(40, 1.0) == 5s);
}

TEST_CASE("Retry-After is read as seconds or as a date, capped at an hour, and otherwise not at all") {
  constexpr std::int64_t now = 784'111'777;  // Sun, 06 Nov 1994 08:49:37 GMT
  CHECK(read_retry_after("0", now) == 0s);
  CHECK(read_retry_after(" 120 ", now) == 120s);
  CHECK(read_retry_after("99999", now) == 1h);
  CHECK(read_retry_after("99999999999999999999999", now) == 1h);
  CHECK(read_retry_after("Sun, 06 Nov 1994 08:50:07 GMT", now) == 30s);
  CHECK(read_retry_after("Sun, 06 Nov 1994 08:00:00 GMT", now) == 0s);
  for (const auto* text : {"", " ", "-5", "1.5", "soon", "1e3"}) {
    CAPTURE(text);
    CHECK(!read_retry_after(text, now));
  }
}

TEST_CASE("a budget never exceeds its burst and never goes below nothing") {
  RetryBudget budget{0.2, 2};
  for (int i = 0; i < 100; ++i) budget.succeeded();
  CHECK(budget.tokens() == 2);
  CHECK(budget.try_spend());
  CHECK(budget.try_spend());
  CHECK(!budget.try_spend());
  for (int i = 0; i < 4; ++i) budget.succeeded();
  CHECK(!budget.try_spend());
  for (int i = 0; i < 2; ++i) budget.succeeded();
  CHECK(budget.try_spend());
}

TEST_CASE("endpoints: the origin keeps scheme and port apart, and loopback is known by name and by number") {
  CHECK(endpoint_of("https://api.example.com/x?y")->origin == "https://api.example.com:443");
  CHECK(endpoint_of("http://api.example.com:8080")->origin == "http://api.example.com:8080");
  CHECK(!endpoint_of("https://api.example.com")->loopback);
  CHECK(!endpoint_of("http://localhost.example.com")->loopback);
  CHECK(!endpoint_of("http://notlocalhost")->loopback);
  for (const auto* url : {"http://localhost", "http://a.LOCALHOST:1", "http://127.9.9.9", "http://[::1]:1"}) {
    CAPTURE(url);
    CHECK(endpoint_of(url)->loopback);
  }
}
