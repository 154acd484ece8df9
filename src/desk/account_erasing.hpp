// Erasing what is kept about one account, and bringing what it is called up to date (docs/personal-data.md). As long as it takes, in batches; whoever
// asks is answered at once. Idempotent: what is gone already is not looked for.
#pragma once

#include <string_view>

#include "desk/admission.hpp"
#include "desk/steps.hpp"

namespace belay::desk {

/// Who wants an account erased.
enum class EraseWish { admin, atlassian };
[[nodiscard]] std::string_view to_string(EraseWish wish);   ///< "asked", "closed"

/// What the account is known by once it is erased (kept_storage.hpp).
[[nodiscard]] ports::KeptStore::Listed as_listed(const Doors& doors, const InstallationId& installation, const AccountId& account);

/// Puts the row that erases the account, and what tells how far it is. Inside a unit of work. Nothing happens while that goes on already.
void begin_erasing(const Doors& doors, ports::UnitOfWork& unit, const InstallationId& installation, const AccountId& account, EraseWish wish, const std::string& trace_id = {});

class AccountErasing final {
 public:
  AccountErasing(const Doors& doors, Admission& admission) : doors_(doors), admission_(admission) {}

  /// account.erase, subject: account. First at the provider, as Disconnect does it; then here. Comes round until both are done.
  Task<StepResult> erase(ports::OutboxRow row);

  /// account.refresh, subject: account. Reads the name from Jira and puts it wherever it is kept; nothing else of the person is. Whom Jira does not
  /// know any more is erased.
  Task<StepResult> refresh(ports::OutboxRow row);

 private:
  Task<Result<bool>> give_back(ports::OutboxRow row, AccountId account);
  const Doors& doors_;
  Admission& admission_;
};

}  // namespace belay::desk
