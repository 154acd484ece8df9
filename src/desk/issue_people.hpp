// Who takes part in an issue besides those the ticket names: whoever commented, and the participants of a request.
#pragma once

#include "desk/admission.hpp"
#include "desk/doors.hpp"
#include "desk/remembered.hpp"
#include "desk/rosters.hpp"
#include "support/people.hpp"

namespace belay::desk {

/// Changes of participants are not told by events.
inline constexpr Milliseconds kParticipantsLife{60'000};

struct Takers {
  RosterNow roster;
  std::vector<AccountId> participants;   ///< of a request; empty elsewhere
  bool participants_cut = false;         ///< there are more
  std::optional<Error> commenters_failure;     ///< some who commented may be missing
  std::optional<Error> participants_failure;   ///< some who take part may be missing
  [[nodiscard]] const std::optional<Error>& failure() const { return commenters_failure ? commenters_failure : participants_failure; }
};

class IssuePeople final {
 public:
  IssuePeople(const Doors& doors, Rosters& rosters) : doors_(doors), rosters_(rosters) {}

  /// Comments and participants at the same time, with the caller's own rights; from memory where they are known. `request`: the issue belongs
  /// to a service project.
  Task<Takers> look(ports::Call call, AccountId caller, IssueId issue, bool request, std::optional<ports::Roster> stored);

  /// Until when look() would give the same without asking.
  [[nodiscard]] Time good_until(const InstallationId& installation, const AccountId& caller, const IssueId& issue, bool request, const std::optional<ports::Roster>& stored) const;

  struct Participants {
    std::vector<AccountId> accounts;
    bool cut = false;                    ///< there are more
  };
  /// The participants alone.
  Task<Result<Participants>> participants(ports::Call call, AccountId caller, IssueId issue, bool request);
  static void take(Takers& takers, Result<Participants> taking_part);

  void forget(const InstallationId& installation);
  /// Drops what is over. To be called every minute.
  void tidy();
  [[nodiscard]] std::size_t held() const { return participants_.held() + no_request_.held(); }

 private:
  using Viewer = std::tuple<InstallationId, AccountId, IssueId>;
  struct NoRequest {};

  const Doors& doors_;
  Rosters& rosters_;
  Remembered<std::tuple<InstallationId, IssueId>, Participants> participants_;
  Remembered<Viewer, NoRequest> no_request_;   // whom Jira told that there is none
};

[[nodiscard]] support::NamedPeople named_people(const ports::Ticket& ticket, Takers takers);

/// As if only this person were named, in their roles.
[[nodiscard]] support::NamedPeople only(const support::NamedPeople& named, const AccountId& person);

}  // namespace belay::desk
