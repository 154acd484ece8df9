#include "base/task_group.hpp"

#include <exception>
#include <optional>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.hpp"

namespace belay {

struct TaskGroup::State {
  std::size_t running = 0;
  std::optional<boost::asio::steady_timer> change;  // never fires: cancelled whenever a task ends
};

namespace {

void log_failure(const std::string& name, const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    log::error("task_failed", {{"task", name}, {"what", error.what()}});
  } catch (...) {
    log::error("task_failed", {{"task", name}});
  }
}

}  // namespace

TaskGroup::TaskGroup() : state_(std::make_shared<State>()) {}

std::size_t TaskGroup::running() const { return state_->running; }

Task<void> TaskGroup::start(std::string_view name, Task<void> task) {
  const auto executor = co_await boost::asio::this_coro::executor;
  ++state_->running;
  boost::asio::co_spawn(executor, std::move(task), [state = state_, label = std::string(name)](std::exception_ptr failure) {
    if (failure) log_failure(label, failure);
    --state->running;
    if (state->change) state->change->cancel();
  });
}

Task<void> TaskGroup::fewer_than(std::size_t count) {
  const auto state = state_;
  if (!state->change) state->change.emplace(co_await boost::asio::this_coro::executor);
  while (state->running >= count) {
    state->change->expires_at(std::chrono::steady_clock::time_point::max());
    boost::system::error_code cancelled;
    co_await state->change->async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
  }
}

}  // namespace belay
