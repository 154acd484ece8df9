#include "desk/help_asks.hpp"

#include "desk/stage_test.hpp"

namespace belay::desk {
namespace {

constexpr Milliseconds kMinute{60'000};
constexpr Milliseconds kHour{60 * kMinute};

/// A request whose reporter is in the portal, on a site where customers may ask.
struct Asks : Stage {
  Asks() {
    keep_settings([](support::Settings& settings) { settings.customers_may_ask = true; });
    tickets.known.service_project = true;
    users.known[reporter] = {.id = reporter, .name = "Reporter", .picture = {}, .time_zone = {}, .language = {}};
    permissions.rights_of[agent].service_agent = true;
  }
  Result<json::object> ask() { return run(help_asks->ask(portal_caller(reporter))); }
  json::object asked() {
    auto answer = ask();
    REQUIRE_MESSAGE(answer, answer.error().code);
    return std::move(*answer);
  }
  json::object withdrawn() {
    auto answer = run(help_asks->withdraw(portal_caller(reporter)));
    REQUIRE_MESSAGE(answer, answer.error().code);
    return std::move(*answer);
  }
  json::object told() {
    auto shown = run(own_request->show(portal_caller(reporter)));
    REQUIRE_MESSAGE(shown, shown.error().code);
    return shown->at("asking").as_object();
  }
  /// What the team's panel says of who waits.
  json::value on_panel() {
    auto shown = run(panel->show(caller(agent), ""));
    REQUIRE_MESSAGE(shown, shown.error().code);
    const auto answer = json::parse_object(*shown);
    const auto* found = answer->if_contains("askedForHelp");
    return found == nullptr ? json::value() : *found;
  }
  std::int64_t entries(const std::string& action) {
    std::int64_t count = 0;
    write([&](ports::UnitOfWork& unit) { count = unit.audit().count(installation, {.action = action}); });
    return count;
  }
};

TEST_CASE("a customer who asks waits, and the team sees who and since when; asking again changes nothing") {
  Asks stage;
  CHECK(stage.told() == json::object{{"offered", true}});
  CHECK(stage.on_panel().is_null());
  const auto since = to_iso8601(stage.clock.now());
  const json::object waiting{{"offered", false}, {"since", since}, {"own", true}};
  CHECK(stage.asked() == waiting);
  stage.clock.time += kMinute;
  CHECK(stage.asked() == waiting);
  CHECK(stage.told() == waiting);
  const auto seen = stage.on_panel();
  CHECK(seen.at("customer").at("id").as_string() == stage.reporter.value);
  CHECK(seen.at("since").as_string() == since);
  CHECK(stage.entries("help_asked") == 1);
}

TEST_CASE("they wait until a session is made for them, they take it back, or an agent dismisses it") {
  for (const std::string end : {"session", "withdrawn", "dismissed"}) {
    CAPTURE(end);
    Asks stage;
    stage.asked();
    if (end == "session") {
      SessionWish wish;
      wish.customer.account = stage.reporter;
      REQUIRE(stage.run(stage.sessions->create(stage.caller(stage.agent), wish)));
    } else if (end == "withdrawn") {
      CHECK(stage.withdrawn() == json::object{{"offered", true}});
      stage.withdrawn();
    } else {
      const HelpAskId shown{std::string(stage.on_panel().at("id").as_string())};
      CHECK(stage.run(stage.help_asks->dismiss(stage.caller(stage.agent), HelpAskId{"another"})) == false);
      CHECK_FALSE(stage.on_panel().is_null());
      CHECK(stage.run(stage.help_asks->dismiss(stage.caller(stage.agent), shown)) == true);
      CHECK(stage.run(stage.help_asks->dismiss(stage.caller(stage.agent), shown)) == false);
    }
    CHECK(stage.on_panel().is_null());
    CHECK(stage.told() == json::object{{"offered", true}});
    CHECK(stage.entries("help_withdrawn") == (end == "withdrawn" ? 1 : 0));
    CHECK(stage.entries("help_dismissed") == (end == "dismissed" ? 1 : 0));
  }
}

TEST_CASE("who asks while a session of theirs is made or goes on is answered by it; made again after a failure, it ends what was asked since") {
  Asks stage;
  SessionWish wish;
  wish.customer.account = stage.reporter;
  const auto id = stage.create(wish);
  stage.asked();
  CHECK(stage.on_panel().is_null());
  CHECK(stage.entries("help_asked") == 0);
  stage.write([&](ports::UnitOfWork& unit) {
    auto session = *unit.sessions().find(stage.installation, id);
    REQUIRE(support::apply(session, support::SessionEvent::gave_up, stage.clock.now()));
    REQUIRE(unit.sessions().update(session));
  });
  CHECK(stage.asked().at("own") == true);
  REQUIRE(stage.run(stage.sessions->retry(stage.caller(stage.agent), id)));
  CHECK(stage.on_panel().is_null());
}

TEST_CASE("switched off, nobody is told that the team sees them, and the team sees nobody") {
  Asks stage;
  stage.asked();
  stage.keep_settings([](support::Settings& settings) { settings.customers_may_ask = false; });
  CHECK(stage.told() == json::object{{"offered", false}});
  CHECK(stage.on_panel().is_null());
}

TEST_CASE("a session for somebody else leaves them waiting") {
  Asks stage;
  stage.asked();
  SessionWish wish;
  wish.customer.name = "Somebody typed in";
  REQUIRE(stage.run(stage.sessions->create(stage.caller(stage.agent), wish)));
  CHECK_FALSE(stage.on_panel().is_null());
}

TEST_CASE("five times a day, then not before the first of them is a day old") {
  Asks stage;
  const auto first = stage.clock.now();
  for (int i = 0; i < 5; ++i) {
    CHECK(stage.told().at("offered") == true);
    stage.asked();
    stage.withdrawn();
    stage.clock.time += kHour;
  }
  CHECK(stage.told() == json::object{{"offered", false}, {"againAt", to_iso8601(first + kAskLife)}});
  const auto refused = stage.ask();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "asked_too_often");
  CHECK(refused.error().retry_after == 19 * kHour);
  stage.clock.time += 19 * kHour;
  CHECK(stage.asked().at("own") == true);
}

TEST_CASE("nobody waits longer than a day, and may ask anew then") {
  Asks stage;
  stage.asked();
  stage.clock.time += 24 * kHour - kMinute;
  CHECK_FALSE(stage.on_panel().is_null());
  stage.clock.time += kMinute;
  CHECK(stage.on_panel().is_null());
  CHECK(stage.told() == json::object{{"offered", true}});
  CHECK(stage.asked().at("since").as_string() == to_iso8601(stage.clock.now()));
  REQUIRE(stage.run(stage.upkeep->tidy()));   // the old one goes, the new one stays
  CHECK_FALSE(stage.on_panel().is_null());
}

TEST_CASE("another customer of the same request is told that somebody asked, and cannot take it back") {
  Asks stage;
  stage.asked();
  const AccountId other{"another customer"};
  stage.users.known[other] = {.id = other, .name = "Other", .picture = {}, .time_zone = {}, .language = {}};
  stage.tickets.taking_part = {stage.users.known[other]};
  const auto answer = stage.run(stage.help_asks->ask(stage.portal_caller(other)));
  REQUIRE(answer);
  CHECK(answer->at("own") == false);
  REQUIRE(stage.run(stage.help_asks->withdraw(stage.portal_caller(other))));
  CHECK_FALSE(stage.on_panel().is_null());
  stage.withdrawn();
  const auto own = stage.run(stage.help_asks->ask(stage.portal_caller(other)));
  REQUIRE(own);
  CHECK(own->at("own") == true);
}

TEST_CASE("who only sees the request, an agent's page, and a site or a project where it is off") {
  Asks stage;
  const AccountId passer{"somebody of the organisation"};
  stage.users.known[passer] = {.id = passer, .name = "Passer", .picture = {}, .time_zone = {}, .language = {}};
  const auto only_sees = stage.run(stage.help_asks->ask(stage.portal_caller(passer)));
  REQUIRE_FALSE(only_sees);
  CHECK(only_sees.error().detail.at("reason") == "not_on_request");
  const auto from_panel = stage.run(stage.help_asks->ask(stage.caller(stage.agent)));
  REQUIRE_FALSE(from_panel);
  CHECK(from_panel.error().detail.at("reason") == "wrong_module");
  const auto dismissed = stage.run(stage.help_asks->dismiss(stage.portal_caller(stage.reporter), HelpAskId{"any"}));
  REQUIRE_FALSE(dismissed);
  CHECK(dismissed.error().detail.at("reason") == "wrong_module");
  stage.keep_settings([](support::Settings& settings) { settings.customers_may_ask = false; });
  CHECK(stage.told() == json::object{{"offered", false}});
  const auto off = stage.ask();
  REQUIRE_FALSE(off);
  CHECK(off.error().code == "asking_off");
}

}  // namespace
}  // namespace belay::desk
