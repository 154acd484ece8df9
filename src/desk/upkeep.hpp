// Work that comes round by itself: the daily look at each link, and forgetting what has run out.
#pragma once

#include "desk/steps.hpp"

namespace belay::desk {

class Upkeep final {
 public:
  explicit Upkeep(const Doors& doors) : doors_(doors) {}

  /// link.check, subject: account id. Reads identity, licence and group at once after linking, then once a day.
  Task<StepResult> check_link(ports::OutboxRow row);

  /// Across tenants: expired tokens, attempts, idempotency keys. Called hourly by belayd.
  Task<Result<void>> tidy();

  /// Across tenants: what is unfinished and has no row of the outbox that will go on with it gets one. Nothing should ever be found; a row
  /// that an older version set aside, or that somebody erased by hand, must not leave a session, an ending link or a leaving installation waiting for
  /// good. What mends itself at the next change (a notice, a daily look) is left alone. Called with tidy().
  Task<Result<void>> mend();

 private:
  const Doors& doors_;
};

}  // namespace belay::desk
