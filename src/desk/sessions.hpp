// What an agent does with support sessions: create, look, connect, close, cancel, replace, try or send again, take notes.
// Each change is a row of our own first; the worker carries it outside (session_steps.hpp).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "desk/admission.hpp"
#include "desk/issue_people.hpp"
#include "desk/doors.hpp"
#include "desk/session_notes.hpp"
#include "desk/session_view.hpp"

namespace belay::desk {

/// What POST /v1/sessions asks for. Absent members take the installation's defaults.
struct SessionWish {
  support::Customer customer;             ///< an account of the issue, or typed in, or nobody
  std::optional<std::string> description;
  std::optional<std::chrono::minutes> validity;
  std::optional<support::Invitation> invitation;
  std::string idempotency_key;            ///< empty: none
  bool joins_open = false;                ///< an open session for the same customer is the answer, however old: for who repeats themselves
};

struct CreatedSession {
  json::object session;                   ///< as session_view
  bool joined = false;                    ///< an identical wish of the last minute had made it
};

enum class Client { app, browser };

class Sessions final {
 public:
  Sessions(const Doors& doors, Admission& admission, IssuePeople& issue_people) : doors_(doors), admission_(admission), issue_people_(issue_people) {}

  /// Accepted, not made yet: the worker goes on from here. Errors: forbidden, not_linked, link_expired, licence_not_eligible, invalid_field,
  /// idempotency_conflict, and what Jira answered.
  Task<Result<CreatedSession>> create(Caller caller, SessionWish wish);

  /// The same in the account of somebody else, as a rule does: the rights are the caller's, the link and the session `supporter`'s. Errors about the
  /// link name them in detail.agent.
  Task<Result<CreatedSession>> create_for(Caller caller, SessionWish wish, AccountId supporter);

  /// The issue's, newest first.
  Task<Result<json::array>> of_issue(Caller caller);
  Task<Result<json::object>> one(Caller caller, SessionId id);

  /// The server's time, for a page that says how long ago something was.
  [[nodiscard]] Time now() const { return doors_.clock.now(); }

  /// The supporter's address, fresh from the provider; kept nowhere. Another agent takes the session over.
  /// Errors: invalid_state, forbidden (own_session), not_linked …, and what the provider answered.
  Task<Result<std::string>> connect(Caller caller, SessionId id, Client client);

  /// The caller pressed Connect, was asked by Jira whether to open another site, and stayed: the session stands as it did before. Nothing changes
  /// when it is with somebody else by now. Errors as one().
  Task<Result<json::object>> stay(Caller caller, SessionId id);

  /// With `notes` in place of those that are there, if any are given. Errors: invalid_field, invalid_state, notes_changed; then it is not closed.
  Task<Result<json::object>> close(Caller caller, SessionId id, std::optional<TypedNotes> notes);
  Task<Result<json::object>> cancel(Caller caller, SessionId id);
  /// Tries again what failed, where `actions` has `retry`; else sends the invitation again, where it has `send_again`: a new comment, that Jira tells
  /// the customer of, takes the place of the one that stands. Errors: invalid_state, invited_recently (retry_after).
  Task<Result<json::object>> retry(Caller caller, SessionId id);

  /// Another session for the same customer with a validity of its own, since a provider's session cannot be made longer. The old one is closed when
  /// somebody joins the new one, or expires. Asked for twice, it is the same new one (`joined`). Errors: as create(), invalid_state.
  Task<Result<CreatedSession>> replace(Caller caller, SessionId id, std::optional<std::chrono::minutes> validity);

  /// What the team wants to remember of it; also after its end. Errors: invalid_field, invalid_state (nothing was made), notes_changed.
  Task<Result<json::object>> write_notes(Caller caller, SessionId id, TypedNotes notes);

 private:
  struct Inside;   // an admitted agent with what the unit of work said
  Task<Result<Inside>> let_in(Caller caller);
  [[nodiscard]] support::SupportSession begun(const Caller& caller, const Inside& inside, const AccountId& supporter) const;
  [[nodiscard]] Result<ports::AccountLink> still_there(ports::UnitOfWork& unit, const support::SupportSession& wanted) const;
  Task<Result<std::optional<CreatedSession>>> accepted_before(Caller caller, Inside inside, SessionWish wish);
  Task<Result<CreatedSession>> make(Caller caller, Inside inside, SessionWish wish, AccountId supporter);
  Task<Result<support::Person>> person_on_issue(Caller caller, Inside inside, AccountId account);
  Task<Result<support::SupportSession>> on_this_issue(Caller caller, SessionId id);
  [[nodiscard]] json::object show(const Inside& inside, const support::SupportSession& session) const;

  const Doors& doors_;
  Admission& admission_;
  IssuePeople& issue_people_;
};

}  // namespace belay::desk
