// The HTTP/1.1 server: Beast behind plain values. One listener, keep-alive, deadlines on every read and write, limits on
// headers and body, and a drain that lets running requests end (RFC 9110, RFC 9112).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "base/task.hpp"
#include "net/message.hpp"

namespace boost::asio { class io_context; }

namespace belay::net {

struct ServerLimits {
  std::size_t max_body = 256 * 1024;          ///< bytes; more -> the handler is not called, `too_large` is
  std::size_t max_long_body = max_body;       ///< of requests for which `takes_long_body` says so
  std::size_t max_header = 64 * 1024;         ///< bytes of request line and headers; more -> 431. Room for three tokens of 16 KiB
  std::size_t max_connections = 4096;         ///< further ones wait in the kernel's queue
  std::chrono::milliseconds header_deadline{10'000};  ///< from the first byte of a request to the end of its headers
  std::chrono::milliseconds body_deadline{20'000};
  std::chrono::milliseconds write_deadline{20'000};
  std::chrono::milliseconds idle{75'000};     ///< between two requests of one connection
};

/// Answers one request. Must not throw; what it awaits should have deadlines of its own.
using Handler = std::function<Task<Response>(Request)>;

struct ServerSettings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;                     ///< 0: a free one
  ServerLimits limits{};
  /// Addresses or CIDR blocks whose X-Forwarded-For is believed (rightmost untrusted hop becomes Request::peer).
  std::vector<std::string> trusted_proxies{};
  /// By the path, as Request has it: what comes there may be longer. Empty: nothing.
  std::function<bool(const std::vector<std::string>& path)> takes_long_body{};
  /// Turns what the server itself refuses (400, 408, 413, 431) into an answer, so that every body is JSON. `reason` is one of
  /// bad_request, timeout, too_large, header_too_large; 500 internal_error stands for a handler that threw.
  std::function<Response(unsigned status, std::string_view reason)> refuse{};
};

/// Owns its connections. Lives on one io_context thread; every member is called there.
class Server final {
 public:
  Server(boost::asio::io_context& io, ServerSettings settings, Handler handler);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Binds and starts accepting. Error `listen_failed` says address, port and the system's reason.
  Result<void> start();
  /// The port really taken.
  [[nodiscard]] std::uint16_t port() const;

  /// Stops accepting, closes idle connections, answers what is running with `Connection: close`, and returns when all have
  /// ended, or after `patience`, when the rest is cut off.
  Task<void> drain(std::chrono::milliseconds patience);

  [[nodiscard]] std::size_t open_connections() const;

 private:
  struct Implementation;
  std::shared_ptr<Implementation> implementation_;
};

}  // namespace belay::net
