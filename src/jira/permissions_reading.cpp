#include "jira/permissions_reading.hpp"

namespace belay::jira {
namespace {

bool has(const json::object& permissions, std::string_view key) {
  const auto* permission = json::object_at(permissions, key);
  return permission != nullptr && json::bool_at(*permission, "havePermission").value_or(false);
}

}  // namespace

Result<support::JiraRights> rights_from(const json::value& body) {
  const auto* permissions = body.is_object() ? json::object_at(body.get_object(), "permissions") : nullptr;
  if (permissions == nullptr) return fail_for_now("jira_unreachable", "jira.mypermissions: an answer without permissions");
  return support::JiraRights{.browse = has(*permissions, "BROWSE_PROJECTS"),
                             .edit_issues = has(*permissions, "EDIT_ISSUES"),
                             .service_agent = has(*permissions, kAgentPermission),
                             .administer = has(*permissions, "ADMINISTER"),
                             .administer_project = has(*permissions, "ADMINISTER_PROJECTS")};
}

support::JiraRights global_part(const support::JiraRights& rights) {
  return {.browse = false, .edit_issues = false, .service_agent = false, .administer = rights.administer, .administer_project = false};
}

}  // namespace belay::jira
