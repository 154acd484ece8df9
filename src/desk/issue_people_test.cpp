// Who takes part in a request: whom Jira's answer counts for, and how long it is kept.
#include "desk/issue_people.hpp"

#include "desk/stage_test.hpp"

namespace belay::desk {
namespace {

const Error kNotFound{.code = "not_found", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};

struct Desk : Stage {
  const AccountId outsider{"outsider"};
  const AccountId quiet{"quiet"};

  Desk() {
    for (const auto& who : {reporter, quiet}) users.known[who] = {.id = who, .name = "Name of " + who.value, .picture = {}, .time_zone = {}, .language = {}};
    tickets.taking_part = {users.known[quiet]};
  }
  Result<std::string> show(const AccountId& whose) {
    auto looking = caller(whose);
    looking.call.service_project = true;   // as the token says
    return run(panel->show(looking, ""));
  }
  bool sees_quiet(const AccountId& whose) {
    const auto shown = show(whose);
    REQUIRE(shown);
    const auto answer = json::parse_object(*shown);
    return std::ranges::any_of(answer->at("people").as_array(), [&](const auto& one) { return one.at("id").as_string() == quiet.value; });
  }
};

TEST_CASE("who may not see a request is told by Jira that there is none, and takes its participants from nobody else's panel") {
  Desk desk;
  desk.tickets.participants_down = kNotFound;
  CHECK(code_of(desk.show(desk.outsider)) == "not_found");
  CHECK(desk.tickets.participants_asked == 1);
  desk.tickets.participants_down.reset();   // for those who may
  CHECK(desk.sees_quiet(desk.agent));
  CHECK(desk.sees_quiet(desk.colleague));
  CHECK(desk.tickets.participants_asked == 2);
}

TEST_CASE("an issue of a service project that is no request costs each viewer one question a minute") {
  Desk desk;
  desk.tickets.participants_down = kNotFound;
  for (int seconds = 0; seconds < 60; seconds += 4) {
    CHECK_FALSE(desk.sees_quiet(desk.agent));
    CHECK_FALSE(desk.sees_quiet(desk.colleague));
    desk.clock.time += Milliseconds{4'000};
  }
  CHECK(desk.tickets.participants_asked == 2);
  desk.tickets.participants_down.reset();
  CHECK(desk.sees_quiet(desk.agent));
  CHECK(desk.sees_quiet(desk.colleague));
  CHECK(desk.tickets.participants_asked == 3);
}

TEST_CASE("a panel of an issue that is no request is kept as one that has participants is") {
  Desk desk;
  desk.tickets.participants_down = kNotFound;
  REQUIRE(desk.show(desk.agent));
  std::optional<ports::Roster> stored;
  desk.write([&](ports::UnitOfWork& unit) { stored = unit.rosters().find(desk.installation, desk.tickets.known.id); });
  const auto good_until = [&](const AccountId& whose) { return desk.issue_people->good_until(desk.installation, whose, desk.tickets.known.id, true, stored); };
  CHECK(good_until(desk.agent) == desk.clock.now() + kParticipantsLife);
  CHECK(good_until(desk.colleague) == Time{});
}

}  // namespace
}  // namespace belay::desk
