// Tying a person to a contact or an address by hand.
#include "desk/reach.hpp"

#include <boost/json/serialize.hpp>

#include "desk/reach_stage_test.hpp"

namespace belay::desk {
namespace {

using Desk = ReachStage;
using support::LaunchMode;
using support::Presence;

const Error kAway = error("provider_unreachable", true);

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

}  // namespace
}  // namespace belay::desk
