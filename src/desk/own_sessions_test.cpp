#include "desk/stage_test.hpp"

namespace belay::desk {
namespace {

TEST_CASE("one's own sessions are not shown on the portal or the admin page") {
  Stage stage;
  stage.opened();
  for (const auto page : {support::Page::portal, support::Page::admin, support::Page::backend, support::Page::other, support::Page::project_settings}) {
    CHECK(code_of(stage.run(stage.own_sessions->list(stage.caller_on(page, stage.agent)))) == "forbidden");
  }
  const auto mine = stage.run(stage.own_sessions->list(stage.personal_caller(stage.agent)));
  REQUIRE(mine);
  REQUIRE(mine->at("sessions").as_array().size() == 1);
  CHECK(mine->at("sessions").as_array().front().at("actions").as_array().empty());
  CHECK(stage.run(stage.own_sessions->list(stage.personal_caller(stage.colleague)))->at("sessions").as_array().empty());
}

TEST_CASE("of an issue that its creator may not see any more, a session's course is told and nothing else; Jira is asked once in five minutes") {
  Stage stage;
  stage.opened();
  const auto mine = [&] { return *stage.run(stage.own_sessions->list(stage.personal_caller(stage.agent))); };
  const auto only = [&] { return mine().at("sessions").as_array().at(0).as_object(); };
  CHECK(only().contains("issueKey"));
  stage.tickets.out_of_sight = {IssueId{"10001"}};
  stage.clock.time += kRightsLife - Milliseconds{1};
  CHECK(only().contains("issueKey"));
  CHECK(stage.tickets.visible_asked.size() == 1);
  stage.clock.time += Milliseconds{1};
  const auto hidden = only();
  CHECK(stage.tickets.visible_asked.size() == 2);
  CHECK(hidden.at("issueHidden") == "out_of_sight");
  CHECK(hidden.at("state") == "open");
  CHECK(hidden.at("description") == "");
  for (const auto* name : {"issueKey", "code", "customer", "customerLink", "joinedBy", "mail", "error"}) CHECK_FALSE_MESSAGE(hidden.contains(name), name);
  CHECK(mine().at("missing").as_array().empty());
  stage.tickets.out_of_sight.clear();
  stage.clock.time += kRightsLife;
  CHECK(only().contains("issueKey"));
}

TEST_CASE("where Jira does not say which issues are in sight, their sessions are told without them, that is said, and the next look asks again") {
  Stage stage;
  stage.opened();
  const auto mine = [&] { return *stage.run(stage.own_sessions->list(stage.personal_caller(stage.agent))); };
  const json::value missing = json::array{json::object{{"what", "issues"}, {"why", "jira_unreachable"}}};
  stage.tickets.visible_down = Error{.code = "jira_unreachable", .cause = {}, .detail = {}, .retryable = true, .retry_after = {}};
  CHECK(mine().at("missing") == missing);
  stage.tickets.visible_down.reset();
  stage.tickets.not_told = {IssueId{"10001"}};   // of this one
  const auto told = mine();
  CHECK(told.at("missing") == missing);
  CHECK(told.at("sessions").as_array().at(0).at("issueHidden") == "unknown");
  stage.tickets.not_told.clear();
  CHECK(mine().at("missing").as_array().empty());
  CHECK(stage.tickets.visible_asked.size() == 3);
}

TEST_CASE("of very many sessions all that go on are told and the newest of the others, up to a hundred; that there are more is told where there are") {
  Stage stage;
  stage.opened();
  int made = 0;
  const auto add = [&](int count, support::SessionState state) {
    stage.write([&](ports::UnitOfWork& unit) {
      auto session = unit.sessions().of_agent(stage.installation, stage.agent, 1).at(0);
      session.state = state;
      session.made.reset();
      if (support::is_over(state)) session.ended_at = stage.clock.now();
      for (int n = 0; n < count; ++n) {
        session.id = SessionId{"another-" + std::to_string(++made)};
        unit.sessions().insert(session);
      }
    });
  };
  const auto mine = [&] { return *stage.run(stage.own_sessions->list(stage.personal_caller(stage.agent))); };
  const auto told = [&] {
    const auto answer = mine();
    return std::pair(answer.at("sessions").as_array().size(), answer.contains("cut"));
  };
  add(99, support::SessionState::closed);
  CHECK(told() == std::pair<std::size_t, bool>{100, false});
  add(1, support::SessionState::closed);
  CHECK(told() == std::pair<std::size_t, bool>{100, true});
  add(101, support::SessionState::intended);
  CHECK(told() == std::pair<std::size_t, bool>{102, true});

  Stage busy;
  busy.opened();
  busy.write([&](ports::UnitOfWork& unit) {
    auto session = unit.sessions().of_agent(busy.installation, busy.agent, 1).at(0);
    session.state = support::SessionState::intended;
    session.made.reset();
    for (int n = 0; n < 101; ++n) {
      session.id = SessionId{"going-on-" + std::to_string(n)};
      unit.sessions().insert(session);
    }
  });
  const auto answer = *busy.run(busy.own_sessions->list(busy.personal_caller(busy.agent)));
  CHECK(answer.at("sessions").as_array().size() == 102);
  CHECK_FALSE(answer.contains("cut"));
}

TEST_CASE("a customer who came is on one's own page with the next answer, in whoever's account the session lives") {
  Stage stage;
  stage.opened();
  REQUIRE(stage.run(stage.own_sessions->list(stage.personal_caller(stage.agent))));
  stage.provider.sessions[0].online = true;
  stage.clock.time += Milliseconds{8'000};
  stage.doors->house.look_patience = Milliseconds{60'000};
  stage.work.on_ring = [&] { stage.poll(); };   // the worker
  const auto mine = stage.run(stage.own_sessions->list(stage.personal_caller(stage.agent)));
  REQUIRE(mine);
  CHECK(mine->at("sessions").as_array().front().at("state") == "customer_present");
}

}  // namespace
}  // namespace belay::desk
