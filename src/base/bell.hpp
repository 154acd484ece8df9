// Coroutines that wait for somebody else's news: a bell wakes all who wait for it, and keeps nothing for those who come later.
#pragma once

#include <memory>

#include "base/task.hpp"
#include "base/time.hpp"

namespace belay {

/// Lives on the house's one thread; may go while somebody waits, who then has waited in vain.
class Bell final {
 public:
  Bell();
  ~Bell();
  Bell(const Bell&) = delete;
  Bell& operator=(const Bell&) = delete;

  void ring();
  /// True when it rang, false when `patience` ended first.
  Task<bool> wait(Milliseconds patience);

 private:
  struct Waiters;
  std::shared_ptr<Waiters> waiters_;
};

}  // namespace belay
