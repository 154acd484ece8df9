// What a rule of Jira's automation does through the app: create a support session. It acts for whoever the rule runs as, with their rights, and in the
// account of a supporter who need not be there.
#pragma once

#include <optional>
#include <string>

#include "desk/doors.hpp"
#include "desk/sessions.hpp"

namespace belay::desk {

/// The inputs of the action (forge/manifest.yml). What is absent takes the installation's defaults.
struct RuleWish {
  std::string issue;                         ///< key or id
  std::optional<AccountId> customer;         ///< absent: the reporter, unless the supporter is that
  std::optional<std::string> description;
  std::optional<std::chrono::minutes> validity;
  std::optional<support::Invitation> invitation;
};

class Automation final {
 public:
  Automation(const Doors& doors, Sessions& sessions) : doors_(doors), sessions_(sessions) {}

  /// The schema AutomationDone. The supporter is the assignee where they have a link, else the one that the admin named. A session of that supporter
  /// for the same customer that can still be joined is the answer, so that a call may come twice. Errors: `actor_unknown` without a user token that
  /// Jira takes; `not_found` for an issue that the actor may not see; `forbidden`, `project_off`; `no_supporter`; `not_linked`, `link_expired`,
  /// `licence_not_eligible` with the supporter in detail.agent where known; else as Sessions::create. All within kRulePatience.
  Task<Result<json::object>> create_session(ports::VerifiedCall call, std::string trace_id, std::string peer, RuleWish wish);

  /// In which the rule's audit log is written: the installation's default language.
  Task<std::string> language_of(InstallationId installation);

 private:
  Task<Result<Caller>> actor_of(ports::VerifiedCall call, std::string trace_id, std::string peer);
  Task<Result<AccountId>> supporter_of(InstallationId installation, std::optional<support::Person> assignee);

  const Doors& doors_;
  Sessions& sessions_;
};

/// Forge gives five seconds to what is no page.
inline constexpr Milliseconds kRulePatience{4'000};

}  // namespace belay::desk
