// Who a page beside a Jira Data Center says it is: only our own token, and only of a site that is configured.
#include <doctest/doctest.h>

#include "jira/datacenter/caller_verifier.hpp"
#include "jira/datacenter/page_tokens.hpp"
#include "jira/datacenter/testing.hpp"

using namespace belay;
using namespace belay::jira;
using namespace belay::jira::datacenter;

namespace {

constexpr auto kOtherKeys = "HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHgA=\n";
constexpr std::chrono::minutes kMinute{1};

struct Desk {
  datacenter::testing::World world;
  datacenter::testing::MovedClock& clock = world.clock;
  PageTokens& tokens = world.tokens;
  Projects projects{world.rest};
  PageCallerVerifier verifier{tokens, world.sites, projects, clock, "https://support.example.com"};

  [[nodiscard]] std::string token(const std::string& site = "acme", std::chrono::minutes life = std::chrono::minutes{10}) const {
    return tokens.write({.installation = installation_of(site), .account = AccountId{"JIRAUSER10100"}, .expires_at = clock.now() + life});
  }
  Result<ports::VerifiedCall> verify(const std::string& text, const std::string& page = "panel", const std::string& issue = "10001") {
    return world.wait_for(verifier.verify({.authorization = "Bearer " + text, .system_token = {}, .user_token = {}, .page = page, .issue = issue}));
  }
  Result<ports::VerifiedCall> settings_of(const std::string& project) {
    return world.wait_for(verifier.verify({.authorization = "Bearer " + token(), .system_token = {}, .user_token = {}, .page = "project", .issue = {}, .project = project}));
  }
  std::string code(const std::string& text, const std::string& page = "panel", const std::string& issue = "10001") {
    const auto verdict = verify(text, page, issue);
    return verdict ? "ok" : verdict.error().code;
  }
};

}  // namespace

TEST_CASE("a page's token says who it is and of which site; the headers, which page and which issue") {
  Desk desk;
  const auto call = desk.verify(desk.token());
  REQUIRE(call);
  CHECK(call->installation == installation_of("acme"));
  CHECK(call->principal == AccountId{"JIRAUSER10100"});
  CHECK(call->page == support::Page::issue_panel);
  CHECK(call->issue == IssueId{"10001"});
  CHECK(call->site_url == desk.world.jira.base_url());
  CHECK(call->personal_page == "https://support.example.com/datacenter/acme/pages/account/?at=");
  CHECK_FALSE(desk.verify(desk.token(), "admin", "10001")->issue);
}

TEST_CASE("one that is over, altered, of another server, of a site or a page that there is none of, is nobody's") {
  Desk desk;
  CHECK(desk.code(desk.token("acme", kMinute)) == "ok");
  CHECK(desk.code(desk.token("acme", std::chrono::minutes{0})) == "signed_out");
  CHECK(desk.code(desk.token("other")) == "signed_out");
  for (const auto* page : {"", "portal", "queue", "Panel"}) CHECK_MESSAGE(desk.code(desk.token(), page) == "signed_out", page);
  const PageTokens others{crypto::Sealer::from_key_file(kOtherKeys).value()};
  CHECK(desk.code(others.write({.installation = installation_of("acme"), .account = AccountId{"a"}, .expires_at = desk.clock.now() + kMinute})) == "signed_out");
  const auto good = desk.token();
  for (std::size_t at = 0; at < good.size(); at += 7) {
    auto altered = good;
    altered[at] = altered[at] == 'A' ? 'B' : 'A';
    CHECK_MESSAGE(desk.code(altered) == "signed_out", at);
  }
  CHECK(desk.code(good + "A") == "signed_out");
  CHECK(desk.code(std::string(kPageTokenPrefix)) == "signed_out");
}

TEST_CASE("a panel that names no issue is of none") {
  Desk desk;
  for (const auto* issue : {"", "PRESS-1", "10001 ", "-1", "1e3", "123456789012345678901"}) CHECK_MESSAGE(desk.code(desk.token(), "panel", issue) == "not_found", issue);
}

TEST_CASE("tokens of Forge are not for it") {
  CHECK_FALSE(PageCallerVerifier::is_for({.authorization = "Bearer eyJhbGciOiJSUzI1NiJ9.e30.x", .system_token = {}, .user_token = {}}));
  CHECK_FALSE(PageCallerVerifier::is_for({.authorization = "", .system_token = {}, .user_token = {}}));
  CHECK(PageCallerVerifier::is_for({.authorization = "Bearer belay-page.v1", .system_token = {}, .user_token = {}}));
}

TEST_CASE("a project's settings are of the project that Jira shows the caller under that key, whatever key it has by now") {
  Desk desk;
  desk.world.jira.on("GET", "/rest/api/2/project/OLD", {jira::testing::answer(200, json::object{{"id", "10000"}, {"key", "PRESS"}, {"name", "Press"}})});
  const auto call = desk.settings_of("OLD");
  REQUIRE(call);
  CHECK(call->page == support::Page::project_settings);
  CHECK(call->project == ProjectId{"10000"});
  CHECK(call->project_key == ProjectKey{"PRESS"});
  CHECK(desk.world.jira.asked.at(0).header("Authorization") == "Bearer user-token");
}

TEST_CASE("what names no project, or one that the caller may not see, is of none; and Jira is asked of keys alone") {
  Desk desk;
  for (const auto* key : {"", "press", "10000", "A/../B", "A B", "PRESS-1", "_A"}) CHECK_MESSAGE(!desk.settings_of(key).value().project, key);
  CHECK(desk.world.jira.asked.empty());
  for (const unsigned status : {403U, 404U}) {
    desk.world.jira.on("GET", "/rest/api/2/project/PRESS", {jira::testing::answer(status, json::object{})});
    CHECK_FALSE(desk.settings_of("PRESS").value().project);
  }
  desk.world.jira.on("GET", "/rest/api/2/project/PRESS", {jira::testing::answer(200, json::object{{"id", "10000"}})});
  CHECK(desk.settings_of("PRESS").error().code == "jira_unreachable");
}
