// Launching: whose link is given out, who can be reached, and what is counted of it on the issue.
#include "desk/reach.hpp"

#include "desk/reach_stage_test.hpp"

namespace belay::desk {
namespace {

using Desk = ReachStage;
using support::LaunchMode;
using support::Presence;

const Error kAway = error("provider_unreachable", true);

// ---- launching ----

TEST_CASE("a launch gives the link of this contact and this mode, and stands in the audit log") {
  Desk desk;
  desk.listed(desk.address, "c7");
  for (const auto mode : {LaunchMode::chat, LaunchMode::call, LaunchMode::control, LaunchMode::present}) {
    CHECK(desk.launch(mode).value() == "https://start.example/c7/" + std::string(support::to_string(mode)));
  }
  REQUIRE(desk.audited() == std::vector<std::string>(4, "launched"));
  const auto newest = desk.audit()[0];
  CHECK(newest.actor == desk.agent);
  CHECK(newest.person == desk.ana);
  CHECK(newest.issue == desk.issue);
  CHECK(newest.detail == json::object{{"mode", "present"}});   // no link
}

TEST_CASE("only who is there can be reached; why not is said") {
  Desk desk;
  const auto why = [&] {
    const auto refused = desk.launch();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "not_reachable");
    return std::string(refused.error().detail.at("standing").as_string());
  };
  CHECK(desk.launch().error().code == "contact_gone");
  desk.listed(desk.address, "c7", Presence::offline);
  desk.pass(Milliseconds{8'000});
  CHECK(why() == "offline");
  desk.contacts.list[0].contact.presence = Presence::away;
  desk.pass(Milliseconds{8'000});
  CHECK(desk.launch());
  desk.shows(desk.ana, "");
  desk.pass(Milliseconds{8'000});
  CHECK(why() == "address_not_shared");
  desk.users.known[desk.ana].active = false;
  desk.pass(Milliseconds{8'000});
  CHECK(why() == "inactive");
  CHECK(desk.audited().size() == 1);
}

TEST_CASE("a mode that the contact's client does not have is refused by name") {
  Desk desk;
  desk.listed(desk.address, "c7", Presence::online, std::vector{LaunchMode::chat});
  CHECK(desk.launch(LaunchMode::chat));
  const auto refused = desk.launch(LaunchMode::control);
  CHECK(refused.error().code == "mode_not_supported");
  CHECK(refused.error().detail.at("mode") == "control");
  CHECK(desk.audited().size() == 1);
}

TEST_CASE("a contact who was deleted since the panel looked: said so, not recorded as a launch, and the panel knows at once") {
  Desk desk;
  desk.listed(desk.address, "c7");
  CHECK(desk.standing() == "online");
  desk.contacts.list.clear();
  CHECK(desk.launch().error().code == "contact_gone");
  CHECK(desk.audited().empty());
  CHECK(desk.standing() == "not_contact");
  CHECK(desk.launch().error().code == "contact_gone");   // whoever noticed it first
}

TEST_CASE("a contact who was made anew since: the doubt finds the new one") {
  Desk desk;
  desk.listed(desk.address, "c7");
  CHECK(desk.standing() == "online");
  desk.contacts.list[0].contact.id = ContactId{"c8"};
  CHECK(desk.launch().error().code == "contact_gone");
  CHECK(desk.launch().value() == "https://start.example/c8/chat");
}

TEST_CASE("what the provider says when it comes to the launch counts, not what the panel saw, and the panel knows it at once") {
  Desk desk;
  desk.listed(desk.address, "c7");
  CHECK(desk.standing() == "online");
  auto& contact = desk.contacts.list[0].contact;
  contact.presence = Presence::offline;
  const auto left = desk.launch();
  REQUIRE_FALSE(left);
  CHECK(left.error().code == "not_reachable");
  CHECK(left.error().detail.at("standing") == "offline");
  CHECK(desk.audited().empty());
  CHECK(desk.standing() == "offline");
  contact.presence = Presence::busy;   // and is back
  contact.supported = std::vector{LaunchMode::chat};
  CHECK(desk.launch(LaunchMode::control).error().code == "mode_not_supported");
  CHECK(desk.launch(LaunchMode::chat));
  CHECK(desk.standing() == "busy");
  CHECK(desk.contacts.asked.size() == 1);
  contact.supported.reset();
  CHECK(desk.launch(LaunchMode::control));
}

TEST_CASE("somebody who hid their address since the panel looked, or shows another one, is not started by the old one, and the panel knows at once") {
  struct Case { std::string shown; std::string code; std::string standing; };
  for (const auto& [shown, code, standing] : {Case{"", "not_reachable", "address_not_shared"}, Case{"elsewhere@example.com", "contact_gone", "not_contact"}}) {
    CAPTURE(shown);
    Desk desk;
    desk.listed(desk.address, "c7");
    CHECK(desk.standing() == "online");
    const auto noted = desk.changes.of(desk.installation);
    desk.shows(desk.ana, shown);
    desk.pass(Milliseconds{1});
    const auto refused = desk.launch();
    CHECK(refused.error().code == code);
    if (code == "not_reachable") CHECK(std::string(refused.error().detail.at("standing").as_string()) == standing);
    CHECK(desk.audited().empty());
    CHECK(desk.changes.of(desk.installation) > noted);
    CHECK(desk.standing() == standing);
  }
}

TEST_CASE("whoever hid the address that the app is given all the same is started as before: it leads to an existing contact only") {
  Desk desk;
  desk.users.app_addresses[desk.ana] = desk.address;
  desk.listed(desk.address, "c7");
  CHECK(desk.standing() == "online");
  desk.shows(desk.ana, "");
  desk.pass(Milliseconds{1});
  CHECK(desk.launch().value() == "https://start.example/c7/chat");
}

TEST_CASE("an account that was closed or deleted since the panel looked is not started") {
  Desk desk;
  desk.listed(desk.address, "c7");
  CHECK(desk.standing() == "online");
  desk.users.known[desk.ana].active = false;
  desk.pass(Milliseconds{1});
  CHECK(desk.launch().error().detail.at("standing") == "inactive");
  desk.users.known.erase(desk.ana);
  desk.pass(Milliseconds{1});
  CHECK(desk.launch().error().code == "not_found");
  CHECK(desk.audited().empty());
}

TEST_CASE("a contact behind whom another account stands since is not started for somebody who linked theirs") {
  Desk desk;
  desk.link(desk.ana);
  desk.write([&](ports::UnitOfWork& unit) {
    auto link = unit.links().find(desk.installation, desk.ana, desk.provider.name());
    link->at_provider.id = ProviderAccountId{"u7"};
    link->at_provider.email = "ana@work.example";
    unit.links().put(*link);
  });
  desk.listed("ana@work.example", "c7", Presence::online, {}, "u7");
  CHECK(desk.standing() == "online");
  desk.contacts.list[0].contact.user = ProviderAccountId{"u8"};
  CHECK(desk.launch().error().code == "contact_gone");
}

TEST_CASE("a Jira that does not answer at a launch changes nothing") {
  Desk desk;
  desk.listed(desk.address, "c7");
  CHECK(desk.standing() == "online");
  desk.users.down = error("jira_unreachable", true);
  CHECK(desk.launch());
}

TEST_CASE("a provider that cannot say whether the contact is still there does not keep anybody from starting") {
  Desk desk;
  desk.listed(desk.address, "c7");
  CHECK(desk.standing() == "online");
  for (const auto* code : {"provider_unreachable", "provider_rate_limited"}) {
    desk.contacts.contact_down = error(code, true);
    CHECK(desk.launch());
  }
}

TEST_CASE("a provider that is away says nothing about anybody: that is the answer") {
  Desk desk;
  desk.contacts.down = kAway;
  CHECK(desk.launch().error().code == "provider_unreachable");
  CHECK(desk.ask_to_invite().error().code == "provider_unreachable");
}

TEST_CASE("launches are counted on the issue where the admin wants it, and nowhere else") {
  Desk desk;
  desk.listed(desk.address, "c7");
  desk.launch();
  CHECK_FALSE(desk.is_asked_for("issue.property", "10001"));
  desk.keep_settings([](support::Settings& settings) { settings.count_on_issue = true; });
  desk.launch();
  CHECK(desk.is_asked_for("issue.property", "10001"));
}

// ---- the property ----

TEST_CASE("the property holds counts and times, and nothing about anybody") {
  Desk desk;
  desk.keep_settings([](support::Settings& settings) { settings.count_on_issue = true; });
  desk.listed(desk.address, "c7");
  desk.launch();
  desk.pass(Milliseconds{60'000});
  desk.launch(LaunchMode::control);
  desk.opened();
  CHECK(is<Done>(desk.run(desk.reach->write_property(desk.row("issue.property", "10001")))));
  const auto written = desk.marks.properties.at({desk.issue, "belay"});
  CHECK(written == json::object{{"sessions", 1}, {"open", 1}, {"minutes", 0}, {"launches", 2}, {"lastLaunch", to_iso8601(desk.clock.now())}});
}

TEST_CASE("where launches are not counted the property tells of sessions alone; a deleted issue is no trouble; trouble is tried again") {
  Desk desk;
  const auto write = [&] { return desk.run(desk.reach->write_property(desk.row("issue.property", "10001"))); };
  CHECK(is<Done>(write()));
  CHECK(desk.marks.properties.at({desk.issue, "belay"}) == json::object{{"sessions", 0}, {"open", 0}, {"minutes", 0}});
  desk.keep_settings([](support::Settings& settings) { settings.count_on_issue = true; });
  desk.marks.down = error("not_found");
  CHECK(is<Done>(write()));
  desk.marks.down = error("jira_unreachable", true);
  CHECK(is<TryAgain>(write()));
  desk.marks.down = error("jira_forbidden");
  CHECK(is<GiveUp>(write()));
  desk.marks.down.reset();
  CHECK(is<Done>(write()));
  CHECK_FALSE(desk.marks.properties.at({desk.issue, "belay"}).contains("lastLaunch"));
}

}  // namespace
}  // namespace belay::desk
