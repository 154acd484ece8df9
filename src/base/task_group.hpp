// Tasks that run beside the one that started them, with an owner that awaits them before it goes.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "base/task.hpp"

namespace belay {

/// Lives on the house's one thread. Await `all_done()` before destroying what the tasks use.
class TaskGroup final {
 public:
  TaskGroup();

  /// Starts `task` on the executor of the calling coroutine. An exception is logged under `name`: nobody else would see it.
  Task<void> start(std::string_view name, Task<void> task);

  [[nodiscard]] std::size_t running() const;
  /// Returns once fewer than `count` are running.
  Task<void> fewer_than(std::size_t count);
  Task<void> all_done() { return fewer_than(1); }

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace belay
