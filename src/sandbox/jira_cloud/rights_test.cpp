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

Issue request() {
  Issue issue;
  issue.project = "HELP";
  return issue;
}

Comment restricted_to(Visibility::Type type, const std::string& name) {
  Comment comment;
  comment.author = "admin";
  comment.visibility = Visibility{.type = type, .value = name, .identifier = {}};
  return comment;
}

TEST_CASE("a comment restricted to a role is seen by those in it, not by its author outside and not by the app") {
  const auto site = site_of_three();
  const auto comment = restricted_to(Visibility::Type::role, "Service Desk Team");
  CHECK(may_see(site, {"agent", false}, request(), comment));
  CHECK_FALSE(may_see(site, {"customer", false}, request(), comment));
  CHECK_FALSE(may_see(site, {"admin", false}, request(), comment));
  CHECK_FALSE(may_see(site, {"app", true}, request(), comment));
}

TEST_CASE("a comment restricted to a group is seen by its members, the app too if it is one") {
  auto site = site_of_three();
  const auto comment = restricted_to(Visibility::Type::group, "team");
  CHECK(may_see(site, {"agent", false}, request(), comment));
  CHECK_FALSE(may_see(site, {"admin", false}, request(), comment));
  CHECK_FALSE(may_see(site, {"app", true}, request(), comment));
  site.group("team")->members.insert("app");
  CHECK(may_see(site, {"app", true}, request(), comment));
}

TEST_CASE("a restriction opens no internal note to customers, and a role that the project lacks has nobody in it") {
  const auto site = site_of_three();
  auto comment = restricted_to(Visibility::Type::role, "Service Desk Customers");
  CHECK(may_see(site, {"customer", false}, request(), comment));
  comment.is_public = false;
  CHECK_FALSE(may_see(site, {"customer", false}, request(), comment));
  CHECK_FALSE(may_see(site, {"agent", false}, request(), restricted_to(Visibility::Type::role, "Users")));
}

}  // namespace
}  // namespace belay::sandbox::jira_cloud
