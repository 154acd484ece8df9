#include "sandbox/forge/manifest.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <yaml-cpp/yaml.h>

namespace belay::sandbox::forge {
namespace {

std::string text_at(const YAML::Node& node, const char* key) {
  const auto found = node[key];
  return found && found.IsScalar() ? found.as<std::string>() : std::string{};
}

bool enabled(const YAML::Node& auth, const char* token) {
  const auto found = auth ? auth[token] : YAML::Node{};
  return found && found["enabled"] && found["enabled"].as<bool>(false);
}

std::string contents_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// "panel.title" in {"panel.title": …} or {"panel": {"title": …}}.
std::string translated(const json::object& catalogue, std::string_view key) {
  if (auto text = json::string_at(catalogue, key)) return *text;
  const auto dot = key.find('.');
  if (dot == std::string_view::npos) return {};
  const auto* inner = json::object_at(catalogue, key.substr(0, dot));
  return inner == nullptr ? std::string{} : translated(*inner, key.substr(dot + 1));
}

using Catalogues = std::map<std::string, json::object>;

Catalogues read_catalogues(const YAML::Node& root, const std::filesystem::path& folder) {
  Catalogues catalogues;
  const auto translations = root["translations"];
  if (!translations || !translations["resources"]) return catalogues;
  for (const auto& entry : translations["resources"]) {
    const auto parsed = json::parse_object(contents_of(folder / text_at(entry, "path")));
    if (parsed) catalogues[text_at(entry, "key").substr(0, 2)] = *parsed;
  }
  return catalogues;
}

std::map<std::string, std::string> read_title(const YAML::Node& title, const Catalogues& catalogues) {
  std::map<std::string, std::string> by_language;
  if (!title) return by_language;
  if (title.IsScalar()) {
    by_language[""] = title.as<std::string>();
    return by_language;
  }
  const auto key = text_at(title, "i18n");
  for (const auto& [language, catalogue] : catalogues) by_language[language] = translated(catalogue, key);
  return by_language;
}

Module read_module(const std::string& type, const YAML::Node& node, const Catalogues& catalogues) {
  Module module;
  module.type = type;
  module.key = text_at(node, "key");
  module.resource = text_at(node, "resource");
  module.endpoint = node["resolver"] ? text_at(node["resolver"], "endpoint") : text_at(node, "endpoint");
  module.title = read_title(node["title"] ? node["title"] : node["name"], catalogues);
  if (const auto config = node["config"]; config && config.IsMap()) module.resource = text_at(config, "resource");
  module.interval = text_at(node, "interval");
  module.use_as_config = node["useAsConfig"] && node["useAsConfig"].as<bool>(false);
  module.ignore_self = node["filter"] && node["filter"]["ignoreSelf"] && node["filter"]["ignoreSelf"].as<bool>(false);
  if (node["unlicensedAccess"]) {
    for (const auto& kind : node["unlicensedAccess"]) module.unlicensed_access.push_back(kind.as<std::string>());
  }
  if (node["actions"]) {
    for (const auto& action : node["actions"]) module.actions.push_back(action.as<std::string>());
  }
  if (node["inputs"]) {
    for (const auto& input : node["inputs"]) {
      module.inputs[input.first.as<std::string>()] = {.type = text_at(input.second, "type"), .required = input.second["required"] && input.second["required"].as<bool>(false)};
    }
  }
  if (node["events"]) {
    for (const auto& event : node["events"]) module.events.push_back(event.as<std::string>());
  }
  return module;
}

Endpoint read_endpoint(const YAML::Node& node) {
  Endpoint endpoint;
  endpoint.key = text_at(node, "key");
  endpoint.remote = text_at(node, "remote");
  if (node["route"]) endpoint.path = text_at(node["route"], "path");
  endpoint.system_token = enabled(node["auth"], "appSystemToken");
  endpoint.user_token = enabled(node["auth"], "appUserToken");
  return endpoint;
}

Remote read_remote(const YAML::Node& node) {
  Remote remote;
  remote.key = text_at(node, "key");
  remote.base_url = text_at(node, "baseUrl");
  const auto configurable = node["configurable"];
  remote.configurable = configurable && configurable.IsMap();
  if (remote.configurable) remote.name = text_at(configurable, "name");
  return remote;
}

void read_permissions(const YAML::Node& permissions, Manifest& manifest) {
  if (!permissions) return;
  if (const auto scopes = permissions["scopes"]; scopes && scopes.IsSequence()) {
    for (const auto& scope : scopes) manifest.scopes.push_back(scope.as<std::string>());
  } else if (scopes && scopes.IsMap()) {
    for (const auto& scope : scopes) manifest.scopes.push_back(scope.first.as<std::string>());
  }
  if (const auto content = permissions["content"]; content && content["styles"]) {
    for (const auto& style : content["styles"]) manifest.styles.push_back(style.as<std::string>());
  }
  if (const auto external = permissions["external"]; external && external["images"]) {
    for (const auto& image : external["images"]) manifest.images.push_back(image.IsScalar() ? image.as<std::string>() : text_at(image, "address"));
  }
}

}  // namespace

Result<Manifest> Manifest::read(const std::filesystem::path& file) {
  Manifest manifest;
  manifest.folder = file.parent_path();
  try {
    const auto root = YAML::LoadFile(file.string());
    manifest.app_id = root["app"] ? text_at(root["app"], "id") : std::string{};
    if (manifest.app_id.empty()) return fail("manifest_invalid", file.string() + ": app.id is missing");
    const auto catalogues = read_catalogues(root, manifest.folder);
    for (const auto& entry : root["modules"]) {
      const auto type = entry.first.as<std::string>();
      for (const auto& node : entry.second) {
        if (type == "endpoint") manifest.endpoints.push_back(read_endpoint(node));
        else manifest.modules.push_back(read_module(type, node, catalogues));
      }
    }
    for (const auto& node : root["remotes"]) manifest.remotes.push_back(read_remote(node));
    for (const auto& node : root["resources"]) manifest.resources.push_back({text_at(node, "key"), text_at(node, "path")});
    read_permissions(root["permissions"], manifest);
  } catch (const YAML::Exception& problem) {
    return fail("manifest_invalid", file.string() + ": " + problem.what());
  }
  return manifest;
}

std::vector<const Module*> Manifest::of_type(std::string_view type) const {
  std::vector<const Module*> found;
  for (const auto& module : modules) {
    if (module.type == type) found.push_back(&module);
  }
  return found;
}

namespace {
template <class Things>
auto by_key(const Things& things, std::string_view key) {
  const auto found = std::ranges::find_if(things, [&](const auto& thing) { return thing.key == key; });
  return found == things.end() ? nullptr : &*found;
}
}  // namespace

const Module* Manifest::module(std::string_view key) const { return by_key(modules, key); }
const Endpoint* Manifest::endpoint(std::string_view key) const { return by_key(endpoints, key); }
const Remote* Manifest::remote(std::string_view key) const { return by_key(remotes, key); }
const Resource* Manifest::resource(std::string_view key) const { return by_key(resources, key); }

bool Manifest::has_scope(std::string_view scope) const { return std::ranges::find(scopes, scope) != scopes.end(); }

std::string Manifest::app_uuid() const { return app_id.substr(app_id.rfind('/') + 1); }

bool is_open_to(const Module& module, std::string_view account_type) {
  return account_type != "customer" || std::ranges::find(module.unlicensed_access, account_type) != module.unlicensed_access.end();
}

std::string title_of(const Module& module, std::string_view language) {
  for (const auto& wanted : {std::string(language.substr(0, 2)), std::string("en"), std::string()}) {
    const auto found = module.title.find(wanted);
    if (found != module.title.end() && !found->second.empty()) return found->second;
  }
  return module.key;
}

}  // namespace belay::sandbox::forge
