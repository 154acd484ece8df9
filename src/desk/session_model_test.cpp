// Whatever the provider, the clock, the agents and the worker do, and in whatever order: a session never leaves the table of docs/sessions.md, which is
// written down here a second time, by states alone.
#include <rapidcheck.h>

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

  // Most of it is refused, and that is as it should be.
  static void pressed(const auto& answer) {
    if (!answer) RC_ASSERT(!answer.error().code.empty());
  }

  void press(const SessionId& id) {
    const auto who = caller(somebody());
    switch (*rc::gen::inRange(0, 8)) {
      case 0: pressed(run(sessions->connect(who, id, Client::app))); break;
      case 1: pressed(run(sessions->stay(who, id))); break;
      case 2: pressed(run(sessions->close(who, id, std::nullopt))); break;
      case 3: pressed(run(sessions->cancel(who, id))); break;
      case 4: pressed(run(sessions->retry(who, id))); break;
      case 5: pressed(run(sessions->replace(who, id, std::nullopt))); break;
      case 6: pressed(run(sessions->write_notes(who, id, {.notes = "noted"}))); break;
      default: pressed(run(sessions->one(who, id))); break;
    }
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
    switch (*rc::gen::inRange(0, 6)) {
      case 0: clock.time += Milliseconds{*rc::gen::inRange(1, 7'200'000)}; break;
      case 1: provider.lose_next_answer = true; break;
      case 2: tickets.lose_next_answer = true; break;
      case 3: tickets.visible_to_customer = *rc::gen::element<std::optional<bool>>(std::nullopt, true, false); break;
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
    }
  }
};

TEST_CASE("property: no interleaving of provider, clock, agents and worker leads out of the table") {
  CHECK(rc::check([] {
    World world;
    world.create_one();
    const auto steps = *rc::gen::inRange(10, 60);
    for (int step = 0; step < steps; ++step) {
      world.remember_new();
      switch (world.ids.empty() ? 0 : *rc::gen::inRange(0, 10)) {
        case 0: world.create_one(); break;
        case 1:
        case 2:
        case 3: world.press(world.some()); break;
        case 4:
        case 5:
        case 6: world.work(world.some()); break;
        case 7: world.poll(); break;
        default: world.outside(); break;
      }
      world.check();
    }
  }));
}

}  // namespace
}  // namespace belay::desk
