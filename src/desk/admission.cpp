#include "desk/admission.hpp"

#include <algorithm>

namespace belay::desk {

Error refused(support::Refusal refusal) {
  return Error{.code = "forbidden", .cause = {}, .detail = {{"reason", support::to_string(refusal)}}, .retryable = false, .retry_after = {}};
}

Task<Result<support::JiraRights>> Admission::rights(Caller caller, std::optional<IssueId> issue, Milliseconds patience, std::string api_base_url) {
  const auto key = std::tuple(caller.installation(), caller.account, issue.value_or(IssueId{}));
  if (const auto* known = rights_.find(key, doors_.clock.now())) co_return *known;
  auto call = outside_call(caller, patience);
  call.api_base_url = std::move(api_base_url);
  auto answered = co_await doors_.permissions.rights(std::move(call), caller.account, std::move(issue));
  if (answered) rights_.keep(key, *answered, doors_.clock.now(), kRightsLife);
  co_return answered;
}

Task<Result<ports::Ticket>> Admission::ticket(Caller caller, Milliseconds patience) {
  if (!caller.call.issue) co_return fail("not_found", "the token names no issue");
  const auto key = std::tuple(caller.installation(), *caller.call.issue);
  if (const auto* known = tickets_.find(key, doors_.clock.now())) co_return *known;
  auto answered = co_await doors_.tickets.ticket(outside_call(caller, patience), ports::AsUser{caller.account}, *caller.call.issue);
  if (answered) tickets_.keep(key, *answered, doors_.clock.now(), kTicketLife);
  co_return answered;
}

Task<Result<std::vector<std::string>>> Admission::groups(Caller caller, bool wanted, Milliseconds patience) {
  if (!wanted) co_return std::vector<std::string>{};
  const auto key = std::tuple(caller.installation(), caller.account);
  if (const auto* known = groups_.find(key, doors_.clock.now())) co_return *known;
  auto answered = co_await doors_.users.groups(outside_call(caller, patience), caller.account);
  if (answered) groups_.keep(key, *answered, doors_.clock.now(), kRightsLife);
  co_return answered;
}

Task<Asked> Admission::ask(Caller caller, std::vector<std::string> allowed_groups, Milliseconds patience) {
  std::optional<Result<support::JiraRights>> rights_answer;
  std::optional<Result<ports::Ticket>> ticket_answer;
  std::optional<Result<std::vector<std::string>>> groups_answer;
  std::vector<Task<void>> questions;
  questions.push_back(answer_into(rights_answer, rights(caller, caller.call.issue, patience, {})));
  questions.push_back(answer_into(ticket_answer, ticket(caller, patience)));
  questions.push_back(answer_into(groups_answer, groups(caller, !allowed_groups.empty(), patience)));
  co_await all_of(std::move(questions));
  const auto until = *rights_answer && *ticket_answer && *groups_answer ? good_until(caller, !allowed_groups.empty()) : Time{};
  co_return Asked{.rights = std::move(*rights_answer), .ticket = std::move(*ticket_answer), .groups = std::move(*groups_answer), .good_until = until};
}

Time Admission::good_until(const Caller& caller, bool with_groups) const {
  if (!caller.call.issue) return {};
  auto until = std::min(rights_.until(std::tuple(caller.installation(), caller.account, *caller.call.issue)), tickets_.until(std::tuple(caller.installation(), *caller.call.issue)));
  if (with_groups) until = std::min(until, groups_.until(std::tuple(caller.installation(), caller.account)));
  return until;
}

std::optional<support::Refusal> Admission::why_not_agent(const Caller& caller, const Asked& asked, const std::vector<std::string>& allowed_groups) {
  support::AgentFacts facts;
  facts.page = caller.call.page;
  if (asked.rights) facts.rights = *asked.rights;
  if (asked.ticket) facts.service_project = asked.ticket->service_project;
  if (asked.groups) facts.groups = *asked.groups;
  facts.allowed_groups = allowed_groups;
  return support::why_not_agent(facts);
}

Task<Result<ports::Ticket>> Admission::agent(Caller caller, std::vector<std::string> allowed_groups) {
  if (caller.call.page != support::Page::issue_panel) co_return std::unexpected(refused(support::Refusal::wrong_module));
  const auto asked = co_await ask(caller, allowed_groups, kLongPatience);
  if (!asked.rights) co_return std::unexpected(asked.rights.error());
  if (!asked.rights->browse) co_return fail("not_found", "the caller may not see the issue");
  if (!asked.ticket) co_return std::unexpected(asked.ticket.error());
  if (!asked.groups) co_return std::unexpected(asked.groups.error());
  if (const auto refusal = why_not_agent(caller, asked, allowed_groups)) co_return std::unexpected(refused(*refusal));
  co_return *asked.ticket;
}

Task<Result<void>> Admission::admin(Caller caller, std::string api_base_url) {
  if (caller.call.page != support::Page::admin) co_return std::unexpected(refused(support::Refusal::wrong_module));
  auto answered = co_await rights(caller, std::nullopt, kLongPatience, std::move(api_base_url));
  if (!answered) co_return std::unexpected(answered.error());
  if (const auto refusal = support::why_not_admin(caller.call.page, *answered)) co_return std::unexpected(refused(*refusal));
  co_return Result<void>{};
}

void Admission::forget_ticket(const InstallationId& installation, const IssueId& issue) {
  tickets_.forget_if([&](const auto& key) { return key == std::tuple(installation, issue); });
  doors_.changes.note(installation);
}

void Admission::tidy() {
  const auto now = doors_.clock.now();
  rights_.tidy(now);
  tickets_.tidy(now);
  groups_.tidy(now);
}

void Admission::forget(const InstallationId& installation) {
  rights_.forget_if([&](const auto& key) { return std::get<0>(key) == installation; });
  tickets_.forget_if([&](const auto& key) { return std::get<0>(key) == installation; });
  groups_.forget_if([&](const auto& key) { return std::get<0>(key) == installation; });
  if (forgetting_) forgetting_(installation);
}

}  // namespace belay::desk
