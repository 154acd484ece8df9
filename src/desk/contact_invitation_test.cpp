// Adding somebody to the agent's contacts. The step is run by hand, so that a test can kill between any two instructions that matter.
#include "desk/contact_invitation.hpp"

#include <stdexcept>

#include <boost/json/serialize.hpp>

#include "desk/reach_stage_test.hpp"

namespace belay::desk {
namespace {

using Desk = ReachStage;
using support::Presence;

// How TeamViewer tells that an invitation went out.
const Error kInvitedInstead = error("provider_refused");
const Error kAway = error("provider_unreachable", true);

struct Killed : std::runtime_error {
  Killed() : std::runtime_error("killed") {}
};

std::string state_of(const json::object& person) { return std::string(person.at("invitation").at("state").as_string()); }

TEST_CASE("adding is accepted at once, sent by the worker into the configured group, and shown on the way") {
  Desk desk;
  CHECK(desk.standing() == "not_contact");
  const auto asked = desk.ask_to_invite();
  REQUIRE(asked);
  CHECK(asked->at("standing") == "invited");
  CHECK(state_of(*asked) == "pending");
  CHECK(desk.contacts.invites == 0);
  CHECK(desk.is_to_be_sent());
  CHECK(desk.standing() == "invited");

  CHECK(is<Done>(desk.send()));
  CHECK(desk.contacts.invites == 1);
  CHECK(desk.contacts.invitations == std::vector{desk.address});
  CHECK(desk.provider.group_looks == 1);
  const auto shown = desk.seen(desk.agent, desk.ana);
  CHECK(state_of(shown) == "sent");
  CHECK(shown.at("invitation").at("sentAt").as_string() == to_iso8601(desk.clock.now()));
  CHECK(desk.audited() == std::vector<std::string>{"contact_invited"});
  CHECK(desk.audit()[0].person == desk.ana);
  CHECK(desk.audit()[0].issue == desk.issue);
}

TEST_CASE("no address stands in the audit log or in the outbox") {
  Desk desk;
  desk.invited();
  for (const auto& entry : desk.audit()) CHECK(boost::json::serialize(entry.detail).find('@') == std::string::npos);
  REQUIRE(desk.ask_to_invite().error().code == "resend_too_early");
  desk.pass(kDay);
  REQUIRE(desk.ask_to_invite());
  const auto row = desk.asked("contact.invite", "agent|ana");
  CHECK((boost::json::serialize(row->payload) + row->subject).find('@') == std::string::npos);
}

TEST_CASE("an invitation that the provider reports as a refusal was sent, as its list says") {
  Desk desk;
  desk.contacts.on_invite = kInvitedInstead;
  desk.invited();
  CHECK(desk.invitation()->sent_at == desk.clock.now());
  CHECK_FALSE(desk.invitation()->last_error);
}

TEST_CASE("a provider that adds the contact right away is fine too") {
  Desk desk;
  desk.contacts.on_invite.reset();
  desk.contacts.after_invite = [&] {
    desk.contacts.invitations.clear();
    desk.listed(desk.address, "c1", Presence::busy);
  };
  desk.invited();
  CHECK(desk.standing() == "busy");
}

TEST_CASE("two presses of Add are one invitation") {
  Desk desk;
  REQUIRE(desk.ask_to_invite());
  REQUIRE(desk.ask_to_invite());
  CHECK(is<Done>(desk.send()));
  CHECK(is<Done>(desk.send()));   // the row again
  CHECK(desk.contacts.invites == 1);
  CHECK(desk.audited().size() == 1);
}

TEST_CASE("killed after the effect and before anybody knew: the next run finds it and sends nothing") {
  for (const bool reported_as_refusal : {true, false}) {
    CAPTURE(reported_as_refusal);
    Desk desk;
    if (!reported_as_refusal) desk.contacts.on_invite.reset();
    REQUIRE(desk.ask_to_invite());
    desk.contacts.after_invite = [] { throw Killed{}; };
    CHECK_THROWS_AS(desk.send(), Killed);
    // Another process takes the row when its lease has ended. No try was counted: nobody was there to count it.
    CHECK(is<Done>(desk.send(0)));
    CHECK(desk.contacts.invites == 1);
    CHECK(desk.invitation()->sent_at.has_value());
  }
}

TEST_CASE("an answer that never came: the next try finds what the first did") {
  Desk desk;
  desk.contacts.on_invite = Error{.code = "provider_unreachable", .cause = "no answer", .detail = {{"maybe_done", true}}, .retryable = true, .retry_after = {}};
  REQUIRE(desk.ask_to_invite());
  const auto first = desk.send();
  if (is<TryAgain>(first)) CHECK(is<Done>(desk.send(1)));
  CHECK(desk.contacts.invites == 1);
  CHECK(desk.invitation()->sent_at.has_value());
}

TEST_CASE("a provider that is away is asked again, a few times, and then it is said why nothing was sent") {
  Desk desk;
  desk.contacts.will_not_invite = kAway;
  REQUIRE(desk.ask_to_invite());
  int attempts = 0;
  while (is<TryAgain>(desk.send(attempts))) REQUIRE(++attempts < 50);
  CHECK(attempts >= 3);
  CHECK(desk.contacts.invites == 0);
  const auto shown = desk.seen(desk.agent, desk.ana);
  CHECK(state_of(shown) == "failed");
  CHECK(shown.at("invitation").at("why") == "provider_unreachable");
  CHECK(shown.at("standing") == "not_contact");

  desk.settled();
  desk.contacts.will_not_invite.reset();
  REQUIRE(desk.ask_to_invite());   // at once: nothing was sent
  CHECK(is<Done>(desk.send()));
  CHECK(desk.contacts.invites == 1);
  CHECK_FALSE(desk.invitation()->last_error);
}

TEST_CASE("what the provider refuses for good is not tried again") {
  Desk desk;
  desk.contacts.will_not_invite = error("provider_permission");
  REQUIRE(desk.ask_to_invite());
  CHECK(is<Done>(desk.send()));
  CHECK(desk.invitation()->last_error->code == "provider_permission");
}

TEST_CASE("two people with one mailbox: what one was sent both have, and a day passes before it is sent to either again") {
  Desk desk;
  const AccountId eve{"eve"};
  desk.users.known[eve] = Desk::person(eve, "ANA@example.com");
  desk.tickets.known.reporter = desk.users.known[eve];
  desk.invited();
  for (const auto& who : {desk.ana, eve}) {
    CAPTURE(who.value);
    const auto shown = desk.seen(desk.agent, who);
    CHECK(shown.at("standing") == "invited");
    CHECK(state_of(shown) == "sent");
    CHECK(shown.at("disabled").as_array()[0] == json::value{{"action", "resend_invitation"}, {"reason", "resend_too_early"}});
    const auto early = desk.run(desk.reach->invite(desk.caller(desk.agent), who));
    REQUIRE_FALSE(early);
    CHECK(early.error().code == "resend_too_early");
    CHECK(early.error().retry_after == kDay);
  }
  CHECK(desk.contacts.invites == 1);
  desk.pass(kDay);
  desk.contacts.on_invite.reset();
  REQUIRE(desk.run(desk.reach->invite(desk.caller(desk.agent), eve)));
  CHECK(is<Done>(desk.send_for(desk.agent, eve)));
  CHECK(desk.contacts.invites == 2);
  const auto hers = desk.ask_to_invite();
  REQUIRE_FALSE(hers);
  CHECK(hers.error().code == "resend_too_early");
}

TEST_CASE("two people with one mailbox: while one is being invited, and until the list shows it, the other is not") {
  Desk desk;
  const AccountId eve{"eve"};
  desk.users.known[eve] = Desk::person(eve, "ANA@example.com");
  desk.tickets.known.reporter = desk.users.known[eve];
  REQUIRE(desk.ask_to_invite());
  for (const bool is_sent : {false, true}) {
    CAPTURE(is_sent);
    if (is_sent) CHECK(is<Done>(desk.send()));
    const auto early = desk.ask_to_invite(eve);
    REQUIRE_FALSE(early);
    CHECK(early.error().code == "resend_too_early");
  }
  CHECK_FALSE(desk.is_asked_for("contact.invite", "agent|eve"));
  CHECK(desk.contacts.invites == 1);
}

TEST_CASE("two agents with one account at the provider: what one of them sent the other sees, and waits for") {
  Desk desk;
  desk.link(desk.colleague);
  REQUIRE(desk.ask_to_invite());
  const auto too_early = [&] {
    const auto early = desk.run(desk.reach->invite(desk.caller(desk.colleague), desk.ana));
    return !early && early.error().code == "resend_too_early";
  };
  CHECK(too_early());
  CHECK(is<Done>(desk.send()));
  CHECK(too_early());
  const auto shown = desk.seen(desk.colleague, desk.ana);
  CHECK(shown.at("standing") == "invited");
  CHECK(shown.at("invitation").at("sentAt").as_string() == to_iso8601(desk.clock.now()));
  desk.pass(kDay);
  REQUIRE(desk.run(desk.reach->invite(desk.caller(desk.colleague), desk.ana)));
  const auto early = desk.ask_to_invite();
  REQUIRE_FALSE(early);
  CHECK(early.error().code == "resend_too_early");
}

TEST_CASE("an address that belongs to somebody else by now is not said to be invited") {
  Desk desk;
  desk.link(desk.ana);
  desk.change_link(desk.ana, [&](ports::AccountLink& link) {
    link.at_provider.id = ProviderAccountId{"u2"};
    link.at_provider.email = desk.address;
  });
  desk.contacts.list.push_back({.address = desk.address, .contact = {.id = ContactId{"c9"}, .user = ProviderAccountId{"u3"}, .name = "Somebody else", .picture = {}, .presence = support::Presence::online, .supported = {}}});
  CHECK(desk.standing() == "not_contact");
  REQUIRE(desk.ask_to_invite());
  CHECK(is<Done>(desk.send()));
  CHECK(desk.contacts.invites == 0);
  CHECK(desk.invitation()->last_error->code == "address_not_usable");
}

TEST_CASE("sent again once a day, not earlier, and then it really is sent") {
  Desk desk;
  desk.invited();
  desk.contacts.on_invite.reset();
  desk.pass(kDay - Milliseconds{60'000});
  const auto early = desk.ask_to_invite();
  REQUIRE_FALSE(early);
  CHECK(early.error().code == "resend_too_early");
  CHECK(early.error().retry_after == Milliseconds{60'000});
  CHECK_FALSE(desk.is_to_be_sent());
  CHECK(desk.seen(desk.agent, desk.ana).at("disabled").as_array()[0] == json::value{{"action", "resend_invitation"}, {"reason", "resend_too_early"}});

  desk.pass(Milliseconds{60'000});
  CHECK(desk.seen(desk.agent, desk.ana).at("actions").as_array()[0] == "resend_invitation");
  const auto again = desk.ask_to_invite();
  REQUIRE(again);
  CHECK(state_of(*again) == "pending");
  CHECK(again->at("invitation").at("sentAt").as_string() == to_iso8601(desk.clock.now() - kDay));   // the one that waits
  CHECK(is<Done>(desk.send()));
  CHECK(desk.contacts.invites == 2);
  CHECK(desk.invitation()->sent_at == desk.clock.now());
  CHECK(desk.audited() == std::vector<std::string>{"contact_invited_again", "contact_invited"});
}

TEST_CASE("sending again, and the provider is away at the first try: it is sent when it is back, the old invitation does not count") {
  Desk desk;
  desk.invited();
  desk.contacts.on_invite.reset();
  desk.pass(kDay);
  REQUIRE(desk.ask_to_invite());
  desk.contacts.will_not_invite = kAway;
  const auto first = desk.send();
  desk.contacts.will_not_invite.reset();
  if (is<TryAgain>(first)) CHECK(is<Done>(desk.send(1)));
  CHECK(desk.contacts.invites == 2);
}

TEST_CASE("sending again, and the provider may not any more: it is not said to have been sent because of the old invitation") {
  Desk desk;
  desk.invited();
  desk.contacts.on_invite.reset();
  const auto sent = desk.invitation()->sent_at;
  desk.pass(kDay);
  REQUIRE(desk.ask_to_invite());
  desk.contacts.will_not_invite = error("provider_permission");
  CHECK(is<Done>(desk.send()));
  CHECK(desk.contacts.invites == 1);
  CHECK(desk.invitation()->last_error.has_value());
  REQUIRE(sent.has_value());
  CHECK(desk.invitation()->sent_at == sent);
  const auto shown = desk.seen(desk.agent, desk.ana);
  CHECK(shown.at("standing") == "invited");
  CHECK(shown.at("invitation") == json::value{{"sentAt", to_iso8601(*sent)}, {"state", "failed"}, {"why", "provider_permission"}});

  desk.settled();
  desk.contacts.will_not_invite.reset();
  REQUIRE(desk.ask_to_invite());   // at once: nothing was sent
  CHECK(is<Done>(desk.send()));
  CHECK(desk.contacts.invites == 2);
  CHECK(state_of(desk.seen(desk.agent, desk.ana)) == "sent");
}

TEST_CASE("sending again, and the provider refuses: nothing was sent, whatever its list holds from before, and it may be tried again at once") {
  Desk desk;
  desk.invited();
  const auto sent = desk.invitation()->sent_at;
  desk.pass(kDay);
  REQUIRE(desk.ask_to_invite());
  desk.contacts.will_not_invite = error("provider_refused");
  CHECK(is<Done>(desk.send()));
  REQUIRE(desk.invitation()->last_error);
  CHECK(desk.invitation()->last_error->code == "provider_refused");
  CHECK(desk.invitation()->sent_at == sent);
  CHECK(desk.audited() == std::vector<std::string>{"contact_not_invited", "contact_invited_again", "contact_invited"});
  CHECK(desk.audit()[0].detail == json::object{{"why", "provider_refused"}});
  const auto shown = desk.seen(desk.agent, desk.ana);
  CHECK(shown.at("standing") == "invited");
  CHECK(shown.at("actions").as_array()[0] == "resend_invitation");

  desk.settled();
  desk.contacts.will_not_invite.reset();
  desk.contacts.on_invite.reset();
  REQUIRE(desk.ask_to_invite());
  CHECK(is<Done>(desk.send()));
  CHECK(desk.invitation()->sent_at == desk.clock.now());
  CHECK(desk.contacts.invites == 2);
}

TEST_CASE("one that went away within a day is replaced as soon as somebody presses Add, and the new one waits its own day") {
  Desk desk;
  desk.invited();
  desk.contacts.invitations.clear();   // declined, withdrawn or run out
  desk.pass(Milliseconds{3'600'000});
  const auto gone = desk.seen(desk.agent, desk.ana);
  CHECK(gone.at("standing") == "not_contact");
  CHECK(gone.at("actions").as_array()[0] == "add");
  const auto asked = desk.ask_to_invite();
  REQUIRE(asked);
  CHECK(asked->at("standing") == "invited");
  CHECK(asked->at("invitation") == json::value{{"state", "pending"}});   // there is none any more that would wait since then
  CHECK(is<Done>(desk.send()));
  CHECK(desk.contacts.invites == 2);
  CHECK(desk.invitation()->sent_at == desk.clock.now());
  desk.pass(Milliseconds{8'000});
  CHECK(desk.ask_to_invite().error().code == "resend_too_early");
}

TEST_CASE("a press that looked at the list before the invitation left does not send a second one") {
  Desk desk;
  CHECK(desk.standing() == "not_contact");
  REQUIRE(desk.ask_to_invite());
  CHECK(is<Done>(desk.send()));
  desk.contacts.down = error("provider_rate_limited");   // what was seen before is all that is known
  desk.pass(Milliseconds{1'000});
  CHECK(desk.standing() == "invited");
  CHECK(desk.ask_to_invite().error().code == "resend_too_early");
  CHECK(desk.contacts.invites == 1);
}

TEST_CASE("a clock that was set back between asking and sending leaves nothing that is being sent for ever") {
  Desk desk;
  REQUIRE(desk.ask_to_invite());
  desk.pass(-kDay);
  CHECK(is<Done>(desk.send()));
  CHECK(state_of(desk.seen(desk.agent, desk.ana)) == "sent");
  CHECK(is<Done>(desk.send()));
  CHECK(desk.contacts.invites == 1);
}

TEST_CASE("a clock that was set back does not keep anybody from inviting for good") {
  Desk desk;
  desk.invited();
  desk.pass(-10 * kDay);
  CHECK(desk.ask_to_invite());
}

TEST_CASE("somebody who accepts is a contact, and cannot be invited any more") {
  Desk desk;
  desk.invited();
  desk.contacts.invitations.clear();
  desk.listed(desk.address, "c1", Presence::online);
  desk.pass(Milliseconds{8'000});
  CHECK(desk.standing() == "online");
  const auto again = desk.ask_to_invite();
  REQUIRE(again);
  CHECK(again->at("standing") == "online");
  CHECK_FALSE(desk.is_to_be_sent());
}

TEST_CASE("somebody who became a contact before the worker came is not invited") {
  Desk desk;
  REQUIRE(desk.ask_to_invite());
  desk.listed(desk.address, "c1");
  desk.pass(Milliseconds{8'000});
  CHECK(is<Done>(desk.send()));
  CHECK(desk.contacts.invites == 0);
}

TEST_CASE("an address that only the app knows is never invited: not when it is asked for, and not when it was shown then") {
  Desk desk;
  desk.shows(desk.ana, "");
  desk.users.app_addresses[desk.ana] = desk.address;
  CHECK(desk.ask_to_invite().error().code == "address_of_app");
  CHECK_FALSE(desk.is_to_be_sent());

  desk.pass(Milliseconds{8'000});
  desk.shows(desk.ana, desk.address);
  REQUIRE(desk.ask_to_invite());
  desk.shows(desk.ana, "");
  desk.pass(Milliseconds{8'000});
  CHECK(is<Done>(desk.send()));
  CHECK(desk.contacts.invites == 0);
  CHECK(desk.invitation()->last_error->code == "address_not_shared");
}

TEST_CASE("an address that was hidden half a minute ago is not told to anybody, however many people are looked at") {
  for (const bool hidden_before_asking : {true, false}) {
    CAPTURE(hidden_before_asking);
    Desk desk;
    std::vector<AccountId> crowd;
    for (int n = 0; n < 300; ++n) {
      crowd.push_back(AccountId{"person-" + std::to_string(n)});
      desk.shows(crowd.back(), "");
    }
    desk.run(desk.people_book->look(desk.installation, crowd, "trace", kPatience));
    CHECK(desk.standing() == "not_contact");
    if (!hidden_before_asking) REQUIRE(desk.ask_to_invite());
    desk.shows(desk.ana, "");
    desk.users.app_addresses[desk.ana] = desk.address;
    desk.pass(Milliseconds{30'000});
    if (hidden_before_asking) CHECK_FALSE(desk.ask_to_invite());
    desk.send();
    CHECK(desk.contacts.invites == 0);
  }
}

TEST_CASE("who shows no address cannot be added") {
  Desk desk;
  desk.shows(desk.ana, "");
  CHECK(desk.ask_to_invite().error().code == "address_not_shared");
}

TEST_CASE("an address that is of no use is invited by nobody, also where the provider only finds out when it is asked") {
  Desk desk;
  for (const auto* at : {"a,b@example.com", "mara@example.com"}) {
    CAPTURE(std::string(at));
    desk.change_link(desk.agent, [](ports::AccountLink& link) { link.at_provider.email = "mara@example.com"; });
    desk.shows(desk.ana, at);
    desk.pass(Milliseconds{8'000});
    CHECK(desk.ask_to_invite().error().code == "address_not_usable");
  }
  desk.shows(desk.ana, desk.address);
  desk.pass(Milliseconds{8'000});
  REQUIRE(desk.ask_to_invite());
  desk.contacts.not_taken = {desk.address};
  desk.pass(Milliseconds{8'000});
  CHECK(is<Done>(desk.send()));
  REQUIRE(desk.invitation()->last_error);
  CHECK(desk.invitation()->last_error->code == "address_not_usable");
  CHECK(desk.contacts.invites == 0);
}

TEST_CASE("an address that somebody else linked an account with is added like any other; whoever linked one themselves is added by it") {
  Desk desk;
  desk.link(desk.reporter);
  desk.change_link(desk.reporter, [&](ports::AccountLink& link) { link.at_provider = {.id = ProviderAccountId{"u9"}, .name = "Reporter", .email = desk.address, .company = {}, .picture = {}, .licence = {}}; });
  desk.contacts.on_invite.reset();
  REQUIRE(desk.ask_to_invite());
  CHECK(is<Done>(desk.send()));
  desk.contacts.invitations.clear();
  desk.pass(Milliseconds{8'000});
  REQUIRE(desk.ask_to_invite(desk.reporter));
  CHECK(is<Done>(desk.send_for(desk.agent, desk.reporter)));
  CHECK(desk.contacts.invitations == std::vector{desk.address});
  CHECK(desk.contacts.invites == 2);
}

TEST_CASE("each agent invites for themselves") {
  Desk desk;
  desk.second_agent();
  desk.invited();
  REQUIRE(desk.run(desk.reach->invite(desk.caller(desk.colleague), desk.ana)));
  CHECK(is<Done>(desk.send_for(desk.colleague, desk.ana)));
  CHECK(desk.contacts.invites == 2);
}

TEST_CASE("an agent who disconnects before it was sent: nothing is sent, and nothing of it is kept") {
  Desk desk;
  REQUIRE(desk.ask_to_invite());
  desk.unlinked();
  CHECK(is<Done>(desk.send()));
  CHECK(desk.contacts.invites == 0);
  CHECK(is<Done>(desk.run(desk.farewell->end_link(desk.row("link.end", "link-agent")))));
  CHECK_FALSE(desk.invitation());
  CHECK(is<Done>(desk.send()));
}

TEST_CASE("a row whose subject is none of ours is given up") {
  Desk desk;
  CHECK(is<GiveUp>(desk.run(desk.reach->send_invitation(desk.row("contact.invite", "nobody")))));
}

TEST_CASE("an invitation goes to the address as the profile shows it, and never to another mailbox") {
  Desk desk;
  desk.shows(desk.ana, "Stra\xC3\x9F" "e@Example.com");
  desk.listed("strasse@example.com", "c1");
  CHECK(desk.standing() == "not_contact");
  desk.invited();
  CHECK(desk.contacts.invitations == std::vector<std::string>{"Stra\xC3\x9F" "e@Example.com"});
  desk.pass(Milliseconds{8'000});
  CHECK(desk.standing() == "invited");
}

TEST_CASE("where the provider takes the written form of an address for none, the form that it is compared in is invited") {
  Desk desk;
  const std::string written = "rene\xCC\x81@b\xC3\xBC" "cher.example";
  desk.shows(desk.ana, written);
  desk.contacts.not_taken = {written};
  desk.invited();
  CHECK(desk.contacts.invitations == std::vector<std::string>{"ren\xC3\xA9@xn--bcher-kva.example"});
}

TEST_CASE("an address that was typed in is kept, shown and invited as it was typed") {
  Desk desk;
  desk.shows(desk.ana, "");
  const auto mapped = desk.run(desk.reach->map_to_address(desk.caller(desk.agent), desk.ana, "  Gro\xC3\x9F" "e@Example.com "));
  REQUIRE(mapped);
  CHECK(mapped->at("mapping").at("to") == "Gro\xC3\x9F" "e@Example.com");
  desk.invited();
  CHECK(desk.contacts.invitations == std::vector<std::string>{"Gro\xC3\x9F" "e@Example.com"});
}

TEST_CASE("too many calls in a minute are no failed try: the invitation waits for as long as was said") {
  Desk desk;
  REQUIRE(desk.ask_to_invite());
  desk.contacts.will_not_invite = Error{.code = "provider_rate_limited", .cause = {}, .detail = {}, .retryable = true, .retry_after = Milliseconds{40'000}};
  for (int attempts = 0; attempts < 20; ++attempts) {
    const auto result = desk.send(attempts);
    REQUIRE(is<LaterAt>(result));
    CHECK(std::get<LaterAt>(result).due_at == desk.clock.now() + Milliseconds{40'000});
    desk.pass(Milliseconds{40'000});
  }
  desk.contacts.will_not_invite.reset();
  CHECK(is<Done>(desk.send(20)));
  CHECK(desk.contacts.invites == 1);
}

}  // namespace
}  // namespace belay::desk
