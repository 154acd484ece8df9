#include <list>

#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/runtime.hpp"

namespace belay::net {

namespace asio = boost::asio;

namespace {

struct Waiter {
  asio::steady_timer timer;
  bool notified = false;
};

}  // namespace

struct Signal::Implementation {
  explicit Implementation(asio::io_context& context) : io(context) {}

  asio::io_context& io;
  std::list<Waiter> waiters;
  bool kept = false;
};

Signal::Signal(asio::io_context& io) : implementation_(std::make_shared<Implementation>(io)) {}

Signal::~Signal() {
  // Who still waits is told that nothing came.
  for (auto& waiter : implementation_->waiters) waiter.timer.cancel();
}

void Signal::notify() {
  auto& state = *implementation_;
  if (state.waiters.empty()) state.kept = true;
  for (auto& waiter : state.waiters) {
    waiter.notified = true;
    waiter.timer.cancel();
  }
}

Task<bool> Signal::wait(std::chrono::milliseconds patience) {
  const auto state = implementation_;  // outlives the Signal if need be
  if (state->kept) {
    state->kept = false;
    co_return true;
  }
  struct Place {
    std::list<Waiter>& waiters;
    std::list<Waiter>::iterator self;
    ~Place() { waiters.erase(self); }
  };
  const Place place{state->waiters, state->waiters.insert(state->waiters.end(), Waiter{asio::steady_timer{state->io, patience}})};
  boost::system::error_code cancelled;  // the flag says why the wait ended
  co_await place.self->timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  co_return place.self->notified;
}

}  // namespace belay::net
