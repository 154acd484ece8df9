#include "desk/issue_people.hpp"

#include <algorithm>

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

Task<Result<IssuePeople::Participants>> IssuePeople::participants(ports::Call call, AccountId caller, IssueId issue, bool request) {
  if (!request) co_return Participants{};
  const auto key = std::tuple(call.installation, issue);
  if (const auto* known = participants_.find(key, doors_.clock.now())) co_return *known;
  const Viewer viewer{call.installation, caller, issue};
  if (no_request_.find(viewer, doors_.clock.now()) != nullptr) co_return Participants{};
  auto people = co_await doors_.tickets.participants(std::move(call), ports::AsUser{std::move(caller)}, std::move(issue));
  // An issue of a service project that was made without the portal is no request. Whoever may not see a request is told the same: that holds for nobody else.
  if (!people && people.error().code == "not_found") {
    no_request_.keep(viewer, {}, doors_.clock.now(), kParticipantsLife);
    co_return Participants{};
  }
  if (!people) co_return std::unexpected(std::move(people).error());
  Participants found{.accounts = {}, .cut = people->cut};
  for (const auto& person : people->people) found.accounts.push_back(person.id);
  participants_.keep(key, found, doors_.clock.now(), kParticipantsLife);
  co_return found;
}

void IssuePeople::take(Takers& takers, Result<Participants> taking_part) {
  if (!taking_part) {
    takers.participants_failure = std::move(taking_part).error();
    return;
  }
  takers.participants = std::move(taking_part->accounts);
  takers.participants_cut = taking_part->cut;
}

Task<Takers> IssuePeople::look(ports::Call call, AccountId caller, IssueId issue, bool request, std::optional<ports::Roster> stored) {
  auto [roster, taking_part] = co_await both(rosters_.look(call, caller, issue, std::move(stored)), participants(call, caller, issue, request));
  Takers takers;
  if (roster) takers.roster = std::move(*roster), takers.commenters_failure = takers.roster.failure;
  else takers.commenters_failure = std::move(roster).error();
  take(takers, std::move(taking_part));
  co_return takers;
}

Time IssuePeople::good_until(const InstallationId& installation, const AccountId& caller, const IssueId& issue, bool request, const std::optional<ports::Roster>& stored) const {
  const auto until = rosters_.good_until(installation, caller, issue, stored);
  if (!request) return until;
  const auto key = std::tuple(installation, issue);
  const bool known = participants_.find(key, doors_.clock.now()) != nullptr;
  return std::min(until, known ? participants_.until(key) : no_request_.until({installation, caller, issue}));
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
