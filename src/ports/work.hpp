// The worker as the rest of the house sees it: it is told that there is something new, or handed a row that it begins at once.
#pragma once

#include <optional>

#include "base/task.hpp"
#include "ports/storage.hpp"

namespace belay::ports {

class Work {
 public:
  virtual ~Work() = default;
  /// The outbox has something new: look at it.
  virtual void ring() = 0;
  /// For a row that is about to be written and is to be begun without a look at the outbox. Nothing: enough is under way, the row has to wait its turn.
  [[nodiscard]] virtual std::optional<Lease> lease() = 0;
  /// Begins a row that was put with such a lease, once that is committed, and does not wait for its end.
  virtual Task<void> begin(OutboxRow row) = 0;
};

}  // namespace belay::ports
