// What is kept about one account, for a Jira admin: who there is, how much it is, the whole of it as a file, and its erase (docs/personal-data.md).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "desk/account_names.hpp"
#include "desk/admission.hpp"
#include "desk/doors.hpp"

namespace belay::desk {

/// Everybody whose id is kept, in whatever place: by id, behind `after`.
[[nodiscard]] std::vector<AccountId> accounts_kept(const Doors& doors, ports::UnitOfWork& unit, const InstallationId& installation, const AccountId& after, std::size_t most);

/// All for Jira admins on the admin page: `forbidden` otherwise.
class PersonalData final {
 public:
  PersonalData(const Doors& doors, Admission& admission, AccountNames& names) : doors_(doors), admission_(admission), names_(names) {}

  /// Whose ids are kept, by id, behind `after`, and when they were reported to Atlassian: the schema AccountsAnswer.
  Task<Result<json::object>> accounts(Caller caller, AccountId after);
  /// The schema AccountDataAnswer; of somebody of whom nothing is kept, too.
  Task<Result<json::object>> view(Caller caller, AccountId account);
  /// One piece of the file: the schema AccountExportAnswer. `invalid_field` for a cursor that no answer of ours ever said.
  Task<Result<json::object>> file(Caller caller, AccountId account, std::string cursor);
  /// Begins to erase, and answers as view() would have just then, `erasing` with it.
  Task<Result<json::object>> erase(Caller caller, AccountId account);

 private:
  const Doors& doors_;
  Admission& admission_;
  AccountNames& names_;
};

}  // namespace belay::desk
