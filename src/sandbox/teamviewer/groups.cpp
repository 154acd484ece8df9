// GET and POST /groups, and the group that other functions name.
#include "sandbox/teamviewer/api.hpp"

namespace belay::sandbox::teamviewer {
namespace {

constexpr std::size_t kNameLimit = 400;

json::object group_json(const World& world, const Account& reader, const Group& group) {
  json::object body{{"id", group.id}, {"name", group.name}};
  const bool owned = group.owner == reader.id;
  body["permissions"] = owned ? "owned" : std::string_view(group.shared_with.at(reader.id));
  if (!owned) {
    const auto* owner = world.account(group.owner);
    body["owner"] = json::object{{"userid", group.owner}, {"name", owner == nullptr ? "" : owner->name}};
  } else if (!group.shared_with.empty()) {
    json::array shares;
    for (const auto& [user, right] : group.shared_with) {
      const auto* account = world.account(user);
      shares.push_back(json::object{{"userid", user}, {"name", account == nullptr ? "" : account->name}, {"permissions", right}, {"pending", false}});
    }
    body["shared_with"] = std::move(shares);
  }
  return body;
}

Group& create(Call& call, std::string name) {
  auto& group = call.world().add_group(call.account, std::move(name));
  call.scene.note("group.created", call.account.id, {{"group", group.id}}, {}, {{"name", group.name}});
  return group;
}

}  // namespace

net::Response list_groups(Call& call) {
  if (auto refused = refuse_other_parameters(call.request, {"name", "shared"})) return *refused;
  const auto shared = flag(call.request, "shared");
  if (!shared) return shared.error();
  const auto name = call.request.parameter("name");
  json::array groups;
  for (const auto& [id, group] : call.world().groups) {
    if (!call.world().sees(call.account, group)) continue;
    if (name && !contains_text(group.name, *name)) continue;
    if (*shared && **shared == group.shared_with.empty()) continue;
    groups.push_back(group_json(call.world(), call.account, group));
  }
  return answer({{"groups", std::move(groups)}});
}

net::Response create_group(Call& call) {
  if (auto refused = refuse_other_parameters(call.request, {})) return *refused;
  const auto body = body_of(call.request);
  if (!body) return body.error();
  json::Reader reader{*body};
  auto name = reader.required_string("name", kNameLimit);
  reader.optional_string("policy_id", kNameLimit);
  if (auto refused = refuse_problem(reader)) return *refused;
  if (call.world().group_named(call.account, name) != nullptr) return invalid_request("There already is a group with this name.");
  return answer(group_json(call.world(), call.account, create(call, std::move(name))));
}

OrAnswer<Group*> group_of_body(Call& call, const std::optional<std::string>& id, const std::optional<std::string>& name) {
  if (!id && !name) return std::unexpected(invalid_request("Either groupid or groupname is required."));
  if (name && name->empty()) return std::unexpected(invalid_request("The parameter groupname is malformed."));
  if (!id) {
    auto* known = call.world().group_named(call.account, *name);
    return known == nullptr ? &create(call, *name) : known;
  }
  if (!is_id(*id, 'g')) return std::unexpected(invalid_request("The parameter groupid is malformed."));
  const auto found = call.world().groups.find(*id);
  if (found == call.world().groups.end() || !call.world().sees(call.account, found->second)) return std::unexpected(not_found());
  if (!call.world().writes(call.account, found->second)) return std::unexpected(invalid_permission("The group cannot be changed by this user."));
  if (name && *name != found->second.name) return std::unexpected(invalid_request("groupid and groupname name different groups."));
  return &found->second;
}

}  // namespace belay::sandbox::teamviewer
