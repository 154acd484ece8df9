// Who may do something with a person, and with whom.
#include "desk/reach.hpp"

#include "desk/reach_stage_test.hpp"

namespace belay::desk {
namespace {

using Desk = ReachStage;
using support::LaunchMode;

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
  CHECK(code_of(desk.run(desk.reach->map_to_address(desk.caller(desk.agent), desk.ana, "a@example.net"))) == "not_paired");
}

}  // namespace
}  // namespace belay::desk
