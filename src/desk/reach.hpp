// What an agent does with a person of the issue: adds them to the contacts, ties them by hand, starts a chat, a call, a remote control or a
// presentation.
#pragma once

#include <string>

#include "desk/admission.hpp"
#include "desk/issue_people.hpp"
#include "desk/matching.hpp"
#include "desk/steps.hpp"

namespace belay::desk {

class Reach final {
 public:
  Reach(const Doors& doors, Admission& admission, IssuePeople& issue_people, Matching& matching, ContactBook& contacts)
      : doors_(doors), admission_(admission), issue_people_(issue_people), matching_(matching), contacts_(contacts) {}

  /// The provider's invitation, into the configured group. Accepted at once and sent by the worker; asked for again while it waits for its
  /// answer, it is sent again, once a day. Errors: `not_found` (nobody of the issue), `address_not_shared`, `address_of_app`, `resend_too_early` (retry_after), those of sessions.
  Task<Result<json::object>> invite(Caller caller, AccountId person);

  /// The address that starts it; both sides have to be signed in at the provider. `not_reachable` (detail.standing), `mode_not_supported`
  /// (detail.mode), `contact_gone`, `not_found` (nobody of the issue).
  Task<Result<std::string>> launch(Caller caller, AccountId person, support::LaunchMode mode);

  /// By hand: to a contact of the agent's own list, or to an address, which needs nothing of the provider. `invalid_field` for what is neither.
  Task<Result<json::object>> map_to_contact(Caller caller, AccountId person, ContactId contact);
  Task<Result<json::object>> map_to_address(Caller caller, AccountId person, std::string address);
  /// Undoes it, also while the provider is away; nothing to undo is success.
  Task<Result<json::object>> unmap(Caller caller, AccountId person);

  /// The agent's own contacts by name, for tying by hand; at most twenty, and whether there are more: the schema ContactsAnswer.
  Task<Result<json::object>> contacts(Caller caller, std::string search);

  /// contact.invite, subject: agent|person. Looks first whether an earlier run did it: the provider takes no key.
  Task<StepResult> send_invitation(ports::OutboxRow row);
  /// issue.property, subject: issue id. Counts and times of the issue, for Jira's own search.
  Task<StepResult> write_property(ports::OutboxRow row);

 private:
  struct Inside;
  Task<Result<Inside>> let_in(Caller caller);
  Task<Result<support::NamedPeople>> on_issue(Caller caller, Inside inside, AccountId person);
  Task<Result<void>> check_shown(Caller caller, Inside inside, AccountId person);
  enum class Unknown { is_refused, is_shown };   // where they stand, since the provider does not answer
  Task<Result<MatchedPerson>> person_of(Caller caller, Inside inside, AccountId person, Milliseconds patience, Unknown unknown);
  Task<Result<void>> not_sent_lately(Caller caller, Inside inside, MatchedPerson one);
  Task<Result<void>> send(ports::OutboxRow row, ports::ContactInvitation invitation, MatchingFacts facts, std::string group);
  Task<Result<MatchedPerson>> as_they_are(Caller caller, Inside inside, MatchedPerson one);
  Result<MatchedPerson> as_provider_says(const Caller& caller, const ProviderAccountId& owner, MatchedPerson one, const Result<support::Contact>& there);
  Task<Result<support::Contact>> contact_now(Caller caller, MatchedPerson one);
  Task<Result<std::string>> shown_now(ports::Call call, AccountId person);
  Task<Result<void>> note_began(ports::ContactInvitation invitation, bool began);
  Task<Result<json::object>> keep_mapping(Caller caller, Inside inside, ports::PersonMapping mapping);
  Task<Result<json::object>> view(Caller caller, AccountId person);

  const Doors& doors_;
  Admission& admission_;
  IssuePeople& issue_people_;
  Matching& matching_;
  ContactBook& contacts_;
};

}  // namespace belay::desk
