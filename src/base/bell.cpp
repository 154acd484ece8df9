#include "base/bell.hpp"

#include <algorithm>
#include <vector>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace belay {

struct Bell::Waiters {
  struct Waiter { boost::asio::steady_timer timer; bool rung = false; };
  std::vector<Waiter*> all;
};

Bell::Bell() : waiters_(std::make_shared<Waiters>()) {}

Bell::~Bell() {
  for (auto* waiter : waiters_->all) waiter->timer.cancel();
}

void Bell::ring() {
  for (auto* waiter : waiters_->all) {
    waiter->rung = true;
    waiter->timer.cancel();
  }
}

Task<bool> Bell::wait(Milliseconds patience) {
  const auto waiters = waiters_;
  Waiters::Waiter waiter{boost::asio::steady_timer{co_await boost::asio::this_coro::executor, patience}};
  struct Place {
    std::vector<Waiters::Waiter*>& all;
    Waiters::Waiter* own;
    ~Place() { std::erase(all, own); }
  };
  waiters->all.push_back(&waiter);
  const Place place{waiters->all, &waiter};
  boost::system::error_code cancelled;
  co_await waiter.timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
  co_return waiter.rung;
}

}  // namespace belay
