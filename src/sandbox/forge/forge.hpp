// Forge: the platform between Jira and the app's remote. Serves the app's pages from a site of their own, shows the key set, mints
// tokens, calls the remote, keeps what each admin allowed.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "sandbox/forge/access_tokens.hpp"
#include "sandbox/forge/automation.hpp"
#include "sandbox/forge/events.hpp"
#include "sandbox/forge/installations.hpp"
#include "sandbox/forge/invocation.hpp"
#include "sandbox/forge/key_ring.hpp"
#include "sandbox/forge/manifest.hpp"
#include "sandbox/forge/resources.hpp"
#include "sandbox/party.hpp"

namespace belay::sandbox::forge {

class Forge final : public Party {
 public:
  Forge(Stage stage, net::Runtime& runtime, net::Client& client, Manifest manifest, Environment environment, KeyRing keys, Installations installations, jira_cloud::Sites& sites, std::filesystem::path pages);

  [[nodiscard]] std::string_view name() const override { return "forge"; }
  Task<net::Response> handle(net::Request request) override;
  [[nodiscard]] json::object state() const override;
  Result<void> change(json::object patch) override;

  /// Installs the app on a site, or again: a new installation id, and the lifecycle event where the remote is known already.
  Installation& install(const jira_cloud::Site& site, const std::string& installer);
  /// preUninstall first, then the app's tokens end and what the admin allowed is forgotten.
  Task<void> uninstall(std::string cloud_id);
  /// What the admin page's permissions.remote.set does. Error `remote_refused`: no such configurable remote, or no https (loopback aside).
  Result<void> set_remote(Installation& installation, const std::string& key, const std::string& address);
  /// What permissions.remote.get answers.
  [[nodiscard]] json::object remotes_of(const Installation& installation) const;

  Stage stage;
  const Manifest manifest;
  const Environment environment;
  Installations installations;
  KeyRing keys;
  AccessTokens tokens;
  Invoker invoker;
  Events events;
  Automation automation;

 private:
  jira_cloud::Sites& sites_;
  Resources resources_;
};

}  // namespace belay::sandbox::forge
