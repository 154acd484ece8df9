// Atlassian's personal data reporting: whose ids are kept is reported once a cycle, and what the answer asks for is done (docs/personal-data.md).
#pragma once

#include "desk/steps.hpp"

namespace belay::desk {

/// Nobody reports by themselves: the hourly tick asks for it, once. Inside a unit of work.
void begin_reporting(const Doors& doors, ports::UnitOfWork& unit, const InstallationId& installation);

class AccountReporting final {
 public:
  explicit AccountReporting(const Doors& doors) : doors_(doors) {}

  /// accounts.report, subject: installation. Lists whose ids are kept once an hour, and reports those whose turn it is, ninety in a step, one request
  /// after the other. What was answered is recorded with what has to follow, in one unit of work. Comes round hourly, and a day after a refusal.
  Task<StepResult> report(ports::OutboxRow row);

 private:
  Task<Result<void>> list(ports::OutboxRow row, ports::Installation installation, std::optional<ports::AccountReport> last);

  const Doors& doors_;
};

}  // namespace belay::desk
