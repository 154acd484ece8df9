// The pages that people walk through: sign-in, consent, the issue with the plugin's panel, profile, administration, the customers' portal.
// pages.cpp leads to the right one; what they look like stands in pages_*.cpp.
#pragma once

#include <map>
#include <string>

#include "net/message.hpp"
#include "sandbox/jira_datacenter/effects.hpp"
#include "sandbox/jira_datacenter/oauth.hpp"
#include "sandbox/jira_datacenter/page_frame.hpp"
#include "sandbox/jira_datacenter/plugin.hpp"
#include "sandbox/jira_datacenter/site.hpp"
#include "sandbox/party.hpp"

namespace belay::sandbox::jira_datacenter {

class Pages final {
 public:
  Pages(Stage stage, Webhooks& webhooks, OAuth& oauth, const std::map<std::string, Plugin>& plugins) : stage_(stage), webhooks_(webhooks), oauth_(oauth), plugins_(plugins) {}

  net::Response handle(Site& site, const net::Request& request);

 private:
  net::Response show(const Visit& visit);
  net::Response act(const Visit& visit);

  // pages_people.cpp
  net::Response start_page(const Visit& visit);
  net::Response sign_in_page(const Visit& visit);
  net::Response consent_page(const Visit& visit);
  net::Response decide(const Visit& visit);
  net::Response profile_page(const Visit& visit, std::string_view fresh_token);
  net::Response change_profile(const Visit& visit);
  net::Response admin_page(const Visit& visit);
  net::Response project_page(const Visit& visit, std::string_view key);

  // pages_issue.cpp
  net::Response issue_page(const Visit& visit, std::string_view key);
  net::Response portal_page(const Visit& visit, std::string_view desk);
  net::Response request_page(const Visit& visit, std::string_view key);
  net::Response take_comment(const Visit& visit, std::string_view key, bool from_portal);

  [[nodiscard]] Doer by_hand(const Visit& visit) const { return {.stage = stage_, .webhooks = webhooks_, .site = visit.site, .person = visit.person->key, .by_hand = true}; }

  Stage stage_;
  Webhooks& webhooks_;
  OAuth& oauth_;
  const std::map<std::string, Plugin>& plugins_;   // by site
};

}  // namespace belay::sandbox::jira_datacenter
