// Identical reads under way share one call: the first caller starts it, those who come while it runs wait for its answer.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/task.hpp"

namespace belay::net {

/// The call belongs to nobody who waits: it runs as a task of its own, so that a caller that goes away (the first one too)
/// takes nothing from the others. Waiters get copies. Nothing is kept once the call has ended.
/// On one thread. `Value` must be copyable.
template <class Value>
class SingleFlight final {
 public:
  explicit SingleFlight(boost::asio::io_context& io) : io_(io) {}

  /// Runs `call` unless one with this key is under way. Nothing when `patience` ends first, or when the call threw;
  /// the call itself goes on.
  Task<std::optional<Value>> share(std::string key, std::chrono::milliseconds patience, std::function<Task<Value>()> call) {
    auto& place = (*flights_)[key];
    auto flight = place.lock();
    if (!flight) {
      flight = std::make_shared<Flight>(io_);
      place = flight;
      boost::asio::co_spawn(io_, call(), [flights = flights_, flight, key](std::exception_ptr exception, Value value) {
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
    explicit Flight(boost::asio::io_context&) {}
    std::optional<Value> value;
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
    co_return flight->value;
  }

  boost::asio::io_context& io_;
  std::shared_ptr<std::map<std::string, std::weak_ptr<Flight>>> flights_ = std::make_shared<std::map<std::string, std::weak_ptr<Flight>>>();
};

}  // namespace belay::net
