#include "desk/stage_test.hpp"

namespace belay::desk {
namespace {

constexpr Milliseconds kDay{24 * 3'600'000};

support::Licence free_licence() { return {.type = "Free", .active = true, .paid = false}; }

TEST_CASE("a link is looked at once a day: whose it is, its licence and its group") {
  Stage stage;
  stage.clock.time += kDay;
  stage.provider.granted.licence = free_licence();
  const auto again = stage.run(stage.upkeep->check_link(stage.row("link.check", "agent")));
  REQUIRE(std::holds_alternative<LaterAt>(again));
  CHECK(std::get<LaterAt>(again).due_at == stage.clock.now() + kDay);
  const auto link = stage.link_of(stage.agent);
  CHECK(link->at_provider.licence.type == "Free");
  CHECK(link->checked_at == stage.clock.now());
  CHECK(link->group_name == "Jira");
  CHECK(link->group_id == "g-Jira");
}

TEST_CASE("a look that began before a licence was bought does not undo the look that saw it") {
  Stage stage;
  stage.clock.time += kDay;
  stage.provider.granted.licence = free_licence();
  const auto began = stage.clock.now();
  stage.provider.on_group = [&] {   // the daily look has its answer, and still looks for the group
    stage.provider.granted = ports::FakeProvider::eligible();
    stage.clock.time += Milliseconds{11'000};
    const auto looked = stage.run(stage.account->look_again(stage.personal_caller(stage.agent)));
    REQUIRE(looked);
    CHECK(looked->at("licence").at("eligible") == true);
  };
  stage.run(stage.upkeep->check_link(stage.row("link.check", "agent")));
  const auto link = stage.link_of(stage.agent);
  CHECK(link->at_provider.licence.paid);
  CHECK(link->checked_at == began + Milliseconds{11'000});
  CHECK(link->group_id == "g-Jira");
}

TEST_CASE("how old a look is counts from its question, so that Look again right after a slow one asks anew") {
  Stage stage;
  stage.clock.time += kDay;
  stage.provider.granted.licence = free_licence();
  stage.provider.on_group = [&] {
    stage.provider.granted = ports::FakeProvider::eligible();
    stage.clock.time += Milliseconds{11'000};
  };
  stage.run(stage.upkeep->check_link(stage.row("link.check", "agent")));
  CHECK_FALSE(stage.link_of(stage.agent)->at_provider.licence.paid);
  const auto looked = stage.run(stage.account->look_again(stage.personal_caller(stage.agent)));
  REQUIRE(looked);
  CHECK(looked->at("licence").at("eligible") == true);
}

TEST_CASE("what was learnt of one link is not written on another that took its place") {
  Stage stage;
  stage.clock.time += kDay;
  stage.provider.granted.licence = free_licence();
  stage.provider.on_group = [&] {
    stage.change_link(stage.agent, [](ports::AccountLink& link) { link.id = LinkId{"another"}; });
  };
  stage.run(stage.upkeep->check_link(stage.row("link.check", "agent")));
  const auto link = stage.link_of(stage.agent);
  CHECK(link->at_provider.licence.paid);
  CHECK(link->group_id.empty());
}

}  // namespace
}  // namespace belay::desk
