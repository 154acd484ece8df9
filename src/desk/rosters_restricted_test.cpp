// Comments that only a role or group may read: whose list their author is on.
#include "desk/rosters_stage_test.hpp"
#include "support/restriction.hpp"

namespace belay::desk {
namespace {

// ---- comments that only a role or group may read ----

struct Restricted : RosterDesk {
  Restricted() {
    comments(3, each_their_own);
    one_more("boss", "role:admins");
    one_more("boss", "role:admins");
    tickets.may_read[agent] = {"role:admins"};
  }
  Result<RosterNow> look_as(AccountId viewer) {
    auto now = run(rosters->look(ports::Call{.installation = installation, .trace_id = {}, .deadline = kPatience, .api_base_url = {}}, viewer, issue, stored()));
    if (now) REQUIRE(run(rosters->keep(installation, issue, *now)));
    return now;
  }
  bool sees(const AccountId& viewer, const std::string& who) { return has(look_as(viewer)->authors, who); }
  AccountId other{"another-agent"};
  [[nodiscard]] std::size_t asked() const { return tickets.readable_asked.size(); }
};

TEST_CASE("whoever wrote what only some may read is on the list of those, and of nobody else") {
  Restricted desk;
  CHECK(desk.sees(desk.agent, "boss"));
  CHECK_FALSE(desk.sees(desk.other, "boss"));
  CHECK(desk.sees(desk.other, "person-1"));
  CHECK(desk.sees(desk.agent, "boss"));
}

TEST_CASE("the same where the other one looked first: it is found with the next newest page") {
  Restricted desk;
  CHECK_FALSE(desk.sees(desk.other, "boss"));
  desk.clock.time += kRosterLife;
  CHECK(desk.sees(desk.agent, "boss"));
  CHECK_FALSE(desk.sees(desk.other, "boss"));
}

TEST_CASE("Jira is asked once about a restriction, in one call, and not by whoever was shown the comments") {
  Restricted desk;
  desk.one_more("chief", "group:staff");
  desk.tickets.may_read[desk.agent].insert("group:staff");
  for (int panel = 0; panel < 5; ++panel) CHECK(desk.sees(desk.agent, "chief"));
  CHECK(desk.asked() == 0);
  for (int panel = 0; panel < 5; ++panel) CHECK_FALSE(desk.sees(desk.other, "chief"));
  CHECK(desk.asked() == 1);
  CHECK(desk.pages() == 2);
}

TEST_CASE("who gets or loses the role sees or loses them within five minutes") {
  Restricted desk;
  CHECK(desk.sees(desk.agent, "boss"));
  CHECK_FALSE(desk.sees(desk.other, "boss"));
  desk.tickets.may_read[desk.agent].clear();
  desk.tickets.may_read[desk.other] = {"role:admins"};
  desk.clock.time += kRestrictionsLife;
  CHECK_FALSE(desk.sees(desk.agent, "boss"));
  CHECK(desk.sees(desk.other, "boss"));
}

TEST_CASE("steady comments do not make an old permission last") {
  Restricted desk;
  CHECK(desk.sees(desk.agent, "boss"));
  desk.tickets.may_read[desk.agent].clear();
  for (int minute = 0; minute < 5; ++minute) {
    desk.clock.time += Milliseconds{60'000};
    desk.one_more("new-" + std::to_string(minute));
    desk.hear(commented("new-" + std::to_string(minute)));
    desk.look_as(desk.agent);
  }
  CHECK_FALSE(desk.sees(desk.agent, "boss"));
}

TEST_CASE("where Jira does not say, nobody is shown who may not be, and that somebody may be missing is told") {
  Restricted desk;
  CHECK(desk.sees(desk.agent, "boss"));
  desk.tickets.may_read[desk.other] = {"role:admins"};
  desk.tickets.readable_down = kAway;
  const auto now = desk.look_as(desk.other);
  REQUIRE(now);
  CHECK_FALSE(has(now->authors, "boss"));
  CHECK(has(now->authors, "person-1"));
  REQUIRE(now->failure);
  CHECK(now->failure->code == "jira_unreachable");
  desk.tickets.readable_down.reset();
  CHECK(desk.sees(desk.other, "boss"));
}

TEST_CASE("somebody who wrote openly too is seen by all, with the time of what each may read") {
  Restricted desk;
  desk.clock.time += Milliseconds{1'000};
  desk.one_more("person-2", "role:admins");
  const auto at = [&](const AccountId& viewer) { return std::ranges::find(desk.look_as(viewer)->authors, AccountId{"person-2"}, &support::Spoke::account)->at; };
  CHECK(at(desk.agent) == desk.clock.now());
  CHECK(at(desk.other) < desk.clock.now());
}

TEST_CASE("an event about a restricted comment shows its author to who may read it, without a page") {
  Restricted desk;
  desk.look_as(desk.agent);
  desk.one_more("chief", "role:admins");
  auto event = commented("chief");
  event["comment"].as_object()["id"] = desk.tickets.authors[0].comment.value;
  event["comment"].as_object()["visibility"] = json::object{{"type", "role"}, {"value", "admins"}};
  desk.hear(event);
  CHECK(desk.sees(desk.agent, "chief"));
  CHECK_FALSE(desk.sees(desk.other, "chief"));
  CHECK(desk.pages() == 2);
}

TEST_CASE("a comment that is restricted afterwards shows its author to nobody else any more, with and without an event that says so") {
  for (const bool is_told : {true, false}) {
    CAPTURE(is_told);
    Restricted desk;
    desk.look_as(desk.other);
    CHECK(desk.sees(desk.other, "person-1"));
    auto& comment = desk.tickets.authors[3];   // behind the two of the boss
    REQUIRE(comment.person.id.value == "person-1");
    comment.restricted_to = "role:admins";
    auto event = commented("person-1");
    event["comment"].as_object()["id"] = comment.comment.value;
    event["comment"].as_object()["created"] = to_iso8601(comment.at);
    if (is_told) event["comment"].as_object()["visibility"] = json::object{{"type", "role"}, {"value", "admins"}};
    desk.clock.time += Milliseconds{1};
    if (is_told) desk.hear(event);
    else desk.clock.time += kRosterLife;
    desk.clock.time += Milliseconds{1};
    CHECK_FALSE(desk.sees(desk.other, "person-1"));
    CHECK(desk.sees(desk.agent, "person-1"));
    CHECK(desk.sees(desk.other, "person-2"));
  }
}

TEST_CASE("an event that keeps silent about the restriction shows nobody to whom it may not") {
  Restricted desk;
  desk.look_as(desk.other);
  desk.one_more("chief", "role:admins");
  desk.hear(commented("chief"));
  CHECK_FALSE(desk.sees(desk.other, "chief"));
}

TEST_CASE("a restricted comment that was deleted proves nothing: another one of them does") {
  Restricted desk;
  CHECK(desk.sees(desk.agent, "boss"));
  desk.one_more("chief", "role:admins");
  desk.clock.time += kRosterLife;
  CHECK(desk.sees(desk.agent, "chief"));
  desk.tickets.may_read[desk.other] = {"role:admins"};
  desk.tickets.authors.erase(desk.tickets.authors.begin());
  CHECK(desk.sees(desk.other, "boss"));
}

TEST_CASE("what the app alone could read is shown to nobody who may not") {
  Restricted desk;
  desk.comments(300, each_their_own);
  desk.tickets.authors.push_back(desk.comment("hidden", desk.clock.now() - Milliseconds{900'000'000}, "role:admins"));
  desk.tickets.may_read = {{AccountId{"the-app"}, {"role:admins"}}};
  desk.look_as(desk.agent);
  while (!is<Done>(desk.step())) {}
  CHECK(has(desk.stored()->authors, "hidden"));
  CHECK_FALSE(desk.sees(desk.agent, "hidden"));
}

TEST_CASE("of restrictions that are not understood nobody is shown: one does not prove another") {
  Restricted desk;
  desk.one_more("odd", std::string(support::kUnknownRestriction));
  desk.tickets.may_read[desk.agent].insert(std::string(support::kUnknownRestriction));
  CHECK_FALSE(desk.sees(desk.agent, "odd"));
  CHECK_FALSE(desk.sees(desk.agent, "odd"));
}

}  // namespace
}  // namespace belay::desk
