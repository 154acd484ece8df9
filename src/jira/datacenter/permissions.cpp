#include "jira/datacenter/permissions.hpp"

#include <algorithm>

#include "jira/permissions_reading.hpp"
#include "net/message.hpp"
#include "support/code_points.hpp"

namespace belay::jira::datacenter {
namespace {

// There is none, it is not for them to see, or no place has such an id (400: a number that is too large).
bool is_of_the_place(const Error& error) {
  const auto* status = error.detail.if_contains("status");
  return error.code == "not_found" || error.code == "jira_forbidden" || (status != nullptr && *status == json::value(400));
}

}  // namespace

Task<Result<support::JiraRights>> DataCenterPermissions::rights(ports::Call call, AccountId account, std::optional<IssueId> issue) {
  if (issue) co_return co_await ask(std::move(call), std::move(account), "?issueId=" + net::percent_encode(issue->value));
  BELAY_CO_TRY(found, co_await ask(std::move(call), std::move(account), {}));
  co_return global_part(found);
}

Task<Result<support::JiraRights>> DataCenterPermissions::project_rights(ports::Call call, AccountId account, ProjectId project) {
  co_return co_await ask(std::move(call), std::move(account), "?projectId=" + net::percent_encode(project.value));
}

Task<Result<support::JiraRights>> DataCenterPermissions::service_rights(ports::Call call, AccountId account, ProjectId project) {
  co_return co_await project_rights(std::move(call), std::move(account), std::move(project));
}

// A place that there is none of, or that they may not see, gives them no rights in it; what they may everywhere is asked for without it.
Task<Result<support::JiraRights>> DataCenterPermissions::ask(ports::Call call, AccountId account, std::string where) {
  RestCall rest_call;
  rest_call.call = call;
  rest_call.actor = ports::AsUser{account};
  rest_call.name = "jira.mypermissions";
  rest_call.path = "/rest/api/2/mypermissions" + where;
  const auto body = co_await rest_.send(std::move(rest_call));
  if (!body && is_of_the_place(body.error()) && !where.empty()) {
    BELAY_CO_TRY(everywhere, co_await ask(std::move(call), std::move(account), {}));
    co_return global_part(everywhere);
  }
  if (!body) co_return std::unexpected(body.error());
  co_return rights_from(*body);
}

// REST v2 finds groups by a part of their names.
Task<Result<bool>> DataCenterPermissions::knows_group(ports::Call call, AccountId account, std::string name) {
  RestCall rest_call;
  rest_call.call = std::move(call);
  rest_call.actor = ports::AsUser{std::move(account)};
  rest_call.name = "jira.groups";
  rest_call.path = "/rest/api/2/groups/picker?maxResults=1000&query=" + net::percent_encode(support::trimmed(name));
  BELAY_CO_TRY(body, co_await rest_.send(std::move(rest_call)));
  const auto* groups = body.is_object() ? json::array_at(body.get_object(), "groups") : nullptr;
  if (groups == nullptr) co_return fail_for_now("jira_unreachable", "jira.groups: an answer without groups");
  const bool found = std::ranges::any_of(*groups, [&](const json::value& group) {
    const auto known = group.is_object() ? json::string_at(group.get_object(), "name") : std::nullopt;
    return known && support::is_same_group(name, *known);
  });
  // It shows the first of them, as many as its administrators let it: of those behind, it is not known which they are.
  co_return found || std::cmp_greater(json::integer_at(body.get_object(), "total").value_or(0), groups->size());
}

Task<Result<std::vector<std::string>>> DataCenterPermissions::unknown_groups(ports::Call call, AccountId account, std::vector<std::string> names) {
  std::vector<std::optional<Result<bool>>> answers(names.size());
  std::vector<Task<void>> questions;
  for (std::size_t at = 0; at < names.size(); ++at) questions.push_back(answer_into(answers[at], knows_group(call, account, names[at])));
  co_await all_of(std::move(questions));
  std::vector<std::string> unknown;
  for (std::size_t at = 0; at < names.size(); ++at) {
    if (!*answers[at]) co_return std::unexpected(std::move(*answers[at]).error());
    if (!**answers[at]) unknown.push_back(std::move(names[at]));
  }
  co_return unknown;
}

}  // namespace belay::jira::datacenter
