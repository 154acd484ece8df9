// One connection of the HTTP server: reads a request, asks the handler, writes the answer, and again.
#pragma once

#include <chrono>
#include <list>
#include <memory>
#include <string>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include "net/request_parser.hpp"
#include "net/server.hpp"
#include "net/trusted_proxies.hpp"

namespace belay::net {

using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

class Session;

/// What all connections of one server share. Lives until the last of them has ended.
struct Connections {
  Connections(boost::asio::io_context& io, ServerSettings server_settings, Handler request_handler);

  ServerSettings settings;
  Handler handler;
  TrustedProxies trusted;
  std::list<Session*> sessions;
  bool draining = false;
  /// Cancelled whenever a session ends: the listener (when full) and drain() wait on it.
  boost::asio::steady_timer session_ended;

  [[nodiscard]] Response refuse(unsigned status, std::string_view reason) const;
  /// The Date header of this second.
  std::string_view date();

 private:
  std::int64_t date_second_ = -1;
  std::string date_;
};

class Session final {
 public:
  Session(std::shared_ptr<Connections> home, Socket socket);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Until the connection ends.
  Task<void> run();

  /// Breaks the wait that has lasted too long. Called by the server's clock.
  void check_deadline(std::chrono::steady_clock::time_point now);
  /// Ends the connection if it waits for a request.
  void end_if_idle();
  /// Ends it whatever it does.
  void cut();

 private:
  enum class Reading { complete, gone, refused };
  struct Refusal {
    unsigned status = 0;
    std::string_view reason;
  };

  Task<bool> exchange();
  Task<bool> wait_for_request();
  Task<Reading> read_request(RequestParser& parser);
  Task<bool> invite_body(const RequestParser& parser);
  Task<bool> receive();
  Task<Response> answer(Request request);
  Task<bool> send(const Response& response, bool keep_alive, bool http_1_0, bool head_only);
  Task<bool> write(std::string_view first, std::string_view second);
  Task<void> linger();

  Reading refuse(unsigned status, std::string_view reason);
  void wait_at_most(std::chrono::milliseconds time);
  [[nodiscard]] std::string_view unread() const;

  std::shared_ptr<Connections> home_;
  Socket socket_;
  boost::beast::flat_buffer buffer_;
  std::string head_;
  boost::asio::ip::address peer_address_;
  std::string peer_;
  std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();
  Refusal refusal_;
  bool idle_ = false;
  bool overdue_ = false;
  std::list<Session*>::iterator place_;
};

/// Runs one session to its end; owns it.
Task<void> serve_connection(std::shared_ptr<Connections> home, Socket socket);

}  // namespace belay::net
