#include "desk/admission.hpp"

#include <algorithm>
#include <chrono>

#include "desk/installation_settings.hpp"

namespace belay::desk {

AdmissionRules admission_rules(ports::UnitOfWork& unit, const Caller& caller, const support::Settings& settings) {
  const auto& project = caller.call.project;
  return {.allowed_groups = settings.allowed_groups,
          .project = project && !project->empty() ? project_settings_of(unit, caller.installation(), *project).settings : support::ProjectSettings{}};
}

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

Task<Result<support::JiraRights>> Admission::rights_in(Caller caller, ProjectId project, Milliseconds patience) {
  const auto key = std::tuple(caller.installation(), caller.account, project);
  if (const auto* known = project_rights_.find(key, doors_.clock.now())) co_return *known;
  auto answered = co_await doors_.permissions.project_rights(outside_call(caller, patience), caller.account, std::move(project));
  if (answered) project_rights_.keep(key, *answered, doors_.clock.now(), kRightsLife);
  co_return answered;
}

Task<Result<support::JiraRights>> Admission::service_rights_in(Caller caller, ProjectId project, Milliseconds patience) {
  const auto key = std::tuple(caller.installation(), caller.account, project);
  if (const auto* known = service_rights_.find(key, doors_.clock.now())) co_return *known;
  auto answered = co_await doors_.permissions.service_rights(outside_call(caller, patience), caller.account, std::move(project));
  if (answered) service_rights_.keep(key, *answered, doors_.clock.now(), kRightsLife);
  co_return answered;
}

Task<Result<support::ProjectSettings>> Admission::project_settings(InstallationId installation, ProjectId project) {
  if (project.empty()) co_return support::ProjectSettings{};
  co_return co_await doors_.storage.read<support::ProjectSettings>(
      [&](ports::UnitOfWork& unit) -> Result<support::ProjectSettings> { return project_settings_of(unit, installation, project).settings; });
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

Task<Asked> Admission::ask(Caller caller, AdmissionRules rules, Milliseconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  const auto left = [&] { return std::max(Milliseconds{1}, std::chrono::duration_cast<Milliseconds>(end - std::chrono::steady_clock::now())); };
  // The token's word for the project saves a round; which one it is the ticket decides.
  const auto named = caller.call.project.value_or(ProjectId{});
  Result<support::ProjectSettings> project = std::move(rules.project);
  bool with_groups = !rules.allowed_groups.empty() || !project->allowed_groups.empty();
  std::optional<Result<support::JiraRights>> rights_answer;
  std::optional<Result<ports::Ticket>> ticket_answer;
  std::optional<Result<std::vector<std::string>>> groups_answer;
  std::vector<Task<void>> questions;
  questions.push_back(answer_into(rights_answer, rights(caller, caller.call.issue, left(), {})));
  questions.push_back(answer_into(ticket_answer, ticket(caller, left())));
  questions.push_back(answer_into(groups_answer, groups(caller, with_groups, left())));
  co_await all_of(std::move(questions));
  if (*ticket_answer && (*ticket_answer)->project_id != named) {
    project = co_await project_settings(caller.installation(), (*ticket_answer)->project_id);
    if (!with_groups && project && !project->allowed_groups.empty()) {
      with_groups = true;
      groups_answer = co_await groups(caller, true, left());
    }
  }
  const auto until = *rights_answer && *ticket_answer && *groups_answer && project ? good_until(caller, with_groups) : Time{};
  co_return Asked{.rights = std::move(*rights_answer), .ticket = std::move(*ticket_answer), .groups = std::move(*groups_answer), .project = std::move(project), .good_until = until};
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
  if (asked.project) facts.project_groups = asked.project->allowed_groups;
  return support::why_not_agent(facts);
}

Task<Result<Admitted>> Admission::agent(Caller caller, AdmissionRules rules) {
  const auto page = caller.call.page;
  if (page != support::Page::issue_panel && page != support::Page::automation) co_return std::unexpected(refused(support::Refusal::wrong_module));
  const auto allowed_groups = rules.allowed_groups;
  const auto asked = co_await ask(caller, std::move(rules), kLongPatience);
  if (!asked.rights) co_return std::unexpected(asked.rights.error());
  if (!asked.rights->browse) co_return fail("not_found", "the caller may not see the issue");
  if (!asked.ticket) co_return std::unexpected(asked.ticket.error());
  if (!asked.project) co_return std::unexpected(asked.project.error());
  if (!asked.groups) co_return std::unexpected(asked.groups.error());
  if (const auto refusal = why_not_agent(caller, asked, allowed_groups)) co_return std::unexpected(refused(*refusal));
  co_return Admitted{.ticket = *asked.ticket, .project = *asked.project};
}

Result<void> Admitted::may_begin() const {
  if (!project.enabled) return fail("project_off", "switched off in the project");
  return {};
}

Task<Result<ProjectId>> Admission::queue_agent(Caller caller, AdmissionRules rules) {
  if (caller.call.page != support::Page::queue || !caller.call.project) co_return std::unexpected(refused(support::Refusal::wrong_module));
  const auto project = *caller.call.project;
  const bool with_groups = !rules.allowed_groups.empty() || !rules.project.allowed_groups.empty();
  auto [rights_answer, groups_answer] = co_await both(service_rights_in(caller, project, kLongPatience), groups(caller, with_groups, kLongPatience));
  if (!rights_answer) co_return std::unexpected(std::move(rights_answer).error());
  if (!rights_answer->browse) co_return fail("not_found", "the caller may not see the project");
  if (!groups_answer) co_return std::unexpected(std::move(groups_answer).error());
  const support::AgentFacts facts{.page = caller.call.page, .rights = *rights_answer, .service_project = true, .groups = std::move(*groups_answer),
                                  .allowed_groups = std::move(rules.allowed_groups), .project_groups = std::move(rules.project.allowed_groups)};
  if (const auto refusal = support::why_not_agent(facts)) co_return std::unexpected(refused(*refusal));
  co_return project;
}

Task<Result<ports::Request>> Admission::request(Caller caller) {
  if (caller.call.page != support::Page::portal || !caller.call.issue_key) co_return std::unexpected(refused(support::Refusal::wrong_module));
  const auto key = std::tuple(caller.installation(), caller.account, *caller.call.issue_key);
  if (const auto* known = requests_.find(key, doors_.clock.now())) {
    if (!*known) co_return fail("not_found", "the caller may not see the request");
    co_return **known;
  }
  const auto answered = co_await doors_.tickets.request(outside_call(caller, kLongPatience), ports::AsUser{caller.account}, *caller.call.issue_key);
  if (answered) requests_.keep(key, *answered, doors_.clock.now(), kRightsLife);
  else if (answered.error().code == "not_found") requests_.keep(key, std::nullopt, doors_.clock.now(), kRightsLife);
  co_return answered;
}

Task<InSight> Admission::in_sight(Caller caller, std::vector<IssueId> issues, Milliseconds patience) {
  std::ranges::sort(issues);
  issues.erase(std::ranges::unique(issues).begin(), issues.end());
  InSight seen;
  const auto key_of = [&](const IssueId& issue) { return std::tuple(caller.installation(), caller.account, issue); };
  std::erase_if(issues, [&](const IssueId& issue) {
    const auto* known = in_sight_.find(key_of(issue), doors_.clock.now());
    if (known != nullptr) seen.issues[issue] = *known;
    return known != nullptr;
  });
  std::erase_if(issues, [](const IssueId& issue) { return issue.empty(); });   // of none there is nothing to ask
  if (issues.empty()) co_return seen;
  const auto answered = co_await doors_.tickets.visible_issues(outside_call(caller, patience), ports::AsUser{caller.account}, issues);
  if (!answered) {
    seen.failure = answered.error();
    co_return seen;
  }
  for (const auto& issue : issues) {
    if (std::ranges::find(answered->unknown, issue) != answered->unknown.end()) continue;
    const auto found = std::ranges::find(answered->visible, issue, &ports::Headline::id);
    seen.issues[issue] = found == answered->visible.end() ? std::nullopt : std::optional(*found);
    in_sight_.keep(key_of(issue), seen.issues[issue], doors_.clock.now(), kRightsLife);
  }
  if (!answered->unknown.empty()) seen.failure = Error{.code = "jira_unreachable", .cause = "not told of every issue", .detail = {}, .retryable = true, .retry_after = {}};
  co_return seen;
}

Task<Result<void>> Admission::admin(Caller caller, std::string api_base_url) {
  if (caller.call.page != support::Page::admin) co_return std::unexpected(refused(support::Refusal::wrong_module));
  auto answered = co_await rights(caller, std::nullopt, kLongPatience, std::move(api_base_url));
  if (!answered) co_return std::unexpected(answered.error());
  if (const auto refusal = support::why_not_admin(caller.call.page, *answered)) co_return std::unexpected(refused(*refusal));
  co_return Result<void>{};
}

Task<Result<AdministeredProject>> Admission::project_admin(Caller caller) {
  const auto& call = caller.call;
  if (call.page != support::Page::project_settings || !call.project || !call.project_key) co_return std::unexpected(refused(support::Refusal::wrong_module));
  auto answered = co_await rights_in(caller, *call.project, kLongPatience);
  if (!answered) co_return std::unexpected(answered.error());
  if (const auto refusal = support::why_not_project_admin(call.page, *answered)) co_return std::unexpected(refused(*refusal));
  co_return AdministeredProject{.id = *call.project, .key = *call.project_key};
}

void Admission::forget_ticket(const InstallationId& installation, const IssueId& issue) {
  tickets_.forget_if([&](const auto& key) { return key == std::tuple(installation, issue); });
  doors_.changes.note(installation);
}

void Admission::tidy() {
  const auto now = doors_.clock.now();
  rights_.tidy(now);
  project_rights_.tidy(now);
  service_rights_.tidy(now);
  tickets_.tidy(now);
  groups_.tidy(now);
  requests_.tidy(now);
  in_sight_.tidy(now);
}

void Admission::forget(const InstallationId& installation) {
  rights_.forget_if([&](const auto& key) { return std::get<0>(key) == installation; });
  project_rights_.forget_if([&](const auto& key) { return std::get<0>(key) == installation; });
  service_rights_.forget_if([&](const auto& key) { return std::get<0>(key) == installation; });
  tickets_.forget_if([&](const auto& key) { return std::get<0>(key) == installation; });
  groups_.forget_if([&](const auto& key) { return std::get<0>(key) == installation; });
  requests_.forget_if([&](const auto& key) { return std::get<0>(key) == installation; });
  in_sight_.forget_if([&](const auto& key) { return std::get<0>(key) == installation; });
  if (forgetting_) forgetting_(installation);
}

}  // namespace belay::desk
