#include "desk/queue.hpp"

#include "desk/help_asks.hpp"
#include "desk/stage_test.hpp"

namespace belay::desk {
namespace {

using support::SessionState;
using support::SupportSession;

constexpr Milliseconds kMinute{60'000};

/// An agent of the service project looks at its queues.
struct Desk : Stage {
  const IssueId second{"10002"};
  const IssueId third{"10003"};
  int made = 0;

  Desk() {
    permissions.project_rights_of[agent] = {.browse = true, .service_agent = true};
    for (const auto& [issue, key] : {std::pair(second, "HELP-2"), std::pair(third, "HELP-3")}) {
      tickets.headlines[issue] = {.id = issue, .key = IssueKey{key}, .project = tickets.known.project_id, .summary = std::string("About ") + key};
    }
  }
  json::object look() {
    auto shown = run(queue->list(queue_caller(agent)));
    REQUIRE_MESSAGE(shown, shown.error().code);
    return std::move(*shown);
  }
  std::string keys() {
    std::string all;
    for (const auto& request : look().at("requests").as_array()) all.append(request.at("issue").at("key").as_string()).append(request.as_object().contains("waiting") ? "! " : " ");
    return all;
  }
  /// One more session like an open one, on that issue.
  void add(const IssueId& issue, const std::function<void(SupportSession&)>& what = [](SupportSession&) {}) {
    const auto model = made == 0 ? opened() : SessionId{};
    write([&](ports::UnitOfWork& unit) {
      auto session = made == 0 ? *unit.sessions().find(installation, model) : unit.sessions().most_urgent(installation, 1).at(0);
      session.id = SessionId{"session-" + std::to_string(++made)};
      session.issue = issue;
      session.state = SessionState::open;
      session.customer_since.reset();
      session.made.reset();
      session.created_at = clock.now();
      what(session);
      unit.sessions().insert(session);
    });
    if (!model.empty()) write([&](ports::UnitOfWork& unit) { unit.sessions().erase(installation, model); });
    clock.time += Milliseconds{1};
  }
  void ask(const IssueId& issue, Milliseconds ago = Milliseconds{0}) {
    write([&](ports::UnitOfWork& unit) {
      unit.asks().insert({.id = HelpAskId{"ask-" + issue.value}, .installation = installation, .issue = issue, .customer = reporter, .customer_name = "Ada Moreau", .asked_at = clock.now() - ago, .ended_at = {}});
    });
  }
  void let_customers_ask() {
    keep_settings([](support::Settings& settings) { settings.customers_may_ask = true; });
  }
};

TEST_CASE("the queue is for agents of the service project, on its page alone") {
  Desk desk;
  for (const auto page : {support::Page::portal, support::Page::admin, support::Page::issue_panel, support::Page::global, support::Page::project_settings, support::Page::other}) {
    auto elsewhere = desk.queue_caller(desk.agent);
    elsewhere.call.page = page;
    CHECK(code_of(desk.run(desk.queue->list(elsewhere))) == "forbidden");
  }
  CHECK(code_of(desk.run(desk.queue->list(desk.queue_caller(desk.colleague)))) == "not_found");   // who may not even see it
  desk.permissions.project_rights_of[desk.reporter] = {.browse = true, .edit_issues = true, .administer_project = true};
  const auto refusal = desk.run(desk.queue->list(desk.queue_caller(desk.reporter)));
  REQUIRE(code_of(refusal) == "forbidden");
  CHECK(refusal.error().detail.at("reason") == "not_agent");
  CHECK(desk.look().at("requests").as_array().empty());

  desk.keep_project_settings([](support::ProjectSettings& settings) { settings.allowed_groups = {"second line"}; });
  CHECK(code_of(desk.run(desk.queue->list(desk.queue_caller(desk.agent)))) == "forbidden");
  desk.users.groups_of[desk.agent] = {"Second line"};
  desk.clock.time += kRightsLife;
  CHECK(desk.look().at("requests").as_array().empty());
}

TEST_CASE("who waits longest comes first, in a session or for one; then the newest session") {
  Desk desk;
  desk.let_customers_ask();
  const auto now = desk.clock.now();
  desk.add(desk.second);
  desk.add(desk.third);
  CHECK(desk.keys() == "HELP-3 HELP-2 ");
  desk.add(desk.second, [&](SupportSession& session) {
    session.state = SessionState::customer_present;
    session.customer_since = now - 2 * kMinute;
  });
  CHECK(desk.keys() == "HELP-2! HELP-3 ");
  const auto asked_at = desk.clock.now() - 3 * kMinute;
  desk.ask(desk.third, 3 * kMinute);
  CHECK(desk.keys() == "HELP-3! HELP-2! ");

  const auto all = desk.look().at("requests").as_array();
  const auto& asked = all.at(0).as_object();
  CHECK(asked.at("waiting") == json::object{{"since", to_iso8601(asked_at)}, {"why", "asked"}, {"customer", "Ada Moreau"}});
  CHECK(asked.at("issue").at("summary") == "About HELP-3");
  CHECK(asked.at("sessions") == 1);
  const auto& joined = all.at(1).as_object();
  CHECK(joined.at("waiting").at("why") == "joined");
  CHECK(joined.at("waiting").at("since").as_string() == to_iso8601(now - 2 * kMinute));
  CHECK(joined.at("waiting").as_object().contains("supporter"));
  CHECK(joined.at("sessions") == 2);
  CHECK_FALSE(joined.contains("inProgress"));
}

TEST_CASE("whoever is helped waits no longer; who helps is named") {
  Desk desk;
  desk.add(desk.second, [&](SupportSession& session) {
    session.state = SessionState::in_progress;
    session.customer_since = desk.clock.now();
    session.supporter_name = "Kim Lund";
  });
  const auto only = desk.look().at("requests").as_array().at(0).as_object();
  CHECK_FALSE(only.contains("waiting"));
  CHECK(only.at("inProgress") == "Kim Lund");
}

TEST_CASE("what the agent may not see, what is in another project and what Jira does not say is left out") {
  Desk desk;
  desk.add(desk.second);
  desk.add(desk.third);
  desk.tickets.headlines[desk.third].project = ProjectId{"another"};
  CHECK(desk.keys() == "HELP-2 ");
  desk.tickets.out_of_sight = {desk.second};
  desk.clock.time += kRightsLife;
  CHECK(desk.keys() == "");
  CHECK(desk.look().at("missing").as_array().empty());
  desk.tickets.out_of_sight.clear();
  desk.tickets.not_told = {desk.second};
  desk.clock.time += kRightsLife;
  CHECK(desk.keys() == "");
  CHECK(desk.look().at("missing") == json::value(json::array{json::object{{"what", "issues"}, {"why", "jira_unreachable"}}}));
}

TEST_CASE("an ask is shown for its day, where customers may ask and remote support is on") {
  Desk desk;
  desk.ask(desk.second);
  CHECK(desk.keys() == "");
  desk.let_customers_ask();
  CHECK(desk.keys() == "HELP-2! ");
  desk.keep_project_settings([](support::ProjectSettings& settings) { settings.enabled = false; });
  CHECK(desk.keys() == "");
  CHECK(desk.look().at("projectOff").as_bool());
  desk.keep_project_settings([](support::ProjectSettings& settings) { settings.enabled = true; });
  CHECK(desk.keys() == "HELP-2! ");
  desk.clock.time += kAskLife;
  CHECK(desk.keys() == "");
}

}  // namespace
}  // namespace belay::desk
