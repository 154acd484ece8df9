#include "sandbox/jira_datacenter/site.hpp"

#include <doctest/doctest.h>

#include "sandbox/jira_datacenter/rights.hpp"
#include "sandbox/jira_datacenter/seed.hpp"

namespace belay::sandbox::jira_datacenter {
namespace {

Site site_of(std::string_view version) {
  Site site;
  site.version = version;
  return site;
}

Result<Site> read(std::string_view seed) { return read_site(*json::parse_object(seed), Time{}); }

}  // namespace

TEST_CASE("each version has what came by then, and Basic until 11") {
  struct { std::string_view version; bool tokens, oauth, basic; } cases[] = {
      {"8.13.9", false, false, true}, {"8.14.0", true, false, true}, {"8.22", true, true, true}, {"9.12.4", true, true, true}, {"10.3.2", true, true, true}, {"11.3.0", true, true, false}};
  for (const auto& [version, tokens, oauth, basic] : cases) {
    CAPTURE(version);
    const auto site = site_of(version);
    CHECK(site.has_personal_tokens() == tokens);
    CHECK(site.has_oauth() == oauth);
    CHECK(site.takes_basic_authentication() == basic);
  }
}

TEST_CASE("who sees, edits, works on requests and administers; whose comment is whose to read") {
  const auto read_result = read(R"({"name": "a", "host": "a.localhost",
    "people": [{"key": "agent", "name": "n1", "displayName": "A", "groups": ["team"]}, {"key": "editor", "name": "n2", "displayName": "E"}, {"key": "customer", "name": "n3", "displayName": "C"}],
    "projects": [{"key": "D", "kind": "service_desk", "agents": ["team"], "editors": ["editor"], "admins": ["agent"]}],
    "issues": [{"key": "D-1", "summary": "s", "reporter": "customer", "comments": [{"by": "agent", "text": "t", "visibility": {"type": "role", "value": "Service Desk Team"}}]}]})");
  REQUIRE(read_result);
  const auto& site = *read_result;
  const auto& project = site.projects[0];
  const auto& issue = site.issues[0];
  CHECK(is_agent(site, "agent", project));
  CHECK(may_administer(site, "agent", project));
  CHECK(may_edit(site, "editor", project));
  CHECK(!is_agent(site, "editor", project));
  CHECK(!may_browse(site, "customer", project));
  CHECK(is_customer(site, "customer", issue));
  CHECK(!is_customer(site, "", issue));
  CHECK(may_see(site, "agent", issue, issue.comments[0]));
  CHECK(!may_see(site, "editor", issue, issue.comments[0]));
  CHECK(!is_public(issue.comments[0]));
}

TEST_CASE("a seed that contradicts itself is refused") {
  CHECK(!read(R"({"name": "a", "host": "a.example.com"})"));
  CHECK(!read(R"({"name": "a", "host": "a.localhost", "people": [{"name": "x", "displayName": "X"}, {"name": "x", "displayName": "Y"}]})"));
  CHECK(!read(R"({"name": "a", "host": "a.localhost", "issues": [{"key": "D-1", "summary": "of no project"}]})"));
  CHECK(!read(R"({"name": "a", "host": "a.localhost", "projects": [{"key": "D", "kind": "software"}], "issues": [{"key": "D-1", "summary": "s", "reporter": "nobody"}]})"));
  CHECK(!read(R"({"name": "a", "host": "a.localhost", "tokens": [{"token": "t", "person": "nobody"}]})"));
  CHECK(!read(R"({"name": "a", "host": "a.localhost", "webhooks": [{"url": "http://x", "events": ["issue_moved"]}]})"));
}

}  // namespace belay::sandbox::jira_datacenter
