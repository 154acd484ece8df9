// GET /devices: what an agent's list of computers holds.
#include "sandbox/teamviewer/api.hpp"

namespace belay::sandbox::teamviewer {

net::Response list_devices(Call& call) {
  if (auto refused = refuse_other_parameters(call.request, {"name", "online_state", "groupid", "remotecontrol_id"})) return *refused;
  const auto name = call.request.parameter("name");
  const auto group = call.request.parameter("groupid");
  const auto remote_control_id = call.request.parameter("remotecontrol_id");
  std::optional<Presence> presence;
  if (const auto word = call.request.parameter("online_state")) {
    presence = presence_from(*word);
    if (!presence) return invalid_request("The parameter online_state is malformed.");
  }
  if (group && !is_id(*group, 'g')) return invalid_request("The parameter groupid is malformed.");
  if (remote_control_id && !is_id(*remote_control_id, 'r')) return invalid_request("The parameter remotecontrol_id is malformed.");

  json::array devices;
  for (const auto& [id, device] : call.world().devices) {
    const auto found = call.world().groups.find(device.group);
    if (found == call.world().groups.end() || !call.world().sees(call.account, found->second)) continue;
    if (name && !contains_text(device.alias, *name)) continue;
    if (group && device.group != *group) continue;
    if (remote_control_id && device.remote_control_id != *remote_control_id) continue;
    if (presence && device.presence != *presence) continue;
    json::object body{{"device_id", id},
                      {"remotecontrol_id", device.remote_control_id},
                      {"alias", device.alias},
                      {"groupid", device.group},
                      {"online_state", wire_name(device.presence)},
                      {"assigned_to", device.owner == call.account.id},
                      {"supported_features", "chat, remote_control"}};
    if (!device.description.empty()) body["description"] = device.description;
    if (device.last_seen) body["last_seen"] = call.scene.wire_time(*device.last_seen);
    devices.push_back(std::move(body));
  }
  return answer({{"devices", std::move(devices)}});
}

}  // namespace belay::sandbox::teamviewer
