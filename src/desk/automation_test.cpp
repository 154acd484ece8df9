// What a rule of Jira's automation creates: for whom, in whose account, how often, and why not.
#include "desk/automation.hpp"

#include "desk/stage_test.hpp"

namespace belay::desk {
namespace {

constexpr auto kToken = "token of the rule";

// The agent has a link and is the assignee; the colleague is whom the rule runs as, and has none.
struct Desk : Stage {
  Desk() {
    users.known[reporter] = {.id = reporter, .name = "Reporter", .picture = {}, .time_zone = {}, .language = {}};
    users.owners[kToken] = colleague;
    tickets.known.assignee = users.known[agent];
  }
  [[nodiscard]] ports::VerifiedCall call() const {
    ports::VerifiedCall call;
    call.installation = installation;
    call.page = support::Page::backend;
    call.user_token = ports::AppToken{.secret = kToken, .expires_at = clock.now() + Milliseconds{3'600'000}};
    return call;
  }
  Result<json::object> ask(RuleWish wish = {}) { return ask(call(), std::move(wish)); }
  Result<json::object> ask(ports::VerifiedCall from, RuleWish wish = {}) {
    if (wish.issue.empty()) wish.issue = tickets.known.id.value;
    return run(automation->create_session(std::move(from), "trace", "192.0.2.1", std::move(wish)));
  }
  support::SupportSession made(const Result<json::object>& answer) {
    REQUIRE_MESSAGE(answer, answer.error().code);
    return read(SessionId{std::string(answer->at("sessionId").as_string())});
  }
  std::size_t sessions_of_issue() {
    std::size_t count = 0;
    write([&](ports::UnitOfWork& unit) { count = unit.sessions().of_issue(installation, tickets.known.id).size(); });
    return count;
  }
};

TEST_CASE("what a rule creates lives in the assignee's account and is for the reporter; who it runs as is in the audit log") {
  Desk desk;
  const auto answer = desk.ask();
  const auto session = desk.made(answer);
  CHECK(session.creator == desk.agent);
  CHECK(session.supporter == desk.agent);
  CHECK(session.customer.account == desk.reporter);
  CHECK(answer->at("supporter") == "Name of agent");
  CHECK(answer->at("joined") == false);
  CHECK(desk.is_asked_for("session.provision", session.id.value));
  desk.write([&](ports::UnitOfWork& unit) {
    const auto entry = unit.audit().newest(desk.installation, 1).front();
    CHECK(entry.action == "session_created");
    CHECK(entry.actor == desk.colleague);
    CHECK(entry.detail == json::object{{"supporter", "agent"}});
    CHECK(unit.installations().user_token(desk.installation, desk.colleague)->secret == kToken);
  });
}

TEST_CASE("where the token of the call names the actor, Jira is not asked whose the other one is") {
  Desk desk;
  desk.users.owners.clear();
  auto call = desk.call();
  call.principal = desk.colleague;
  CHECK(code_of(desk.ask(call)) == "none");
  CHECK(code_of(desk.ask(desk.call())) == "actor_unknown");
  call.user_token.reset();
  CHECK(code_of(desk.ask(call)) == "actor_unknown");
}

TEST_CASE("asked for again, the session that can still be joined is the answer; one that is over, or another's, is not") {
  Desk desk;
  const auto first = desk.made(desk.ask());
  desk.clock.time += Milliseconds{3'600'000};
  const auto again = desk.ask();
  CHECK(desk.made(again).id == first.id);
  CHECK(again->at("joined") == true);
  CHECK(desk.made(again).joined_by.empty());
  desk.clock.time = first.valid_until;
  const auto later = desk.made(desk.ask());
  CHECK(later.id != first.id);
  RuleWish other;
  other.customer = desk.colleague;
  desk.tickets.taking_part = {desk.users.known[desk.colleague]};
  CHECK(desk.made(desk.ask(other)).id != later.id);
  REQUIRE(desk.run(desk.sessions->cancel(desk.caller(desk.agent), later.id)));
  CHECK(desk.made(desk.ask()).id != later.id);
  CHECK(desk.sessions_of_issue() == 4);
}

TEST_CASE("the supporter is the assignee with a link, else the one that the admin named, else nobody") {
  Desk desk;
  desk.tickets.known.assignee = desk.users.known[desk.colleague];
  desk.admission->forget_ticket(desk.installation, desk.tickets.known.id);
  CHECK(code_of(desk.ask()) == "no_supporter");
  desk.keep_settings([&](support::Settings& settings) { settings.default_supporter = desk.agent; });
  CHECK(desk.made(desk.ask()).supporter == desk.agent);
  desk.tickets.known.assignee.reset();
  CHECK(code_of(desk.ask()) == "none");
  desk.keep_settings([&](support::Settings& settings) { settings.default_supporter = AccountId{"gone"}; });
  const auto refused = desk.ask();
  CHECK(code_of(refused) == "not_linked");
  CHECK_FALSE(refused.error().detail.contains("agent"));
}

TEST_CASE("a supporter whose link or licence does not do is refused by name, and nobody takes their place") {
  Desk desk;
  desk.link(desk.colleague);
  desk.keep_settings([&](support::Settings& settings) { settings.default_supporter = desk.colleague; });
  desk.change_link(desk.agent, [](ports::AccountLink& link) { link.expired = true; });
  auto refused = desk.ask();
  REQUIRE(code_of(refused) == "link_expired");
  CHECK(refused.error().detail.at("agent") == "Name of agent");
  desk.change_link(desk.agent, [](ports::AccountLink& link) {
    link.expired = false;
    link.at_provider.licence.paid = false;
  });
  refused = desk.ask();
  REQUIRE(code_of(refused) == "licence_not_eligible");
  CHECK(refused.error().detail.at("agent") == "Name of agent");
  CHECK(desk.sessions_of_issue() == 0);
}

TEST_CASE("the rights of whom the rule runs as decide, and the supporter's do not") {
  Desk desk;
  desk.permissions.rights_of[desk.agent] = {};
  CHECK(code_of(desk.ask()) == "none");
  desk.permissions.rights_of[desk.colleague] = {.browse = true, .edit_issues = true};   // no agent of the service project
  desk.clock.time += kRightsLife;
  const auto refused = desk.ask();
  REQUIRE(code_of(refused) == "forbidden");
  CHECK(refused.error().detail.at("reason") == "not_agent");
  desk.permissions.rights_of[desk.colleague] = {};
  desk.clock.time += kRightsLife;
  CHECK(code_of(desk.ask()) == "not_found");
}

TEST_CASE("who supports an issue that they reported themselves supports nobody in particular, and so it is for an app's") {
  Desk desk;
  desk.tickets.known.reporter = desk.users.known[desk.agent];
  CHECK(desk.made(desk.ask()).customer.nobody());
  RuleWish wish;
  wish.customer = desk.agent;
  CHECK(desk.made(desk.ask(wish)).customer.nobody());   // a rule that names the reporter by a smart value, as our own hint has it
  auto bot = desk.users.known[desk.reporter];
  bot.app = true;
  desk.tickets.known.reporter = bot;
  CHECK(desk.made(desk.ask()).customer.nobody());
}

TEST_CASE("a default supporter has to be linked when they are chosen, and may disconnect later") {
  Desk desk;
  auto shown = desk.run(desk.administration->settings(desk.admin_caller())).value();
  const auto save = [&](const char* who) {
    auto wanted = shown;
    const auto version = shown.at("version").to_number<std::int64_t>();
    for (const auto* ours : {"installation", "health", "defaults", "version"}) wanted.erase(ours);
    wanted["defaultSupporter"] = who;
    auto saved = desk.run(desk.administration->change_settings(desk.admin_caller(), version, wanted));
    if (saved) shown = *saved;
    return saved;
  };
  const auto refused = save("colleague");
  REQUIRE(code_of(refused) == "invalid_field");
  CHECK(refused.error().detail == json::object{{"field", "defaultSupporter"}, {"rule", "linked_account"}});
  CHECK(code_of(save("agent")) == "none");
  desk.change_link(desk.agent, [](ports::AccountLink& link) { link.expired = true; });
  CHECK(code_of(save("agent")) == "none");
  CHECK(code_of(save("")) == "none");
  CHECK(code_of(save("agent")) == "invalid_field");
}

}  // namespace
}  // namespace belay::desk
