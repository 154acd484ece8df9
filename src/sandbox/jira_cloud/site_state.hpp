// A site as `control/state` shows and changes it (docs/sandbox/state.schema.json).
#pragma once

#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "sandbox/jira_cloud/rest.hpp"
#include "sandbox/jira_cloud/site.hpp"

namespace belay::sandbox::jira_cloud {

[[nodiscard]] json::object state_of(const Site& site);

Result<void> change_behaviour(Site& site, const json::object& patch);
/// By account id: name, email, emailVisible, active, locale, timeZone, theme, groups.
Result<void> change_people(Site& site, const json::object& patch, Time now);
/// By project key, then role name: the list of its members (account ids, "group:name").
Result<void> change_roles(Site& site, const json::object& patch);
/// By issue key: summary, status, reporter, assignee, key (moved), deleted. What apps are told of goes into `happenings`.
Result<void> change_issues(Site& site, const json::object& patch, std::vector<IssueHappening>& happenings);

}  // namespace belay::sandbox::jira_cloud
