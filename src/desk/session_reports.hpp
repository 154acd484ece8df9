// Reports over sessions as a Jira admin reads them: figures of a time, by day, agent and project, and a file with a line for each session
// (docs/reports.md).
#pragma once

#include <optional>
#include <string>

#include "desk/account_names.hpp"
#include "desk/admission.hpp"
#include "desk/doors.hpp"
#include "ports/place.hpp"
#include "support/session_figures.hpp"

namespace belay::desk {

/// What an admin asks for, as they know it.
struct ReportsQuestion {
  std::optional<Time> from = {};                 ///< sessions asked for then, or later; absent: thirty days, the last one included
  std::optional<Time> to = {};                   ///< earlier than that; absent: now
  std::optional<std::string> zone = {};          ///< an IANA name: where days begin; absent: UTC
  std::optional<std::string> agent = {};         ///< an account
  std::optional<std::string> project = {};       ///< a key, in capitals or not
  std::optional<ports::Place> after = {};        ///< of the file
};

inline constexpr std::int64_t kMostReportDays = 366;
/// They are read one after the other, and a few numbers of each are kept until the figures are made.
inline constexpr std::size_t kMostReportSessions = 200'000;

/// All for Jira admins on the admin page: `forbidden` otherwise. An agent or project that nobody knows has no sessions. `invalid_field` for a zone
/// that does not exist, an end that is not after the beginning, more than kMostReportDays, and figures of more than `most_sessions`.
class SessionReports final {
 public:
  SessionReports(const Doors& doors, Admission& admission, AccountNames& names, std::size_t most_sessions = kMostReportSessions)
      : doors_(doors), admission_(admission), names_(names), most_sessions_(most_sessions) {}

  /// The schema ReportsAnswer.
  Task<Result<json::object>> figures(Caller caller, ReportsQuestion question);
  /// One piece of the file, far below what Forge lets through: the schema ReportsExportAnswer. The first one begins with the header line and says how
  /// many sessions there are.
  Task<Result<json::object>> file(Caller caller, ReportsQuestion question);

 private:
  const Doors& doors_;
  Admission& admission_;
  AccountNames& names_;
  const std::size_t most_sessions_;
};

}  // namespace belay::desk
