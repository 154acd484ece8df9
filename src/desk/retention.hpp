// What is over is erased when it is older than the admin wants to keep it: support sessions with all that was said of them, entries of the audit log,
// invitations, lists of who commented, what was set aside (docs/personal-data.md). In batches, so that nobody waits for a long one.
#pragma once

#include <optional>

#include "desk/admission.hpp"
#include "desk/steps.hpp"

namespace belay::desk {

/// Asks for the look at what is too old, now. Inside a unit of work. Nothing happens where everything is kept.
void begin_retention(const Doors& doors, ports::UnitOfWork& unit, const InstallationId& installation, const std::string& trace_id = {});

class Retention final {
 public:
  Retention(const Doors& doors, Admission& admission) : doors_(doors), admission_(admission) {}

  /// For Jira admins: the schema RetentionAnswer. `days`: counted as if that were the setting; absent: the setting.
  Task<Result<json::object>> view(Caller caller, std::optional<int> days);

  /// retention.erase, subject: installation. Some batches, then the others have their turn; comes round hourly. A setting that is changed meanwhile
  /// holds from the next batch on.
  Task<StepResult> erase(ports::OutboxRow row);

 private:
  const Doors& doors_;
  Admission& admission_;
};

}  // namespace belay::desk
