// Whatever the provider, the clock, the agents and the worker do, and in whatever order: a session never leaves the table of docs/sessions.md, which is
// written down here a second time, by states alone; what the table does not allow is refused with the present state; and nothing stays behind at the provider.
#include <rapidcheck.h>

#include <tuple>

#include "desk/stage_test.hpp"

namespace belay::desk {
namespace {

using support::SessionState;
using support::SupportSession;

const std::map<SessionState, std::set<SessionState>> kLeavesTo{
    {SessionState::intended, {SessionState::open, SessionState::failed, SessionState::closed}},
    {SessionState::open, {SessionState::customer_present, SessionState::expired, SessionState::closed}},
    {SessionState::customer_present, {SessionState::in_progress, SessionState::open, SessionState::expired, SessionState::closed}},
    {SessionState::in_progress, {SessionState::open, SessionState::customer_present, SessionState::expired, SessionState::closed}},
    {SessionState::closed, {SessionState::reported}},
    {SessionState::expired, {SessionState::reported}},
    {SessionState::failed, {SessionState::intended}},
    {SessionState::reported, {}},
};

bool may_become(SessionState from, SessionState to) { return from == to || kLeavesTo.at(from).contains(to); }

Error refused(std::string code) { return {.code = std::move(code), .cause = {}, .detail = {}, .retryable = false, .retry_after = {}}; }

struct World : Stage {
  std::vector<SessionId> ids;
  std::map<std::string, SessionState> seen;

  World() {
    link(colleague);
    records.allowed.insert(agent);
    keep_settings([](support::Settings& settings) { settings.tell_of_waiting = settings.worklog = true; });
  }

  [[nodiscard]] SessionId some() { return ids[static_cast<std::size_t>(*rc::gen::inRange<int>(0, static_cast<int>(ids.size())))]; }
  [[nodiscard]] AccountId somebody() { return *rc::gen::element(agent, colleague, reporter); }

  void remember_new() {
    write([&](ports::UnitOfWork& unit) {
      for (const auto& session : unit.sessions().of_issue(installation, tickets.known.id)) {
        if (seen.try_emplace(session.id.value, SessionState::intended).second) ids.push_back(session.id);
      }
    });
  }

  void create_one() {
    SessionWish wish;
    if (*rc::gen::arbitrary<bool>()) wish.customer.account = reporter;
    wish.validity = std::chrono::minutes{*rc::gen::inRange(15, 300)};
    [[maybe_unused]] auto made = run(sessions->create(caller(agent), std::move(wish)));
  }

  bool is_of_use(const AccountId& who) {
    const auto link = link_of(who);
    return link && !link->expired && !link->ending_since;
  }

  // What the table does not allow is refused, with the state that it found; and what is refused has changed nothing.
  void judge(const auto& answer, const SupportSession& before, const AccountId& who, bool allowed) {
    const auto after = read(before.id).state;
    // Whoever connects may learn that the provider has ended it.
    const bool found_over = support::is_live(before.state) && after == SessionState::closed;
    if (!answer) RC_ASSERT(after == before.state || found_over);
    if (allowed || who == reporter || !is_of_use(who)) return;
    RC_ASSERT(!answer);
    RC_ASSERT(answer.error().code == "invalid_state");
    RC_ASSERT(answer.error().detail.at("state").as_string() == support::to_string(before.state));
  }

  void press(const SessionId& id) {
    const auto whose = somebody();
    const auto who = caller(whose);
    const auto before = read(id);
    const auto state = before.state;
    const bool live = support::is_live(state);
    switch (*rc::gen::inRange(0, 8)) {
      case 0: judge(run(sessions->connect(who, id, Client::app)), before, whose, live); break;
      case 1: judge(run(sessions->stay(who, id)), before, whose, true); break;
      case 2: judge(run(sessions->close(who, id, std::nullopt)), before, whose, live || state == SessionState::closed || state == SessionState::reported); break;
      case 3: judge(run(sessions->cancel(who, id)), before, whose, state == SessionState::intended); break;
      case 4: judge(run(sessions->retry(who, id)), before, whose, live || state == SessionState::failed || before.closing_step == support::Step::failed); break;
      case 5: judge(run(sessions->replace(who, id, std::nullopt)), before, whose, state == SessionState::open || before.replaced_by.has_value()); break;
      case 6: judge(run(sessions->write_notes(who, id, {.notes = "noted"})), before, whose, state != SessionState::intended && state != SessionState::failed); break;
      default: judge(run(sessions->one(who, id)), before, whose, true); break;
    }
  }

  // The agent's permission at the provider: given back, given anew, not accepted for a while.
  void change_permission() {
    const auto link_now = link_of(agent);
    if (!link_now) return link(agent);
    switch (*rc::gen::inRange(0, 4)) {
      case 0: std::ignore = run(account->disconnect(personal_caller(agent))); break;
      case 1: run(farewell->end_link(row("link.end", "link-agent"))); break;
      default: change_link(agent, [](ports::AccountLink& one) { one.expired = !one.expired; });
    }
  }

  // Whatever is seen, or refused: what nobody can join any longer is over, a day after the last moment at the latest.
  void let_time_pass() {
    if (!link_of(agent) || link_of(agent)->ending_since) return;
    for (auto& one : provider.sessions) one.online = *rc::gen::element<std::optional<bool>>(false, std::nullopt);
    provider.down = *rc::gen::element<std::optional<Error>>(std::nullopt, refused("provider_refused"), refused("provider_permission"), refused("link_expired"));
    clock.time += Milliseconds{3 * 24 * 3'600'000};
    poll();
    check();
    for (const auto& id : ids) {
      const auto session = read(id);
      if (session.creator == agent) RC_ASSERT(!support::is_live(session.state));
    }
  }

  // Whatever happened before: with its issue everything goes, here and at the provider.
  void delete_issue() {
    provider.down.reset();
    provider.will_not_show.clear();
    provider.lose_next_answer = tickets.lose_next_answer = false;
    if (const auto link_now = link_of(agent); link_now && link_now->ending_since) all_done([&] { return run(farewell->end_link(row("link.end", "link-agent"))); });
    if (link_of(agent)) change_link(agent, [](ports::AccountLink& one) { one.expired = false; });
    all_done([&] { return run(farewell->end_issue(row("issue.gone", tickets.known.id.value))); });
    write([&](ports::UnitOfWork& unit) { RC_ASSERT(unit.sessions().of_issue(installation, tickets.known.id).empty()); });
    RC_ASSERT(provider.live() == 0U);
  }
  void all_done(const std::function<StepResult()>& step) {
    for (int tries = 0; tries < 100; ++tries) {
      const auto result = step();
      if (is<Done>(result)) return;
      const auto* later = std::get_if<LaterAt>(&result);
      clock.time = later ? std::max(later->due_at, clock.time) : clock.time + Milliseconds{60'000};
    }
    RC_FAIL("it never ends");
  }

  // What the worker might run, also when nobody asked for it: a row may be old, or there twice.
  void work(const SessionId& id) {
    switch (*rc::gen::inRange(0, 10)) {
      case 0:
      case 1: provision(id, *rc::gen::inRange(0, 8)); break;
      case 2: invite(id, *rc::gen::inRange(0, 10)); break;
      case 3: close_step(id); break;
      case 4: notice(id); break;
      case 5: sweep(id); break;
      case 6: run(report_look->look(row("session.report", id.value))); break;
      case 7: run(report_writing->write_back(row("session.report_back", id.value))); break;
      case 8: run(worklog_writing->book(row("session.worklog", id.value))); break;
      default: run(waiting_notice->tell(row("session.waiting", id.value))); break;
    }
  }

  void outside() {
    switch (*rc::gen::inRange(0, 8)) {
      case 0: clock.time += Milliseconds{*rc::gen::inRange(1, 7'200'000)}; break;
      case 1: provider.lose_next_answer = true; break;
      case 2: tickets.lose_next_answer = true; break;
      case 3: tickets.visible_to_customer = *rc::gen::element<std::optional<bool>>(std::nullopt, true, false); break;
      case 4: provider.down = provider.down ? std::nullopt : std::optional(refused(*rc::gen::element<std::string>("provider_refused", "provider_permission"))); break;
      case 5:
        if (provider.will_not_show.empty() && !provider.sessions.empty()) provider.will_not_show[provider.sessions.back().code] = refused("provider_refused");
        else provider.will_not_show.clear();
        break;
      default: {
        if (provider.sessions.empty()) return;
        auto& one = provider.sessions[static_cast<std::size_t>(*rc::gen::inRange<int>(0, static_cast<int>(provider.sessions.size())))];
        if (*rc::gen::inRange(0, 4) == 0) one.open = false;
        else one.online = *rc::gen::element<std::optional<bool>>(true, true, false, std::nullopt);
        ports::ConnectionRecord record;
        record.id = RecordId{one.code.value};
        record.session_code = one.code;
        record.user_name = "Ada";
        record.start = clock.now();
        record.end = clock.now() + Milliseconds{60'000};
        if (*rc::gen::inRange(0, 3) == 0) records.records.push_back(record);
      }
    }
  }

  // What says of itself that another one took its place: that one, or what took its place in turn, is there, or was joined.
  bool is_replaced(SupportSession session) {
    if (!session.replaced_by) return true;
    while (session.replaced_by) {
      session = read(*session.replaced_by);
      if (!support::is_over(session.state) || session.first_came_at) return true;
    }
    return false;
  }

  void check() {
    remember_new();
    for (const auto& id : ids) {
      const auto session = read(id);
      auto& before = seen.at(id.value);
      const bool allowed = may_become(before, session.state);
      if (!allowed) RC_LOG() << support::to_string(before) << " -> " << support::to_string(session.state) << '\n';
      RC_ASSERT(allowed);
      before = session.state;
      RC_ASSERT(session.ended_at.has_value() == support::is_over(session.state));
      RC_ASSERT(!support::is_live(session.state) || session.made.has_value());
      const bool somebody_there = session.state == SessionState::customer_present || session.state == SessionState::in_progress;
      RC_ASSERT(session.customer_since.has_value() == somebody_there);
      RC_ASSERT(session.state != SessionState::reported || session.report.has_value());
      if (session.replaced_by) RC_ASSERT(read(*session.replaced_by).replaces == session.id);
      if (support::is_live(session.state)) RC_ASSERT(is_replaced(session));
    }
  }
};

TEST_CASE("property: no interleaving of provider, clock, agents and worker leads out of the table, and the issue takes all of it along") {
  CHECK(rc::check([] {
    World world;
    world.create_one();
    const auto steps = *rc::gen::inRange(10, 60);
    for (int step = 0; step < steps; ++step) {
      world.remember_new();
      switch (world.ids.empty() ? 0 : *rc::gen::inRange(0, 11)) {
        case 0: world.create_one(); break;
        case 1:
        case 2:
        case 3: world.press(world.some()); break;
        case 4:
        case 5:
        case 6: world.work(world.some()); break;
        case 7: world.poll(); break;
        case 8: world.change_permission(); break;
        default: world.outside(); break;
      }
      world.check();
    }
    world.let_time_pass();
    world.delete_issue();
  }));
}

}  // namespace
}  // namespace belay::desk
