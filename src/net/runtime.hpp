// The one thread on which coroutines run: an io_context with its signals, timers and a way to start and to end.
// Hides Asio's networking headers from the rooms above.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "base/task.hpp"

namespace boost::asio { class io_context; }

namespace belay::net {

class Runtime final {
 public:
  Runtime();
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  [[nodiscard]] boost::asio::io_context& io();

  /// Runs `main` until it returns, then stops everything left; gives back main's result. SIGINT and SIGTERM call `on_signal` (once; a
  /// second signal ends the process); without `on_signal` they end the process as ever. An exception of `main` is thrown here.
  int run(Task<int> main, std::function<void()> on_signal);

  /// Starts a task nobody waits for in this frame; the runtime owns it until it ends or the runtime does. Exceptions are logged under `name`.
  void spawn(std::string_view name, Task<void> task);

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

/// Waits on the calling coroutine's executor.
Task<void> sleep_for(std::chrono::milliseconds time);

/// A flag that coroutines can wait for, on one thread: `wait` returns true when notified, false after `patience`.
/// A notification without a waiter is kept for the next one.
class Signal final {
 public:
  explicit Signal(boost::asio::io_context& io);
  ~Signal();
  void notify();
  Task<bool> wait(std::chrono::milliseconds patience);

 private:
  struct Implementation;
  std::shared_ptr<Implementation> implementation_;
};

}  // namespace belay::net
