#include "sandbox/jira_cloud/visibility.hpp"

namespace belay::sandbox::jira_cloud {

std::string_view to_string(Visibility::Type type) { return type == Visibility::Type::role ? "role" : "group"; }

json::object visibility_view(const Visibility& visibility) {
  return {{"type", to_string(visibility.type)}, {"value", visibility.value}, {"identifier", visibility.identifier}};
}

Result<Visibility> read_visibility(const Site& site, const Project& project, const json::object& from) {
  const auto type = json::string_at(from, "type").value_or("");
  auto wanted = json::string_at(from, "identifier");
  if (!wanted) wanted = json::string_at(from, "value");
  const auto name = wanted.value_or("");
  if (type == "role") {
    const auto* role = project.role(name);
    if (role == nullptr) return fail("unknown_role", "There is no project role: " + name + ".");
    return Visibility{.type = Visibility::Type::role, .value = role->name, .identifier = role->name};
  }
  if (type == "group") {
    const auto* group = site.group(name);
    if (group == nullptr) return fail("unknown_group", "There is no group: " + name + ".");
    return Visibility{.type = Visibility::Type::group, .value = group->name, .identifier = group->id};
  }
  return fail("unknown_type", "Visibility is for a role or a group.");
}

}  // namespace belay::sandbox::jira_cloud
