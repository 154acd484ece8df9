// Is the caller let in? Jira's answer about the caller's own rights, remembered for a short while, and the rules of
// support/access.hpp. Also remembers the ticket, which is read in the same round.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "desk/doors.hpp"
#include "desk/remembered.hpp"
#include "support/access.hpp"
#include "support/project_settings.hpp"
#include "support/settings.hpp"

namespace belay::desk {

/// Jira makes permission checks dear; the rules allow five minutes.
inline constexpr Milliseconds kRightsLife{5 * 60'000};
/// A changed issue is told by an event; this is for events that were lost.
inline constexpr Milliseconds kTicketLife{60'000};

/// What was asked of Jira for one caller and one issue; each part may have failed on its own.
struct Asked {
  Result<support::JiraRights> rights;
  Result<ports::Ticket> ticket;
  Result<std::vector<std::string>> groups;   ///< empty when no admin named any
  Result<support::ProjectSettings> project;  ///< of the ticket's project; from our own storage
  Time good_until{};                         ///< until when asking again would give the same from memory; past when a part failed
};

/// An agent on an issue.
struct Admitted {
  ports::Ticket ticket;
  support::ProjectSettings project;          ///< of the ticket's project

  /// `project_off` where remote support is switched off: nothing begins there. What is open can still be closed.
  [[nodiscard]] Result<void> may_begin() const;
};

/// A project whose settings the caller may change.
struct AdministeredProject {
  ProjectId id;
  ProjectKey key;
};

/// Of many issues: may the caller see them?
struct InSight {
  std::map<IssueId, std::optional<ports::Headline>> issues;   ///< nothing: they may not. What Jira did not say is not in it
  std::optional<Error> failure;              ///< why it did not
};

/// What the settings say of who is let in.
struct AdmissionRules {
  std::vector<std::string> allowed_groups;   ///< of the whole site
  support::ProjectSettings project;          ///< of the one that the caller's token names
};
/// Read with what else a question needs of our own.
[[nodiscard]] AdmissionRules admission_rules(ports::UnitOfWork& unit, const Caller& caller, const support::Settings& settings);

class Admission final {
 public:
  explicit Admission(const Doors& doors) : doors_(doors) {}

  /// Rights, ticket and groups in one round, or from memory. Groups are asked for where the site has allowed ones, or the project has some of its
  /// own. A token that does not name the issue's project may cost a second round.
  Task<Asked> ask(Caller caller, AdmissionRules rules, Milliseconds patience);

  /// Why this caller is no agent on this issue; nothing when they are. `allowed_groups` are the site's.
  [[nodiscard]] static std::optional<support::Refusal> why_not_agent(const Caller& caller, const Asked& asked, const std::vector<std::string>& allowed_groups);

  /// The ticket, when the caller is an agent on it. Errors: `forbidden` with detail.reason, `not_found`, or what Jira answered.
  Task<Result<Admitted>> agent(Caller caller, AdmissionRules rules);

  /// `forbidden` unless the caller is a Jira admin on the admin page.
  Task<Result<void>> admin(Caller caller, std::string api_base_url = {});

  /// The project of the settings page that is calling. `forbidden` unless it is such a page, and the caller an admin of that project or of Jira.
  Task<Result<AdministeredProject>> project_admin(Caller caller);

  /// The service project whose queues are shown, when the caller is an agent of it. `forbidden` with detail.reason; `not_found` for a project that they may not see.
  Task<Result<ProjectId>> queue_agent(Caller caller, AdmissionRules rules);

  /// The request whose page in the portal is calling, when the caller may see it. `forbidden` from any other page; else `not_found`, or what Jira answered.
  Task<Result<ports::Request>> request(Caller caller);

  /// Which of these the caller may see: one round of questions for those that are not remembered, the rest from memory.
  Task<InSight> in_sight(Caller caller, std::vector<IssueId> issues, Milliseconds patience);

  /// Drops what is over. To be called every minute: reporter and assignee are among it, with what their profiles show.
  void tidy();
  [[nodiscard]] std::size_t held() const { return rights_.held() + project_rights_.held() + service_rights_.held() + tickets_.held() + groups_.held() + requests_.held() + in_sight_.held(); }

  /// The issue changed.
  void forget_ticket(const InstallationId& installation, const IssueId& issue);
  void forget(const InstallationId& installation);
  /// Told of every installation that is forgotten: others remember things about it, too.
  void observe_forgetting(std::function<void(const InstallationId&)> observer) { forgetting_ = std::move(observer); }

 private:
  Task<Result<support::JiraRights>> rights(Caller caller, std::optional<IssueId> issue, Milliseconds patience, std::string api_base_url);
  Task<Result<support::JiraRights>> rights_in(Caller caller, ProjectId project, Milliseconds patience);
  Task<Result<support::JiraRights>> service_rights_in(Caller caller, ProjectId project, Milliseconds patience);
  Task<Result<support::ProjectSettings>> project_settings(InstallationId installation, ProjectId project);
  Task<Result<ports::Ticket>> ticket(Caller caller, Milliseconds patience);
  Task<Result<std::vector<std::string>>> groups(Caller caller, bool wanted, Milliseconds patience);
  [[nodiscard]] Time good_until(const Caller& caller, bool with_groups) const;

  const Doors& doors_;
  std::function<void(const InstallationId&)> forgetting_;
  Remembered<std::tuple<InstallationId, AccountId, IssueId>, support::JiraRights> rights_;
  Remembered<std::tuple<InstallationId, AccountId, ProjectId>, support::JiraRights> project_rights_;
  Remembered<std::tuple<InstallationId, AccountId, ProjectId>, support::JiraRights> service_rights_;
  Remembered<std::tuple<InstallationId, IssueId>, ports::Ticket> tickets_;
  Remembered<std::tuple<InstallationId, AccountId>, std::vector<std::string>> groups_;
  Remembered<std::tuple<InstallationId, AccountId, IssueKey>, std::optional<ports::Request>> requests_;   ///< nothing: they may not see it
  Remembered<std::tuple<InstallationId, AccountId, IssueId>, std::optional<ports::Headline>> in_sight_;
};

/// forbidden, with the reason's name.
[[nodiscard]] Error refused(support::Refusal refusal);

}  // namespace belay::desk
