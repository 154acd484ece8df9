#include "base/task.hpp"

#include <exception>
#include <memory>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace belay {
namespace {

// Shared by the tasks of one all_of: the last to end wakes the waiter.
struct Gathering {
  explicit Gathering(const boost::asio::any_io_executor& executor) : done(executor) {}

  std::size_t running = 0;
  std::exception_ptr first_exception;
  boost::asio::steady_timer done;
};

}  // namespace

Task<void> all_of(std::vector<Task<void>> tasks) {
  if (tasks.empty()) co_return;
  if (tasks.size() == 1) {
    co_await std::move(tasks.front());
    co_return;
  }
  const auto executor = co_await boost::asio::this_coro::executor;
  const auto gathering = std::make_shared<Gathering>(executor);
  gathering->running = tasks.size();
  gathering->done.expires_at(std::chrono::steady_clock::time_point::max());
  for (auto& task : tasks) {
    boost::asio::co_spawn(executor, std::move(task), [gathering](std::exception_ptr exception) {
      if (exception && !gathering->first_exception) gathering->first_exception = exception;
      if (--gathering->running == 0) gathering->done.cancel();
    });
  }
  while (gathering->running > 0) {
    boost::system::error_code cancelled;  // the timer never fires: it is cancelled by the last task
    co_await gathering->done.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
  }
  if (gathering->first_exception) std::rethrow_exception(gathering->first_exception);
}

}  // namespace belay
