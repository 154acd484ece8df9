// What a panel asks for early, and what it leaves in memory: until when, and what goes with an installation. What it shows: reach_test.cpp, sessions_test.cpp.
#include "desk/panel.hpp"

#include "desk/stage_test.hpp"

namespace belay::desk {
namespace {

constexpr Milliseconds kMinute{60'000};

struct Desk : Stage {
  const AccountId quiet{"quiet"};

  Desk() {
    for (const auto& who : {reporter, quiet}) users.known[who] = {.id = who, .name = "Name of " + who.value, .picture = {}, .time_zone = {}, .language = {}};
    tickets.taking_part = {users.known[quiet]};
    tickets.authors = {{.person = users.known[quiet], .at = clock.now(), .restricted_to = "role:1", .comment = CommentId{"1"}}};
    for (const auto& who : {agent, colleague}) {
      tickets.may_read[who] = {"role:1"};
      users.groups_of[who] = {"staff"};
    }
    keep_settings([](support::Settings& settings) { settings.allowed_groups = {"staff"}; });
  }
  void show(const AccountId& whose) { REQUIRE(run(panel->show(caller(whose), ""))); }
  /// As the house does it every minute.
  void tidy() {
    admission->tidy();
    rosters->tidy();
    issue_people->tidy();
    panel->tidy();
  }
  void forget(const InstallationId& whose) {
    admission->forget(whose);
    rosters->forget(whose);
    issue_people->forget(whose);
    panel->forget(whose);
  }
  [[nodiscard]] std::size_t held() const { return admission->held() + rosters->held() + issue_people->held() + panel->held(); }
};

TEST_CASE("what is remembered for a while is dropped when that is over, and not before") {
  Remembered<int, int> remembered;
  const Time start = from_millis(1'000);
  remembered.keep(1, 10, start, Milliseconds{100});
  remembered.keep(2, 20, start, Milliseconds{200});
  remembered.tidy(start + Milliseconds{99});
  CHECK(remembered.held() == 2);
  remembered.tidy(start + Milliseconds{100});
  CHECK(remembered.held() == 1);
  REQUIRE(remembered.find(2, start + Milliseconds{100}) != nullptr);
  remembered.tidy(start - Milliseconds{1});   // a clock that was set back
  CHECK(remembered.held() == 0);
}

TEST_CASE("an answer that is kept is told again only as long as the ages in it are true") {
  Desk desk;
  desk.doors->house.calls_per_minute = 1;   // so that whoever was seen is believed for two minutes
  desk.doors->house.facts_life = kMinute;
  desk.users.known[desk.reporter].address = "reporter@example.com";
  desk.tickets.known.reporter = desk.users.known[desk.reporter];
  desk.contacts.list = {{.address = "reporter@example.com", .contact = {.id = ContactId{"c1"}, .user = {}, .name = "A contact", .picture = {}, .presence = support::Presence::online, .supported = {}}}};
  const auto ask = [&](const std::string& since) { return *desk.run(desk.panel->show(desk.caller(desk.agent), since)); };
  const auto first = ask("");
  CHECK(first.contains(R"("presence":"online")"));
  CHECK_FALSE(first.contains("presenceAge"));
  desk.clock.time += Milliseconds{9'999};
  CHECK_FALSE(ask("").contains("presenceAge"));
  desk.clock.time += Milliseconds{1};
  CHECK(ask("").contains(R"("presenceAge":10)"));
  desk.clock.time += Milliseconds{25'000};
  CHECK(ask("").contains(R"("presenceAge":30)"));
}

TEST_CASE("of many answers the newest are told to anybody; an older one only tells whoever has it that nothing changed") {
  Desk desk;
  desk.doors->house.facts_life = kMinute;
  const auto ask = [&](std::string issue, const std::string& since) {
    desk.tickets.known.id = IssueId{std::move(issue)};
    const auto caller = desk.caller(desk.agent);
    return *desk.run(desk.panel->show(caller, since));
  };
  const auto first = ask("10001", "");
  for (int n = 0; n < 200; ++n) ask("20" + std::to_string(n), "");
  CHECK(desk.panel->held() == 201);
  CHECK(desk.panel->held_texts() == 200);
  const auto version = std::string(json::string_at(*json::parse_object(first), "version").value());
  CHECK(ask("10001", version).contains(R"("changed":false)"));
  CHECK(desk.panel->held_texts() == 200);
  CHECK(ask("10001", "") == first);   // put together anew
  desk.doors->house.facts_life = Milliseconds{1'000};
  for (int n = 0; n < 300; ++n) {     // one alone, again and again, keeps its own
    desk.clock.time += Milliseconds{2'000};
    ask("10001", "");
    ask("10001", "");
  }
  CHECK(desk.panel->held_texts() == 1);
}

TEST_CASE("the question of a page that is open brings its sessions up to date, and is answered with that") {
  Desk desk;
  const auto id = desk.opened();
  desk.show(desk.agent);
  desk.provider.sessions[0].online = true;
  desk.clock.time += Milliseconds{8'000};
  desk.work.on_ring = [&] { desk.poll(); };   // the worker
  const auto answer = *desk.run(desk.panel->show(desk.caller(desk.agent), "an earlier version"));
  CHECK(answer.contains("customer_present"));
  CHECK(desk.read(id).state == support::SessionState::customer_present);
}

TEST_CASE("of sessions that are over the newest twenty are told, and how many more there are; of the others all") {
  Desk desk;
  const auto told = [&] { return boost::json::parse(*desk.run(desk.panel->show(desk.caller(desk.agent), ""))).as_object(); };
  const auto first = desk.opened();
  std::vector<SessionId> over;
  for (int n = 0; n < 22; ++n) {
    SessionWish wish;
    wish.customer.name = "Customer " + std::to_string(n);
    desk.clock.time += Milliseconds{1'000};
    over.push_back(desk.opened(wish));
    REQUIRE(desk.run(desk.sessions->close(desk.caller(desk.agent), over.back(), {})));
    if (n == 19) CHECK_FALSE(told().contains("earlierSessions"));
  }
  const auto answer = told();
  CHECK(answer.at("earlierSessions") == 2);
  std::set<std::string> ids;
  for (const auto& session : answer.at("sessions").as_array()) ids.emplace(session.at("id").as_string());
  CHECK(ids.size() == 21);
  CHECK(ids.contains(first.value));
  CHECK_FALSE(ids.contains(over[1].value));
  CHECK(ids.contains(over[2].value));
}

TEST_CASE("nothing that a panel was told is in memory ten minutes after the last look, though nobody looks again") {
  Desk desk;
  desk.show(desk.agent);
  desk.show(desk.colleague);
  CHECK(desk.panel->held() == 2);
  CHECK(desk.admission->held() == 5);      // the ticket; rights and groups of both
  CHECK(desk.issue_people->held() == 1);
  CHECK(desk.rosters->held() == 2);
  desk.clock.time += kMinute;
  desk.tidy();
  CHECK(desk.panel->held() == 0);
  CHECK(desk.admission->held() == 4);      // whom the ticket names is gone
  CHECK(desk.issue_people->held() == 0);
  for (int minute = 1; minute < 9; ++minute) {
    desk.clock.time += kMinute;
    desk.tidy();
  }
  CHECK(desk.held() == 0);
}

TEST_CASE("somebody to whom Jira says that there is no request is not remembered for longer") {
  Desk desk;
  desk.tickets.participants_down = Error{.code = "not_found", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
  desk.show(desk.agent);
  CHECK(desk.issue_people->held() == 1);
  desk.clock.time += kMinute;
  desk.tidy();
  CHECK(desk.issue_people->held() == 0);
}

TEST_CASE("an answer that something has made old is dropped before its time") {
  Desk desk;
  desk.show(desk.agent);   // stores who spoke, by which its own answer is old
  desk.show(desk.agent);
  desk.tidy();
  CHECK(desk.panel->held() == 1);
  desk.changes.note(desk.installation);
  desk.tidy();
  CHECK(desk.panel->held() == 0);
}

TEST_CASE("the provider is told that its contacts will be asked for while Jira is asked, unless the agent has no link") {
  Desk desk;
  desk.show(desk.colleague);   // has connected no account
  CHECK(desk.contacts.prepared.empty());
  desk.show(desk.agent);
  CHECK(desk.contacts.prepared == std::vector<AccountId>{desk.agent});
}

TEST_CASE("an installation that is forgotten takes everything along that panels were told, and nothing of another") {
  Desk desk;
  desk.show(desk.agent);
  const auto held = desk.held();
  desk.forget(InstallationId{"other"});
  CHECK(desk.held() == held);
  desk.forget(desk.installation);
  CHECK(desk.held() == 0);
  desk.tickets.participants_down = Error{.code = "not_found", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
  desk.show(desk.agent);
  CHECK(desk.issue_people->held() == 1);
  desk.forget(desk.installation);
  CHECK(desk.held() == 0);
}

}  // namespace
}  // namespace belay::desk
