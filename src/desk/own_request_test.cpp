#include "desk/own_request.hpp"

#include <boost/json/serialize.hpp>

#include "desk/stage_test.hpp"

namespace belay::desk {
namespace {

using support::SessionState;
using support::SupportSession;

constexpr Milliseconds kMinute{60'000};
constexpr Milliseconds kDay{24 * 60 * kMinute};

/// The request's reporter looks at it in the portal.
struct Portal : Stage {
  [[nodiscard]] SessionWish for_reporter() const {
    SessionWish wish;
    wish.customer.account = reporter;
    return wish;
  }
  SessionId theirs() { return opened(for_reporter()); }
  json::object look() {
    auto shown = run(own_request->show(portal_caller(reporter)));
    REQUIRE_MESSAGE(shown, shown.error().code);
    return std::move(*shown);
  }
  json::array told() { return look().at("sessions").as_array(); }
  std::vector<std::string> ids() {
    std::vector<std::string> all;
    for (const auto& session : told()) all.emplace_back(session.at("id").as_string());
    return all;
  }
  json::object the_one() {
    const auto all = told();
    REQUIRE(all.size() == 1);
    return all.at(0).as_object();
  }
  std::string state() { return std::string(the_one().at("state").as_string()); }
  void change(const SessionId& id, const std::function<void(SupportSession&)>& what) {
    write([&](ports::UnitOfWork& unit) {
      auto session = *unit.sessions().find(installation, id);
      what(session);
      REQUIRE(unit.sessions().update(session));
    });
  }
  /// Another one like it.
  SessionId copy(const SessionId& id, const std::string& name, const std::function<void(SupportSession&)>& what) {
    const SessionId another{name};
    write([&](ports::UnitOfWork& unit) {
      auto session = *unit.sessions().find(installation, id);
      session.id = another;
      session.made.reset();
      what(session);
      unit.sessions().insert(session);
    });
    return another;
  }
  void be_there(bool online) {
    provider.sessions.at(0).online = online;
    poll();
  }
};

std::vector<std::string> members_of(const json::object& object) {
  std::vector<std::string> names;
  for (const auto& [name, value] : object) names.emplace_back(name);
  std::ranges::sort(names);
  return names;
}

TEST_CASE("a customer is told of the sessions that are theirs by their account, and of nobody else's, whatever name was typed in") {
  Portal portal;
  portal.opened();   // for nobody in particular
  SessionWish typed_in;
  typed_in.customer.name = portal.tickets.known.reporter->name;
  typed_in.customer.email = "reporter@example.com";
  portal.opened(typed_in);
  const auto id = portal.theirs();
  portal.copy(id, "of-a-colleague", [&](SupportSession& session) {
    session.state = SessionState::intended;
    session.customer.account = portal.colleague;
  });
  const auto session = portal.the_one();
  CHECK(session.at("id").as_string() == id.value);
  CHECK(members_of(session) == std::vector<std::string>{"code", "createdAt", "customerLink", "id", "madeAt", "state", "supporter", "validUntil"});
  CHECK(session.at("supporter") == json::value(json::object{{"name", "Name of agent"}}));
  const auto all = portal.look();
  CHECK(members_of(all) == std::vector<std::string>{"asking", "missing", "now", "sessions"});
  const auto text = boost::json::serialize(all);
  for (const auto* kept_back : {"secret", "Printer", "reporter@", "colleague"}) CHECK_FALSE_MESSAGE(text.contains(kept_back), kept_back);
}

TEST_CASE("from being prepared to its end: what there is to join comes with what can be joined, and is gone with the end") {
  Portal portal;
  const auto id = portal.create(portal.for_reporter());
  auto session = portal.the_one();
  CHECK(session.at("state") == "intended");
  for (const auto* name : {"code", "customerLink", "madeAt", "endedAt"}) CHECK_FALSE_MESSAGE(session.contains(name), name);
  portal.provision(id);
  session = portal.the_one();
  CHECK(session.at("state") == "open");
  CHECK(session.at("code").as_string() == portal.read(id).made->code.value);
  CHECK(session.at("customerLink").as_string() == portal.read(id).made->customer_link);
  portal.be_there(true);
  CHECK(portal.state() == "customer_present");
  REQUIRE(portal.run(portal.sessions->connect(portal.caller(portal.agent), id, Client::app)));
  CHECK(portal.state() == "in_progress");
  CHECK(portal.the_one().contains("customerLink"));   // they may have closed the page
  REQUIRE(portal.run(portal.sessions->close(portal.caller(portal.agent), id, std::nullopt)));
  session = portal.the_one();
  CHECK(session.at("state") == "closed");
  CHECK(session.contains("endedAt"));
  CHECK(session.contains("madeAt"));
  for (const auto* name : {"code", "customerLink"}) CHECK_FALSE_MESSAGE(session.contains(name), name);
  portal.change(id, [](SupportSession& now) { now.state = SessionState::reported; });
  CHECK(portal.state() == "closed");
}

TEST_CASE("there is no link once its time has passed, though the customer is there; nor where the project has switched remote support off") {
  Portal portal;
  const auto id = portal.theirs();
  portal.be_there(true);
  portal.clock.time = portal.read(id).valid_until - Milliseconds{1};
  CHECK(portal.the_one().contains("customerLink"));
  portal.clock.time += Milliseconds{1};
  CHECK(portal.state() == "customer_present");
  CHECK_FALSE(portal.the_one().contains("customerLink"));

  Portal off;
  off.theirs();
  CHECK_FALSE(off.look().contains("projectOff"));
  off.keep_project_settings([](support::ProjectSettings& settings) { settings.enabled = false; });
  CHECK(off.look().at("projectOff") == true);
  CHECK(off.the_one().at("state") == "open");
  CHECK_FALSE(off.the_one().contains("customerLink"));
}

TEST_CASE("an invitation that nobody took has expired, also when that was written back; for who had come it has ended") {
  Portal portal;
  const auto id = portal.theirs();
  portal.clock.time = portal.read(id).valid_until + kMinute;
  portal.poll();
  REQUIRE(portal.read(id).state == SessionState::expired);
  CHECK(portal.state() == "expired");
  portal.change(id, [](SupportSession& session) { session.state = SessionState::reported; });
  CHECK(portal.state() == "expired");

  Portal came;
  const auto joined = came.theirs();
  came.be_there(true);
  came.be_there(false);
  came.clock.time = came.read(joined).valid_until + kMinute;
  came.poll();
  REQUIRE(came.read(joined).state == SessionState::expired);
  CHECK(came.state() == "closed");
}

TEST_CASE("one that could not be made is told as such, and one that was taken back before has nothing that was made") {
  Portal portal;
  portal.provider.on_create.next(fail("provider_refused", "no"));
  portal.provision(portal.create(portal.for_reporter()));
  const auto failed = portal.the_one();
  CHECK(failed.at("state") == "failed");
  CHECK(members_of(failed) == std::vector<std::string>{"createdAt", "endedAt", "id", "state", "supporter", "validUntil"});

  Portal back;
  const auto id = back.create(back.for_reporter());
  REQUIRE(back.run(back.sessions->cancel(back.caller(back.agent), id)));
  CHECK(back.state() == "closed");
  CHECK_FALSE(back.the_one().contains("madeAt"));
}

TEST_CASE("what goes on comes first, then five that ended in the last seven days, the newest first; that there are more is told where there are") {
  Portal portal;
  const auto open = portal.theirs();
  const auto ended = [&](const std::string& name, Milliseconds ago) {
    portal.copy(open, name, [&](SupportSession& session) {
      session.state = SessionState::closed;
      session.ended_at = portal.clock.now() - ago;
    });
  };
  ended("long-ago", 7 * kDay);
  ended("third", 3 * kMinute);
  ended("first", kMinute);
  ended("last", 7 * kDay - Milliseconds{1});
  ended("second", 2 * kMinute);
  ended("fourth", 4 * kMinute);
  CHECK(portal.ids() == std::vector<std::string>{open.value, "first", "second", "third", "fourth", "last"});
  CHECK_FALSE(portal.look().contains("cut"));
  ended("fifth", 5 * kMinute);
  CHECK(portal.ids() == std::vector<std::string>{open.value, "first", "second", "third", "fourth", "fifth"});
  CHECK(portal.look().at("cut") == true);

  Portal many;
  const auto one = many.theirs();
  for (int n = 0; n < 20; ++n) many.copy(one, "going-on-" + std::to_string(n), [](SupportSession& session) { session.state = SessionState::intended; });
  CHECK(many.told().size() == 20);
  CHECK(many.look().at("cut") == true);
}

TEST_CASE("of one that another takes the place of, the customer sees what there is to join, and is not shown two") {
  Portal portal;
  const auto old = portal.theirs();
  const auto replaced = portal.run(portal.sessions->replace(portal.caller(portal.agent), old, std::chrono::minutes{60}));
  REQUIRE(replaced);
  const SessionId fresh{std::string(replaced->session.at("id").as_string())};
  CHECK(portal.ids().size() == 2);   // the new one cannot be joined yet
  portal.provision(fresh);
  CHECK(portal.ids() == std::vector<std::string>{fresh.value});
  portal.provider.sessions.at(1).online = true;
  portal.poll();
  REQUIRE(portal.read(old).state == SessionState::closed);
  CHECK(portal.ids() == std::vector<std::string>{fresh.value});

  Portal inside;
  const auto theirs = inside.theirs();
  REQUIRE(inside.run(inside.sessions->replace(inside.caller(inside.agent), theirs, std::chrono::minutes{60})));
  inside.provision(*inside.read(theirs).replaced_by);
  inside.be_there(true);   // in the old one, which goes on
  CHECK(inside.ids().size() == 2);
}

TEST_CASE("a session of another issue, or of another installation, is not there") {
  Portal portal;
  const auto id = portal.theirs();
  portal.copy(id, "elsewhere", [](SupportSession& session) {
    session.state = SessionState::intended;
    session.issue = IssueId{"10002"};
    session.issue_key = IssueKey{"HELP-2"};
  });
  CHECK(portal.ids() == std::vector<std::string>{id.value});
  auto stranger = portal.portal_caller(portal.reporter);
  stranger.call.installation = InstallationId{"ari:cloud:ecosystem::installation/2"};
  CHECK(portal.run(portal.own_request->show(stranger))->at("sessions").as_array().empty());
  auto other = portal.portal_caller(portal.reporter);
  other.call.issue_key = IssueKey{"HELP-2"};
  CHECK(code_of(portal.run(portal.own_request->show(other))) == "not_found");
}

TEST_CASE("a request is told of on its page in the portal and nowhere else, and from there nothing of the agents' is reached") {
  Portal portal;
  const auto id = portal.theirs();
  const auto reason = [](const auto& result) { return result ? std::string("none") : json::string_at(result.error().detail, "reason").value_or(result.error().code); };
  for (const auto page : {support::Page::issue_panel, support::Page::admin, support::Page::personal, support::Page::global, support::Page::project_settings, support::Page::queue, support::Page::backend,
                          support::Page::automation, support::Page::other}) {
    auto caller = portal.portal_caller(portal.reporter);
    caller.call.page = page;
    CHECK(reason(portal.run(portal.own_request->show(caller))) == "wrong_module");
  }
  CHECK(reason(portal.run(portal.own_request->show(portal.caller_on(support::Page::portal, portal.reporter)))) == "wrong_module");   // a page of no request
  CHECK(portal.tickets.requests_asked.empty());

  // An agent may look at their customer's request there; they are no customer of it.
  CHECK(portal.run(portal.own_request->show(portal.portal_caller(portal.agent)))->at("sessions").as_array().empty());
  const auto there = portal.portal_caller(portal.agent);
  CHECK(reason(portal.run(portal.panel->show(there, ""))) == "wrong_module");
  CHECK(reason(portal.run(portal.sessions->of_issue(there))) == "wrong_module");
  CHECK(reason(portal.run(portal.sessions->create(there, {}))) == "wrong_module");
  CHECK(reason(portal.run(portal.sessions->connect(there, id, Client::app))) == "wrong_module");
  CHECK(reason(portal.run(portal.sessions->close(there, id, std::nullopt))) == "wrong_module");
  CHECK(reason(portal.run(portal.own_sessions->list(there))) == "wrong_module");
  CHECK(portal.read(id).state == SessionState::open);
}

TEST_CASE("Jira is asked with the customer's own token whether the request is theirs to see, once in five minutes, also where it is not") {
  Portal portal;
  portal.theirs();
  CHECK(portal.told().size() == 1);
  CHECK(portal.tickets.requests_asked == std::vector<std::pair<AccountId, IssueKey>>{{portal.reporter, IssueKey{"HELP-1"}}});
  portal.tickets.out_of_sight = {IssueId{"10001"}};
  portal.clock.time += kRightsLife - Milliseconds{1};
  CHECK(portal.told().size() == 1);
  CHECK(portal.tickets.requests_asked.size() == 1);
  portal.clock.time += Milliseconds{1};
  const auto look = [&] { return code_of(portal.run(portal.own_request->show(portal.portal_caller(portal.reporter)))); };
  CHECK(look() == "not_found");
  CHECK(look() == "not_found");
  CHECK(portal.tickets.requests_asked.size() == 2);
  portal.tickets.out_of_sight.clear();
  portal.clock.time += kRightsLife;
  CHECK(look() == "none");

  // What passes is asked again with the next question.
  portal.clock.time += kRightsLife;
  portal.tickets.request_down = Error{.code = "jira_unreachable", .cause = {}, .detail = {}, .retryable = true, .retry_after = {}};
  CHECK(look() == "jira_unreachable");
  portal.tickets.request_down.reset();
  CHECK(look() == "none");
  CHECK(portal.admission->held() > 0);
  portal.admission->forget(portal.installation);
  CHECK(portal.admission->held() == 0);
}

TEST_CASE("that the customer came is in the next answer; where the provider does not say, that the states are old is") {
  Portal portal;
  portal.theirs();
  CHECK(portal.state() == "open");
  portal.provider.sessions[0].online = true;
  portal.clock.time += Milliseconds{8'000};
  portal.doors->house.look_patience = kMinute;
  portal.work.on_ring = [&] { portal.poll(); };   // the worker
  CHECK(portal.state() == "customer_present");
  CHECK(portal.look().at("missing").as_array().empty());
  portal.provider.down = Error{.code = "provider_unreachable", .cause = {}, .detail = {}, .retryable = true, .retry_after = {}};
  portal.poll();
  CHECK(portal.look().at("missing") == json::value(json::array{json::object{{"what", "session_state"}, {"why", "provider_unreachable"}}}));
  CHECK(portal.state() == "customer_present");
}

}  // namespace
}  // namespace belay::desk
