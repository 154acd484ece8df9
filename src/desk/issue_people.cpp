#include "desk/issue_people.hpp"

#include <algorithm>
#include <chrono>
#include <set>

#include "base/log.hpp"

namespace belay::desk {

support::NamedPeople named_people(const ports::Ticket& ticket, Takers takers) {
  support::NamedPeople named;
  if (ticket.reporter) named.reporter = ticket.reporter->id;
  if (ticket.assignee) named.assignee = ticket.assignee->id;
  named.request = ticket.service_project;
  named.commenters = std::move(takers.roster.authors);
  if (named.request) named.participants = std::move(takers.participants);
  return named;
}

support::NamedPeople only(const support::NamedPeople& named, const AccountId& person) {
  support::NamedPeople one;
  one.request = named.request;
  if (named.reporter == person) one.reporter = person;
  if (named.assignee == person) one.assignee = person;
  std::ranges::copy_if(named.commenters, std::back_inserter(one.commenters), [&](const auto& spoke) { return spoke.account == person; });
  std::ranges::copy_if(named.participants, std::back_inserter(one.participants), [&](const auto& account) { return account == person; });
  return one;
}

namespace {

// Further pages that did not come: whoever looks then has the first one read again.
constexpr Milliseconds kAfterFailure{2'000};
// While they are read anew, those of the last reading are on the list.
constexpr Milliseconds kKept{540'000};

std::vector<AccountId> accounts_of(const std::vector<support::Person>& people) {
  std::vector<AccountId> accounts;
  for (const auto& person : people) accounts.push_back(person.id);
  return accounts;
}

void add(std::vector<AccountId>& accounts, const std::vector<AccountId>& more) {
  const std::set<AccountId> there(accounts.begin(), accounts.end());
  std::ranges::copy_if(more, std::back_inserter(accounts), [&](const auto& account) { return !there.contains(account); });
}

}  // namespace

// As long as it counts.
const IssuePeople::Reading* IssuePeople::known(const Request& request) const {
  const auto now = doors_.clock.now();
  const auto* reading = participants_.find(request, now);
  if (reading == nullptr || reading->found.late) return reading;
  const auto life = reading->found.failure ? kAfterFailure : kParticipantsLife;
  return reading->asked_at <= now && now - reading->asked_at < life ? reading : nullptr;
}

// One call; the further pages are begun. Why there was no answer.
Task<std::optional<Error>> IssuePeople::read_first(Request request, ports::Call call, AccountId caller) {
  const auto asked_at = doors_.clock.now();
  const auto issue = std::get<IssueId>(request);
  auto first = co_await doors_.tickets.participants(call, ports::AsUser{caller}, issue);
  // An issue of a service project that was made without the portal is no request. Whoever may not see a request is told the same: that holds for nobody else.
  if (!first && first.error().code == "not_found") {
    no_request_.keep({call.installation, caller, issue}, {}, doors_.clock.now(), kParticipantsLife);
    co_return std::nullopt;
  }
  if (!first) co_return std::move(first).error();
  if (const auto* reading = known(request); reading != nullptr && reading->found.late) co_return std::nullopt;   // somebody else was faster, and reads on
  auto page = accounts_of(first->people);
  Reading reading{.found = {.accounts = page, .cut = false, .late = first->next.has_value(), .failure = {}}, .asked_at = asked_at};
  if (!first->next) {
    participants_.keep(request, std::move(reading), doors_.clock.now(), kParticipantsLife);
    co_return std::nullopt;
  }
  if (const auto* before = participants_.find(request, doors_.clock.now())) add(reading.found.accounts, before->found.accounts);
  participants_.keep(request, std::move(reading), doors_.clock.now(), kKept);
  co_await questions_.start("participants", read_on(request, std::move(call), std::move(caller), *first->next, std::move(page)));
  co_return std::nullopt;
}

Task<void> IssuePeople::read_for_later(Request request, ports::Call call, AccountId caller) {
  const auto failure = co_await read_first(std::move(request), std::move(call), std::move(caller));
  if (failure) log::warning("participants_not_read", log::fields_of(*failure));
}

Task<void> IssuePeople::read_on(Request request, ports::Call call, AccountId caller, std::size_t start, std::vector<AccountId> page) {
  call.deadline = kLongPatience;
  auto rest = co_await doors_.tickets.further_participants(std::move(call), ports::AsUser{std::move(caller)}, std::get<IssueId>(request), start);
  const auto now = doors_.clock.now();
  if (const auto* begun = participants_.find(request, now)) {
    auto reading = *begun;
    reading.found.late = false;
    if (rest) {
      reading.found.accounts = std::move(page);   // who was on the list before and is no longer there leaves it
      add(reading.found.accounts, accounts_of(rest->people));
      reading.found.cut = rest->next.has_value();
    } else {
      reading.found.failure = std::move(rest).error();
      reading.asked_at = now;
    }
    participants_.keep(request, std::move(reading), now, kKept);
  }
  news_.ring();
}

Task<IssuePeople::Participants> IssuePeople::participants(ports::Call call, AccountId caller, IssueId issue, Extent extent) {
  const auto end = std::chrono::steady_clock::now() + call.deadline;
  const Request request{call.installation, issue};
  if (known(request) == nullptr) {
    if (no_request_.find({call.installation, caller, issue}, doors_.clock.now()) != nullptr) co_return Participants{};
    if (extent == Extent::known) {
      co_await questions_.start("participants", read_for_later(request, std::move(call), std::move(caller)));
      co_return Participants{.accounts = {}, .cut = false, .late = true, .failure = {}};
    }
    auto failure = co_await read_first(request, std::move(call), std::move(caller));
    if (failure) co_return Participants{.accounts = {}, .cut = false, .late = false, .failure = std::move(failure)};
  }
  const auto* reading = known(request);
  while (extent == Extent::all && reading != nullptr && reading->found.late) {
    const auto left = std::chrono::duration_cast<Milliseconds>(end - std::chrono::steady_clock::now());
    if (left <= Milliseconds{0} || !co_await news_.wait(left)) break;
    reading = known(request);
  }
  reading = known(request);
  if (reading == nullptr) co_return Participants{};   // no request
  auto found = reading->found;
  if (extent == Extent::all && found.late) found.failure = Error{.code = "jira_unreachable", .cause = "participants are still being read", .detail = {}, .retryable = true, .retry_after = {}};
  co_return found;
}

void IssuePeople::take(Takers& takers, Participants taking_part) {
  takers.participants = std::move(taking_part.accounts);
  takers.participants_cut = taking_part.cut;
  takers.participants_late = taking_part.late;
  takers.participants_failure = std::move(taking_part.failure);
}

Task<Takers> IssuePeople::look(ports::Call call, AccountId caller, IssueId issue, bool request, const std::optional<ports::Roster>& stored, Extent extent) {
  std::optional<Result<RosterNow>> roster;
  std::optional<Participants> taking_part;
  std::vector<Task<void>> questions;
  questions.push_back(answer_into(roster, rosters_.look(call, caller, issue, stored)));
  if (request) questions.push_back(answer_into(taking_part, participants(call, caller, issue, extent)));
  co_await all_of(std::move(questions));
  Takers takers;
  if (*roster) takers.roster = std::move(**roster), takers.commenters_failure = takers.roster.failure;
  else takers.commenters_failure = std::move(*roster).error();
  if (taking_part) take(takers, std::move(*taking_part));
  co_return takers;
}

Time IssuePeople::good_until(const InstallationId& installation, const AccountId& caller, const IssueId& issue, bool request, const std::optional<ports::Roster>& stored) const {
  const auto until = rosters_.good_until(installation, caller, issue, stored);
  if (!request) return until;
  const auto* read = known({installation, issue});
  if (read == nullptr) return std::min(until, no_request_.until({installation, caller, issue}));
  return read->found.late || read->found.failure ? Time{} : std::min(until, read->asked_at + kParticipantsLife);
}

void IssuePeople::forget(const InstallationId& installation) {
  const auto is_of = [&](const auto& key) { return std::get<InstallationId>(key) == installation; };
  participants_.forget_if(is_of);
  no_request_.forget_if(is_of);
}

void IssuePeople::tidy() {
  const auto now = doors_.clock.now();
  participants_.tidy(now);
  no_request_.tidy(now);
}

}  // namespace belay::desk
