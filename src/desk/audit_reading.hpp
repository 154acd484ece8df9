// The audit log as a Jira admin reads it: by filters, newest first, a page at a time, and as a file (docs/audit.md).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "desk/account_names.hpp"
#include "desk/admission.hpp"
#include "desk/doors.hpp"

namespace belay::desk {

/// In place of an account: what Belay did by itself.
inline constexpr std::string_view kBelayItself = "belay";

/// What an admin asks for, as they know it.
struct AuditQuestion {
  std::optional<Time> from = {};
  std::optional<Time> to = {};                        ///< earlier than that
  std::optional<std::string> actor = {};              ///< an account, or kBelayItself
  std::optional<std::string> action = {};
  std::optional<std::string> issue = {};              ///< key, in capitals or not, or id
  std::optional<std::string> session = {};            ///< code, or id
  std::optional<std::string> person = {};
  std::optional<ports::AuditPlace> after = {};
};

enum class AuditFormat { csv, jsonl };

/// All for Jira admins on the admin page: `forbidden` otherwise. An issue or session that nobody knows is no error: nothing was done on it.
class AuditReading final {
 public:
  AuditReading(const Doors& doors, Admission& admission, AccountNames& names) : doors_(doors), admission_(admission), names_(names) {}

  /// The schema AuditAnswer.
  Task<Result<json::object>> entries(Caller caller, AuditQuestion question);
  /// One piece of the file, far below what Forge lets through: the schema AuditExportAnswer. The first one begins with the header line and says how many
  /// entries there are.
  Task<Result<json::object>> file(Caller caller, AuditQuestion question, AuditFormat format);
  /// Whom the log names, for a filter: the schema AuditPeopleAnswer.
  Task<Result<json::object>> people(Caller caller);

 private:
  Task<Result<std::optional<IssueId>>> issue_of(Caller caller, std::string named);
  /// Nothing: no entry can be of it.
  Task<Result<std::optional<ports::AuditFilter>>> filter_of(Caller caller, AuditQuestion question);
  struct Page { std::vector<ports::AuditEntry> entries; bool more = false; std::optional<std::int64_t> total; AccountNames::Seen seen; };
  enum class Counting { no, yes };
  Task<Result<Page>> read(Caller caller, AuditQuestion question, std::size_t most, Counting counting);

  const Doors& doors_;
  Admission& admission_;
  AccountNames& names_;
};

}  // namespace belay::desk
