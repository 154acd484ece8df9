#include "net/runtime.hpp"

#include <csignal>
#include <cstdlib>
#include <exception>
#include <optional>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.hpp"

namespace belay::net {

namespace asio = boost::asio;

struct Runtime::Implementation {
  asio::io_context io{1};  // one thread runs it; other threads only post
};

Runtime::Runtime() : implementation_(std::make_unique<Implementation>()) {}
Runtime::~Runtime() = default;

asio::io_context& Runtime::io() { return implementation_->io; }

int Runtime::run(Task<int> main, std::function<void()> on_signal) {
  auto& io = implementation_->io;
  io.restart();
  const auto work = asio::make_work_guard(io);

  asio::signal_set signals{io};
  if (on_signal) {
    signals.add(SIGINT);
    signals.add(SIGTERM);
  }
  signals.async_wait([&](boost::system::error_code error, int) {
    if (error) return;
    on_signal();
    signals.async_wait([](boost::system::error_code again, int number) {
      if (!again) std::_Exit(128 + number);  // whoever asks twice does not want to wait
    });
  });

  std::optional<int> status;
  std::exception_ptr thrown;
  asio::co_spawn(io, std::move(main), [&](std::exception_ptr exception, int result) {
    thrown = exception;
    status = result;
    io.stop();
  });
  io.run();
  if (thrown) std::rethrow_exception(thrown);
  return status.value_or(1);
}

void Runtime::spawn(std::string_view name, Task<void> task) {
  asio::co_spawn(implementation_->io, std::move(task), [name = std::string{name}](std::exception_ptr exception) {
    if (!exception) return;
    try {
      std::rethrow_exception(exception);
    } catch (const std::exception& problem) {
      log::error("task_failed", {{"task", name}, {"cause", problem.what()}});
    }
  });
}

Task<void> sleep_for(std::chrono::milliseconds time) {
  asio::steady_timer timer{co_await asio::this_coro::executor, time};
  co_await timer.async_wait(asio::use_awaitable);
}

}  // namespace belay::net
