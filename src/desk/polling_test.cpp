#include <set>

#include "base/bell.hpp"
#include "desk/stage_test.hpp"

namespace belay::desk {
namespace {

using support::SessionState;
using support::Step;

const Error kAway{.code = "provider_unreachable", .cause = {}, .detail = {}, .retryable = true, .retry_after = {}};
const Error kDead{.code = "link_expired", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
constexpr Milliseconds kMinute{60'000};

Milliseconds pause_of(Stage& stage, const StepResult& result) {
  REQUIRE(is<LaterAt>(result));
  return std::get<LaterAt>(result).due_at - stage.clock.now();
}

SessionWish for_customer(std::string name) {
  SessionWish wish;
  wish.customer.name = std::move(name);
  return wish;
}

void set_online(Stage& stage, std::size_t which, bool online) { stage.provider.sessions.at(which).online = online; }

TEST_CASE("the customer who comes and goes moves the session, and Connect makes it run") {
  Stage stage;
  const auto id = stage.opened();
  stage.poll();
  CHECK(stage.read(id).state == SessionState::open);
  set_online(stage, 0, true);
  stage.poll();
  CHECK(stage.read(id).state == SessionState::customer_present);
  REQUIRE(stage.run(stage.sessions->connect(stage.caller(stage.agent), id, Client::app)));
  CHECK(stage.read(id).state == SessionState::in_progress);
  set_online(stage, 0, false);
  stage.poll();
  CHECK(stage.read(id).state == SessionState::open);
}

TEST_CASE("since when the customer is there is known while they are, and how long the first of them waited for ever") {
  Stage stage;
  const auto id = stage.opened();
  stage.clock.time += kMinute;
  const auto came = stage.clock.now();
  set_online(stage, 0, true);
  stage.poll();
  CHECK(stage.read(id).customer_since == came);
  stage.clock.time += kMinute;
  const auto connected = stage.clock.now();
  REQUIRE(stage.run(stage.sessions->connect(stage.caller(stage.agent), id, Client::app)));
  REQUIRE(stage.run(stage.sessions->stay(stage.caller(stage.agent), id)));
  CHECK_FALSE(stage.read(id).first_connected_at);
  REQUIRE(stage.run(stage.sessions->connect(stage.caller(stage.agent), id, Client::app)));
  set_online(stage, 0, false);
  stage.poll();
  CHECK_FALSE(stage.read(id).customer_since);
  stage.clock.time += kMinute;
  set_online(stage, 0, true);
  stage.poll();
  const auto session = stage.read(id);
  CHECK(session.customer_since == stage.clock.now());
  CHECK(session.first_came_at == came);
  CHECK(session.first_connected_at == connected);
  CHECK(session.waited == connected - came);
}

TEST_CASE("who went away and came back waited while they were there, and not in between") {
  Stage stage;
  const auto id = stage.opened();
  const auto pass = [&](bool online, Milliseconds length) {
    set_online(stage, 0, online);
    stage.poll();
    stage.clock.time += length;
  };
  pass(true, 5 * kMinute);
  pass(false, 60 * kMinute);
  CHECK(stage.read(id).waited == 5 * kMinute);
  pass(true, kMinute);
  REQUIRE(stage.run(stage.sessions->connect(stage.caller(stage.agent), id, Client::app)));
  CHECK(stage.read(id).waited == 6 * kMinute);
  REQUIRE(stage.run(stage.sessions->stay(stage.caller(stage.agent), id)));
  CHECK(stage.read(id).waited == 5 * kMinute);
  stage.clock.time += kMinute;
  REQUIRE(stage.run(stage.sessions->connect(stage.caller(stage.agent), id, Client::app)));
  pass(false, kMinute);
  pass(true, kMinute);
  pass(false, kMinute);
  CHECK(stage.read(id).waited == 7 * kMinute);
}

TEST_CASE("a press of Connect that is taken back after the customer left was no connection, whether they came back or not") {
  for (const bool back : {false, true}) {
    CAPTURE(back);
    Stage stage;
    const auto id = stage.opened();
    const auto pass = [&](bool online) {
      set_online(stage, 0, online);
      stage.poll();
      stage.clock.time += kMinute;
    };
    pass(true);
    REQUIRE(stage.run(stage.sessions->connect(stage.caller(stage.agent), id, Client::app)));
    pass(false);
    if (back) pass(true);
    REQUIRE(stage.run(stage.sessions->stay(stage.caller(stage.agent), id)));
    CHECK_FALSE(stage.read(id).first_connected_at);
    pass(true);
    REQUIRE(stage.run(stage.sessions->connect(stage.caller(stage.agent), id, Client::app)));
    CHECK(stage.read(id).first_connected_at == stage.clock.now());
    CHECK(stage.read(id).waited == (back ? 3 : 2) * kMinute);
  }
}

TEST_CASE("what is taken back was waiting to the end of that visit, however late it is taken back") {
  Stage stage;
  const auto id = stage.opened();
  const auto pass = [&](bool online, int minutes) {
    set_online(stage, 0, online);
    stage.poll();
    stage.clock.time += minutes * kMinute;
  };
  pass(true, 1);
  REQUIRE(stage.run(stage.sessions->connect(stage.caller(stage.agent), id, Client::app)));
  pass(true, 29);
  pass(false, 1);
  CHECK(stage.read(id).waited == kMinute);
  REQUIRE(stage.run(stage.sessions->stay(stage.caller(stage.agent), id)));
  CHECK(stage.read(id).waited == 30 * kMinute);
  pass(true, 5);
  REQUIRE(stage.run(stage.sessions->connect(stage.caller(stage.agent), id, Client::app)));
  CHECK(stage.read(id).waited == 35 * kMinute);
}

TEST_CASE("valid until limits joining: a customer who is there stays, and the session expires when they leave") {
  Stage stage;
  const auto id = stage.opened();
  set_online(stage, 0, true);
  stage.poll();
  stage.clock.time = stage.read(id).valid_until + kMinute;
  stage.poll();
  CHECK(stage.read(id).state == SessionState::customer_present);
  set_online(stage, 0, false);
  stage.poll();
  CHECK(stage.read(id).state == SessionState::expired);
  CHECK(stage.is_asked_for("session.close", id.value));
  CHECK(stage.is_asked_for("session.notice", id.value));
  CHECK(is<Done>(stage.poll()));
}

TEST_CASE("a provider that says closed, or knows nothing of the session, is right") {
  for (const bool forgotten : {true, false}) {
    CAPTURE(forgotten);
    Stage stage;
    const auto id = stage.opened();
    if (forgotten) stage.provider.sessions.clear();
    else stage.provider.sessions.front().open = false;
    stage.poll();
    CHECK(stage.read(id).state == SessionState::closed);
  }
}

TEST_CASE("a list that does not say whether the customer is there is made good by one look") {
  Stage stage;
  const auto id = stage.opened();
  stage.provider.sessions.front().online.reset();
  stage.poll();
  CHECK(stage.read(id).state == SessionState::open);
}

TEST_CASE("nobody there: every minute, backing off to five; somebody looks or is there: every ten seconds") {
  Stage stage;
  stage.opened();
  auto pause = pause_of(stage, stage.poll());
  CHECK(pause <= kMinute);
  CHECK(pause >= Milliseconds{54'000});
  stage.clock.time += 11 * kMinute;
  for (int i = 0; i < 15; ++i) pause = pause_of(stage, stage.poll());
  CHECK(pause <= 5 * kMinute);
  CHECK(pause >= Milliseconds{270'000});

  CHECK(stage.polling->watch(stage.installation, stage.agent));
  CHECK_FALSE(stage.polling->watch(stage.installation, stage.agent));   // hastened once is enough
  CHECK(pause_of(stage, stage.poll()) <= Milliseconds{10'000});
  stage.clock.time += kMinute;
  CHECK(pause_of(stage, stage.poll()) > Milliseconds{10'000});
  set_online(stage, 0, true);
  CHECK(pause_of(stage, stage.poll()) <= Milliseconds{10'000});
  set_online(stage, 0, false);
  CHECK(pause_of(stage, stage.poll()) <= kMinute);   // and begins to back off anew
}

TEST_CASE("accounts that are asked together are not asked together the next time") {
  std::set<Milliseconds> pauses;
  for (int account = 0; account < 20; ++account) {
    Stage stage;
    for (int before = 0; before < account; ++before) static_cast<void>(stage.random.bytes(1));
    stage.opened();
    pauses.insert(pause_of(stage, stage.poll()));
  }
  CHECK(pauses.size() >= 10);
  CHECK(*pauses.rbegin() - *pauses.begin() >= Milliseconds{2'000});
}

Task<bool> look_now(Stage& stage, Milliseconds patience) {
  co_await stage.polling->look_now(stage.installation, {stage.agent}, patience);
  co_return true;
}

struct Page : Stage {
  std::size_t looks = 0;
  /// A page asks while a worker is at work.
  void ask(Milliseconds patience = kMinute) {
    work.on_ring = [this] {
      ++looks;
      last = poll();
    };
    run(look_now(*this, patience));
    work.on_ring = nullptr;
  }
  std::optional<StepResult> last;
};

TEST_CASE("the question of a page brings a look with it and waits for it, but not where one began a moment ago") {
  Page page;
  const auto id = page.opened();
  page.ask();
  CHECK(page.looks == 1);
  set_online(page, 0, true);
  page.clock.time += Milliseconds{1'999};
  page.ask();
  CHECK(page.looks == 1);
  CHECK(page.read(id).state == SessionState::open);
  page.clock.time += Milliseconds{1};
  page.ask();
  CHECK(page.looks == 2);
  CHECK(page.read(id).state == SessionState::customer_present);
  CHECK(pause_of(page, *page.last) <= Milliseconds{10'000});   // watched
}

Task<bool> look_from_many(Stage& stage, std::size_t pages) {
  std::vector<Task<void>> all;
  for (std::size_t page = 0; page < pages; ++page) all.push_back(stage.polling->look_now(stage.installation, {stage.agent}, kMinute));
  co_await all_of(std::move(all));
  co_return true;
}

TEST_CASE("pages that ask at once bring one look, and all wait for it") {
  Page page;
  const auto id = page.opened();
  for (int round = 1; round <= 3; ++round) {
    set_online(page, 0, round % 2 == 1);
    const auto before = page.work.rings;
    page.work.on_ring = [&page] { page.last = page.poll(); };
    page.run(look_from_many(page, 10));
    CHECK_MESSAGE(page.work.rings == before + 2, "one brings a look, which rings when it has ended");
    CHECK(page.read(id).state == (round % 2 == 1 ? SessionState::customer_present : SessionState::open));
    page.clock.time += Milliseconds{2'000};
  }
}

TEST_CASE("a look that another instance carries out is brought anew no sooner than one of our own") {
  Stage stage;
  stage.opened();
  const auto before = stage.work.rings;
  for (int half_second = 0; half_second < 8; ++half_second) {
    stage.run(look_now(stage, Milliseconds{1}));
    stage.clock.time += Milliseconds{500};
  }
  CHECK(stage.work.rings == before + 2);
}

Task<void> poll_once(Stage& stage) { co_await stage.polling->poll(stage.row("account.poll", stage.agent.value)); }

// What the page would read, after the look that had begun when it asked.
Task<void> ask_during_a_look(Stage& stage, Bell& began, SessionId id, std::optional<SessionState>& shown) {
  REQUIRE(co_await began.wait(kMinute));
  CHECK(co_await look_now(stage, kMinute));
  auto found = co_await stage.doors->storage.read<std::optional<support::SupportSession>>([&](ports::UnitOfWork& unit) -> Result<std::optional<support::SupportSession>> { return unit.sessions().find(stage.installation, id); });
  shown = found.value().value().state;
}

Task<bool> ask_and_poll(Stage& stage, SessionId id, std::optional<SessionState>& shown) {
  Bell began;
  stage.provider.on_list = [&began] { began.ring(); };
  std::vector<Task<void>> both;
  both.push_back(ask_during_a_look(stage, began, std::move(id), shown));
  both.push_back(poll_once(stage));
  co_await all_of(std::move(both));
  co_return true;
}

TEST_CASE("a look that is under way when a page asks is waited for") {
  Stage stage;
  const auto id = stage.opened();
  for (const bool online : {true, false, true, false}) {
    set_online(stage, 0, online);
    std::optional<SessionState> shown;
    stage.run(ask_and_poll(stage, id, shown));
    CHECK(shown == (online ? SessionState::customer_present : SessionState::open));
  }
}

TEST_CASE("sessions that the list says nothing of cost a call each: pages then bring fewer looks, within the calls of a minute") {
  Page page;
  page.doors->house.calls_per_minute = 40;
  for (int n = 0; n < 3; ++n) {
    page.opened(for_customer("Customer " + std::to_string(n)));
    page.provider.sessions.back().online.reset();
  }
  page.ask();
  for (int second = 0; second < 60; ++second) {
    page.ask();
    page.clock.time += Milliseconds{1'000};
  }
  CHECK(page.looks == 10);   // of three calls each
}

TEST_CASE("a provider that asked for a pause, or gave no answer, is not asked by pages until that is over") {
  Page page;
  page.opened();
  page.provider.down = kAway;
  page.ask();
  page.clock.time += Milliseconds{29'999};
  page.ask();
  CHECK(page.looks == 1);
  page.clock.time += Milliseconds{1};
  page.provider.down.reset();
  page.ask();
  CHECK(page.looks == 2);
  CHECK_FALSE(page.polling->failure_of(page.installation, page.agent));
}

TEST_CASE("a look that takes longer than a page has time for is not waited for") {
  Stage stage;
  stage.opened();
  stage.run(look_now(stage, Milliseconds{1}));
  CHECK(stage.asked("account.poll", stage.agent.value)->due_at <= stage.clock.now());
}

TEST_CASE("whoever was invited a moment ago is waited for at the usual pace, however long it was quiet before") {
  Stage stage;
  stage.opened();
  stage.clock.time += 11 * kMinute;
  for (int i = 0; i < 15; ++i) stage.poll();
  CHECK(pause_of(stage, stage.poll()) > kMinute);
  stage.opened(for_customer("Another"));
  CHECK(pause_of(stage, stage.poll()) <= kMinute);
}

TEST_CASE("the end of a session is looked at when it comes, not a minute later") {
  Stage stage;
  const auto id = stage.opened();
  stage.clock.time = stage.read(id).valid_until - Milliseconds{7'000};
  CHECK(pause_of(stage, stage.poll()) == Milliseconds{7'000});
}

TEST_CASE("a clock that was set back neither keeps a panel watched for good nor stops it from being hastened") {
  Stage stage;
  stage.opened();
  stage.polling->watch(stage.installation, stage.agent);
  stage.clock.time -= Milliseconds{3'600'000};
  CHECK(pause_of(stage, stage.poll()) > Milliseconds{10'000});
  CHECK(stage.polling->watch(stage.installation, stage.agent));
}

TEST_CASE("a panel that looks brings back a poll that was lost or set aside, and brings one forward that waits") {
  Stage stage;
  stage.opened();
  const auto due_now = [&] {
    const auto row = stage.asked("account.poll", stage.agent.value);
    return row && !row->set_aside_at && row->due_at <= stage.clock.now();
  };
  stage.write([&](ports::UnitOfWork& unit) { unit.outbox().erase(stage.installation, "account.poll", stage.agent.value); });
  REQUIRE(stage.run(stage.polling->hasten(stage.installation, stage.agent)));
  CHECK(due_now());
  stage.write([&](ports::UnitOfWork& unit) {
    const auto rows = unit.outbox().claim("worker", stage.clock.now() + Milliseconds{1}, kMinute, 10);
    for (const auto& row : rows) unit.outbox().set_aside(row.id, "worker", stage.clock.now(), kAway);
  });
  CHECK_FALSE(due_now());
  REQUIRE(stage.run(stage.polling->hasten(stage.installation, stage.agent)));
  CHECK(due_now());
  stage.write([&](ports::UnitOfWork& unit) {
    const auto rows = unit.outbox().claim("worker", stage.clock.now() + Milliseconds{1}, kMinute, 10);
    for (const auto& row : rows) unit.outbox().again(row.id, "worker", stage.clock.now() + kMinute, kAway);
  });
  REQUIRE(stage.run(stage.polling->hasten(stage.installation, stage.agent)));
  CHECK(due_now());
  CHECK(stage.asked("account.poll", stage.agent.value)->attempts == 1);
}

TEST_CASE("a provider that does not answer leaves the states as they are, is told to panels, and is never given up") {
  Stage stage;
  const auto id = stage.opened();
  stage.provider.down = kAway;
  const auto result = stage.poll();
  REQUIRE(is<TryAgain>(result));
  CHECK(std::get<TryAgain>(result).error.retry_after == Milliseconds{30'000});
  CHECK(stage.read(id).state == SessionState::open);
  CHECK(stage.polling->failure_of(stage.installation, stage.agent)->code == "provider_unreachable");
  stage.provider.down->retry_after = Milliseconds{90'000};
  CHECK(std::get<TryAgain>(stage.poll()).error.retry_after == Milliseconds{90'000});
  stage.provider.down.reset();
  CHECK(is<LaterAt>(stage.poll()));
  CHECK_FALSE(stage.polling->failure_of(stage.installation, stage.agent));
}

TEST_CASE("one session that cannot be looked at does not keep the others from being followed") {
  Stage stage;
  const auto first = stage.opened();
  stage.clock.time += 2 * kMinute;
  const auto second = stage.opened();
  stage.provider.sessions.at(0).online.reset();
  stage.provider.will_not_show[stage.read(first).made->code] = Error{.code = "provider_refused", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
  set_online(stage, 1, true);
  CHECK(pause_of(stage, stage.poll()) <= Milliseconds{10'000});
  CHECK(stage.read(second).state == SessionState::customer_present);
  CHECK(stage.read(first).state == SessionState::open);
  CHECK(stage.polling->failure_of(stage.installation, stage.agent));
}

TEST_CASE("one session that gets no answer, look after look, keeps those behind it for one look only") {
  Stage stage;
  const auto first = stage.opened();
  stage.clock.time += 2 * kMinute;
  const auto second = stage.opened();
  for (auto& one : stage.provider.sessions) one.online.reset();
  const Error no_answer{.code = "provider_unreachable", .cause = {}, .detail = {}, .retryable = true, .retry_after = {}};
  stage.provider.will_not_show[stage.read(first).made->code] = no_answer;
  stage.provider.sessions.at(1).open = false;
  stage.provider.will_not_show[stage.read(second).made->code] = no_answer;
  stage.poll();
  stage.provider.will_not_show.erase(stage.read(second).made->code);
  stage.poll();
  stage.poll();
  CHECK(stage.read(second).state == support::SessionState::closed);
  CHECK(stage.read(first).state == support::SessionState::open);
}

TEST_CASE("where the list is refused for good, a session ends here as well when nobody can join it any longer") {
  for (const auto* code : {"provider_permission", "provider_refused"}) {
    CAPTURE(code);
    Stage stage;
    const auto id = stage.opened();
    stage.provider.down = Error{.code = code, .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
    stage.poll();
    CHECK(stage.read(id).state == SessionState::open);
    stage.clock.time = stage.read(id).valid_until;
    stage.poll();
    CHECK(stage.read(id).state == SessionState::expired);
  }
}

TEST_CASE("where the list leaves open who is there and the look at one session is refused for good, that one ends here too") {
  Stage stage;
  const auto refused = stage.opened();
  stage.clock.time += 2 * kMinute;
  const auto followed = stage.opened();
  for (auto& one : stage.provider.sessions) one.online.reset();
  stage.provider.will_not_show[stage.read(refused).made->code] = Error{.code = "provider_permission", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
  stage.clock.time = stage.read(refused).valid_until - Milliseconds{1};
  stage.poll();
  CHECK(stage.read(refused).state == SessionState::open);
  stage.clock.time += Milliseconds{1};
  stage.poll();
  CHECK(stage.read(refused).state == SessionState::expired);
  CHECK(stage.read(followed).state == SessionState::open);
}

TEST_CASE("where every look costs a call for each session, looks that nobody asked for keep within the account's minute as well") {
  Stage stage;
  stage.doors->house.calls_per_minute = 4;
  for (int i = 0; i < 6; ++i) {
    stage.opened();
    stage.clock.time += 2 * kMinute;
  }
  for (auto& one : stage.provider.sessions) one.online.reset();
  CHECK(pause_of(stage, stage.poll()) > kMinute);
}

TEST_CASE("with a dead link a session ends here when nobody can join it any longer; one that was running is given a day") {
  Stage stage;
  const auto waiting = stage.opened();
  stage.clock.time += 2 * kMinute;
  const auto running = stage.opened();
  set_online(stage, 1, true);
  stage.poll();
  stage.provider.down = kDead;
  CHECK(is<TryAgain>(stage.poll()));
  CHECK(stage.read(waiting).state == SessionState::open);
  stage.clock.time = stage.read(running).valid_until;
  stage.poll();
  CHECK(stage.read(waiting).state == SessionState::expired);
  CHECK(stage.read(running).state == SessionState::customer_present);
  stage.clock.time += Milliseconds{24 * 3'600'000};
  stage.poll();
  CHECK(stage.read(running).state == SessionState::expired);
  CHECK(is<Done>(stage.poll()));
}

TEST_CASE("an account without open sessions is not asked at all") {
  Stage stage;
  stage.create();
  CHECK(is<Done>(stage.poll()));
  CHECK(stage.provider.lists == 0);
}

}  // namespace
}  // namespace belay::desk
