// People of an issue against the agent's contacts: which address or contact belongs to whom (docs/people.md), what the provider knows
// about it, and so where each person stands.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "desk/contact_book.hpp"
#include "desk/doors.hpp"
#include "desk/people_book.hpp"
#include "support/people.hpp"
#include "support/settings.hpp"

namespace belay::desk {

/// What the storage knows about the people of an issue and the agent who looks.
struct MatchingFacts {
  std::optional<ports::AccountLink> agent;                 ///< the agent's link
  std::optional<Error> unusable;                           ///< why it is of no use
  std::optional<std::string> own_address;                  ///< the agent's at the provider, normal form
  std::vector<ports::LinkedAccount> links;                 ///< of the installation: people who linked an account themselves
  std::vector<ports::PersonMapping> mappings;
  std::vector<ports::ContactInvitation> invitations;       ///< of this agent, and of others with the same account at the provider: it sends them all
};

/// Reads them in this unit of work; each list in the order of whom it is about.
[[nodiscard]] MatchingFacts matching_facts(ports::UnitOfWork& unit, const InstallationId& installation, const AccountId& agent, const ProviderName& provider,
                                           const support::Settings& settings, const std::string& provider_name);

/// Trouble at the provider that is more than a request to slow down, or a question that was given no time: then nobody knows who is there.
[[nodiscard]] bool is_away(const Error& failure);

struct MatchedPerson {
  support::IssuePerson one;
  support::StandingFacts facts;
  support::Standing standing = support::Standing::unknown;
  support::Offer offer;
  std::string address;                                     ///< normal form
  ProviderAccountId user;                                  ///< whom the contact has to be, where they linked an account; empty: anybody
  std::string written;                                     ///< the same as it was told, which Add would invite; neither is shown when facts.matched_by is app
  std::optional<Time> as_of;                               ///< when the provider said so
  // Few people have one.
  std::shared_ptr<const ports::PersonMapping> mapping;
  std::shared_ptr<const ports::ContactInvitation> invitation;
};

struct MatchedPeople {
  std::vector<MatchedPerson> people;
  std::optional<Error> people_failure;                     ///< Jira did not say all about them
  std::optional<Time> people_as_of;                        ///< of all who are named something is known: when Jira said the oldest of it
  std::optional<Error> addresses_failure;                  ///< nor which addresses are given to the app alone
  std::optional<Error> presence_failure;                   ///< the provider did not answer, or was not asked about everybody
  bool presence_lacks = false;                             ///< of somebody it has said nothing yet
  std::optional<Time> presence_as_of;                      ///< the oldest of what is shown
  Time good_until;                                         ///< until when this would come out the same from memory
};

class Matching final {
 public:
  Matching(const Doors& doors, PeopleBook& people, ContactBook& contacts) : doors_(doors), people_(people), contacts_(contacts) {}

  /// Asks Jira about the people, then the provider about their addresses; `patience` for both together.
  Task<MatchedPeople> match(Caller caller, support::NamedPeople named, MatchingFacts facts, Milliseconds patience, Rounds rounds = Rounds::all);

  /// Those of `accounts` whose mailbox that is.
  Task<std::vector<AccountId>> at_address(Caller caller, std::string address, std::vector<AccountId> accounts, MatchingFacts facts, Milliseconds patience);

  /// As Jira has them now, whatever is remembered; nothing where it does not know the account. It is remembered.
  Task<Result<std::optional<support::Person>>> person_now(ports::Call call, AccountId person);

  /// Whether match() would have this person among the people: known to Jira, and no app. The provider is not asked.
  Task<Result<bool>> knows(Caller caller, AccountId person, Milliseconds patience);

 private:
  struct Tie;
  struct Tied;
  enum class ByHand { counts, counts_not };
  /// Who took part, and whose account was deleted since.
  [[nodiscard]] support::Person former_user(const AccountId& account) const;
  [[nodiscard]] Tied tie_all(const Caller& caller, const support::NamedPeople& named, const PeopleSeen& seen, const MatchingFacts& facts) const;
  [[nodiscard]] static Tie first_tie(const PersonSeen& seen, const AccountId& account, const MatchingFacts& facts, ByHand by_hand);
  [[nodiscard]] static Tie tie_of(const PersonSeen& seen, const AccountId& account, const MatchingFacts& facts, ByHand by_hand);

  [[nodiscard]] static std::vector<const ports::ContactInvitation*> invitations_to(const std::vector<support::IssuePerson>& people, const std::vector<Tie>& ties, const MatchingFacts& facts, Time now);

  const Doors& doors_;
  PeopleBook& people_;
  ContactBook& contacts_;
};

}  // namespace belay::desk
