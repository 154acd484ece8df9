#include "desk/issue_folk.hpp"

#include <algorithm>

namespace belay::desk {

support::IssueFolk folk_of(const ports::Ticket& ticket, Takers takers) {
  support::IssueFolk folk;
  if (ticket.reporter) folk.reporter = ticket.reporter->id;
  if (ticket.assignee) folk.assignee = ticket.assignee->id;
  folk.request = ticket.service_project;
  folk.commenters = std::move(takers.roster.authors);
  if (folk.request) folk.participants = std::move(takers.participants);
  return folk;
}

support::IssueFolk only(const support::IssueFolk& folk, const AccountId& person) {
  support::IssueFolk one;
  one.request = folk.request;
  if (folk.reporter == person) one.reporter = person;
  if (folk.assignee == person) one.assignee = person;
  std::ranges::copy_if(folk.commenters, std::back_inserter(one.commenters), [&](const auto& spoke) { return spoke.account == person; });
  std::ranges::copy_if(folk.participants, std::back_inserter(one.participants), [&](const auto& account) { return account == person; });
  return one;
}

Task<Result<IssueFolk::Participants>> IssueFolk::participants(ports::Call call, AccountId caller, IssueId issue, bool request) {
  if (!request) co_return Participants{};
  const auto key = std::tuple(call.installation, issue);
  if (const auto* known = participants_.find(key, doors_.clock.now())) co_return *known;
  auto people = co_await doors_.tickets.participants(std::move(call), ports::AsUser{std::move(caller)}, std::move(issue));
  // An issue of a service project that was made without the portal is no request.
  if (!people && people.error().code != "not_found") co_return std::unexpected(std::move(people).error());
  Participants accounts;
  if (people) {
    for (const auto& person : *people) accounts.push_back(person.id);
  }
  participants_.keep(key, accounts, doors_.clock.now(), kParticipantsLife);
  co_return accounts;
}

Task<Takers> IssueFolk::look(ports::Call call, AccountId caller, IssueId issue, bool request, std::optional<ports::Roster> stored) {
  auto [roster, taking_part] = co_await both(rosters_.look(call, caller, issue, std::move(stored)), participants(call, caller, issue, request));
  Takers takers;
  if (roster) takers.roster = std::move(*roster), takers.failure = takers.roster.failure;
  else takers.failure = std::move(roster).error();
  if (taking_part) takers.participants = std::move(*taking_part);
  else takers.failure = std::move(taking_part).error();
  co_return takers;
}

Time IssueFolk::good_until(const InstallationId& installation, const AccountId& caller, const IssueId& issue, bool request, const std::optional<ports::Roster>& stored) const {
  const auto until = rosters_.good_until(installation, caller, issue, stored);
  return request ? std::min(until, participants_.until(std::tuple(installation, issue))) : until;
}

}  // namespace belay::desk
