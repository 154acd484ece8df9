#include "jira/datacenter/sites.hpp"

namespace belay::jira::datacenter {
namespace {

constexpr std::string_view kPrefix = "datacenter:";

}  // namespace

InstallationId installation_of(std::string_view name) { return InstallationId{std::string(kPrefix).append(name)}; }

bool is_datacenter(const InstallationId& installation) { return installation.value.starts_with(kPrefix); }

std::string_view name_of(const InstallationId& installation) { return is_datacenter(installation) ? std::string_view(installation.value).substr(kPrefix.size()) : std::string_view(); }

std::string origin_of(const Site& site) { return site.base_url.substr(0, site.base_url.find('/', site.base_url.find("://") + 3)); }

Sites::Sites(std::vector<Site> sites) {
  for (auto& site : sites) {
    auto id = installation_of(site.name);
    sites_.emplace(std::move(id), std::move(site));
  }
}

const Site* Sites::find(const InstallationId& installation) const {
  const auto found = sites_.find(installation);
  return found == sites_.end() ? nullptr : &found->second;
}

}  // namespace belay::jira::datacenter
