// Work that comes round by itself: the daily look at each link, and forgetting what has run out.
#pragma once

#include "desk/steps.hpp"

namespace belay::desk {

class Upkeep final {
 public:
  explicit Upkeep(const Doors& doors) : doors_(doors) {}

  /// link.check, subject: account id. Reads identity and licence once a day.
  Task<StepResult> check_link(ports::OutboxRow row);

  /// Across tenants: expired tokens, attempts, idempotency keys. Called hourly by belayd.
  Task<Result<void>> tidy();

 private:
  const Doors& doors_;
};

}  // namespace belay::desk
