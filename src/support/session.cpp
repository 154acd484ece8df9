#include "support/session.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/field_rule.hpp"
#include "support/code_points.hpp"
#include "support/settings.hpp"

namespace belay::support {
namespace {

struct Change {
  SessionState from;
  SessionEvent event;
  SessionState to;
};

// docs/sessions.md, line by line.
constexpr std::array kChanges{
    Change{SessionState::intended, SessionEvent::made, SessionState::open},
    Change{SessionState::intended, SessionEvent::gave_up, SessionState::failed},
    Change{SessionState::intended, SessionEvent::cancelled, SessionState::closed},
    Change{SessionState::open, SessionEvent::agent_connected, SessionState::open},
    Change{SessionState::open, SessionEvent::customer_came, SessionState::customer_present},
    Change{SessionState::open, SessionEvent::validity_passed, SessionState::expired},
    Change{SessionState::open, SessionEvent::closed, SessionState::closed},
    Change{SessionState::customer_present, SessionEvent::agent_connected, SessionState::in_progress},
    Change{SessionState::customer_present, SessionEvent::customer_left, SessionState::open},
    Change{SessionState::customer_present, SessionEvent::validity_passed, SessionState::expired},
    Change{SessionState::customer_present, SessionEvent::closed, SessionState::closed},
    Change{SessionState::in_progress, SessionEvent::agent_connected, SessionState::in_progress},
    Change{SessionState::in_progress, SessionEvent::agent_stayed, SessionState::customer_present},
    Change{SessionState::in_progress, SessionEvent::customer_left, SessionState::open},
    Change{SessionState::in_progress, SessionEvent::validity_passed, SessionState::expired},
    Change{SessionState::in_progress, SessionEvent::closed, SessionState::closed},
    Change{SessionState::closed, SessionEvent::reported, SessionState::reported},
    Change{SessionState::expired, SessionEvent::reported, SessionState::reported},
    Change{SessionState::failed, SessionEvent::retried, SessionState::intended},
};

constexpr std::array<std::pair<SessionState, std::string_view>, 8> kStates{{
    {SessionState::intended, "intended"},
    {SessionState::open, "open"},
    {SessionState::customer_present, "customer_present"},
    {SessionState::in_progress, "in_progress"},
    {SessionState::closed, "closed"},
    {SessionState::expired, "expired"},
    {SessionState::failed, "failed"},
    {SessionState::reported, "reported"},
}};

constexpr std::array<std::pair<Invitation, std::string_view>, 3> kInvitations{{
    {Invitation::for_customer, "public"},
    {Invitation::internal, "internal"},
    {Invitation::none, "none"},
}};

constexpr std::array<std::pair<Step, std::string_view>, 4> kSteps{{
    {Step::none, "none"},
    {Step::pending, "pending"},
    {Step::done, "done"},
    {Step::failed, "failed"},
}};

template <class Kind, std::size_t size>
std::string_view name_in(const std::array<std::pair<Kind, std::string_view>, size>& names, Kind kind) {
  const auto found = std::ranges::find(names, kind, &std::pair<Kind, std::string_view>::first);
  return found == names.end() ? std::string_view{} : found->second;
}

template <class Kind, std::size_t size>
std::optional<Kind> kind_in(const std::array<std::pair<Kind, std::string_view>, size>& names, std::string_view text) {
  const auto found = std::ranges::find(names, text, &std::pair<Kind, std::string_view>::second);
  if (found == names.end()) return std::nullopt;
  return found->first;
}

// A clock that was set back in between makes nobody's waiting shorter.
Milliseconds since_they_came(const SupportSession& session, Time now) { return std::max(Milliseconds{0}, now - *session.customer_since); }

// Whether somebody was with them is not certain as long as the press of Connect may be taken back.
void note_visit_ended(SupportSession& session, Time now) {
  if (!session.customer_since) return;
  if (!session.first_connected_at) {
    session.waited += since_they_came(session, now);
    return;
  }
  for (auto& press : session.presses) press.there_since += std::max(Milliseconds{0}, now - std::max(press.at, *session.customer_since));
}

// `session` is still in the state that the event finds.
void note_times(SupportSession& session, SessionEvent event, Time now) {
  switch (event) {
    case SessionEvent::customer_came:
      session.customer_since = now;
      if (!session.first_came_at) session.first_came_at = now;
      break;
    case SessionEvent::agent_connected:
      // Who connects before the customer comes keeps nobody from waiting.
      if (!session.customer_since || session.first_connected_at) break;
      session.waited += since_they_came(session, now);
      session.first_connected_at = now;
      break;
    case SessionEvent::agent_stayed:
      // It was not a connection after all; one of an earlier visit was.
      if (!session.first_connected_at || !session.customer_since || *session.first_connected_at < *session.customer_since) break;
      session.waited -= since_they_came(session, *session.first_connected_at);
      session.first_connected_at.reset();
      break;
    case SessionEvent::customer_left:
    case SessionEvent::validity_passed:
    case SessionEvent::closed:
      note_visit_ended(session, now);
      session.customer_since.reset();
      break;
    case SessionEvent::made:
    case SessionEvent::gave_up:
    case SessionEvent::retried:
    case SessionEvent::cancelled:
    case SessionEvent::reported:
      break;
  }
}

// ---- what may be asked for ----

Result<void> check_length(std::string_view field, std::string_view text, std::size_t limit) {
  if (count_code_points(text) > limit) return refuse_field(field, FieldRule::max_characters, {{"limit", limit}});
  return {};
}

// Only what every address has; whether it exists is for the mail to find out.
bool looks_like_an_address(std::string_view email) {
  const auto at = email.find('@');
  if (at == 0 || at == std::string_view::npos || at + 1 == email.size() || email.find('@', at + 1) != std::string_view::npos) return false;
  return email.find_first_of(" <>()[]\\,;:\"") == std::string_view::npos;
}

Result<void> check(const Customer& customer) {
  BELAY_CHECK(check_length("customer.name", customer.name, kCustomerNameLimit));
  BELAY_CHECK(check_length("customer.email", customer.email, kCustomerEmailLimit));
  if (to_one_line(customer.name) != customer.name) return refuse_field("customer.name", FieldRule::one_line);
  if (to_one_line(customer.email) != customer.email) return refuse_field("customer.email", FieldRule::one_line);
  if (!customer.name.empty() && trimmed(customer.name).empty()) return refuse_field("customer.name", FieldRule::required);
  if (customer.email.empty()) return {};
  // An address is only ever typed in, and then with a name: the address of a person of the issue is not ours to hand on.
  if (customer.account) return refuse_field("customer.email", FieldRule::without_person);
  if (customer.name.empty()) return refuse_field("customer.name", FieldRule::required);
  if (!looks_like_an_address(customer.email)) return refuse_field("customer.email", FieldRule::email);
  return {};
}

bool same_customer(const Customer& a, const Customer& b) {
  if (a.account || b.account) return a.account == b.account;
  return trimmed(a.name) == trimmed(b.name) && same_ignoring_case(trimmed(a.email), trimmed(b.email));
}

}  // namespace

std::string_view to_string(SessionState state) { return name_in(kStates, state); }
std::optional<SessionState> session_state_from(std::string_view text) { return kind_in(kStates, text); }

bool is_over(SessionState state) {
  return state == SessionState::closed || state == SessionState::expired || state == SessionState::reported || state == SessionState::failed;
}

bool is_live(SessionState state) {
  return state == SessionState::open || state == SessionState::customer_present || state == SessionState::in_progress;
}

bool takes_notes(SessionState state) { return state != SessionState::intended && state != SessionState::failed; }

bool is_unrecorded(const SupportSession& session) { return session.report && session.report->nobody() && session.first_connected_at.has_value(); }

std::string_view to_string(Invitation invitation) { return name_in(kInvitations, invitation); }
std::optional<Invitation> invitation_from(std::string_view text) { return kind_in(kInvitations, text); }

std::string_view to_string(Step step) { return name_in(kSteps, step); }
std::optional<Step> step_from(std::string_view text) { return kind_in(kSteps, text); }

std::string_view to_string(SessionEvent event) {
  switch (event) {
    case SessionEvent::made: return "made";
    case SessionEvent::gave_up: return "gave_up";
    case SessionEvent::retried: return "retried";
    case SessionEvent::cancelled: return "cancelled";
    case SessionEvent::customer_came: return "customer_came";
    case SessionEvent::customer_left: return "customer_left";
    case SessionEvent::agent_connected: return "agent_connected";
    case SessionEvent::agent_stayed: return "agent_stayed";
    case SessionEvent::validity_passed: return "validity_passed";
    case SessionEvent::closed: return "closed";
    case SessionEvent::reported: return "reported";
  }
  return "closed";
}

std::vector<Invitation> invitations_on(bool service_project) {
  if (service_project) return {Invitation::for_customer, Invitation::internal, Invitation::none};
  return {Invitation::for_customer, Invitation::none};
}

Invitation invitation_on(bool service_project, Invitation wished) { return wished == Invitation::internal && !service_project ? Invitation::none : wished; }

std::optional<SessionState> next_state(SessionState state, SessionEvent event) {
  const auto found = std::ranges::find_if(kChanges, [&](const Change& change) { return change.from == state && change.event == event; });
  if (found == kChanges.end()) return std::nullopt;
  return found->to;
}

Result<void> apply(SupportSession& session, SessionEvent event, Time now) {
  const auto next = next_state(session.state, event);
  if (!next) {
    return fail("invalid_state", std::string(to_string(event)) + " does not happen to a session that is " + std::string(to_string(session.state)),
                {{"state", to_string(session.state)}});
  }
  if (!is_over(*next)) session.ended_at.reset();
  else if (!session.ended_at) session.ended_at = now;
  note_times(session, event, now);
  session.state = *next;
  return {};
}

Result<void> connect(SupportSession& session, const AgentName& agent, Time now) {
  const bool waiting = session.state == SessionState::customer_present;
  BeforeConnect before{.supporter = {.account = session.supporter, .name = session.supporter_name}, .waiting = waiting, .first = waiting && !session.first_connected_at, .at = now};
  BELAY_CHECK(apply(session, SessionEvent::agent_connected, now));
  if (session.presses.size() >= kMostPresses) session.presses.erase(session.presses.begin());
  session.presses.push_back(std::move(before));
  session.supporter = agent.account;
  session.supporter_name = agent.name;
  return {};
}

namespace {

// Of the newest press of this agent.
std::optional<std::size_t> press_of(const SupportSession& session, const AccountId& agent) {
  for (auto i = session.presses.size(); i-- > 0;) {
    const auto& presser = i + 1 < session.presses.size() ? session.presses[i + 1].supporter.account : session.supporter;
    if (presser == agent) return i;
  }
  return std::nullopt;
}

// Somebody else pressed after the one that does not count: what that one found is what the next one goes back to, and whoever was first is now the next.
void pass_on(SupportSession& session, const BeforeConnect& before, BeforeConnect& next) {
  next.supporter = before.supporter;
  next.waiting = next.waiting || before.waiting;
  if (!before.first || !session.first_connected_at) return;
  next.first = true;
  // Between the two presses nobody was with them: on visits that have ended, and on the one under way.
  session.waited += std::max(Milliseconds{0}, before.there_since - next.there_since);
  if (session.customer_since) session.waited += std::max(Milliseconds{0}, next.at - std::max(before.at, *session.customer_since));
  session.first_connected_at = next.at;
}

}  // namespace

bool has_pressed(const SupportSession& session, const AccountId& agent) { return press_of(session, agent).has_value(); }

Result<void> stay(SupportSession& session, const AccountId& agent, Time now) {
  const auto place = press_of(session, agent);
  if (!place || !is_live(session.state)) return {};
  const auto before = session.presses[*place];
  session.presses.erase(session.presses.begin() + static_cast<std::ptrdiff_t>(*place));
  if (*place < session.presses.size()) {
    pass_on(session, before, session.presses[*place]);
    return {};
  }
  session.supporter = before.supporter.account;
  session.supporter_name = before.supporter.name;
  if (before.waiting && session.state == SessionState::in_progress) return apply(session, SessionEvent::agent_stayed, now);
  // The customer has gone in the meantime, and may have come back: nobody was with them all the same.
  if (before.first) {
    session.waited += before.there_since;
    session.first_connected_at.reset();
  }
  return {};
}

bool can_be_replaced(const SupportSession& session) { return session.state == SessionState::open && !session.replaced_by; }

std::optional<Time> may_send_again_at(const SupportSession& session) {
  const bool invited = session.comment && session.invitation_step == Step::done && session.invited_at;
  if (!invited || !is_live(session.state)) return std::nullopt;
  return *session.invited_at + kBetweenSendings;
}

std::string fitting_customer_name(std::string_view name) {
  const auto line = to_one_line(name);
  return std::string(first_code_points(trimmed(line), kCustomerNameLimit));
}

std::string usual_description(const IssueKey& key, std::string_view summary) {
  const auto line = to_one_line(key.value + " " + std::string(summary));
  return std::string(first_code_points(trimmed(line), kDescriptionLimit));
}

Result<void> check(const SessionRequest& request) {
  BELAY_CHECK(check(request.customer));
  BELAY_CHECK(check_length("description", request.description, kDescriptionLimit));
  if (request.validity < kLeastValidity || request.validity > kMostValidity) {
    return refuse_field("validityMinutes", FieldRule::range, {{"least", kLeastValidity.count()}, {"most", kMostValidity.count()}});
  }
  return {};
}

bool is_same_wish(const SupportSession& existing, const AccountId& agent, const Customer& customer, Time now) {
  if (is_over(existing.state)) return false;
  // Another instance may have made it, whose clock runs a little ahead of ours.
  if (std::chrono::abs(now - existing.created_at) > kJoinWindow) return false;
  if (!same_customer(existing.customer, customer)) return false;
  return !customer.nobody() || existing.creator == agent;
}

bool is_still_wished(const SupportSession& existing, const AccountId& agent, const Customer& customer, Time now) {
  return !is_over(existing.state) && now < existing.valid_until && existing.creator == agent && same_customer(existing.customer, customer);
}

}  // namespace belay::support
