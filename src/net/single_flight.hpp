// Identical reads under way share one call: the first caller starts it, those who come while it runs wait for its answer.
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/task.hpp"

namespace belay::net {

/// The call belongs to nobody who waits: it runs as a task of its own, so that a caller that goes away (the first one too)
/// takes nothing from the others. Waiters get copies, the last of them the value itself. Nothing is kept once the call has ended.
/// How long a call may take is for its waiters to say, and not for the first one alone: it is told until when the most patient waits, which those
/// who come later may put off.
/// On one thread. `Value` must be copyable.
template <class Value>
class SingleFlight final {
 public:
  using Time = std::chrono::steady_clock::time_point;
  /// When the last of the waiters gives up. It may become later while the call runs, never earlier.
  using Until = std::shared_ptr<const Time>;
  using Call = std::function<Task<Value>(Until)>;

  explicit SingleFlight(boost::asio::io_context& io) : io_(io) {}

  /// Runs `call` unless one with this key is under way. Nothing when `patience` ends first, or when the call threw;
  /// the call itself goes on.
  Task<std::optional<Value>> share(std::string key, std::chrono::milliseconds patience, Call call) {
    auto& place = (*flights_)[key];
    auto flight = place.lock();
    const auto until = std::chrono::steady_clock::now() + patience;
    if (flight) {
      *flight->until = std::max(*flight->until, until);
    } else {
      flight = std::make_shared<Flight>();
      *flight->until = until;
      place = flight;
      boost::asio::co_spawn(io_, call(flight->until), [flights = flights_, flight, key](std::exception_ptr exception, Value value) {
        if (!exception) flight->value.emplace(std::move(value));
        flight->ended = true;
        flights->erase(key);
        for (auto* waiter : flight->waiters) waiter->cancel();
      });
    }
    co_return co_await wait_for(std::move(flight), patience);
  }

  [[nodiscard]] std::size_t under_way() const { return flights_->size(); }

 private:
  struct Flight {
    std::optional<Value> value;
    std::shared_ptr<Time> until = std::make_shared<Time>();
    bool ended = false;
    std::vector<boost::asio::steady_timer*> waiters;
  };

  Task<std::optional<Value>> wait_for(std::shared_ptr<Flight> flight, std::chrono::milliseconds patience) {
    boost::asio::steady_timer timer{io_, patience};
    struct Place {
      Flight& flight;
      boost::asio::steady_timer* timer;
      ~Place() { std::erase(flight.waiters, timer); }
    };
    flight->waiters.push_back(&timer);
    const Place place{*flight, &timer};
    boost::system::error_code woken;  // the flight says whether it has ended
    if (!flight->ended) co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    if (flight->ended && flight->waiters.size() == 1) co_return std::move(flight->value);   // nobody else waits, and nobody comes any more
    co_return flight->value;
  }

  boost::asio::io_context& io_;
  std::shared_ptr<std::map<std::string, std::weak_ptr<Flight>>> flights_ = std::make_shared<std::map<std::string, std::weak_ptr<Flight>>>();
};

}  // namespace belay::net
