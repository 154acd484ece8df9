#include "net/curl_multi.hpp"

#include <stdexcept>
#include <utility>

#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.hpp"

namespace belay::net {

namespace asio = boost::asio;
using boost::system::error_code;

CurlMulti::CurlMulti(asio::io_context& io, std::size_t max_connections_per_host) : io_(io), timer_(io), multi_(curl_multi_init()) {
  if (multi_ == nullptr) throw std::runtime_error{"curl_multi_init failed"};
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlMulti::on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlMulti::on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, static_cast<long>(max_connections_per_host));
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(max_connections_per_host * 4));
}

CurlMulti::~CurlMulti() {
  // Closes the idle connections too; the socket callback takes them off the watch list.
  curl_multi_cleanup(multi_);
}

Task<CURLcode> CurlMulti::perform(CURL* easy) {
  auto enqueue = [self = shared_from_this()](auto handler, CURL* transfer) {
    self->waiting_[transfer] = [handler = std::move(handler), guard = asio::make_work_guard(self->io_)](CURLcode code) mutable {
      std::move(handler)(code);
    };
    self->adding_ = true;
    const auto added = curl_multi_add_handle(self->multi_, transfer);
    self->adding_ = false;
    if (added == CURLM_OK) self->act(CURL_SOCKET_TIMEOUT, 0);   // begins at once, and not after what else the loop has to do first
    else self->complete(transfer, CURLE_FAILED_INIT);
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(CURLcode)>(enqueue, asio::use_awaitable, easy);
}

void CurlMulti::end(CURL* easy, CURLcode code) {
  if (!waiting_.contains(easy)) return;
  curl_multi_remove_handle(multi_, easy);
  complete(easy, code);
}

void CurlMulti::cancel_all() {
  while (!waiting_.empty()) end(waiting_.begin()->first, CURLE_ABORTED_BY_CALLBACK);
}

int CurlMulti::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
  auto& multi = *static_cast<CurlMulti*>(self);
  if (what != CURL_POLL_REMOVE) return multi.watch(socket, what) ? 0 : -1;
  multi.unwatch(socket);
  return 0;
}

int CurlMulti::on_timer(CURLM*, long milliseconds, void* self) {
  auto& multi = *static_cast<CurlMulti*>(self);
  if (multi.adding_) return 0;   // it is acted upon right away
  if (milliseconds < 0) {
    multi.timer_.cancel();
    return 0;
  }
  // Never called back from in here: curl is not reentrant. Setting the time drops the wait before.
  multi.timer_.expires_after(std::chrono::milliseconds{milliseconds});
  multi.timer_.async_wait([weak = multi.weak_from_this()](error_code error) {
    if (error) return;
    if (const auto alive = weak.lock()) alive->act(CURL_SOCKET_TIMEOUT, 0);
  });
  return 0;
}

bool CurlMulti::watch(curl_socket_t socket, int what) {
  auto& place = watches_[socket];
  if (!place) {
    place = std::make_shared<Watch>(io_);
    error_code error;
    place->descriptor.assign(socket, error);
    if (error) {
      log::error("socket_watch_failed", {{"cause", error.message()}});
      watches_.erase(socket);
      return false;
    }
  }
  place->wanted = what;
  const auto watch = place;
  wait_where_wanted(socket, watch);
  return true;
}

void CurlMulti::unwatch(curl_socket_t socket) {
  const auto found = watches_.find(socket);
  if (found == watches_.end()) return;
  found->second->removed = true;
  found->second->descriptor.release();
  watches_.erase(found);
}

void CurlMulti::wait_where_wanted(curl_socket_t socket, const std::shared_ptr<Watch>& watch) {
  const auto wait = [&](bool& awaits, int direction, Descriptor::wait_type type) {
    if (awaits || (watch->wanted & direction) == 0) return;
    awaits = true;
    watch->descriptor.async_wait(type, [weak = weak_from_this(), socket, watch, direction](error_code error) {
      if (const auto alive = weak.lock()) alive->ready(socket, watch, direction, static_cast<bool>(error));
    });
  };
  wait(watch->awaits_read, CURL_POLL_IN, Descriptor::wait_read);
  wait(watch->awaits_write, CURL_POLL_OUT, Descriptor::wait_write);
}

void CurlMulti::ready(curl_socket_t socket, const std::shared_ptr<Watch>& watch, int direction, bool failed) {
  (direction == CURL_POLL_IN ? watch->awaits_read : watch->awaits_write) = false;
  if (watch->removed || (watch->wanted & direction) == 0) return;
  act(socket, failed ? CURL_CSELECT_ERR : direction == CURL_POLL_IN ? CURL_CSELECT_IN : CURL_CSELECT_OUT);
  if (!watch->removed) wait_where_wanted(socket, watch);
}

void CurlMulti::act(curl_socket_t socket, int events) {
  int running = 0;
  curl_multi_socket_action(multi_, socket, events, &running);
  collect();
}

void CurlMulti::collect() {
  int left = 0;
  while (const auto* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    auto* easy = message->easy_handle;
    const auto code = message->data.result;  // the message dies with the removal
    curl_multi_remove_handle(multi_, easy);
    complete(easy, code);
  }
}

void CurlMulti::complete(CURL* easy, CURLcode code) {
  auto found = waiting_.extract(easy);
  if (found.empty()) return;
  asio::post(io_, [resume = std::move(found.mapped()), code]() mutable { resume(code); });
}

}  // namespace belay::net
