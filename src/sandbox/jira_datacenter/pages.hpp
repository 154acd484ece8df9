// The pages that people walk through: sign-in, consent, the issue with the plugin's panel, a profile with personal access tokens.
#pragma once

#include <map>
#include <string>

#include "base/result.hpp"
#include "net/message.hpp"
#include "sandbox/jira_datacenter/oauth.hpp"
#include "sandbox/jira_datacenter/plugin.hpp"
#include "sandbox/jira_datacenter/site.hpp"
#include "sandbox/party.hpp"

namespace belay::sandbox::jira_datacenter {

class Pages final {
 public:
  Pages(Stage stage, OAuth& oauth, const std::map<std::string, Plugin>& plugins) : stage_(stage), oauth_(oauth), plugins_(plugins) {}

  net::Response handle(Site& site, const net::Request& request);

 private:
  struct Visit {
    const net::Request& request;
    Site& site;
    const Person* person;              ///< nobody: not signed in
  };
  net::Response show(const Visit& visit);
  net::Response act(const Visit& visit);
  net::Response start_page(const Visit& visit);
  net::Response sign_in_page(const Visit& visit);
  net::Response consent_page(const Visit& visit);
  net::Response issue_page(const Visit& visit, std::string_view key);
  net::Response profile_page(const Visit& visit, std::string_view fresh_token);
  [[nodiscard]] net::Response page(const Visit& visit, std::string_view title, std::string main, unsigned status = 200, bool with_plugin = false) const;

  Stage stage_;
  OAuth& oauth_;
  [[nodiscard]] const Plugin& plugin_of(const Site& site) const;
  const std::map<std::string, Plugin>& plugins_;   // by site
};

}  // namespace belay::sandbox::jira_datacenter
