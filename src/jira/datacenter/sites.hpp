// The Jira Data Center and Server sites of this server, as the operator named them (README.md, "Configuration"). Each is an installation of its own.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"

namespace belay::jira::datacenter {

struct Site {
  std::string name;                ///< of the section [datacenter.<name>]
  std::string base_url;            ///< with its context path, no slash at the end: "https://jira.example.com", "https://intranet.example.com/jira"
  std::string client_id;           ///< of the incoming link (OAuth 2.0, from Jira 8.22); empty: agents type in personal access tokens
  std::string client_secret;
  std::string service_token;       ///< personal access token of the account that Belay writes as
  std::string webhook_secret;      ///< empty: webhooks are refused
};

/// Under which every row of the site stands. Never the id of a Forge installation, which is an ARI.
[[nodiscard]] InstallationId installation_of(std::string_view name);
[[nodiscard]] bool is_datacenter(const InstallationId& installation);
/// The site's name; of a Forge installation nothing.
[[nodiscard]] std::string_view name_of(const InstallationId& installation);

/// What browsers know Jira's pages by: "https://intranet.example.com".
[[nodiscard]] std::string origin_of(const Site& site);

class Sites final {
 public:
  Sites() = default;
  explicit Sites(std::vector<Site> sites);
  /// Null: none of that name is configured, or not any more.
  [[nodiscard]] const Site* find(const InstallationId& installation) const;
  [[nodiscard]] const Site* named(std::string_view name) const { return find(installation_of(name)); }
  [[nodiscard]] const std::map<InstallationId, Site>& all() const { return sites_; }

 private:
  std::map<InstallationId, Site> sites_;
};

}  // namespace belay::jira::datacenter
