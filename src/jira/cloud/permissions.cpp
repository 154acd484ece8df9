#include "jira/cloud/permissions.hpp"

#include <algorithm>

#include "jira/permissions_reading.hpp"
#include "net/message.hpp"
#include "support/code_points.hpp"

namespace belay::jira::cloud {
namespace {

constexpr Milliseconds kWithoutLife{3'600'000};

// What is asked for beside ADMINISTER, and where.
std::string of_issue(const IssueId& issue, bool with_service_desk) {
  std::string what = "%2CBROWSE_PROJECTS%2CEDIT_ISSUES%2CADMINISTER_PROJECTS";
  if (with_service_desk) what.append("%2C").append(kAgentPermission);
  return what + "&issueId=" + net::percent_encode(issue.value);
}

}  // namespace

Task<Result<support::JiraRights>> CloudPermissions::rights(ports::Call call, AccountId account, std::optional<IssueId> issue) {
  auto body = issue ? co_await ask_of_issue(std::move(call), std::move(account), *issue) : co_await ask(std::move(call), std::move(account), {});
  if (!body && issue && body.error().code == "not_found") co_return support::JiraRights{};  // an issue this account may not see
  if (!body) co_return std::unexpected(std::move(body).error());
  BELAY_CO_TRY(rights, rights_from(*body));
  co_return issue ? rights : global_part(rights);
}

Task<Result<support::JiraRights>> CloudPermissions::project_rights(ports::Call call, AccountId account, ProjectId project) {
  auto body = co_await ask(call, account, "%2CBROWSE_PROJECTS%2CADMINISTER_PROJECTS&projectId=" + net::percent_encode(project.value));
  // A Jira admin may be kept from seeing a project, and administers it still.
  const bool hidden = !body && body.error().code == "not_found";
  if (hidden) body = co_await ask(std::move(call), std::move(account), {});
  if (!body) co_return std::unexpected(std::move(body).error());
  BELAY_CO_TRY(rights, rights_from(*body));
  co_return hidden ? global_part(rights) : rights;
}

Task<Result<support::JiraRights>> CloudPermissions::service_rights(ports::Call call, AccountId account, ProjectId project) {
  auto what = std::string("%2CBROWSE_PROJECTS%2C").append(kAgentPermission) + "&projectId=" + net::percent_encode(project.value);
  const auto body = co_await ask(std::move(call), std::move(account), std::move(what));
  if (!body && body.error().code == "not_found") co_return support::JiraRights{};
  if (!body) co_return std::unexpected(body.error());
  co_return rights_from(*body);
}

Task<Result<std::vector<std::string>>> CloudPermissions::unknown_groups(ports::Call call, AccountId account, std::vector<std::string> names) {
  RestCall rest_call;
  rest_call.call = std::move(call);
  rest_call.actor = ports::AsUser{std::move(account)};
  rest_call.name = "jira.groups";
  rest_call.path = "/rest/api/3/group/bulk?maxResults=50";
  for (const auto& name : names) rest_call.path += "&groupName=" + net::percent_encode(support::trimmed(name));
  BELAY_CO_TRY(page, co_await rest_.send(std::move(rest_call)));

  const auto* values = page.is_object() ? json::array_at(page.get_object(), "values") : nullptr;
  if (values == nullptr) co_return fail_for_now("jira_unreachable", "jira.groups: an answer without groups");
  for (const auto& group : *values) {
    const auto known = group.is_object() ? json::string_at(group.get_object(), "name") : std::nullopt;
    if (known) std::erase_if(names, [&](const std::string& name) { return support::is_same_group(name, *known); });
  }
  // Who is missing on half an answer may be on the other half.
  const bool is_whole = json::bool_at(page.get_object(), "isLast").value_or(true);
  if (!names.empty() && !is_whole) co_return fail_for_now("jira_unreachable", "jira.groups: not all that were asked for");
  co_return names;
}

// Of a site that is not known yet, and of one that lacked it an hour ago and may have it by now, both questions go at once, so that nobody waits for
// one after the other.
Task<Result<json::value>> CloudPermissions::ask_of_issue(ports::Call call, AccountId account, IssueId issue) {
  const auto installation = call.installation;
  const auto known = lacks_service_desk_since_.find(installation);
  const bool is_known = known != lacks_service_desk_since_.end();
  const auto lacked_since = is_known ? known->second : std::nullopt;
  const auto now = clock_.now();
  if (lacked_since && *lacked_since <= now && now - *lacked_since < kWithoutLife) co_return co_await ask(std::move(call), std::move(account), of_issue(issue, false));
  std::optional<Result<json::value>> with;
  std::optional<Result<json::value>> without;
  if (is_known && !lacked_since) {
    with = co_await ask(call, account, of_issue(issue, true));
  } else {
    auto [asked_with, asked_without] = co_await both(ask(call, account, of_issue(issue, true)), ask(call, account, of_issue(issue, false)));
    with = std::move(asked_with);
    without = std::move(asked_without);
  }
  const bool refused = !*with && with->error().code == "jira_refused";
  if (!refused) {
    if (*with) lacks_service_desk_since_.insert_or_assign(installation, std::nullopt);
    co_return std::move(*with);
  }
  if (!without) without = co_await ask(std::move(call), std::move(account), of_issue(issue, false));
  if (*without) lacks_service_desk_since_.insert_or_assign(installation, clock_.now());
  co_return std::move(*without);
}

Task<Result<json::value>> CloudPermissions::ask(ports::Call call, AccountId account, std::string what) {
  RestCall rest_call;
  rest_call.call = std::move(call);
  rest_call.actor = ports::AsUser{std::move(account)};
  rest_call.name = "jira.mypermissions";
  rest_call.path = "/rest/api/3/mypermissions?permissions=ADMINISTER" + what;
  co_return co_await rest_.send(std::move(rest_call));
}

}  // namespace belay::jira::cloud
