// What https://start.teamviewer.com is: shows which client action would start (TeamViewer's API manual, sections 8.1 to 8.3).
// Values stand in path segments alone; anything behind a question mark is refused, so that no text of a user gets near a client.
#include "sandbox/teamviewer/pages.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace belay::sandbox::teamviewer {
namespace {

struct Mode { std::string_view word, label; bool has_password; };
constexpr std::array kModes{Mode{"control", "Remote control", true}, Mode{"present", "Presentation", false}, Mode{"videocall", "Video call", false},
                            Mode{"filetransfer", "File transfer", true}, Mode{"sendfile", "Send a file", false}, Mode{"vpn", "VPN", true}, Mode{"chat", "Chat", false}};

/// contact/<id>[/authorization/<prompt|password>][/mode/<mode>]
struct Launch {
  bool contact = true;
  std::string id;
  const Mode* mode = kModes.data();
  std::string authorization;
};

std::optional<Launch> parse(const std::vector<std::string>& path) {
  Launch launch;
  if (path.size() == 1) return Launch{.contact = false, .id = path.front(), .mode = kModes.data(), .authorization = "password"};
  if (path.size() % 2 != 0 || (path[0] != "contact" && path[0] != "device")) return std::nullopt;
  launch.contact = path[0] == "contact";
  launch.id = path[1];
  for (std::size_t i = 2; i < path.size(); i += 2) {
    if (path[i] == "authorization" && launch.authorization.empty() && (path[i + 1] == "prompt" || path[i + 1] == "password")) {
      launch.authorization = path[i + 1];
    } else if (path[i] == "mode" && i + 2 == path.size()) {
      launch.mode = std::ranges::find(kModes, std::string_view(path[i + 1]), &Mode::word);
      if (launch.mode == kModes.end()) return std::nullopt;
    } else {
      return std::nullopt;
    }
  }
  if (launch.authorization == "password" && !launch.mode->has_password) return std::nullopt;
  if (launch.authorization.empty()) launch.authorization = launch.mode->has_password ? "password" : "prompt";
  return launch;
}

const Contact* contact_named(const Scene& scene, const std::string& id) {
  // Whether the prefix stays is not stated: both are taken.
  auto found = scene.world.contacts.find(id);
  if (found == scene.world.contacts.end()) found = scene.world.contacts.find("c" + id);
  return found == scene.world.contacts.end() ? nullptr : &found->second;
}

const Device* device_named(const Scene& scene, const std::string& id) {
  const auto found = std::ranges::find_if(scene.world.devices, [&](const auto& entry) {
    return entry.second.remote_control_id == id || entry.second.remote_control_id == "r" + id;
  });
  return found == scene.world.devices.end() ? nullptr : &found->second;
}

net::Response show(std::string_view label, std::string_view target, std::string_view presence, const Launch& launch) {
  return html::page(200, "The client would start",
                    fmt::format("<dl>\n<dt>Client action</dt><dd>{}</dd>\n<dt>{}</dt><dd>{}</dd>\n<dt>Presence</dt><dd>{}</dd>\n<dt>Mode</dt><dd><code>{}</code></dd>\n"
                                "<dt>Authorization</dt><dd><code>{}</code></dd>\n</dl>\n<p class=\"quiet\">Both sides must be signed in to TeamViewer.</p>",
                                html::escape(label), launch.contact ? "Contact" : "Device", html::escape(target), html::escape(presence), launch.mode->word,
                                launch.authorization));
}

}  // namespace

net::Response launch_page(Scene& scene, const net::Request& request) {
  const auto launch = parse(request.path);
  if (!launch || !request.query.empty()) {
    return html::message(400, "This launch link cannot be understood", "It has the form /contact/<id>/authorization/prompt/mode/<mode>, and nothing behind it.");
  }
  if (launch->contact) {
    const auto* contact = contact_named(scene, launch->id);
    if (contact == nullptr) return html::message(404, "This contact is not known", "The contact was removed, or the link was cut.");
    scene.note("launch.opened", contact->owner, {{"contact", contact->id}}, {}, {{"mode", launch->mode->word}, {"authorization", launch->authorization}});
    return show(launch->mode->label, contact->name, wire_name(scene.world.presence_of(*contact)), *launch);
  }
  const auto* device = device_named(scene, launch->id);
  if (device == nullptr) return html::message(404, "This device is not known", "The device was removed, or the link was cut.");
  scene.note("launch.opened", device->owner, {{"device", device->id}}, {}, {{"mode", launch->mode->word}, {"authorization", launch->authorization}});
  return show(launch->mode->label, device->alias, wire_name(device->presence), *launch);
}

}  // namespace belay::sandbox::teamviewer
