#include "desk/matching.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <tuple>

#include "desk/contact_invitation.hpp"
#include "desk/link_state.hpp"
#include "support/address.hpp"
#include "support/code_points.hpp"

namespace belay::desk {
namespace {

// The contacts of whoever is known are asked for when Jira has not answered by then; what it says later, while there is time.
constexpr Milliseconds kHeadStart{300};
// Of the patience, what is left for the provider when Jira takes all it can get: one part in so many.
constexpr int kContactsShare = 4;
// What was seen less long ago is as good as now, as long as nothing of the kind is due to be asked again.
constexpr Milliseconds kOldestPresence{10'000};

// Two people may share an address: it is asked for once.
void want(ContactsWanted& wanted, const std::string& address, const std::string& written) {
  if (!address.empty() && std::ranges::find(wanted.addresses, address) == wanted.addresses.end()) wanted.addresses.push_back(address);
  if (auto other = support::written_form(written)) wanted.written[address].insert(std::move(*other));
}

// Among rows in the order of that key, as matching_facts() gives them: a site may have thousands, and a panel looks for hundreds. Nothing where there is none.
template <class Rows, class Key>
const typename Rows::value_type* row_of(const Rows& rows, const AccountId& account, Key key) {
  const auto found = std::ranges::lower_bound(rows, account, {}, key);
  return found == rows.end() || std::invoke(key, *found) != account ? nullptr : &*found;
}

template <class Row>
std::shared_ptr<const Row> kept(const Row* row) {
  return row == nullptr ? nullptr : std::make_shared<const Row>(*row);
}

}  // namespace

bool is_away(const Error& failure) { return failure.code != "provider_rate_limited" && failure.code != "not_answered_yet"; }

// How a person was tied: to an address, or to a contact.
struct Matching::Tie {
  std::optional<support::MatchedBy> by;
  std::string address;
  std::string written;      // in the form in which it was told
  std::optional<ContactKey> contact;
  ProviderAccountId user;   // the contact's, where it says; empty: any
  std::optional<support::AddressProblem> problem = {};
};

// All of them, and what the provider is to be asked about them.
struct Matching::Tied {
  std::vector<support::IssuePerson> people;
  std::vector<Tie> ties;
  std::vector<Tie> otherwise;   // when the contact whom somebody was tied to is gone
  ContactsWanted wanted;
  [[nodiscard]] bool asks() const { return !wanted.addresses.empty() || !wanted.contacts.empty(); }
};

MatchingFacts matching_facts(ports::UnitOfWork& unit, const InstallationId& installation, const AccountId& agent, const ProviderName& provider,
                             const support::Settings& settings, const std::string& provider_name) {
  MatchingFacts facts;
  facts.agent = unit.links().find(installation, agent, provider);
  facts.unusable = why_unusable(facts.agent, settings, provider_name);
  if (facts.unusable) return facts;
  if (facts.agent) facts.own_address = support::normal_address(facts.agent->at_provider.email);
  facts.links = unit.links().linked(installation, provider);
  facts.mappings = unit.mappings().all(installation, provider);
  facts.invitations = unit.invitations().of_agent(installation, agent, provider);
  for (const auto& other : facts.links) {
    if (!facts.agent || other.account == agent || other.id != facts.agent->at_provider.id) continue;
    std::ranges::move(unit.invitations().of_agent(installation, other.account, provider), std::back_inserter(facts.invitations));
  }
  std::ranges::sort(facts.links, {}, &ports::LinkedAccount::account);
  std::ranges::sort(facts.mappings, {}, &ports::PersonMapping::person);
  std::ranges::sort(facts.invitations, [](const auto& a, const auto& b) { return std::tie(a.person, b.asked_at) < std::tie(b.person, a.asked_at); });   // the latest first
  return facts;
}

Matching::Tie Matching::tie_of(const PersonSeen& seen, const AccountId& account, const MatchingFacts& facts, ByHand by_hand) {
  auto tie = first_tie(seen, account, facts, by_hand);
  // Nobody else can be reached in one's own account, and nobody invites themselves.
  if (facts.own_address && tie.address == *facts.own_address) tie.problem = support::AddressProblem::own;
  return tie;
}

// The first that answers wins.
Matching::Tie Matching::first_tie(const PersonSeen& seen, const AccountId& account, const MatchingFacts& facts, ByHand by_hand) {
  if (const auto* link = row_of(facts.links, account, &ports::LinkedAccount::account)) {
    if (auto address = support::normal_address(link->email)) {
      return {.by = support::MatchedBy::link, .address = std::move(*address), .written = support::as_written(link->email).value_or(""), .contact = {}, .user = link->id};
    }
  }
  if (const auto* mapping = by_hand == ByHand::counts ? row_of(facts.mappings, account, &ports::PersonMapping::person) : nullptr) {
    if (!mapping->address.empty()) return {.by = support::MatchedBy::mapping, .address = support::normal_address(mapping->address).value_or(""), .written = mapping->address, .contact = {}, .user = {}};
    const bool own_list = facts.agent && mapping->contact_owner == facts.agent->at_provider.id;
    if (own_list) return {.by = support::MatchedBy::mapping, .address = {}, .written = {}, .contact = ContactKey{.id = mapping->contact, .user = {}, .name = {}}, .user = {}};
    // In another agent's list the same person has another id.
    if (!mapping->contact_user.empty()) {
      return {.by = support::MatchedBy::mapping, .address = {}, .written = {}, .contact = ContactKey{.id = {}, .user = mapping->contact_user, .name = mapping->contact_name}, .user = {}};
    }
  }
  // What the profile shows to everybody is nobody's secret, also when Jira gives it to the app besides (docs/decisions/0006).
  auto shown = seen.person ? support::normal_address(seen.person->address) : std::nullopt;
  if (shown) return {.by = support::MatchedBy::profile, .address = std::move(*shown), .written = support::as_written(seen.person->address).value_or(""), .contact = {}, .user = {}};
  if (!seen.app_address.empty()) return {.by = support::MatchedBy::app, .address = seen.app_address, .written = seen.app_address_written, .contact = {}, .user = {}};
  // Something stands there, and it is no address: that is not to be called hidden.
  if (seen.person && !support::trimmed(seen.person->address).empty()) {
    return {.by = {}, .address = {}, .written = {}, .contact = {}, .user = {}, .problem = support::AddressProblem::malformed};
  }
  return {};
}

Task<Result<std::optional<support::Person>>> Matching::person_now(ports::Call call, AccountId person) {
  const auto installation = call.installation;
  std::vector<AccountId> accounts;
  accounts.push_back(person);
  BELAY_CO_TRY(people, co_await doors_.users.people(std::move(call), std::move(accounts)));
  if (people.empty()) {
    people_.note_gone(installation, person);
    co_return std::nullopt;
  }
  people_.note(installation, people.front());
  co_return std::move(people.front());
}

Task<Result<bool>> Matching::knows(Caller caller, AccountId person, Milliseconds patience) {
  std::vector<AccountId> accounts;
  accounts.push_back(person);
  const auto seen = co_await people_.look(caller.installation(), std::move(accounts), caller.trace_id, patience_of(caller, patience));
  const auto found = seen.people.find(person);
  if (found != seen.people.end() && found->second.person) co_return !found->second.person->app;
  if (seen.failure) co_return std::unexpected(*seen.failure);
  co_return false;
}

support::Person Matching::former_user(const AccountId& account) const {
  support::Person person;
  person.id = account;
  person.name = doors_.words.text("en", "person.former_user");
  person.active = false;
  person.former = true;
  return person;
}

namespace {

support::AgentLink agent_link(const MatchingFacts& facts) {
  if (!facts.unusable) return support::AgentLink::usable;
  return facts.unusable->code == "licence_not_eligible" ? support::AgentLink::not_eligible : support::AgentLink::not_linked;
}

}  // namespace

Matching::Tied Matching::tie_all(const Caller& caller, const support::NamedPeople& named, const PeopleSeen& seen, const MatchingFacts& facts) const {
  std::map<AccountId, support::Person> known;
  for (const auto& [account, one] : seen.people) known[account] = one.person ? *one.person : former_user(account);
  Tied tied{.people = support::people_of(named, known), .ties = {}, .otherwise = {},
            .wanted = {.link = {.installation = caller.installation(), .account = caller.account}, .owner = facts.agent ? facts.agent->at_provider.id : ProviderAccountId{}, .addresses = {}, .written = {}, .contacts = {}, .trace_id = caller.trace_id}};
  tied.ties.reserve(tied.people.size());
  tied.otherwise.reserve(tied.people.size());
  for (const auto& one : tied.people) {
    const bool matters = agent_link(facts) == support::AgentLink::usable && one.person.id != caller.account && one.person.active;
    auto tie = matters ? tie_of(seen.people.at(one.person.id), one.person.id, facts, ByHand::counts) : Tie{};
    auto other = tie.contact ? tie_of(seen.people.at(one.person.id), one.person.id, facts, ByHand::counts_not) : Tie{};
    if (tie.contact) tied.wanted.contacts.push_back(*tie.contact);
    for (const auto* by : {&tie, &other}) {
      if (!by->problem) want(tied.wanted, by->address, by->written);
    }
    tied.ties.push_back(std::move(tie));
    tied.otherwise.push_back(std::move(other));
  }
  return tied;
}

// Two people may have one mailbox: what one of them was sent, both have.
std::vector<const ports::ContactInvitation*> Matching::invitations_to(const std::vector<support::IssuePerson>& people, const std::vector<Tie>& ties, const MatchingFacts& facts, Time now) {
  std::vector<const ports::ContactInvitation*> found;
  found.reserve(people.size());
  std::map<std::string, const ports::ContactInvitation*> latest;
  for (std::size_t i = 0; i < people.size(); ++i) {
    const auto* one = found.emplace_back(row_of(facts.invitations, people[i].person.id, &ports::ContactInvitation::person));
    if (one == nullptr || ties[i].address.empty() || !keeps_waiting(*one, now)) continue;
    const auto [place, fresh] = latest.try_emplace(ties[i].address, one);
    // One that is on its way says more than one that was sent: the provider's list may have that one already, and not it.
    const auto rank = [](const ports::ContactInvitation& invitation) { return std::pair(is_being_sent(invitation), invitation.asked_at); };
    if (!fresh && rank(*place->second) < rank(*one)) place->second = one;
  }
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (const auto of_mailbox = latest.find(ties[i].address); of_mailbox != latest.end()) found[i] = of_mailbox->second;
  }
  return found;
}

Task<std::vector<AccountId>> Matching::at_address(Caller caller, std::string address, std::vector<AccountId> accounts, MatchingFacts facts, Milliseconds patience) {
  const auto seen = co_await people_.look(caller.installation(), accounts, caller.trace_id, patience_of(caller, patience));
  std::erase_if(accounts, [&](const AccountId& account) {
    const auto one = seen.people.find(account);
    return one == seen.people.end() || tie_of(one->second, account, facts, ByHand::counts).address != address;
  });
  co_return accounts;
}

Task<MatchedPeople> Matching::match(Caller caller, support::NamedPeople named, MatchingFacts facts, Milliseconds patience, Rounds rounds) {
  const auto end = std::chrono::steady_clock::now() + patience_of(caller, patience);
  const auto left = [&] { return std::max(Milliseconds{0}, std::chrono::duration_cast<Milliseconds>(end - std::chrono::steady_clock::now())); };
  const auto installation = caller.installation();
  const auto accounts = support::accounts_of(named);
  const auto for_contacts = left() / kContactsShare;
  auto seen = co_await people_.look(installation, accounts, caller.trace_id, std::min(kHeadStart, left()));
  if (seen.late) {
    if (auto known = tie_all(caller, named, seen, facts); known.asks()) co_await contacts_.look(std::move(known.wanted), Milliseconds{0});
    seen = co_await people_.look(installation, accounts, caller.trace_id, std::max(Milliseconds{0}, left() - for_contacts));
  }

  MatchedPeople matched;
  matched.people_failure = seen.failure;
  matched.good_until = seen.failure ? Time{} : people_.good_until(installation, accounts);
  if (seen.people.size() == accounts.size()) {
    for (const auto& [account, one] : seen.people) matched.people_as_of = std::min(matched.people_as_of.value_or(one.as_of), one.as_of);
  }
  auto [people, ties, otherwise, wanted] = tie_all(caller, named, seen, facts);
  const auto link = agent_link(facts);
  ContactsSeen contacts;
  if (!wanted.addresses.empty() || !wanted.contacts.empty()) {
    contacts = co_await contacts_.look(wanted, left(), rounds);
    matched.good_until = contacts.failure ? Time{} : std::min(matched.good_until, contacts_.good_until(wanted));
    matched.presence_failure = contacts.failure;
  }

  const auto now = doors_.clock.now();
  const bool away = contacts.failure && is_away(*contacts.failure);
  for (std::size_t i = 0; i < people.size(); ++i) {
    const auto gone = ties[i].contact ? contacts.by_contact.find(*ties[i].contact) : contacts.by_contact.end();
    if (gone != contacts.by_contact.end() && !gone->second.contact) ties[i] = std::move(otherwise[i]);
  }
  const auto invitations = invitations_to(people, ties, facts, now);
  matched.people.reserve(people.size());
  for (std::size_t i = 0; i < people.size(); ++i) {
    const auto& tie = ties[i];
    auto& person = matched.people.emplace_back();
    person.one = std::move(people[i]);
    const auto& id = person.one.person.id;
    person.address = tie.address;
    person.written = tie.written;
    person.user = tie.user;
    person.mapping = kept(row_of(facts.mappings, id, &ports::PersonMapping::person));
    person.invitation = kept(invitations[i]);
    person.facts = {.self = id == caller.account, .active = person.one.person.active, .link = link, .matched_by = tie.by, .problem = tie.problem, .reachable = !away,
                    .looked_up = false, .contact = {}, .invited = false, .may_resend = false};
    const Sight* sight = nullptr;
    if (tie.contact) {
      if (const auto found = contacts.by_contact.find(*tie.contact); found != contacts.by_contact.end()) sight = &found->second;
    } else if (const auto found = contacts.by_address.find(tie.address); found != contacts.by_address.end()) {
      sight = &found->second;
    }
    if (sight != nullptr && sight->refused) {
      person.facts.problem = support::AddressProblem::refused;
    } else if (sight != nullptr) {
      person.facts.looked_up = true;
      // One question of several may have come to nothing: whoever another has told of is not lost by it.
      person.facts.reachable = !away || (sight->as_of <= now && now - sight->as_of < std::min(contacts.life, kOldestPresence));
      person.facts.contact = sight->contact;
      // An address that was given to somebody else meanwhile: what stands behind it is not this person.
      if (sight->contact && !tie.user.empty() && !sight->contact->user.empty() && sight->contact->user != tie.user) person.facts.contact.reset();
      const auto& ours = person.invitation;
      person.facts.invited = sight->invited || (ours && (is_being_sent(*ours) || was_sent_since(*ours, sight->as_of, now)));
      person.as_of = sight->as_of;
      matched.presence_as_of = std::min(matched.presence_as_of.value_or(sight->as_of), sight->as_of);
    }
    person.facts.may_resend = !person.invitation || (!is_being_sent(*person.invitation) && resend_wait(*person.invitation, now) == Milliseconds{0});
    person.standing = support::standing_of(person.facts);
    person.offer = support::offer_of(person.standing, person.facts);
    // Of others it does not matter.
    if (person.standing == support::Standing::address_not_shared && seen.people.at(id).address_missing) matched.addresses_failure = seen.addresses_failure;
    matched.presence_lacks = matched.presence_lacks || (person.standing == support::Standing::unknown && !person.as_of);
  }
  if (matched.addresses_failure) matched.good_until = Time{};
  co_return matched;
}

}  // namespace belay::desk
