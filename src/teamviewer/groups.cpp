// Groups: where sessions live. Looked up by name once, then used by id.
#include "support/code_points.hpp"
#include "teamviewer/ids.hpp"
#include "teamviewer/provider.hpp"
#include "teamviewer/refusals.hpp"

namespace belay::teamviewer {
namespace {

struct Group {
  std::string id;
  std::string name;
};

// Nothing for a group that sessions cannot be put into.
std::optional<Group> usable_group(const json::value& item) {
  const auto* body = item.if_object();
  if (body == nullptr) return std::nullopt;
  Group group{.id = json::string_at(*body, "id").value_or(""), .name = json::string_at(*body, "name").value_or("")};
  if (!is_group_id(group.id) || support::same_ignoring_case(json::string_at(*body, "permissions").value_or(""), "read")) return std::nullopt;
  return group;
}

// The filter of the service means "contains": the name itself is compared here, the exact spelling first.
std::optional<std::string> id_by_name(const json::array& groups, std::string_view name) {
  std::optional<std::string> in_another_case;
  for (const auto& item : groups) {
    const auto group = usable_group(item);
    if (!group) continue;
    if (group->name == name) return group->id;
    if (!in_another_case && support::same_ignoring_case(group->name, name)) in_another_case = group->id;
  }
  return in_another_case;
}

}  // namespace

Task<Result<std::optional<std::string>>> TeamViewer::find_group(ports::Call call, ports::LinkRef link, std::string name, Until until) {
  auto list = request_for("list_groups", "GET", "/groups");
  list.query = {{"name", name}};
  BELAY_CO_TRY(listed, co_await ask(call, link, std::move(list), until));
  const auto* body = listed.if_object();
  const auto* groups = body == nullptr ? nullptr : json::array_at(*body, "groups");
  if (groups == nullptr) co_return std::unexpected(unreachable("no groups in the answer", false));
  co_return id_by_name(*groups, name);
}

Task<Result<std::string>> TeamViewer::group(ports::Call call, ports::LinkRef link, std::string name) {
  const auto until = after(call.deadline);
  BELAY_CO_TRY(there, co_await find_group(call, link, name, until));
  if (there) co_return std::move(*there);

  auto create = request_for("create_group", "POST", "/groups");
  create.body = json::object{{"name", name}};
  auto created = co_await ask(call, link, std::move(create), until);
  if (!created && created.error().code == "provider_refused") {
    // Two sessions of one account may ask for it at once: then the other one has made it.
    BELAY_CO_TRY(of_other, co_await find_group(call, link, name, until));
    if (of_other) co_return std::move(*of_other);
  }
  if (!created) co_return std::unexpected(std::move(created).error());
  const auto made = usable_group(*created);
  if (!made) co_return std::unexpected(unreachable("no group in the answer", true));
  co_return made->id;
}

}  // namespace belay::teamviewer
