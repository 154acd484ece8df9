// libcurl's multi interface driven by Asio: curl says which sockets to watch and when to call it again, Asio does both
// (curl's page "libcurl-multi: socket action"). Knows nothing of HTTP.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <curl/curl.h>

#include "base/task.hpp"

namespace belay::net {

/// On the io_context's thread only. A transfer holds the coroutine that waits for it, and the coroutine holds this: before
/// the io_context goes, cancel_all() must have been called (Client's destructor does).
class CurlMulti final : public std::enable_shared_from_this<CurlMulti> {
 public:
  CurlMulti(boost::asio::io_context& io, std::size_t max_connections_per_host);
  ~CurlMulti();
  CurlMulti(const CurlMulti&) = delete;
  CurlMulti& operator=(const CurlMulti&) = delete;

  /// Carries out a transfer that is set up. `easy` and all it points to must live until this returns.
  Task<CURLcode> perform(CURL* easy);

  /// Ends a transfer with `code`; nothing when it has ended by itself.
  void end(CURL* easy, CURLcode code);

  /// Ends every transfer under way with CURLE_ABORTED_BY_CALLBACK.
  void cancel_all();

 private:
  using Descriptor = boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;

  // A socket curl wants to be told about. The descriptor is lent: curl owns and closes it.
  struct Watch {
    explicit Watch(boost::asio::io_context& io) : descriptor(io) {}
    Descriptor descriptor;
    int wanted = 0;
    bool awaits_read = false;
    bool awaits_write = false;
    bool removed = false;
  };

  static int on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void* unused);
  static int on_timer(CURLM* multi, long milliseconds, void* self);
  bool watch(curl_socket_t socket, int what);
  void unwatch(curl_socket_t socket);
  void wait_where_wanted(curl_socket_t socket, const std::shared_ptr<Watch>& watch);
  void ready(curl_socket_t socket, const std::shared_ptr<Watch>& watch, int direction, bool failed);
  void act(curl_socket_t socket, int events);
  void collect();
  void complete(CURL* easy, CURLcode code);

  boost::asio::io_context& io_;
  boost::asio::steady_timer timer_;
  std::map<curl_socket_t, std::shared_ptr<Watch>> watches_;
  std::map<CURL*, std::move_only_function<void(CURLcode)>> waiting_;
  CURLM* multi_;
  bool adding_ = false;
};

}  // namespace belay::net
