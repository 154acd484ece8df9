#include "desk/allowed_groups.hpp"

#include <algorithm>

#include "support/access.hpp"

namespace belay::desk {
namespace {

// What stands in `wanted` and not in `stored`, each group once.
std::vector<std::string> new_groups(const std::vector<std::string>& wanted, const std::vector<std::string>& stored) {
  std::vector<std::string> fresh;
  for (const auto& name : wanted) {
    const auto is_this = [&](const std::string& other) { return support::is_same_group(name, other); };
    if (std::ranges::none_of(stored, is_this) && std::ranges::none_of(fresh, is_this)) fresh.push_back(name);
  }
  return fresh;
}

}  // namespace

// A misspelt name would lock every agent out. Only new ones are asked for: what is stored may have been deleted in Jira since, and that must not
// stand in the way of other changes.
Task<Result<void>> check_groups(const Doors& doors, Caller caller, std::vector<std::string> wanted, std::vector<std::string> stored) {
  auto fresh = new_groups(wanted, stored);
  if (fresh.empty()) co_return Result<void>{};
  auto unknown = co_await doors.permissions.unknown_groups(outside_call(caller, kLongPatience), caller.account, std::move(fresh));
  // An admin who may not browse groups in Jira could otherwise never name one.
  if (!unknown && unknown.error().code == "jira_forbidden") co_return Result<void>{};
  if (!unknown) co_return std::unexpected(std::move(unknown).error());
  if (unknown->empty()) co_return Result<void>{};
  co_return refuse_field("allowedGroups", FieldRule::unknown_group, {{"names", json::array(unknown->begin(), unknown->end())}});
}

}  // namespace belay::desk
