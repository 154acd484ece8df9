#include "support/session.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <utility>

#include "support/settings.hpp"

using namespace belay;
using namespace belay::support;

namespace {

using enum SessionState;   // in here, where "open" is the state and not the call of the operating system

constexpr SessionState kAllStates[]{intended, open, customer_present, in_progress, closed, expired, failed, reported};
constexpr SessionEvent kAllEvents[]{SessionEvent::made,          SessionEvent::gave_up,       SessionEvent::retried,
                                    SessionEvent::cancelled,     SessionEvent::customer_came, SessionEvent::customer_left,
                                    SessionEvent::agent_connected, SessionEvent::agent_stayed,  SessionEvent::validity_passed,
                                    SessionEvent::closed};

// The rules as the page of the desk tells them ("state | means | leaves to"), written down a second time.
const std::map<std::pair<std::string, std::string>, std::string> kTold{
    {{"intended", "made"}, "open"},
    {{"intended", "gave_up"}, "failed"},
    {{"intended", "cancelled"}, "closed"},
    {{"open", "customer_came"}, "customer_present"},
    {{"open", "validity_passed"}, "expired"},
    {{"open", "closed"}, "closed"},
    {{"open", "agent_connected"}, "open"},
    {{"customer_present", "agent_connected"}, "in_progress"},
    {{"customer_present", "customer_left"}, "open"},
    {{"customer_present", "validity_passed"}, "expired"},
    {{"customer_present", "closed"}, "closed"},
    {{"in_progress", "agent_connected"}, "in_progress"},
    {{"in_progress", "agent_stayed"}, "customer_present"},
    {{"in_progress", "customer_left"}, "open"},
    {{"in_progress", "validity_passed"}, "expired"},
    {{"in_progress", "closed"}, "closed"},
    {{"failed", "retried"}, "intended"},
};

const Time kNow = *from_iso8601("2026-11-18T09:14:03Z");

SupportSession session_in(SessionState state) {
  SupportSession session;
  session.id = SessionId{"0192f3a0-0000-7000-8000-000000000001"};
  session.creator = AccountId{"712020:mara"};
  session.state = state;
  session.created_at = kNow;
  if (is_over(state)) session.ended_at = kNow;
  return session;
}

std::string refused_rule(const SessionRequest& request) {
  const auto checked = check(request);
  if (checked) return "";
  CHECK(checked.error().code == "invalid_field");
  return std::string(checked.error().detail.at("field").as_string()) + ' ' + std::string(checked.error().detail.at("rule").as_string());
}

SessionRequest fair_request() {
  return {.customer = {.account = {}, .name = "Ana Ruiz", .email = "ana@example.com"}, .description = "HELP-12 Printer", .validity = kDefaultValidity, .invitation = Invitation::for_customer};
}

TEST_CASE("every pair of state and event does what the table says, and everything else is refused") {
  for (const auto state : kAllStates) {
    for (const auto event : kAllEvents) {
      CAPTURE(to_string(state));
      CAPTURE(to_string(event));
      const auto next = next_state(state, event);
      const auto told = kTold.find({std::string(to_string(state)), std::string(to_string(event))});
      CHECK(next.has_value() == (told != kTold.end()));
      if (next && told != kTold.end()) CHECK(to_string(*next) == told->second);
    }
  }
}

TEST_CASE("applying an event keeps the end time exactly on sessions that are over") {
  for (const auto state : kAllStates) {
    for (const auto event : kAllEvents) {
      auto session = session_in(state);
      const auto done = apply(session, event, kNow + Milliseconds{5});
      CHECK(session.ended_at.has_value() == is_over(session.state));
      if (!done) {
        CHECK(done.error().code == "invalid_state");
        CHECK(done.error().detail.at("state").as_string() == to_string(state));
        CHECK(session.state == state);
      }
    }
  }
}

TEST_CASE("a session that ends notes when, one that is tried again forgets it") {
  auto session = session_in(open);
  REQUIRE(apply(session, SessionEvent::closed, kNow + Milliseconds{7}));
  CHECK(session.ended_at == kNow + Milliseconds{7});
  session = session_in(failed);
  REQUIRE(apply(session, SessionEvent::retried, kNow));
  CHECK_FALSE(session.ended_at.has_value());
}

TEST_CASE("two agents press Connect and neither goes: whoever says so first, the customer is seen to wait, and nobody was with them") {
  const AgentName a{.account = AccountId{"a"}, .name = "A"};
  const AgentName b{.account = AccountId{"b"}, .name = "B"};
  const auto minutes = [](int count) { return kNow + std::chrono::minutes{count}; };
  for (const bool a_first : {true, false}) {
    CAPTURE(a_first);
    auto session = session_in(open);
    session.supporter = session.creator;
    REQUIRE(apply(session, SessionEvent::customer_came, kNow));
    REQUIRE(connect(session, a, minutes(1)));
    REQUIRE(connect(session, b, minutes(3)));
    CHECK(has_pressed(session, a.account));
    REQUIRE(stay(session, (a_first ? a : b).account, minutes(4)));
    CHECK(session.state == in_progress);   // the other may have gone
    CHECK(session.supporter == (a_first ? b : a).account);
    CHECK(session.first_connected_at == (a_first ? minutes(3) : minutes(1)));
    CHECK(session.waited == (a_first ? std::chrono::minutes{3} : std::chrono::minutes{1}));
    REQUIRE(stay(session, (a_first ? b : a).account, minutes(5)));
    CHECK(session.state == customer_present);
    CHECK(session.supporter == session.creator);
    CHECK_FALSE(session.first_connected_at);
    CHECK(session.waited == Milliseconds{0});
    CHECK(session.presses.empty());
    CHECK_FALSE(has_pressed(session, a.account));
  }
}

TEST_CASE("who stayed says so after the customer left: they waited until the one who went pressed, and no longer") {
  const AgentName a{.account = AccountId{"a"}, .name = "A"};
  const AgentName b{.account = AccountId{"b"}, .name = "B"};
  const auto minutes = [](int count) { return kNow + std::chrono::minutes{count}; };
  const auto waited = [](const SupportSession& session) { return std::chrono::duration_cast<std::chrono::minutes>(session.waited).count(); };
  auto session = session_in(open);
  session.supporter = session.creator;
  REQUIRE(apply(session, SessionEvent::customer_came, kNow));
  REQUIRE(connect(session, a, minutes(1)));
  REQUIRE(connect(session, b, minutes(3)));
  REQUIRE(apply(session, SessionEvent::customer_left, minutes(48)));
  auto both = session;
  REQUIRE(stay(session, a.account, minutes(50)));
  CHECK(waited(session) == 3);
  CHECK(session.first_connected_at == minutes(3));
  REQUIRE(stay(session, b.account, minutes(51)));   // nobody went after all
  CHECK(waited(session) == 48);
  CHECK_FALSE(session.first_connected_at);
  REQUIRE(stay(both, b.account, minutes(50)));
  REQUIRE(stay(both, a.account, minutes(51)));
  CHECK(waited(both) == 48);

  auto again = session_in(open);   // B went on a later visit
  again.supporter = again.creator;
  REQUIRE(apply(again, SessionEvent::customer_came, kNow));
  REQUIRE(connect(again, a, minutes(1)));
  REQUIRE(apply(again, SessionEvent::customer_left, minutes(10)));
  REQUIRE(apply(again, SessionEvent::customer_came, minutes(20)));
  REQUIRE(connect(again, b, minutes(25)));
  REQUIRE(stay(again, a.account, minutes(30)));
  CHECK(waited(again) == 15);
  CHECK(again.first_connected_at == minutes(25));
}

TEST_CASE("however often Connect is pressed, a few presses are kept") {
  auto session = session_in(customer_present);
  session.customer_since = kNow;
  for (int i = 0; i < 50; ++i) REQUIRE(connect(session, {.account = AccountId{"agent " + std::to_string(i)}, .name = "A"}, kNow));
  CHECK(session.presses.size() == kMostPresses);
  REQUIRE(stay(session, AccountId{"agent 49"}, kNow));
  CHECK(session.supporter == AccountId{"agent 48"});
  REQUIRE(stay(session, AccountId{"agent 3"}, kNow));   // forgotten
  CHECK(session.supporter == AccountId{"agent 48"});
}

TEST_CASE("no state is both over and live, and only intended is neither") {
  for (const auto state : kAllStates) {
    CHECK_FALSE((is_over(state) && is_live(state)));
    CHECK((is_over(state) || is_live(state)) == (state != intended));
  }
}

TEST_CASE("words on the wire and back") {
  std::set<std::string_view> words;
  for (const auto state : kAllStates) {
    words.insert(to_string(state));
    CHECK(session_state_from(to_string(state)) == state);
  }
  CHECK(words.size() == std::size(kAllStates));
  CHECK_FALSE(session_state_from("Open").has_value());
  for (const auto invitation : {Invitation::for_customer, Invitation::internal, Invitation::none}) CHECK(invitation_from(to_string(invitation)) == invitation);
  CHECK(to_string(Invitation::for_customer) == "public");
  CHECK(invitations_on(true) == std::vector{Invitation::for_customer, Invitation::internal, Invitation::none});
  CHECK(invitations_on(false) == std::vector{Invitation::for_customer, Invitation::none});
  for (const bool service_project : {true, false}) {
    for (const auto invitation : {Invitation::for_customer, Invitation::internal, Invitation::none}) {
      CHECK(invitation_on(service_project, invitation) == (std::ranges::count(invitations_on(service_project), invitation) == 1 ? invitation : Invitation::none));
    }
  }
  for (const auto step : {Step::none, Step::pending, Step::done, Step::failed}) CHECK(step_from(to_string(step)) == step);
}

TEST_CASE("a request is checked member by member") {
  CHECK(refused_rule(fair_request()).empty());
  auto request = fair_request();
  request.validity = kLeastValidity - std::chrono::minutes{1};
  CHECK(refused_rule(request) == "validityMinutes range");
  request.validity = kMostValidity + std::chrono::minutes{1};
  CHECK(refused_rule(request) == "validityMinutes range");
  request = fair_request();
  request.description.assign(kDescriptionLimit + 1, 'x');
  CHECK(refused_rule(request) == "description max_characters");
  request = fair_request();
  request.customer.name.assign(kCustomerNameLimit + 1, 'x');
  CHECK(refused_rule(request) == "customer.name max_characters");
  request.customer.name = "Ana\nRuiz";
  CHECK(refused_rule(request) == "customer.name one_line");
  request.customer.name = "  ";
  CHECK(refused_rule(request) == "customer.name required");
}

TEST_CASE("limits count characters, not bytes") {
  auto request = fair_request();
  request.description.clear();
  for (std::size_t i = 0; i < kDescriptionLimit; ++i) request.description += "é";
  CHECK(refused_rule(request).empty());
}

TEST_CASE("an address is typed in together with a name, and looks like one") {
  auto request = fair_request();
  for (const char* email : {"ana", "@example.com", "ana@", "a@b@c", "a b@example.com", "Ana <ana@example.com>", "a,b@example.com"}) {
    request.customer.email = email;
    CAPTURE(email);
    CHECK(refused_rule(request) == "customer.email email");
  }
  request.customer = {.account = {}, .name = "", .email = "ana@example.com"};
  CHECK(refused_rule(request) == "customer.name required");
  request.customer = {.account = AccountId{"712020:ana"}, .name = "Ana", .email = "ana@example.com"};
  CHECK(refused_rule(request) == "customer.email without_person");
  request.customer = {};
  CHECK(refused_rule(request).empty());
}

TEST_CASE("two creates for the same customer within a minute are one wish, whoever asks") {
  auto session = session_in(intended);
  session.customer = {.account = AccountId{"712020:ana"}, .name = "Ana", .email = {}};
  const AccountId other{"712020:joe"};
  const Customer renamed{.account = AccountId{"712020:ana"}, .name = "Ana Ruiz", .email = {}};
  CHECK(is_same_wish(session, other, renamed, kNow + kJoinWindow));
  CHECK_FALSE(is_same_wish(session, other, renamed, kNow + kJoinWindow + Milliseconds{1}));
  CHECK(is_same_wish(session, other, renamed, kNow - Milliseconds{200}));
  CHECK_FALSE(is_same_wish(session, other, {.account = AccountId{"712020:bob"}, .name = "Ana", .email = {}}, kNow));
  CHECK_FALSE(is_same_wish(session, other, {.account = {}, .name = "Ana", .email = {}}, kNow));
}

TEST_CASE("who repeats themselves still wishes for the same while it can be joined, in the account that it is in") {
  auto session = session_in(open);
  session.customer = {.account = AccountId{"712020:ana"}, .name = "Ana", .email = {}};
  const Customer ana{.account = AccountId{"712020:ana"}, .name = {}, .email = {}};
  const auto last = session.valid_until - Milliseconds{1};
  CHECK(is_still_wished(session, session.creator, ana, last));
  CHECK_FALSE(is_still_wished(session, session.creator, ana, session.valid_until));
  CHECK_FALSE(is_still_wished(session, AccountId{"712020:joe"}, ana, last));
  CHECK_FALSE(is_still_wished(session, session.creator, {}, last));
  auto over = session_in(closed);
  over.customer = session.customer;
  CHECK_FALSE(is_still_wished(over, over.creator, ana, last));
}

TEST_CASE("a typed-in customer is the same by name and address") {
  auto session = session_in(open);
  session.customer = {.account = {}, .name = "Ana Ruiz", .email = "ana@example.com"};
  CHECK(is_same_wish(session, AccountId{"x"}, {.account = {}, .name = " Ana Ruiz", .email = "Ana@Example.com"}, kNow));
  CHECK_FALSE(is_same_wish(session, AccountId{"x"}, {.account = {}, .name = "Ana Ruiz", .email = ""}, kNow));
}

TEST_CASE("nobody in particular is the same wish of the same agent only") {
  auto session = session_in(open);
  CHECK(is_same_wish(session, session.creator, {}, kNow));
  CHECK_FALSE(is_same_wish(session, AccountId{"712020:joe"}, {}, kNow));
}

TEST_CASE("a session that is over is never joined") {
  for (const auto state : {closed, expired, failed, reported}) {
    const auto session = session_in(state);
    CHECK_FALSE(is_same_wish(session, session.creator, {}, kNow));
  }
}

}  // namespace
