// The configuration of belayd: belay.toml and the environment. Every key can be given as BELAY_<SECTION>_<KEY>, every secret
// inline or as <key>_file. All of it is documented in README.md, "Configuration".
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "belayd/web_address.hpp"

namespace belay::belayd {

struct Configuration {
  struct Server {
    std::string listen = "127.0.0.1:8080";
    std::string public_url;
    std::string admin_listen = "127.0.0.1:9090";
    std::vector<std::string> trusted_proxies;
    std::string pages;                ///< folder of the built pages; needed beside a Jira Data Center
  } server;
  struct Storage {
    std::string url = "sqlite:belay.db";
  } storage;
  struct Bus {
    std::string url = "inproc:";
  } bus;
  struct Secrets {
    std::string keys;                 ///< content of key_file, or `keys` itself
  } secrets;
  struct Forge {
    std::vector<std::string> app_ids;
    std::vector<std::string> environments{"PRODUCTION"};
    std::string jwks_url = "https://forge.cdn.prod.atlassian-dev.net/.well-known/jwks.json";
    std::string jwks_cache;           ///< the file; empty: nothing was said, and there is no place for one (state_files.hpp)
    std::vector<std::string> api_hosts{"https://api.atlassian.com"};   ///< origins, as tokens name them
  } forge;
  struct TeamViewer {
    std::string client_id;
    std::string client_secret;
    std::string reports_client_id;       ///< a second registration, which may read connection records; empty: there is none
    std::string reports_client_secret;   ///< given with the id, and only with it
    std::string authorize_url = "https://login.teamviewer.com/oauth2/authorize";
    std::string api_url = "https://webapi.teamviewer.com";
    std::string launch_url = "https://start.teamviewer.com";
    std::size_t calls_per_minute = 40;   // of one function in the name of one account
    std::string group = "Jira";
  } teamviewer;
  /// A Jira Data Center or Server, [datacenter.<name>].
  struct DataCenter {
    std::string name;                 ///< small letters and digits
    std::string base_url;             ///< with Jira's context path, where it has one
    std::string ca_file;              ///< certificates that alone are trusted there; empty: those of the system
    std::string client_id;            ///< empty: its users type in personal access tokens
    std::string client_secret;        ///< given with the id, and only with it
    std::string service_token;
    std::string webhook_secret;       ///< empty: webhooks are refused
  };
  std::vector<DataCenter> datacenters;
  /// Whether there is an app in Jira Cloud at all.
  [[nodiscard]] bool serves_cloud() const { return !forge.app_ids.empty(); }
  struct Log {
    std::string level = "info";       ///< debug, info, warning, error
  } log;
};

/// Reads the environment: getenv, or a map in tests.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// Error `configuration_invalid`; its cause is one line that names key, file and line (or the variable) and the rule.
[[nodiscard]] Result<Configuration> read_configuration(const std::optional<std::filesystem::path>& file, const Environment& environment);

/// Of these names of variables, those that look like a key (BELAY_<SECTION>_…) and are none: most likely mistyped. Never an error, since whatever runs the server may set
/// such names by itself.
[[nodiscard]] std::vector<std::string> unknown_variables(const std::vector<std::string>& names);

}  // namespace belay::belayd
