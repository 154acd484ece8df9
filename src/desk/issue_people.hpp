// Who takes part in an issue besides those the ticket names: whoever commented, and the participants of a request.
#pragma once

#include <optional>
#include <tuple>
#include <vector>

#include "base/bell.hpp"
#include "base/task_group.hpp"
#include "desk/admission.hpp"
#include "desk/doors.hpp"
#include "desk/remembered.hpp"
#include "desk/rosters.hpp"
#include "support/people.hpp"

namespace belay::desk {

/// Changes of participants are not told by events.
inline constexpr Milliseconds kParticipantsLife{60'000};

/// What a look at participants waits for. `known`: for nothing, they are read for the next one; a panel waits for the first page alone, whoever
/// looks for one person for all of them.
enum class Extent { known, first_page, all };

struct Takers {
  RosterNow roster;
  std::vector<AccountId> participants;   ///< of a request; empty elsewhere
  bool participants_cut = false;         ///< there are more than are read
  bool participants_late = false;        ///< there are more, and they are being read
  std::optional<Error> commenters_failure;     ///< some who commented may be missing
  std::optional<Error> participants_failure;   ///< some who take part may be missing
  [[nodiscard]] const std::optional<Error>& failure() const { return commenters_failure ? commenters_failure : participants_failure; }
};

class IssuePeople final {
 public:
  IssuePeople(const Doors& doors, Rosters& rosters) : doors_(doors), rosters_(rosters) {}

  /// Comments and participants at the same time, with the caller's own rights; from memory where they are known. `request`: the issue belongs
  /// to a service project, or may. `stored` has to outlive the task.
  Task<Takers> look(ports::Call call, AccountId caller, IssueId issue, bool request, const std::optional<ports::Roster>& stored, Extent extent);

  /// Until when look() would give the same without asking.
  [[nodiscard]] Time good_until(const InstallationId& installation, const AccountId& caller, const IssueId& issue, bool request, const std::optional<ports::Roster>& stored) const;

  struct Participants {
    std::vector<AccountId> accounts;
    bool cut = false;                    ///< there are more than are read
    bool late = false;                   ///< more are being read
    std::optional<Error> failure;        ///< why some did not come
  };
  /// The participants alone. What lies behind the first page is read with the same rights and kept, also when nobody waits for it.
  Task<Participants> participants(ports::Call call, AccountId caller, IssueId issue, Extent extent);
  static void take(Takers& takers, Participants taking_part);

  void forget(const InstallationId& installation);
  /// Drops what is over. To be called every minute.
  void tidy();
  [[nodiscard]] std::size_t held() const { return participants_.held() + no_request_.held(); }

 private:
  using Viewer = std::tuple<InstallationId, AccountId, IssueId>;
  using Request = std::tuple<InstallationId, IssueId>;
  struct NoRequest {};
  struct Reading {
    Participants found;                  // of the last reading, too, while a new one is under way
    Time asked_at;
  };

  [[nodiscard]] const Reading* known(const Request& request) const;
  Task<std::optional<Error>> read_first(Request request, ports::Call call, AccountId caller);
  Task<void> read_for_later(Request request, ports::Call call, AccountId caller);
  Task<void> read_on(Request request, ports::Call call, AccountId caller, std::size_t start, std::vector<AccountId> first);

  const Doors& doors_;
  Rosters& rosters_;
  Remembered<Request, Reading> participants_;
  Remembered<Viewer, NoRequest> no_request_;   // whom Jira told that there is none
  Bell news_;                                  // further pages came, or did not
  TaskGroup questions_;
};

[[nodiscard]] support::NamedPeople named_people(const ports::Ticket& ticket, Takers takers);

/// As if only this person were named, in their roles.
[[nodiscard]] support::NamedPeople only(const support::NamedPeople& named, const AccountId& person);

}  // namespace belay::desk
