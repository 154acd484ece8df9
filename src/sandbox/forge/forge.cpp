#include "sandbox/forge/forge.hpp"

#include <array>

#include "sandbox/clock.hpp"
#include "sandbox/journal.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::forge {
namespace {

// Forge wants https; the sandbox is on loopback.
bool acceptable_address(std::string_view address) {
  if (address.starts_with("https://")) return address.size() > 8;
  if (!address.starts_with("http://")) return false;
  auto host = address.substr(7);
  host = host.substr(0, host.find_first_of(":/"));
  return host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.");
}

}  // namespace

Forge::Forge(Stage the_stage, net::Runtime& runtime, net::Client& client, Manifest the_manifest, Environment the_environment, KeyRing the_keys, Installations the_installations, jira_cloud::Sites& sites, std::filesystem::path pages)
    : stage(the_stage),
      manifest(std::move(the_manifest)),
      environment(std::move(the_environment)),
      installations(std::move(the_installations)),
      keys(std::move(the_keys)),
      tokens(the_stage.clock),
      invoker(stage, client, manifest, environment, keys, tokens),
      events(stage, runtime, invoker, installations, sites, manifest, environment),
      automation(stage, invoker, manifest),
      sites_(sites),
      resources_(manifest, std::move(pages)) {}

Task<net::Response> Forge::handle(net::Request request) {
  if (request.method != "GET" && request.method != "HEAD") co_return json_answer(405, json::object{{"message", "method not allowed"}});
  if (request.path.size() == 2 && request.path[0] == ".well-known" && request.path[1] == "jwks.json") {
    auto answer = json_answer(200, keys.jwks());
    answer.headers.erase("Cache-Control");
    answer.headers.emplace("Cache-Control", "public, max-age=300");
    co_return answer;
  }
  std::vector<std::string> hosts;
  for (const auto& site : sites_.all) hosts.push_back(site.url);
  co_return resources_.serve(request, environment.id, stage.addresses, hosts);
}

Installation& Forge::install(const jira_cloud::Site& site, const std::string& installer) {
  auto* installation = installations.of_site(site.cloud_id);
  if (installation == nullptr) throw std::logic_error("a site without its place among the installations");
  installation->id = new_installation_id();
  installation->installed = true;
  installation->installer = installer;
  installation->remotes.clear();
  installation->installed_at = stage.clock.now();
  installation->next_tick = installation->installed_at + std::chrono::minutes{5};
  stage.journal.write({.party = "forge", .kind = "app.installed", .installation = installation->id, .account = installer, .object = {{"site", site.cloud_id}}, .identity = {}});
  events.lifecycle(*installation, "avi:forge:installed:app");
  return *installation;
}

Task<void> Forge::uninstall(std::string cloud_id) {
  auto* installation = installations.of_site(cloud_id);
  if (installation == nullptr || !installation->installed) co_return;
  co_await events.before_uninstall(*installation);
  tokens.revoke(installation->id);
  installation->installed = false;
  installation->remotes.clear();
  stage.journal.write({.party = "forge", .kind = "app.uninstalled", .installation = installation->id, .account = {}, .object = {{"site", cloud_id}}, .identity = {}});
}

Result<void> Forge::set_remote(Installation& installation, const std::string& key, const std::string& address) {
  const auto* remote = manifest.remote(key);
  if (remote == nullptr || !remote->configurable) return fail("remote_refused", "the manifest has no configurable remote \"" + key + "\"");
  if (address.empty()) {
    installation.remotes.erase(key);
    return {};
  }
  if (!acceptable_address(address)) return fail("remote_refused", "the address has to begin with https://");
  auto trimmed = address;
  while (trimmed.ends_with('/')) trimmed.pop_back();
  installation.remotes[key] = trimmed;
  stage.journal.write({.party = "forge", .kind = "remote.set", .installation = installation.id, .account = {}, .object = {{"remote", key}}, .identity = {}, .more = {{"address", trimmed}}});
  return {};
}

json::object Forge::remotes_of(const Installation& installation) const {
  json::array results;
  for (const auto& remote : manifest.remotes) {
    if (!remote.configurable) continue;
    const auto set = installation.remotes.find(remote.key);
    results.push_back(json::object{{"key", remote.key}, {"configured", json::object{{"endpoint", set == installation.remotes.end() ? json::value(nullptr) : json::value(set->second)}}}});
  }
  return {{"results", std::move(results)}};
}

json::object Forge::state() const {
  json::array list;
  for (const auto& installation : installations.all) {
    json::object remotes;
    for (const auto& [key, address] : installation.remotes) remotes[key] = address;
    list.push_back(json::object{{"id", installation.id}, {"site", installation.cloud_id}, {"installed", installation.installed}, {"remotes", std::move(remotes)}, {"nextTick", to_iso8601(installation.next_tick)}});
  }
  return {{"appId", manifest.app_id},
          {"environmentId", environment.id},
          {"environmentType", environment.type},
          {"keys", keys.key_ids()},
          {"tokenLifeSeconds", tokens.life.count()},
          {"installations", std::move(list)},
          {"events", events.state()}};
}

Result<void> Forge::change(json::object patch) {
  static constexpr std::array<std::string_view, 2> kRotations{"keep", "drop"};
  json::Reader reader{patch};
  const auto rotate = reader.optional_choice("rotateKeys", kRotations);
  const auto life = reader.optional_integer("tokenLifeSeconds", 1, 14'400);
  const auto revoke = reader.optional_object("revokeTokens");
  const auto remote = reader.optional_object("remote");
  BELAY_CHECK(reader.finish());

  Installation* of_revoke = nullptr;
  std::optional<std::string> account;
  if (revoke) {
    json::Reader inner{*revoke};
    of_revoke = installations.by_id(inner.required_string("installation", 128));
    account = inner.optional_string("account", 128);
    if (of_revoke == nullptr) inner.refuse("installation", "unknown");
    BELAY_CHECK(inner.finish());
  }
  if (remote) {
    json::Reader inner{*remote};
    auto* installation = installations.by_id(inner.required_string("installation", 128));
    const auto key = inner.required_string("key", 64);
    const auto address = inner.optional_string("baseUrl", 512).value_or("");
    if (installation == nullptr) inner.refuse("installation", "unknown");
    BELAY_CHECK(inner.finish());
    BELAY_CHECK(set_remote(*installation, key, address));
  }
  if (rotate) keys.rotate(*rotate == "keep");
  if (life) tokens.life = std::chrono::seconds{*life};
  if (of_revoke != nullptr) tokens.revoke(of_revoke->id, account);
  return {};
}

}  // namespace belay::sandbox::forge
