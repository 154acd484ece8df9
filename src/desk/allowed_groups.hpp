// The Jira groups that an admin lets act: names that somebody types.
#pragma once

#include <string>
#include <vector>

#include "desk/doors.hpp"

namespace belay::desk {

/// `invalid_field` with the rule `unknown_group` and the `names` of those in `wanted` that are not in `stored` and that Jira does not have; Jira's
/// own error when it cannot say. Asked with the caller's own rights; from a caller who may not look at groups every name is taken.
[[nodiscard]] Task<Result<void>> check_groups(const Doors& doors, Caller caller, std::vector<std::string> wanted, std::vector<std::string> stored);

}  // namespace belay::desk
