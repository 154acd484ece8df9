// What an agent does with support sessions: create, look, connect, close, cancel, try again.
// Each change is a row of our own first; the worker carries it outside (session_steps.hpp).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "desk/admission.hpp"
#include "desk/issue_people.hpp"
#include "desk/doors.hpp"
#include "desk/session_view.hpp"

namespace belay::desk {

/// What POST /v1/sessions asks for. Absent members take the installation's defaults.
struct SessionWish {
  support::Customer customer;             ///< an account of the issue, or typed in, or nobody
  std::optional<std::string> description;
  std::optional<std::chrono::minutes> validity;
  std::optional<support::Invitation> invitation;
  std::string idempotency_key;            ///< empty: none
};

struct CreatedSession {
  json::object session;                   ///< as session_view
  bool joined = false;                    ///< an identical wish of the last minute had made it
};

enum class Client { app, browser };

struct Connection {
  std::string url;
  bool began = false;                     ///< the customer was waiting; the session is in progress from now on
};

inline constexpr std::size_t kNotesLimit = 4'000;   ///< characters

class Sessions final {
 public:
  Sessions(const Doors& doors, Admission& admission, IssuePeople& issue_people) : doors_(doors), admission_(admission), issue_people_(issue_people) {}

  /// Accepted, not made yet: the worker goes on from here. Errors: forbidden, not_linked, link_expired, licence_not_eligible, invalid_field,
  /// idempotency_conflict, and what Jira answered.
  Task<Result<CreatedSession>> create(Caller caller, SessionWish wish);

  /// The issue's, newest first; or the caller's own over all issues (at most 100; from pages for agents and the personal page).
  Task<Result<json::array>> of_issue(Caller caller);
  Task<Result<json::array>> mine(Caller caller);
  Task<Result<json::object>> one(Caller caller, SessionId id);

  /// The supporter's address, fresh from the provider; kept nowhere. Another agent takes the session over.
  /// Errors: invalid_state, forbidden (own_session), not_linked …, and what the provider answered.
  Task<Result<Connection>> connect(Caller caller, SessionId id, Client client);

  /// The caller pressed Connect, was asked by Jira whether to open another site, and stayed: the customer still waits. Nothing changes unless the
  /// session is in progress with the caller as its supporter; only for a connection that `began` it. The session as it stands then. Errors as one().
  Task<Result<json::object>> stay(Caller caller, SessionId id);

  Task<Result<json::object>> close(Caller caller, SessionId id, std::string notes);
  Task<Result<json::object>> cancel(Caller caller, SessionId id);
  /// Offered where `actions` has `retry`.
  Task<Result<json::object>> retry(Caller caller, SessionId id);

 private:
  struct Inside;   // an admitted agent with what the unit of work said
  Task<Result<Inside>> let_in(Caller caller);
  Task<Result<support::Person>> person_on_issue(Caller caller, Inside inside, AccountId account);
  Task<Result<support::SupportSession>> on_this_issue(Caller caller, SessionId id);
  [[nodiscard]] json::object show(const Inside& inside, const support::SupportSession& session) const;

  const Doors& doors_;
  Admission& admission_;
  IssuePeople& issue_people_;
};

/// Text to send by hand, for a live session whose customer was typed in.
[[nodiscard]] std::optional<Mail> mail_for(const support::SupportSession& session, const Catalogue& words);

}  // namespace belay::desk
