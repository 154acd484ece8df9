// The site as people see it in a browser: Jira's addresses, plain pages that look like Jira's, and the host side of the Forge bridge.
// `?as={accountId}` signs that person in; without it the sign-in page lists everybody.
#pragma once

#include <string>
#include <string_view>

#include "base/task.hpp"
#include "net/message.hpp"
#include "sandbox/forge/forge.hpp"
#include "sandbox/jira_cloud/page_frame.hpp"
#include "sandbox/jira_cloud/rest.hpp"
#include "sandbox/jira_cloud/site.hpp"
#include "sandbox/party.hpp"

namespace belay::sandbox::jira_cloud {

/// Which site, who is signed in (nobody on the start page of a first visit), what was asked for.
struct Visit {
  const net::Request& request;
  Site& site;
  Person* person;
};

/// Where a module's page stands, beside its own address.
struct Place {
  const Issue* issue = nullptr;
  bool in_portal = false;           ///< the issue is shown as a request
  const Project* project = nullptr; ///< in the settings of a project
};

class Pages final {
 public:
  Pages(Stage stage, Sites& sites, forge::Forge& forge) : stage_(stage), sites_(sites), forge_(forge) {}

  Task<net::Response> handle(net::Request request);

 private:
  // What stands at Jira's addresses (pages.cpp, pages_start.cpp, pages_issue.cpp, pages_apps.cpp).
  net::Response show(const Visit& visit);
  net::Response start_page(const Visit& visit);
  net::Response sign_in_page(const Visit& visit, std::string_view back);
  net::Response profile_page(const Visit& visit);
  net::Response issues_page(const Visit& visit);
  net::Response issue_page(const Visit& visit, std::string_view key);
  net::Response portal_page(const Visit& visit, std::string_view key);
  net::Response manage_apps_page(const Visit& visit);
  net::Response find_apps_page(const Visit& visit);
  /// The app's own page at full width; `ids` is where app id and environment id stand in the path, what follows is the app's own subpath.
  net::Response module_page(const Visit& visit, const forge::Module* module, std::size_t ids, bool for_admins, Place place = {});
  net::Response project_settings_page(const Visit& visit, std::string_view key);
  net::Response queue_page(const Visit& visit, std::string_view key);
  /// A rule with each action of the app; `outcome` is HTML of what the last run said.
  net::Response automation_page(const Visit& visit, std::string_view outcome);
  net::Response no_access_page(const Visit& visit, std::string_view sentence);
  net::Response not_found_page(const Visit& visit);

  // What forms and the pages' script ask for (pages_actions.cpp).
  Task<net::Response> act(Visit visit);
  net::Response change_profile(const Visit& visit);
  net::Response add_comment(const Visit& visit, std::string_view key, bool from_portal);
  Task<net::Response> invoke(Visit visit);
  net::Response remotes(const Visit& visit);
  Task<net::Response> run_rule(Visit visit);
  Task<net::Response> change_installation(Visit visit, bool install);

  [[nodiscard]] PageFrame frame(const Visit& visit, std::string title, std::string main) const;
  [[nodiscard]] std::string activity(const Visit& visit, const Issue& issue, bool in_portal) const;
  /// The iframe of a module with everything the host script needs to know; empty when the app is not installed.
  [[nodiscard]] std::string module_frame(const Visit& visit, const forge::Module& module, Place place, std::string_view base, std::string_view subpath) const;
  [[nodiscard]] const forge::Module* page_module(std::string_view type, bool use_as_config) const;
  [[nodiscard]] std::string app_address(std::string_view before) const;

  Stage stage_;
  Sites& sites_;
  forge::Forge& forge_;
};

/// 3 minutes ago, 2 days ago …
[[nodiscard]] std::string age_in_words(Milliseconds age);

}  // namespace belay::sandbox::jira_cloud
