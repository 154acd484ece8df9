#include <doctest/doctest.h>

#include "support/access.hpp"
#include "support/licence.hpp"
#include "support/people.hpp"

using namespace belay;
using namespace belay::support;

namespace {

AgentFacts agent() { return {.page = Page::issue_panel, .rights = {.browse = true, .edit_issues = true}, .service_project = false, .groups = {}, .allowed_groups = {}}; }

}  // namespace

TEST_CASE("an agent can edit issues, or is an agent of the service project") {
  auto facts = agent();
  CHECK_FALSE(why_not_agent(facts).has_value());
  facts.service_project = true;
  CHECK(why_not_agent(facts) == Refusal::not_agent);
  facts.rights.service_agent = true;
  CHECK_FALSE(why_not_agent(facts).has_value());
  facts.service_project = false;
  facts.rights.edit_issues = false;
  CHECK(why_not_agent(facts) == Refusal::not_agent);
}

TEST_CASE("the portal never acts for an agent, whatever the rights") {
  auto facts = agent();
  facts.rights.service_agent = facts.rights.administer = true;
  for (const auto page : {Page::portal, Page::admin, Page::personal, Page::project_settings, Page::backend, Page::other}) {
    facts.page = page;
    CHECK(why_not_agent(facts) == Refusal::wrong_module);
  }
  for (const auto page : {Page::issue_panel, Page::global, Page::queue, Page::automation}) {
    facts.page = page;
    CHECK_FALSE(why_not_agent(facts).has_value());
  }
}

TEST_CASE("where the admin named groups, an agent is in one of them; case matters not") {
  auto facts = agent();
  facts.allowed_groups = {"Support", "second-line"};
  CHECK(why_not_agent(facts) == Refusal::not_in_allowed_groups);
  facts.groups = {"everybody", "support"};
  CHECK_FALSE(why_not_agent(facts).has_value());
  facts.groups = {"support-readers"};
  facts.rights.administer = true;
  CHECK(why_not_agent(facts) == Refusal::not_in_allowed_groups);
}

TEST_CASE("a project's groups narrow what the site allows, and never widen it") {
  auto facts = agent();
  facts.groups = {"support"};
  facts.project_groups = {"second line"};
  CHECK(why_not_agent(facts) == Refusal::not_in_allowed_groups);
  facts.project_groups = {"Support"};
  CHECK_FALSE(why_not_agent(facts).has_value());
  facts.allowed_groups = {"second line"};
  CHECK(why_not_agent(facts) == Refusal::not_in_allowed_groups);
  facts.groups = {"support", "second line"};
  CHECK_FALSE(why_not_agent(facts).has_value());
}

TEST_CASE("settings of a project belong to its admins and to Jira admins, on its settings page") {
  CHECK_FALSE(why_not_project_admin(Page::project_settings, {.administer_project = true}).has_value());
  CHECK_FALSE(why_not_project_admin(Page::project_settings, {.administer = true}).has_value());
  CHECK(why_not_project_admin(Page::project_settings, {.browse = true, .edit_issues = true, .service_agent = true}) == Refusal::not_project_admin);
  for (const auto page : {Page::admin, Page::issue_panel, Page::personal, Page::global, Page::portal, Page::queue, Page::backend, Page::other}) {
    CHECK(why_not_project_admin(page, {.administer = true, .administer_project = true}) == Refusal::wrong_module);
  }
}

TEST_CASE("settings belong to a Jira admin on the admin page") {
  CHECK_FALSE(why_not_admin(Page::admin, {.administer = true}).has_value());
  CHECK(why_not_admin(Page::admin, {.administer_project = true}) == Refusal::not_admin);
  CHECK(why_not_admin(Page::issue_panel, {.administer = true}) == Refusal::wrong_module);
}

TEST_CASE("any paid licence: active and paid") {
  const LicencePolicy any = AnyPaidLicence{};
  CHECK(judge({.type = "Corporate", .active = true, .paid = true}, any) == LicenceVerdict::eligible);
  CHECK(judge({.type = "Corporate", .active = false, .paid = true}, any) == LicenceVerdict::inactive);
  CHECK(judge({.type = "Corporate", .active = false, .paid = false}, any) == LicenceVerdict::inactive);
  CHECK(judge({.type = "Free", .active = true, .paid = false}, any) == LicenceVerdict::free);
  CHECK(judge({.type = "Free", .active = false, .paid = false}, any) == LicenceVerdict::free);
  CHECK(judge({.type = "", .active = true, .paid = true}, any) == LicenceVerdict::eligible);
  CHECK(judge({}, any) == LicenceVerdict::unknown);
}

TEST_CASE("listed licences: active and named, without regard to case and outer spaces") {
  const LicencePolicy listed = ListedLicences{{" Corporate ", "Tensor"}};
  CHECK(judge({.type = "corporate", .active = true, .paid = true}, listed) == LicenceVerdict::eligible);
  CHECK(judge({.type = "Premium", .active = true, .paid = true}, listed) == LicenceVerdict::type_not_listed);
  CHECK(judge({.type = "Tensor", .active = false, .paid = true}, listed) == LicenceVerdict::inactive);
  CHECK(judge({.type = "", .active = true, .paid = true}, listed) == LicenceVerdict::unknown);
}

TEST_CASE("reporter first, then assignee; one person stands once; apps and nobody are left out") {
  Person ana;
  ana.id = AccountId{"ana"};
  Person joe;
  joe.id = AccountId{"joe"};
  Person bot;
  bot.id = AccountId{"bot"};
  bot.app = true;
  const std::map<AccountId, Person> known{{ana.id, ana}, {joe.id, joe}, {bot.id, bot}};
  auto people = people_of({.reporter = ana.id, .assignee = joe.id, .request = false, .participants = {}, .commenters = {}}, known);
  REQUIRE(people.size() == 2);
  CHECK(people[0].person == ana);
  CHECK(people[0].roles == std::vector{Role::reporter});
  CHECK(people[1].person == joe);
  people = people_of({.reporter = ana.id, .assignee = ana.id, .request = false, .participants = {}, .commenters = {}}, known);
  REQUIRE(people.size() == 1);
  CHECK(people[0].roles == std::vector{Role::reporter, Role::assignee});
  CHECK(people_of({.reporter = bot.id, .assignee = {}, .request = false, .participants = {}, .commenters = {}}, known).empty());
}
