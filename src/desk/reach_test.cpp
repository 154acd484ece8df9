// What an agent does with a person: launching, tying by hand, counting; who may; and what the panel shows of it.
#include "desk/reach.hpp"

#include <boost/json/serialize.hpp>

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

// ---- tying by hand ----

Result<json::object> map_to_contact(Desk& desk, const AccountId& whose, const std::string& contact) { return desk.run(desk.reach->map_to_contact(desk.caller(whose), desk.ana, ContactId{contact})); }
Result<json::object> map_to_address(Desk& desk, const AccountId& whose, const std::string& address) { return desk.run(desk.reach->map_to_address(desk.caller(whose), desk.ana, address)); }

TEST_CASE("tied to a contact of one's own: who and when is shown, and undone by anybody who may") {
  Desk desk;
  desk.second_agent();
  desk.shows(desk.ana, "");
  desk.listed("elsewhere@example.net", "c7", Presence::busy);
  const auto mapped = map_to_contact(desk, desk.agent, "c7");
  REQUIRE(mapped);
  CHECK(mapped->at("standing") == "busy");
  CHECK(mapped->at("matchedBy") == "mapping");
  CHECK(mapped->at("mapping") == json::value{{"to", "Name of c7"}, {"by", {{"id", "agent"}, {"name", "Name of agent"}}}, {"at", to_iso8601(desk.clock.now())}});
  CHECK(boost::json::serialize(*mapped).find('@') == std::string::npos);

  const auto undone = desk.run(desk.reach->unmap(desk.caller(desk.colleague), desk.ana));
  REQUIRE(undone);
  CHECK_FALSE(undone->contains("mapping"));
  CHECK(undone->at("standing") == "address_not_shared");
  CHECK(desk.audited() == std::vector<std::string>{"person_unmapped", "person_mapped"});
}

TEST_CASE("tied to an address, as it was typed, for every agent") {
  Desk desk;
  desk.second_agent();
  desk.shows(desk.ana, "");
  desk.listed("work@example.net", "c7", Presence::online);
  const auto mapped = map_to_address(desk, desk.agent, "  Work@EXAMPLE.net ");
  REQUIRE(mapped);
  CHECK(mapped->at("mapping").at("to") == "Work@EXAMPLE.net");
  CHECK(desk.seen(desk.colleague, desk.ana).at("standing") == "online");
}

TEST_CASE("a colleague's tie finds the same person in this agent's own list by their user id, and launches this agent's contact") {
  Desk desk;
  desk.second_agent();
  desk.shows(desk.ana, "");
  desk.contacts.lists[desk.colleague] = {{.address = "x@example.net", .contact = {.id = ContactId{"c700"}, .user = ProviderAccountId{"u7"}, .name = "Ana Work", .picture = {}, .presence = Presence::busy, .supported = {}}}};
  desk.contacts.lists[desk.agent] = {{.address = "y@example.net", .contact = {.id = ContactId{"c3"}, .user = ProviderAccountId{"u7"}, .name = "Ana Work", .picture = {}, .presence = Presence::busy, .supported = {}}},
                                     {.address = "z@example.net", .contact = {.id = ContactId{"c700"}, .user = ProviderAccountId{"u9"}, .name = "Ana Work", .picture = {}, .presence = Presence::online, .supported = {}}}};
  REQUIRE(map_to_contact(desk, desk.colleague, "c700"));
  CHECK(desk.seen(desk.agent, desk.ana).at("standing") == "busy");
  CHECK(desk.launch().value() == "https://start.example/c3/chat");
  CHECK(desk.run(desk.reach->launch(desk.caller(desk.colleague), desk.ana, LaunchMode::chat)).value() == "https://start.example/c700/chat");
}

TEST_CASE("a new tie replaces the old one") {
  Desk desk;
  desk.shows(desk.ana, "");
  desk.listed("a@example.net", "c7");
  REQUIRE(map_to_contact(desk, desk.agent, "c7"));
  const auto mapped = map_to_address(desk, desk.agent, "b@example.net");
  CHECK(mapped->at("mapping").at("to") == "b@example.net");
  CHECK(mapped->at("standing") == "not_contact");
  std::size_t kept = 0;
  desk.write([&](ports::UnitOfWork& unit) { kept = unit.mappings().all(desk.installation, desk.provider.name()).size(); });
  CHECK(kept == 1);
}

TEST_CASE("what is no contact of the agent, or no address, is refused by its field") {
  Desk desk;
  desk.second_agent();
  desk.contacts.lists[desk.colleague] = {{.address = "x@example.net", .contact = {.id = ContactId{"c700"}, .user = {}, .name = "Ana", .picture = {}, .presence = Presence::online, .supported = {}}}};
  CHECK(map_to_contact(desk, desk.agent, "c700").error().detail == json::object{{"field", "contact"}, {"rule", "own_contact"}});
  const json::object mail{{"rule", "email"}};
  const json::object character{{"rule", "email_character"}};
  for (const auto& [text, rule] : std::vector<std::pair<std::string, json::object>>{{"", mail}, {"nobody", mail}, {"@example.com", mail}, {"a@b,c@d", character}, {"a b@example.com", character},
                                                                                    {std::string(300, 'a') + "@example.com", {{"rule", "email_length"}, {"limit", 254}}}, {"ada@xn--a\xC3\xA9.example", {{"rule", "email_domain"}}}}) {
    auto expected = rule;
    expected["field"] = "address";
    const auto refused = map_to_address(desk, desk.agent, text);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "invalid_field");
    CHECK(refused.error().detail == expected);
  }
  CHECK(desk.audited().empty());
  desk.contacts.down = kAway;
  CHECK(map_to_contact(desk, desk.agent, "c1").error().code == "provider_unreachable");
}

TEST_CASE("a provider that is away keeps nobody from tying to an address, or from undoing it") {
  Desk desk;
  desk.shows(desk.ana, "");
  desk.contacts.down = kAway;
  const auto mapped = map_to_address(desk, desk.agent, "work@example.net");
  REQUIRE_MESSAGE(mapped, mapped.error().code);
  CHECK(mapped->at("mapping").at("to") == "work@example.net");
  CHECK(mapped->at("standing") == "unknown");
  desk.pass(Milliseconds{8'000});
  CHECK(map_to_address(desk, desk.agent, "other@example.net")->at("mapping").at("to") == "other@example.net");
  const auto undone = desk.run(desk.reach->unmap(desk.caller(desk.agent), desk.ana));
  REQUIRE_MESSAGE(undone, undone.error().code);
  CHECK_FALSE(undone->contains("mapping"));
  CHECK(desk.audited() == std::vector<std::string>{"person_unmapped", "person_mapped", "person_mapped"});
}

TEST_CASE("an app that reported the issue, and an account that Jira does not know any more, are tied to nothing") {
  Desk desk;
  for (const bool is_app : {true, false}) {
    CAPTURE(is_app);
    if (is_app) desk.users.known[desk.ana].app = true;
    else desk.users.known.erase(desk.ana);
    desk.pass(Milliseconds{8'000});
    CHECK(code_of(map_to_address(desk, desk.agent, "work@example.net")) == "not_found");
    CHECK(code_of(desk.run(desk.reach->unmap(desk.caller(desk.agent), desk.ana))) == "not_found");
  }
  CHECK(desk.audited().empty());
}

TEST_CASE("nothing to undo is success, and is not recorded") {
  Desk desk;
  CHECK(desk.run(desk.reach->unmap(desk.caller(desk.agent), desk.ana)));
  CHECK(desk.audited().empty());
}

TEST_CASE("contacts are found by a part of their name, in order, twenty at most, and it is told where there are more") {
  Desk desk;
  for (int n = 40; n > 0; --n) desk.listed("p" + std::to_string(n) + "@example.com", "c" + std::to_string(100 + n));
  desk.contacts.list[0].contact.picture = "https://pictures.example/1";
  const auto found = desk.run(desk.reach->contacts(desk.caller(desk.agent), "Name of c1"));
  REQUIRE(found);
  CHECK(found->at("contacts").as_array().size() == 20);
  CHECK(found->at("contacts").at(0).at("id") == "c101");
  CHECK(found->at("more") == true);
  CHECK(boost::json::serialize(*found).find('@') == std::string::npos);
  desk.contacts.list.resize(20);
  CHECK(desk.run(desk.reach->contacts(desk.caller(desk.agent), "Name of c1"))->at("more") == false);
  CHECK(*desk.run(desk.reach->contacts(desk.caller(desk.agent), "nobody")) == json::object{{"contacts", json::array{}}, {"more", false}});
}

// ---- who may ----

struct Wish {
  const char* name;
  std::function<std::string(Desk&, const Caller&, const AccountId&)> ask;
};

const std::vector<Wish> kWishes{
    {"add", [](Desk& desk, const Caller& caller, const AccountId& who) { return code_of(desk.run(desk.reach->invite(caller, who))); }},
    {"launch", [](Desk& desk, const Caller& caller, const AccountId& who) { return code_of(desk.run(desk.reach->launch(caller, who, LaunchMode::chat))); }},
    {"tie to a contact", [](Desk& desk, const Caller& caller, const AccountId& who) { return code_of(desk.run(desk.reach->map_to_contact(caller, who, ContactId{"c7"}))); }},
    {"tie to an address", [](Desk& desk, const Caller& caller, const AccountId& who) { return code_of(desk.run(desk.reach->map_to_address(caller, who, "a@example.net"))); }},
    {"untie", [](Desk& desk, const Caller& caller, const AccountId& who) { return code_of(desk.run(desk.reach->unmap(caller, who))); }},
    {"search", [](Desk& desk, const Caller& caller, const AccountId&) { return code_of(desk.run(desk.reach->contacts(caller, "Name"))); }},
};

// What every wish is answered with, and that it left no trace.
void check_all(Desk& desk, const Caller& caller, const std::string& code, bool search_too = true, AccountId who = AccountId{"ana"}) {
  for (const auto& wish : kWishes) {
    if (!search_too && wish.name == std::string("search")) continue;
    CAPTURE(std::string(wish.name));
    CHECK(wish.ask(desk, caller, who) == code);
  }
  CHECK(desk.audited().empty());
  CHECK(desk.contacts.invites == 0);
  CHECK_FALSE(desk.is_to_be_sent());
}

TEST_CASE("who is not on the issue, or is the agent themselves, is nobody") {
  Desk desk;
  desk.listed(desk.address, "c7");
  desk.shows(AccountId{"stranger"}, "stranger@example.com");
  check_all(desk, desk.caller(desk.agent), "not_found", false, AccountId{"stranger"});
  check_all(desk, desk.caller(desk.agent), "not_found", false, desk.agent);
  check_all(desk, desk.caller(desk.agent), "not_found", false, AccountId{});
}

TEST_CASE("an agent who disconnected in another tab is told to connect, whatever they press") {
  Desk desk;
  desk.listed(desk.address, "c7");
  CHECK(desk.standing() == "online");
  desk.unlinked();
  check_all(desk, desk.caller(desk.agent), "not_linked");
  CHECK(desk.standing() == "not_linked");
  desk.change_link(desk.agent, [](ports::AccountLink& link) {
    link.ending_since.reset();
    link.expired = true;
  });
  check_all(desk, desk.caller(desk.agent), "link_expired");
  desk.change_link(desk.agent, [](ports::AccountLink& link) {
    link.expired = false;
    link.at_provider.licence = {.type = "Free", .active = true, .paid = false};
  });
  check_all(desk, desk.caller(desk.agent), "licence_not_eligible");
}

TEST_CASE("a right that was taken away while the panel was open is missed after five minutes at most") {
  Desk desk;
  desk.listed(desk.address, "c7");
  CHECK(desk.launch());
  desk.permissions.rights_of[desk.agent].service_agent = false;
  desk.pass(kRightsLife);
  CHECK(desk.launch().error().code == "forbidden");
  CHECK(desk.launch().error().detail.at("reason") == "not_agent");
  CHECK(desk.standing() == "not shown");
  desk.permissions.rights_of[desk.agent].browse = false;
  desk.pass(kRightsLife);
  CHECK(desk.launch().error().code == "not_found");
  CHECK(desk.audited().size() == 1);
}

TEST_CASE("the portal, an admin's page, somebody without rights and somebody who cannot see the issue reach nobody") {
  Desk desk;
  desk.listed(desk.address, "c7");
  desk.link(desk.reporter);
  check_all(desk, desk.caller(desk.reporter), "not_found");
  desk.permissions.rights_of[desk.reporter] = {.browse = true};
  desk.pass(kRightsLife);
  check_all(desk, desk.caller(desk.reporter), "forbidden");
  for (const auto page : {support::Page::portal, support::Page::admin, support::Page::personal, support::Page::other}) {
    auto caller = desk.caller(desk.agent);
    caller.call.page = page;
    check_all(desk, caller, "forbidden");
  }
}

TEST_CASE("where the admin named groups, only their members reach anybody") {
  Desk desk;
  desk.listed(desk.address, "c7");
  desk.keep_settings([](support::Settings& settings) { settings.allowed_groups = {"second line"}; });
  check_all(desk, desk.caller(desk.agent), "forbidden");
  desk.users.groups_of[desk.agent] = {"Second Line"};
  desk.pass(kRightsLife);
  CHECK(desk.launch());
}

TEST_CASE("an issue that was deleted meanwhile is not found") {
  Desk desk;
  desk.listed(desk.address, "c7");
  CHECK(desk.launch());
  desk.tickets.known.id = IssueId{"10002"};
  auto caller = desk.caller(desk.agent);
  caller.call.issue = desk.issue;
  desk.pass(kRightsLife);
  CHECK(code_of(desk.run(desk.reach->launch(caller, desk.ana, LaunchMode::chat))) == "not_found");
}

TEST_CASE("while the installation is being given back, nothing new begins") {
  Desk desk;
  desk.listed("other@example.com", "c7");
  desk.write([&](ports::UnitOfWork& unit) {
    auto leaving = *unit.installations().find(desk.installation);
    leaving.leaving_since = desk.clock.now();
    unit.installations().update(leaving);
  });
  CHECK(desk.ask_to_invite().error().code == "not_paired");
  CHECK(map_to_address(desk, desk.agent, "a@example.net").error().code == "not_paired");
}

// ---- through the panel ----

TEST_CASE("a participant of a request and everybody who spoke can be reached, also beyond the newest pages once they are read") {
  Desk desk;
  const AccountId early{"early"};
  desk.shows(early, "early@example.com");
  desk.listed("early@example.com", "c9");
  desk.shows(AccountId{"quiet"}, "quiet@example.com");
  desk.tickets.taking_part = {desk.users.known[AccountId{"quiet"}]};
  desk.listed("quiet@example.com", "c10");
  for (int n = 0; n < 300; ++n) desk.tickets.authors.push_back({.person = Desk::person(n == 299 ? early : desk.ana, ""), .at = desk.clock.now() - Milliseconds{n * 1'000}});
  CHECK(code_of(desk.run(desk.reach->launch(desk.caller(desk.agent), AccountId{"quiet"}, LaunchMode::chat))) == "none");
  CHECK(code_of(desk.run(desk.reach->launch(desk.caller(desk.agent), early, LaunchMode::chat))) == "not_found");
  CHECK(desk.seen(desk.agent, early).empty());   // the panel has the rest read
  CHECK(is<Done>(desk.run(desk.rosters->read(desk.row("roster.read", "10001")))));
  desk.pass(Milliseconds{8'000});   // what the comments said about them was no address
  CHECK(code_of(desk.run(desk.reach->launch(desk.caller(desk.agent), early, LaunchMode::chat))) == "none");
}

TEST_CASE("what does not come of the people is said to be missing, and what came is shown") {
  for (const bool comments_come : {true, false}) {
    CAPTURE(comments_come);
    Desk desk;
    desk.shows(AccountId{"spoke"}, "");
    desk.shows(AccountId{"quiet"}, "");
    desk.tickets.authors = {{.person = desk.users.known[AccountId{"spoke"}], .at = desk.clock.now()}};
    desk.tickets.taking_part = {desk.users.known[AccountId{"quiet"}]};
    auto& down = comments_come ? desk.tickets.participants_down : desk.tickets.authors_down;
    down = error("jira_unreachable", true);
    auto caller = desk.caller(desk.agent);
    caller.call.service_project = true;
    const auto answer = json::parse_object(desk.run(desk.panel->show(caller, "")).value()).value();
    const json::object line{{"what", comments_come ? "participants" : "commenters"}, {"why", "jira_unreachable"}};
    CHECK(answer.at("missing") == json::value(json::array{line}));
    const auto people = boost::json::serialize(answer.at("people"));
    CHECK(people.contains(R"("id":"ana")"));
    CHECK(people.contains(R"("id":"spoke")") == comments_come);
    CHECK(people.contains(R"("id":"quiet")") != comments_come);
    // And whoever may be among those who did not come is not said to be nobody.
    const AccountId perhaps{comments_come ? "quiet" : "spoke"};
    CHECK(code_of(desk.run(desk.reach->launch(desk.caller(desk.agent), perhaps, LaunchMode::chat))) == "jira_unreachable");
    CHECK(code_of(desk.run(desk.reach->launch(desk.caller(desk.agent), desk.ana, LaunchMode::chat))) == "contact_gone");
  }
}

TEST_CASE("people who are shown from memory are said to be as of then, and only what is not known is called so") {
  Desk desk;
  const auto missing = [&] { return json::parse_object(desk.run(desk.panel->show(desk.caller(desk.agent), "")).value())->at("missing"); };
  CHECK(missing() == json::value(json::array{}));
  const auto seen_at = to_iso8601(desk.clock.now());
  desk.users.down = error("jira_unreachable", true);
  desk.pass(Milliseconds{8'000});
  CHECK(missing() == json::value(json::array{json::object{{"what", "people"}, {"why", "jira_unreachable"}, {"asOf", seen_at}}}));
  desk.tickets.known.reporter = Desk::person(AccountId{"new"}, "");   // of whom nothing is known
  desk.pass(Milliseconds{60'000});
  const auto lines = missing();
  CHECK(lines == json::value(json::array{json::object{{"what", "people"}, {"why", "jira_unreachable"}}}));
}

TEST_CASE("where only hidden addresses do not come, that is said, and nothing of the people") {
  Desk desk;
  desk.users.addresses_down = error("jira_unreachable", true);
  const auto missing = [&] { return json::parse_object(desk.run(desk.panel->show(desk.caller(desk.agent), "")).value())->at("missing"); };
  const json::value hidden = json::array{json::object{{"what", "addresses"}, {"why", "jira_unreachable"}}};
  CHECK(missing() == hidden);
  CHECK(missing() == hidden);
  desk.shows(desk.reporter, "reporter@example.com");   // now everybody shows one
  desk.pass(Milliseconds{8'000});
  CHECK(missing() == json::value(json::array{}));
  desk.shows(desk.reporter, "");
  desk.users.addresses_down = error("jira_forbidden");   // not granted: that is no trouble
  desk.pass(Milliseconds{8'000});
  CHECK(missing() == json::value(json::array{}));
}

TEST_CASE("who was never seen since no call was left for them is told for what it is, with when to ask again") {
  Desk desk;
  desk.doors->house.calls_per_minute = 6;   // one at once, five in a minute
  desk.listed(desk.address, "c7");
  const auto show = [&] { return json::parse_object(desk.run(desk.panel->show(desk.caller(desk.agent), "")).value()).value(); };
  CHECK(show().at("missing") == json::value(json::array{}));
  desk.shows(desk.reporter, "reporter@example.com");
  desk.pass(Milliseconds{8'000});
  const auto answer = show();
  CHECK(answer.at("missing") == json::value(json::array{json::object{{"what", "presence"}, {"why", "provider_rate_limited"}, {"retryAfter", 5}}}));
  CHECK(desk.standing() == "online");   // who was seen a moment ago stands as then
  CHECK(desk.seen(desk.agent, desk.reporter).at("standing") == "unknown");
  const auto refused = desk.run(desk.reach->launch(desk.caller(desk.agent), desk.reporter, LaunchMode::chat));
  CHECK(refused.error().code == "provider_rate_limited");
  CHECK(refused.error().retry_after > Milliseconds{3'990});
  desk.pass(Milliseconds{5'000});
  CHECK(show().at("missing") == json::value(json::array{}));
  CHECK(desk.seen(desk.agent, desk.reporter).at("standing") == "not_contact");
}

TEST_CASE("who is left out of an issue with too many people is told, and it is nothing that passes") {
  Desk desk;
  desk.shows(AccountId{"quiet"}, "");
  desk.tickets.taking_part = {desk.users.known[AccountId{"quiet"}]};
  desk.tickets.more_take_part = true;
  for (std::size_t n = 0; n <= ports::kMostRosterAuthors; ++n) {
    desk.tickets.authors.push_back({.person = Desk::person(AccountId{"person-" + std::to_string(n)}, ""), .at = desk.clock.now() - Milliseconds{static_cast<std::int64_t>(n)}});
  }
  const auto missing = [&] { return json::parse_object(desk.run(desk.panel->show(desk.caller(desk.agent), "")).value())->at("missing"); };
  const json::object participants{{"what", "participants"}, {"why", "too_many_people"}, {"shown", 1}};
  CHECK(missing() == json::value(json::array{participants}));
  while (!is<Done>(desk.run(desk.rosters->read(desk.row("roster.read", "10001"))))) {}
  CHECK(missing() == json::value(json::array{json::object{{"what", "commenters"}, {"why", "too_many_people"}, {"shown", ports::kMostRosterAuthors}}, participants}));
}

// Every question outside that a panel may ask, by now.
std::size_t calls(const Desk& desk) {
  return desk.contacts.asked.size() + desk.contacts.looked_at.size() + desk.users.people_asked.size() + desk.users.addresses_asked.size() + desk.tickets.pages_asked.size() +
         static_cast<std::size_t>(desk.tickets.participants_asked + desk.permissions.asked);
}

TEST_CASE("looking again and again at a panel on which nothing changes costs no call outside") {
  Desk desk;
  desk.listed(desk.address, "c7");
  auto caller = desk.caller(desk.agent);
  caller.call.service_project = true;   // as the token says
  REQUIRE(desk.run(desk.panel->show(caller, "")));
  CHECK(calls(desk) == 7);   // rights; two pages; participants; people; addresses; contacts
  for (int i = 0; i < 20; ++i) REQUIRE(desk.run(desk.panel->show(caller, "")));
  CHECK(calls(desk) == 7);
}

TEST_CASE("a token that does not say what kind of project it is costs the participants, and not the comments a second time") {
  Desk desk;
  REQUIRE(desk.run(desk.panel->show(desk.caller(desk.agent), "")));
  CHECK(desk.tickets.participants_asked == 1);
  CHECK(desk.tickets.pages_asked.size() == 2);
}

}  // namespace
}  // namespace belay::desk
