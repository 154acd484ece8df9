// Who has spoken on an issue. The newest two pages of comments give the first answer; the rest is read once, four pages at a time, by the
// worker; afterwards comment events and the newest page keep it true, and only where a comment went that was somebody's last is it read anew. So a cold panel of a huge issue costs few calls, a warm one none.
//
// Nothing of it is forced to the disk, for which a panel would wait: what a power cut takes is read from Jira once more.
//
// The roster is kept for the issue, and everybody sees of it what they may: authors of comments that only a role or group may read are
// shown to whoever may read one of those comments, which Jira is asked for.
#pragma once

#include <map>
#include <tuple>

#include "desk/admission.hpp"
#include "desk/doors.hpp"
#include "desk/people_book.hpp"
#include "desk/remembered.hpp"
#include "desk/steps.hpp"

namespace belay::desk {

inline constexpr std::size_t kCommentsOfAPage = 100;
/// For events that were lost.
inline constexpr Milliseconds kRosterLife{600'000};
/// Roles and groups of a person change seldom, and nothing tells of it: as long as rights.
inline constexpr Milliseconds kRestrictionsLife = kRightsLife;

struct RosterNow {
  std::vector<support::Spoke> authors;          ///< those whom the caller may see
  bool complete = false;
  bool cut = false;                             ///< as in ports::Roster
  std::vector<ports::RosterAuthor> read;        ///< Jira was asked: worth keeping
  std::vector<CommentId> gone;                  ///< the same, of what had been read before: deleted, or restricted since
  std::optional<ports::RosterProgress> fresh;   ///< the same
  std::optional<Error> failure;                 ///< some may be missing
};

/// That comment is gone, or restricted to those from now on. Whoever wrote it last leaves the list of everybody else; where they may have written more than
/// a page ago, all comments are read anew, a moment later, so that many deletions are one reading. Nothing happens where it is nobody's last one.
void take_off(const Doors& doors, ports::UnitOfWork& unit, const InstallationId& installation, const IssueId& issue, const CommentId& comment,
              const std::optional<std::string>& now_restricted_to = {});

class Rosters final {
 public:
  Rosters(const Doors& doors, PeopleBook& people) : doors_(doors), people_(people) {}

  /// `stored`: as the storage has it; it has to outlive the task. Asks Jira, with the caller's own rights, only where that is nothing, or old, or where it is not known
  /// whether they may see somebody. Where the app may not read the older comments, that is its `failure`. Errors: what Jira answers; nothing is lost by them.
  Task<Result<RosterNow>> look(ports::Call call, AccountId caller, IssueId issue, const std::optional<ports::Roster>& stored);

  /// Stores what look() gave, and what the worker has to read on, without waking it. Only once the caller was let in: the worker reads as the app.
  Task<Result<void>> keep(InstallationId installation, IssueId issue, RosterNow now);

  /// Until when look() gives this caller the same without asking Jira.
  [[nodiscard]] Time good_until(const InstallationId& installation, const AccountId& caller, const IssueId& issue, const std::optional<ports::Roster>& stored) const;

  /// roster.read, subject: issue id. Reads older comments until there are none.
  Task<StepResult> read(ports::OutboxRow row);

  /// What is in memory of who may read what; the rosters themselves are the storage's.
  void forget(const InstallationId& installation);
  /// Drops what is over. To be called every minute.
  void tidy();
  [[nodiscard]] std::size_t held() const { return restrictions_.held() + refused_.held(); }

 private:
  using Viewer = std::tuple<InstallationId, AccountId, IssueId>;
  using Restricted = std::pair<Viewer, std::string>;

  [[nodiscard]] bool is_known(const std::optional<ports::Roster>& stored) const;
  Task<Result<void>> begin(InstallationId installation, IssueId issue);
  /// Asks what is not known about the restrictions that these wrote under.
  Task<Result<void>> learn_restrictions(ports::Call call, Viewer viewer, const std::vector<ports::RosterAuthor>& all);
  /// They were shown comments of these.
  void may_read(const Viewer& viewer, const std::vector<ports::RosterAuthor>& shown);
  /// Each once, with the last time among what this viewer may read.
  [[nodiscard]] std::vector<support::Spoke> seen_by(const Viewer& viewer, const std::vector<ports::RosterAuthor>& authors) const;
  Task<Result<RosterNow>> look_at(ports::Call call, Viewer viewer, const std::optional<ports::Roster>& stored);
  Task<Result<RosterNow>> look_first(ports::Call call, Viewer viewer);
  Task<Result<RosterNow>> look_again(ports::Call call, Viewer viewer, ports::Roster stored);
  Task<Result<ports::CommentPage>> page_as_app(ports::Call call, IssueId issue, std::size_t start);

  const Doors& doors_;
  PeopleBook& people_;
  Remembered<Restricted, bool> restrictions_;   // may they read it?
  Remembered<std::pair<InstallationId, IssueId>, Error> refused_;   // the app may not read on: until it is tried again
};

}  // namespace belay::desk
