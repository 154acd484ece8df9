// Who has spoken on an issue. The newest two pages of comments give the first answer; the rest is read once, four pages at a time, by the
// worker; afterwards comment events and the newest page keep it true. So a cold panel of a huge issue costs few calls, a warm one none.
#pragma once

#include "desk/doors.hpp"
#include "desk/people_book.hpp"
#include "desk/steps.hpp"

namespace belay::desk {

inline constexpr std::size_t kCommentsOfAPage = 100;
/// For events that were lost.
inline constexpr Milliseconds kRosterLife{600'000};

struct RosterNow {
  std::vector<support::Spoke> authors;
  bool complete = false;
  std::optional<ports::RosterProgress> fresh;   ///< Jira was asked: worth keeping
};

class Rosters final {
 public:
  Rosters(const Doors& doors, PeopleBook& people) : doors_(doors), people_(people) {}

  /// `stored`: as the storage has it. Asks Jira, with the caller's own rights, only where that is nothing, or old. Errors: what Jira answers;
  /// nothing is lost by them.
  Task<Result<RosterNow>> look(ports::Call call, AccountId caller, IssueId issue, std::optional<ports::Roster> stored);

  /// Stores what look() gave, and has the worker read on. Only once the caller was let in: the worker reads as the app.
  Task<Result<void>> keep(InstallationId installation, IssueId issue, RosterNow now);

  /// Would look() ask Jira?
  [[nodiscard]] bool is_known(const std::optional<ports::Roster>& stored) const;

  /// roster.read, subject: issue id. Reads older comments until there are none.
  Task<StepResult> read(ports::OutboxRow row);

 private:
  Task<Result<ports::CommentPage>> page_as_app(ports::Call call, IssueId issue, std::size_t start);

  const Doors& doors_;
  PeopleBook& people_;
};

}  // namespace belay::desk
