// A support session: from the intent to its end. The state table is docs/sessions.md; whatever is not in it is refused with
// the present state.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "support/report.hpp"

namespace belay::support {

enum class SessionState { intended, open, customer_present, in_progress, closed, expired, failed, reported };
[[nodiscard]] std::string_view to_string(SessionState state);
[[nodiscard]] std::optional<SessionState> session_state_from(std::string_view text);
/// closed, expired, reported, failed: nothing can be joined any more.
[[nodiscard]] bool is_over(SessionState state);
/// open, customer_present, in_progress: it exists at the provider and can be joined.
[[nodiscard]] bool is_live(SessionState state);

/// Something was made of which notes can be taken; also when it is over.
[[nodiscard]] bool takes_notes(SessionState state);

/// Where the invitation goes.
enum class Invitation { for_customer, internal, none };
[[nodiscard]] std::string_view to_string(Invitation invitation);            ///< "public", "internal", "none"
[[nodiscard]] std::optional<Invitation> invitation_from(std::string_view text);
/// Where an invitation can go on an issue. Comments that only the team reads are known to service projects alone; elsewhere they would be read by
/// everybody who sees the issue.
[[nodiscard]] std::vector<Invitation> invitations_on(bool service_project);
/// What the admin wished for the whole site, on this issue: what was to be the team's alone goes nowhere where nobody can be kept from reading it.
[[nodiscard]] Invitation invitation_on(bool service_project, Invitation wished);

/// One outside effect of a session and how far it is.
enum class Step { none, pending, done, failed };
[[nodiscard]] std::string_view to_string(Step step);
[[nodiscard]] std::optional<Step> step_from(std::string_view text);

/// Who is helped. With an account: a person of the issue. Without: typed in. Both empty: nobody in particular.
struct Customer {
  std::optional<AccountId> account;
  std::string name;
  std::string email;  ///< typed in only
  [[nodiscard]] bool nobody() const { return !account && name.empty(); }
  friend bool operator==(const Customer&, const Customer&) = default;
};

/// What the provider made. The two supporter links are secrets and are fetched when needed, never kept.
struct ProviderSide {
  SessionCode code;
  std::string customer_link;
  Time created_at;
  friend bool operator==(const ProviderSide&, const ProviderSide&) = default;
};

/// An agent as a session names them.
struct AgentName {
  AccountId account;
  std::string name;
  friend bool operator==(const AgentName&, const AgentName&) = default;
};

/// How a session stood before a press of Connect: what it goes back to when that agent stays in Jira after all.
struct BeforeConnect {
  AgentName supporter;
  bool waiting = false;               ///< nobody of the team was with the customer yet
  bool first = false;                 ///< nobody of the team had been with them on any visit
  Time at;                            ///< when it was pressed
  Milliseconds there_since{0};        ///< how long the customer was there after it, on visits that have ended
  friend bool operator==(const BeforeConnect&, const BeforeConnect&) = default;
};

/// More agents than that do not press at one time.
inline constexpr std::size_t kMostPresses = 8;

struct SupportSession {
  SessionId id;
  InstallationId installation;
  IssueId issue;
  IssueKey issue_key;                 ///< as of creation; the id is what counts
  ProviderName provider;
  AccountId creator;                  ///< the session lives in this agent's provider account
  std::string creator_name;
  AccountId supporter;                ///< the creator, or who took it over
  std::string supporter_name;
  ProviderAccountId provider_account; ///< in which it was asked for; empty: it was not yet
  /// The last presses of Connect, the newest last, at most kMostPresses. Who pressed is the supporter that the next one found, or the present one.
  std::vector<BeforeConnect> presses;
  std::vector<AgentName> joined_by;   ///< other agents who asked for the same a moment later, the first first
  Customer customer;
  std::string description;
  Invitation invitation = Invitation::for_customer;
  std::string language;               ///< of the invitation

  SessionState state = SessionState::intended;
  Time created_at;
  Time valid_until;
  std::optional<Time> ended_at;       ///< set when and only when is_over(state)
  std::optional<Time> customer_since; ///< since when the customer is there; absent while nobody is
  std::optional<Time> first_came_at;  ///< when the customer was there for the first time
  std::optional<Time> first_connected_at;  ///< when an agent first went to a customer who was there
  Milliseconds waited{0};             ///< how long the customer was there until then, all visits together; of the one under way nothing yet
  std::optional<ProviderSide> made;   ///< absent while intended or failed
  std::optional<CommentId> comment;   ///< the invitation on the issue
  int sendings = 1;                   ///< invitations asked for; each further one takes the place of the one before
  std::optional<Time> invited_at;     ///< when the invitation that stands was written
  std::optional<SessionId> replaces;  ///< it was made in place of that one, which ends when somebody joins this one
  std::optional<SessionId> replaced_by;

  Step session_step = Step::pending;
  Step invitation_step = Step::none;
  Step closing_step = Step::none;     ///< ending it at the provider
  Step notice_step = Step::none;      ///< editing the comment when it ended
  bool provider_asked = false;        ///< a create may have reached the provider: look before asking again
  bool comment_asked = false;         ///< the same for the comment
  std::optional<Error> last_error;    ///< of a step; gone when the step succeeds
  std::string notes;                  ///< typed by agents, for the team
  std::string notes_at_provider;      ///< of these, what was written on a record there
  bool waiting_told = false;          ///< the comment that the customer is waiting may have been written
  std::optional<SessionReport> report;             ///< what came of it, as far as it is known
  Step report_step = Step::none;                   ///< writing it on the issue
  std::optional<CommentId> report_comment;
  bool report_asked = false;          ///< that comment may have been written: look before writing another
  std::optional<WorklogId> worklog;
  bool worklog_asked = false;         ///< the same for the worklog
  bool redacted = false;              ///< somebody who had a part in it was erased: nothing that others wrote or recorded of people is taken up again

  std::int64_t version = 0;           ///< for optimistic locking; every write adds one
};

/// An agent went to the customer, and yet no connection is on record: that is not to be called "nobody connected".
[[nodiscard]] bool is_unrecorded(const SupportSession& session);

/// What can happen to a session (docs/sessions.md).
enum class SessionEvent {
  made,              ///< the provider's session exists
  gave_up,           ///< nothing exists outside, and no further try will be made
  retried,           ///< try again after failed
  cancelled,         ///< before it was made
  customer_came,     ///< the provider says online
  customer_left,
  agent_connected,   ///< an agent pressed Connect in Belay
  agent_stayed,      ///< that agent was asked by Jira whether to leave for the provider, and did not go
  validity_passed,   ///< valid until passed with nobody there
  closed,            ///< by someone in Belay, or the provider says so
  reported,          ///< what came of it is written back
};
[[nodiscard]] std::string_view to_string(SessionEvent event);

/// The next state, or nothing: the table does not allow it.
/// `agent_connected` on an open session is allowed and changes nothing: the agent waits there first.
[[nodiscard]] std::optional<SessionState> next_state(SessionState state, SessionEvent event);

/// Applies the event: sets state and ended_at, and the times of the customer's coming and the agent's connecting. `invalid_state` with
/// detail.state = the present one.
[[nodiscard]] Result<void> apply(SupportSession& session, SessionEvent event, Time now);

/// An agent presses Connect: the session is theirs from now on.
[[nodiscard]] Result<void> connect(SupportSession& session, const AgentName& agent, Time now);
/// Whether one of the last presses was this agent's.
[[nodiscard]] bool has_pressed(const SupportSession& session, const AccountId& agent);
/// That agent stayed in Jira: whose it was before has it again, and a customer who waited still waits. Where somebody else has pressed since, it is theirs, and
/// should they stay too it goes back to whose it was before both.
[[nodiscard]] Result<void> stay(SupportSession& session, const AccountId& agent, Time now);

/// Jira allows longer names than the provider, and any characters: what does not fit is left out, so that nobody is refused for a name.
[[nodiscard]] std::string fitting_customer_name(std::string_view name);

/// What a session is about unless somebody says it otherwise: the issue's key and summary, in one line. Of what Jira takes and a session does not, nothing is left.
[[nodiscard]] std::string usual_description(const IssueKey& key, std::string_view summary);

/// What was asked for, checked: `invalid_field` names what is wrong. Lengths in characters.
struct SessionRequest {
  Customer customer;
  std::string description;            ///< at most 4,000 characters
  std::chrono::minutes validity{0};   ///< 15 min to 7 days
  Invitation invitation = Invitation::for_customer;
};
inline constexpr std::size_t kDescriptionLimit = 4000;
inline constexpr std::size_t kCustomerNameLimit = 100;
inline constexpr std::size_t kCustomerEmailLimit = 254;
[[nodiscard]] Result<void> check(const SessionRequest& request);

/// Two creates for the same issue and the same customer within this time give one session; "nobody" equals "nobody" of the
/// same agent only.
inline constexpr std::chrono::minutes kJoinWindow{1};
[[nodiscard]] bool is_same_wish(const SupportSession& existing, const AccountId& agent, const Customer& customer, Time now);

/// For whoever repeats themselves, such as a rule: this agent's session for the same customer can still be joined, however old it is.
[[nodiscard]] bool is_still_wished(const SupportSession& existing, const AccountId& agent, const Customer& customer, Time now);

/// May another session take its place? One that is open, with nobody there: who is there needs no longer validity. And one at a time.
[[nodiscard]] bool can_be_replaced(const SupportSession& session);
/// When its invitation may be sent again: a while after it was written. Nothing: it cannot be, having ended, or none being there.
[[nodiscard]] std::optional<Time> may_send_again_at(const SupportSession& session);
inline constexpr std::chrono::minutes kBetweenSendings{5};

}  // namespace belay::support
