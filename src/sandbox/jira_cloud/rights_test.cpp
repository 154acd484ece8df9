#include "sandbox/jira_cloud/rights.hpp"

#include <doctest/doctest.h>

namespace belay::sandbox::jira_cloud {
namespace {

Site site_of_three() {
  Site site;
  site.groups.push_back({"g1", "jira-administrators", {"admin"}});
  site.groups.push_back({"g2", "team", {"agent"}});
  site.projects.push_back({.id = "1", .key = "HELP", .name = "Help", .kind = "service_desk", .desk = 1, .roles = {{1, "Service Desk Team", {}, {"team"}}, {2, "Service Desk Customers", {"customer"}, {}}}});
  site.projects.push_back({.id = "2", .key = "DEV", .name = "Dev", .kind = "software", .desk = 0, .roles = {{3, "Users", {"agent"}, {}}, {4, "Viewers", {"customer"}, {}}}});
  return site;
}

TEST_CASE("an agent of a service project has the agent's permission there and nowhere else") {
  const auto site = site_of_three();
  CHECK(has_permission(site, {"agent", false}, "SERVICEDESK_AGENT", site.project("HELP")));
  CHECK_FALSE(has_permission(site, {"agent", false}, "SERVICEDESK_AGENT", site.project("DEV")));
  CHECK(has_permission(site, {"agent", false}, "EDIT_ISSUES", site.project("DEV")));
}

TEST_CASE("a customer of the portal may not browse the service project, a viewer may not edit") {
  const auto site = site_of_three();
  CHECK_FALSE(has_permission(site, {"customer", false}, "BROWSE_PROJECTS", site.project("HELP")));
  CHECK(has_permission(site, {"customer", false}, "BROWSE_PROJECTS", site.project("DEV")));
  CHECK_FALSE(has_permission(site, {"customer", false}, "EDIT_ISSUES", site.project("DEV")));
}

TEST_CASE("only Jira admins administer; the app's token is no admin and nobody's agent") {
  const auto site = site_of_three();
  CHECK(has_permission(site, {"admin", false}, "ADMINISTER", nullptr));
  CHECK_FALSE(has_permission(site, {"agent", false}, "ADMINISTER", nullptr));
  CHECK_FALSE(has_permission(site, {"app", true}, "ADMINISTER", nullptr));
  CHECK(has_permission(site, {"app", true}, "ADD_COMMENTS", site.project("HELP")));
  CHECK_FALSE(has_permission(site, {"app", true}, "SERVICEDESK_AGENT", site.project("HELP")));
}

}  // namespace
}  // namespace belay::sandbox::jira_cloud
