#include "net/session.hpp"

#include <array>
#include <ctime>
#include <exception>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "base/log.hpp"
#include "net/response_head.hpp"

namespace belay::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// One read. Holds a request with its tokens; more is read in further steps.
constexpr std::size_t kReadSize = 8 * 1024;

// After a refusal the client may still be sending. Closing at once would reset the connection and lose the answer, so what
// comes is thrown away for a while (RFC 9112, section 9.6).
constexpr std::chrono::milliseconds kLingerTime{2'000};
constexpr std::size_t kLingerBytes = 8 * 1024 * 1024;

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

Connections::Connections(asio::io_context& io, ServerSettings server_settings, Handler request_handler)
    : settings(std::move(server_settings)), handler(std::move(request_handler)), session_ended(io) {}

Response Connections::refuse(unsigned status, std::string_view reason) const {
  if (settings.refuse) return settings.refuse(status, reason);
  Response response{.status = status, .headers = {{"Content-Type", "application/json"}}, .body = {}};
  response.body.append(R"({"code":")").append(reason).append(R"(","message":")").append(reason).append(R"("})");
  return response;
}

std::string_view Connections::date() {
  const std::int64_t now = std::time(nullptr);
  if (now != date_second_) {
    date_second_ = now;
    date_ = to_http_date(now);
  }
  return date_;
}

Session::Session(std::shared_ptr<Connections> home, Socket socket) : home_(std::move(home)), socket_(std::move(socket)) {
  error_code ignored;  // a connection that is gone already shows itself at the first read
  socket_.set_option(asio::ip::tcp::no_delay{true}, ignored);
  socket_.non_blocking(true, ignored);
  peer_address_ = socket_.remote_endpoint(ignored).address();
  peer_ = peer_address_.to_string();
  place_ = home_->sessions.insert(home_->sessions.end(), this);
}

Session::~Session() {
  home_->sessions.erase(place_);
  home_->session_ended.cancel();
}

void Session::check_deadline(std::chrono::steady_clock::time_point now) {
  if (now < deadline_) return;
  overdue_ = true;
  error_code ignored;
  socket_.cancel(ignored);
}

void Session::end_if_idle() {
  if (idle_) cut();
}

void Session::cut() {
  error_code ignored;
  socket_.close(ignored);
}

void Session::wait_at_most(std::chrono::milliseconds time) {
  overdue_ = false;
  deadline_ = std::chrono::steady_clock::now() + time;
}

std::string_view Session::unread() const {
  const auto bytes = buffer_.cdata();
  return {static_cast<const char*>(bytes.data()), bytes.size()};
}

Session::Reading Session::refuse(unsigned status, std::string_view reason) {
  refusal_ = {status, reason};
  return Reading::refused;
}

Task<void> Session::run() {
  bool more = true;
  while (more) more = co_await exchange();
}

Task<bool> Session::exchange() {
  if (!co_await wait_for_request()) co_return false;

  const auto& settings = home_->settings;
  RequestParser parser{settings.limits.max_header, settings.limits.max_body, settings.limits.max_long_body, settings.takes_long_body};
  const auto reading = co_await read_request(parser);
  if (reading == Reading::gone) co_return false;
  if (reading == Reading::refused) {
    const auto refused = home_->refuse(refusal_.status, refusal_.reason);
    if (co_await send(refused, false, false, false)) co_await linger();
    co_return false;
  }

  const bool head_only = parser.request.method == "HEAD";
  const bool http_1_0 = parser.is_http_1_0();
  const bool wants_more = parser.wants_keep_alive();
  parser.request.peer = home_->trusted.empty() ? peer_ : home_->trusted.client_of(peer_address_, parser.request.headers);
  deadline_ = std::chrono::steady_clock::time_point::max();  // the handler has deadlines of its own
  const auto response = co_await answer(std::move(parser.request));
  if (response.status == 0) co_return false;

  const bool keep_alive = wants_more && !home_->draining;
  if (!co_await send(response, keep_alive, http_1_0, head_only)) co_return false;
  if (keep_alive) co_return true;
  if (!unread().empty()) co_await linger();
  co_return false;
}

// Waits without a buffer, so that an idle connection holds none.
Task<bool> Session::wait_for_request() {
  if (!unread().empty()) co_return !home_->draining;
  if (home_->draining) co_return false;
  buffer_.clear();
  buffer_.shrink_to_fit();
  wait_at_most(home_->settings.limits.idle);
  idle_ = true;
  error_code error;
  co_await socket_.async_wait(Socket::wait_read, asio::redirect_error(asio::use_awaitable, error));
  idle_ = false;
  if (error) co_return false;
  const auto received = socket_.read_some(buffer_.prepare(kReadSize), error);
  if (error) co_return error == asio::error::would_block;
  buffer_.commit(received);
  co_return true;
}

Task<Session::Reading> Session::read_request(RequestParser& parser) {
  wait_at_most(home_->settings.limits.header_deadline);
  while (true) {
    // An empty line before a request is skipped (RFC 9112, section 2.2).
    if (!parser.has_begun() && unread().starts_with("\r\n")) buffer_.consume(2);
    auto progress = RequestParser::Progress::need_more;
    if (!unread().empty()) {
      const auto step = parser.parse(unread());
      buffer_.consume(step.used);
      progress = step.progress;
    }
    switch (progress) {
      case RequestParser::Progress::complete: co_return Reading::complete;
      case RequestParser::Progress::bad_request: co_return refuse(400, "bad_request");
      case RequestParser::Progress::header_too_large: co_return refuse(431, "header_too_large");
      case RequestParser::Progress::body_too_large: co_return refuse(413, "too_large");
      case RequestParser::Progress::header_complete:
        if (!co_await invite_body(parser)) co_return Reading::gone;
        break;
      case RequestParser::Progress::need_more:
        if (co_await receive()) break;
        if (overdue_ && parser.has_begun()) co_return refuse(408, "timeout");
        co_return Reading::gone;
    }
  }
}

Task<bool> Session::invite_body(const RequestParser& parser) {
  wait_at_most(home_->settings.limits.body_deadline);
  if (!parser.expects_continue() || !unread().empty()) co_return true;
  co_return co_await write(kContinue, {});
}

Task<bool> Session::receive() {
  error_code error;
  const auto received = co_await socket_.async_read_some(buffer_.prepare(kReadSize), asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return false;
  buffer_.commit(received);
  co_return true;
}

Task<Response> Session::answer(Request request) {
  try {
    co_return co_await home_->handler(std::move(request));
  } catch (const std::exception& problem) {
    log::error("handler_failed", {{"cause", problem.what()}});
  }
  co_return home_->refuse(500, "internal_error");
}

Task<bool> Session::send(const Response& response, bool keep_alive, bool http_1_0, bool head_only) {
  write_head(head_, response, {.keep_alive = keep_alive, .http_1_0 = http_1_0, .date = home_->date()});
  wait_at_most(home_->settings.limits.write_deadline);
  const bool with_body = !head_only && has_body(response.status);
  co_return co_await write(head_, with_body ? std::string_view{response.body} : std::string_view{});
}

// Nearly every answer fits into the socket's buffer: then nothing is waited for.
Task<bool> Session::write(std::string_view first, std::string_view second) {
  std::array<asio::const_buffer, 2> buffers{asio::buffer(first), asio::buffer(second)};
  error_code error;
  auto written = socket_.write_some(buffers, error);
  if (error && error != asio::error::would_block) co_return false;
  for (auto& buffer : buffers) {
    const auto done = std::min(written, buffer.size());
    buffer += done;
    written -= done;
  }
  if (asio::buffer_size(buffers) == 0) co_return true;
  co_await asio::async_write(socket_, buffers, asio::redirect_error(asio::use_awaitable, error));
  co_return !error;
}

Task<void> Session::linger() {
  error_code error;
  socket_.shutdown(Socket::shutdown_send, error);
  wait_at_most(kLingerTime);
  idle_ = true;  // a drain need not wait for this
  std::size_t thrown_away = 0;
  while (!error && thrown_away < kLingerBytes) {
    buffer_.clear();
    thrown_away += co_await socket_.async_read_some(buffer_.prepare(kReadSize), asio::redirect_error(asio::use_awaitable, error));
  }
}

Task<void> serve_connection(std::shared_ptr<Connections> home, Socket socket) {
  Session session{std::move(home), std::move(socket)};
  co_await session.run();
}

}  // namespace belay::net
