// What the tests of this room stand on: a runtime, a client, and raw sockets for what a well-behaved client cannot say.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "net/client.hpp"
#include "net/runtime.hpp"
#include "net/server.hpp"

namespace belay::net::testing {

struct World {
  Runtime runtime;
  Client client{runtime.io(), {}};
};

/// Runs `body` as the main task of a runtime of its own and gives back what it returned. The lambda lives until then.
template <class Body>
auto run(Body body) {
  World world;
  using Value = typename std::invoke_result_t<Body, World&>::value_type;
  if constexpr (std::is_void_v<Value>) {
    const auto main = [&]() -> Task<int> {
      co_await body(world);
      co_return 0;
    };
    world.runtime.run(main(), nullptr);
  } else {
    std::optional<Value> value;
    const auto main = [&]() -> Task<int> {
      value.emplace(co_await body(world));
      co_return 0;
    };
    world.runtime.run(main(), nullptr);
    return std::move(*value);
  }
}

inline std::string url_of(const Server& server, std::string_view target) {
  return "http://127.0.0.1:" + std::to_string(server.port()) + std::string{target};
}

/// A connection that says exactly what the test says.
class RawConnection {
 public:
  explicit RawConnection(boost::asio::io_context& io) : socket_(io) {}

  Task<void> connect(std::uint16_t port) {
    const boost::asio::ip::tcp::endpoint server{boost::asio::ip::address_v4::loopback(), port};
    co_await socket_.async_connect(server, boost::asio::use_awaitable);
  }
  Task<void> say(std::string text) { co_await boost::asio::async_write(socket_, boost::asio::buffer(text), boost::asio::use_awaitable); }

  /// Up to and including `mark`; what came later is kept for the next call. Everything that came, when the other side ends first.
  Task<std::string> hear_until(std::string mark) {
    boost::system::error_code ended;
    auto length = co_await boost::asio::async_read_until(socket_, boost::asio::dynamic_buffer(heard_), mark, boost::asio::redirect_error(boost::asio::use_awaitable, ended));
    if (ended) length = heard_.size();
    std::string out = heard_.substr(0, length);
    heard_.erase(0, length);
    co_return out;
  }
  Task<std::string> hear_to_the_end() {
    boost::system::error_code ended;
    co_await boost::asio::async_read(socket_, boost::asio::dynamic_buffer(heard_), boost::asio::redirect_error(boost::asio::use_awaitable, ended));
    co_return std::exchange(heard_, {});
  }
  void close() { socket_.close(); }
  boost::asio::ip::tcp::socket& socket() { return socket_; }

 private:
  boost::asio::ip::tcp::socket socket_;
  std::string heard_;
};

}  // namespace belay::net::testing
