#include "net/server.hpp"

#include <exception>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.hpp"
#include "net/session.hpp"

namespace belay::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

using Acceptor = asio::basic_socket_acceptor<tcp, asio::io_context::executor_type>;

// How exactly deadlines are kept: one clock for all connections, instead of a timer for every read and write.
constexpr std::chrono::milliseconds kCoarsestTick{500};
constexpr std::chrono::milliseconds kFinestTick{5};
// After an accept that failed for want of descriptors or memory.
constexpr std::chrono::milliseconds kAcceptPause{100};

std::chrono::milliseconds tick_for(const ServerLimits& limits) {
  const auto shortest = std::min({limits.header_deadline, limits.body_deadline, limits.write_deadline, limits.idle});
  return std::clamp(shortest / 8, kFinestTick, kCoarsestTick);
}

void log_failure(std::exception_ptr exception) {
  if (!exception) return;
  try {
    std::rethrow_exception(exception);
  } catch (const std::exception& problem) {
    log::error("connection_failed", {{"cause", problem.what()}});
  }
}

}  // namespace

struct Server::Implementation {
  Implementation(asio::io_context& context, ServerSettings settings, Handler handler)
      : io(context),
        acceptor(context),
        clock(context),
        connections(std::make_shared<Connections>(context, std::move(settings), std::move(handler))),
        tick(tick_for(connections->settings.limits)) {}

  static Task<void> accept(std::shared_ptr<Implementation> self);
  static Task<void> keep_deadlines(std::shared_ptr<Implementation> self);
  Result<void> listen();
  Task<void> wait_for_room();
  void close();

  asio::io_context& io;
  Acceptor acceptor;
  asio::steady_timer clock;
  std::shared_ptr<Connections> connections;
  std::chrono::milliseconds tick;
  std::uint16_t port = 0;
  bool closed = false;
};

Result<void> Server::Implementation::listen() {
  const auto& settings = connections->settings;
  BELAY_TRY(trusted, TrustedProxies::read(settings.trusted_proxies));
  connections->trusted = std::move(trusted);
  const auto refused = [&](const error_code& error) {
    return fail("listen_failed", settings.address + " port " + std::to_string(settings.port) + ": " + error.message(),
                {{"address", settings.address}, {"port", settings.port}, {"reason", error.message()}});
  };
  error_code error;
  const auto address = asio::ip::make_address(settings.address, error);
  if (error) return refused(error);
  const tcp::endpoint endpoint{address, settings.port};
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address{true}, error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (!error) port = acceptor.local_endpoint(error).port();
  if (error) {
    error_code ignored;  // the first reason is the one that is told
    acceptor.close(ignored);
    return refused(error);
  }
  return {};
}

Task<void> Server::Implementation::accept(std::shared_ptr<Implementation> self) {
  while (true) {
    co_await self->wait_for_room();
    if (self->closed) co_return;
    error_code error;
    Socket socket{self->io};
    co_await self->acceptor.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
    if (self->closed) co_return;
    if (!error) {
      asio::co_spawn(self->io, serve_connection(self->connections, std::move(socket)), log_failure);
      continue;
    }
    if (error == asio::error::connection_aborted) continue;
    log::warning("accept_failed", {{"cause", error.message()}});
    asio::steady_timer pause{self->io, kAcceptPause};
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
  }
}

Task<void> Server::Implementation::wait_for_room() {
  while (!closed && connections->sessions.size() >= connections->settings.limits.max_connections) {
    error_code woken;
    connections->session_ended.expires_at(std::chrono::steady_clock::time_point::max());
    co_await connections->session_ended.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
}

Task<void> Server::Implementation::keep_deadlines(std::shared_ptr<Implementation> self) {
  while (!self->closed || !self->connections->sessions.empty()) {
    error_code error;
    self->clock.expires_after(self->tick);
    co_await self->clock.async_wait(asio::redirect_error(asio::use_awaitable, error));
    const auto now = std::chrono::steady_clock::now();
    for (auto* session : self->connections->sessions) session->check_deadline(now);
  }
}

void Server::Implementation::close() {
  closed = true;
  connections->draining = true;
  error_code ignored;
  acceptor.close(ignored);
  clock.cancel();
  connections->session_ended.cancel();
}

Server::Server(asio::io_context& io, ServerSettings settings, Handler handler)
    : implementation_(std::make_shared<Implementation>(io, std::move(settings), std::move(handler))) {}

Server::~Server() {
  implementation_->close();
  for (auto* session : implementation_->connections->sessions) session->cut();
}

Result<void> Server::start() {
  BELAY_CHECK(implementation_->listen());
  asio::co_spawn(implementation_->io, Implementation::accept(implementation_), log_failure);
  asio::co_spawn(implementation_->io, Implementation::keep_deadlines(implementation_), log_failure);
  return {};
}

std::uint16_t Server::port() const { return implementation_->port; }

std::size_t Server::open_connections() const { return implementation_->connections->sessions.size(); }

Task<void> Server::drain(std::chrono::milliseconds patience) {
  const auto self = implementation_;
  auto& connections = *self->connections;
  const auto until = std::chrono::steady_clock::now() + patience;
  self->close();
  for (auto* session : connections.sessions) session->end_if_idle();
  while (!connections.sessions.empty() && std::chrono::steady_clock::now() < until) {
    error_code woken;
    connections.session_ended.expires_at(until);
    co_await connections.session_ended.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
  for (auto* session : connections.sessions) session->cut();
}

}  // namespace belay::net
