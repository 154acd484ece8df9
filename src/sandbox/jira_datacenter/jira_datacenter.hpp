// Jira Data Center and Server: sites of their own, each with its version.
#pragma once

#include <map>
#include <vector>

#include "sandbox/jira_datacenter/oauth.hpp"
#include "sandbox/jira_datacenter/pages.hpp"
#include "sandbox/jira_datacenter/plugin.hpp"
#include "sandbox/jira_datacenter/site.hpp"
#include "sandbox/jira_datacenter/webhooks.hpp"
#include "sandbox/party.hpp"

namespace belay::sandbox::jira_datacenter {

class JiraDataCenter final : public Party {
 public:
  /// `client` sends the webhooks.
  JiraDataCenter(Stage stage, net::Runtime& runtime, net::Client& client, std::vector<Site> sites, std::map<std::string, Plugin> plugins);

  [[nodiscard]] std::string_view name() const override { return "datacenter"; }
  Task<net::Response> handle(net::Request request) override;
  [[nodiscard]] json::object state() const override;
  Result<void> change(json::object patch) override;

  /// Known once the server listens.
  void know_port(std::uint16_t port);
  [[nodiscard]] bool has_host(std::string_view host) const;
  /// {"<name>": "<url>"}
  [[nodiscard]] json::object addresses() const;
  [[nodiscard]] std::vector<OwnJira> own_jiras() const;

 private:
  Site* by_host(std::string_view host);

  Stage stage_;
  std::vector<Site> sites_;
  std::map<std::string, Plugin> plugins_;   // by site
  Webhooks webhooks_;
  OAuth oauth_;
  Pages pages_;
};

}  // namespace belay::sandbox::jira_datacenter
