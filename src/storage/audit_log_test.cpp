#include <algorithm>
#include <functional>
#include <iterator>
#include <set>

#include "storage/engines_test.hpp"

using namespace belay;
using namespace belay::storage::testing;
using belay::ports::AuditEntry;
using belay::ports::AuditFilter;
using belay::ports::UnitOfWork;

namespace {

const InstallationId kAcme = installation_id("acme");
const AccountId kRobin{"robin"};
const AccountId kKim{"kim"};

AuditEntry entry(std::string id, int minute, std::string action) {
  AuditEntry made;
  made.id = std::move(id);
  made.installation = kAcme;
  made.at = kNoon + std::chrono::minutes{minute};
  made.action = std::move(action);
  return made;
}

void pair(UnitOfWork& unit) { unit.installations().insert(installation("acme")); }

std::vector<std::string> ids(const std::vector<AuditEntry>& entries) {
  std::vector<std::string> found;
  for (const auto& one : entries) found.push_back(one.id);
  return found;
}

using Ids = std::vector<std::string>;

support::SupportSession made_session() {
  auto made = session("acme", "s1");
  made.state = support::SessionState::open;
  made.made = support::ProviderSide{.code = SessionCode{"s12-345-678"}, .customer_link = "https://provider.example/s12345678", .created_at = kNoon};
  return made;
}

// Six entries that differ in every way that a filter looks at.
void fill(UnitOfWork& unit) {
  pair(unit);
  auto intended = made_session();
  intended.state = support::SessionState::intended;
  intended.made.reset();
  unit.sessions().insert(intended);
  const auto put = [&](std::string id, int minute, std::string action, const std::function<void(AuditEntry&)>& change) {
    auto made = entry(std::move(id), minute, std::move(action));
    change(made);
    unit.audit().append(made);
  };
  put("a1", 1, "launched", [](AuditEntry& of) { of.actor = kRobin, of.person = kKim, of.issue = IssueId{"1"}, of.issue_key = IssueKey{"OPS-1"}; });
  put("a2", 2, "launched", [](AuditEntry& of) { of.actor = kKim, of.person = kRobin, of.issue = IssueId{"1"}; });
  put("a3", 3, "created", [](AuditEntry& of) { of.actor = kRobin, of.session = SessionId{"s1"}, of.issue = IssueId{"10001"}; });
  auto made = made_session();
  made.version = intended.version;
  CHECK(unit.sessions().update(made));
  put("a4", 4, "closed", [](AuditEntry& of) { of.session = SessionId{"s1"}; });
  put("a5", 5, "closed", [](AuditEntry& of) { of.session = SessionId{"gone"}; });
  put("a6", 6, "settings", [](AuditEntry& of) { of.actor = kKim; });
}

}  // namespace

STORAGE_TEST("the audit log: every filter alone and together with others, whichever leads") {
  bench.change(fill);
  const auto found = [&](const AuditFilter& filter) {
    const auto page = bench.read([&](UnitOfWork& unit) { return unit.audit().page(kAcme, filter, std::nullopt, 10); });
    CHECK(bench.read([&](UnitOfWork& unit) { return unit.audit().count(kAcme, filter); }) == static_cast<std::int64_t>(page.size()));
    return ids(page);
  };
  CHECK(found({}) == Ids{"a6", "a5", "a4", "a3", "a2", "a1"});
  CHECK(found({.from = kNoon + std::chrono::minutes{4}}) == Ids{"a6", "a5", "a4"});
  CHECK(found({.before = kNoon + std::chrono::minutes{3}}) == Ids{"a2", "a1"});
  CHECK(found({.from = kNoon + std::chrono::minutes{3}, .before = kNoon + std::chrono::minutes{3}}).empty());
  CHECK(found({.by_belay = true}) == Ids{"a5", "a4"});
  CHECK(found({.actor = kRobin}) == Ids{"a3", "a1"});
  CHECK(found({.action = "closed"}) == Ids{"a5", "a4"});
  CHECK(found({.issue = IssueId{"1"}}) == Ids{"a2", "a1"});
  CHECK(found({.session = SessionId{"s1"}}) == Ids{"a4", "a3"});
  CHECK(found({.person = kRobin}) == Ids{"a2"});
  CHECK(found({.actor = kRobin, .action = "launched"}) == Ids{"a1"});
  CHECK(found({.by_belay = true, .action = "closed", .session = SessionId{"gone"}}) == Ids{"a5"});
  CHECK(found({.actor = kKim, .action = "launched", .issue = IssueId{"1"}, .person = kRobin}) == Ids{"a2"});
  CHECK(found({.actor = kKim, .session = SessionId{"s1"}}).empty());
  CHECK(found({.before = kNoon + std::chrono::minutes{2}, .issue = IssueId{"1"}}) == Ids{"a1"});
}

STORAGE_TEST("the audit log: pages go on after the place where the last one ended, also among entries of one moment") {
  bench.change([](UnitOfWork& unit) {
    pair(unit);
    for (int i = 0; i < 25; ++i) {
      auto made = entry("e" + std::to_string(100 + i), i / 10, "launched");
      made.actor = i % 2 == 0 ? kRobin : kKim;
      unit.audit().append(made);
    }
  });
  const std::vector filters{std::pair{AuditFilter{}, 25}, std::pair{AuditFilter{.actor = kRobin}, 13}, std::pair{AuditFilter{.before = kNoon + std::chrono::minutes{2}}, 20}};
  for (const auto& [filter, total] : filters) {
    std::vector<std::string> all;
    std::optional<ports::AuditPlace> place;
    for (;;) {
      const auto page = bench.read([&](UnitOfWork& unit) { return unit.audit().page(kAcme, filter, place, 4); });
      if (page.empty()) break;
      std::ranges::copy(ids(page), std::back_inserter(all));
      place = ports::AuditPlace{.at = page.back().at, .id = page.back().id};
    }
    CHECK(static_cast<int>(all.size()) == total);
    CHECK(std::ranges::is_sorted(all, std::greater{}));
    CHECK(static_cast<int>(std::set(all.begin(), all.end()).size()) == total);
  }
}

STORAGE_TEST("the audit log: an entry keeps the key of its issue and the code of its session, and is found by them after both are gone") {
  bench.change(fill);
  const auto of = [&](const std::string& id) {
    for (auto& one : bench.read([](UnitOfWork& unit) { return unit.audit().newest(kAcme, 10); })) {
      if (one.id == id) return one;
    }
    return AuditEntry{};
  };
  const auto there = made_session();
  CHECK(of("a1").issue_key == IssueKey{"OPS-1"});
  CHECK_MESSAGE(of("a2").issue_key == IssueKey{"OPS-1"}, "the log had it");
  CHECK_MESSAGE(of("a4").issue_key == there.issue_key, "its session had it");
  CHECK(of("a4").session_code == there.made->code);
  CHECK_FALSE(of("a5").session_code);
  CHECK_FALSE(of("a6").issue_key);

  const auto look = [&](auto ask) { return bench.read([ask](UnitOfWork& unit) { return ask(unit.audit()); }); };
  const auto session_of = [&](const SessionCode& code) { return look([code](ports::AuditLog& log) { return log.session_of(kAcme, code); }); };
  CHECK(session_of(there.made->code) == SessionId{"s1"});
  CHECK(look([](ports::AuditLog& log) { return log.issue_of(kAcme, IssueKey{"OPS-1"}); }) == IssueId{"1"});
  CHECK(look([](ports::AuditLog& log) { return log.key_of(kAcme, IssueId{"1"}); }) == IssueKey{"OPS-1"});
  bench.change([&](UnitOfWork& unit) { unit.sessions().erase_of_issue(kAcme, there.issue); });
  CHECK(session_of(there.made->code) == SessionId{"s1"});
  CHECK(of("a4").session_code == there.made->code);
  CHECK_MESSAGE(of("a3").session_code == there.made->code, "of another entry");
  CHECK_FALSE(session_of(SessionCode{"s0-0-0"}));
  CHECK_FALSE(look([](ports::AuditLog& log) { return log.issue_of(kAcme, IssueKey{"HELP-9"}); }));
  CHECK_FALSE(look([](ports::AuditLog& log) { return log.key_of(kAcme, IssueId{"9"}); }));
}

STORAGE_TEST("the audit log: whom it names, each once, and at most so many") {
  bench.change(fill);
  auto named = bench.read([](UnitOfWork& unit) { return unit.audit().accounts(kAcme, 10); });
  CHECK(named.actors == std::vector{kKim, kRobin});
  CHECK(named.people == std::vector{kKim, kRobin});
  named = bench.read([](UnitOfWork& unit) { return unit.audit().accounts(kAcme, 1); });
  CHECK(named.actors == std::vector{kKim});
  bench.change([](UnitOfWork& unit) { unit.installations().insert(installation("other")); });
  named = bench.read([](UnitOfWork& unit) { return unit.audit().accounts(installation_id("other"), 10); });
  CHECK(named.actors.empty());
  CHECK(named.people.empty());
}

STORAGE_TEST("what was set aside is listed, counted and found for its own installation, and taken up once") {
  const auto other = installation_id("other");
  OutboxId first;
  OutboxId second;
  bench.change([&](UnitOfWork& unit) {
    pair(unit);
    unit.installations().insert(installation("other"));
    for (int i = 0; i < 3; ++i) unit.outbox().put(outbox_row("acme", "close", "s" + std::to_string(i), kNoon + Milliseconds{i}));
    const auto rows = unit.outbox().claim("worker", kNoon + Milliseconds{2}, Milliseconds{1'000}, 10);
    REQUIRE(rows.size() == 3);
    first = rows[0].id;
    second = rows[1].id;
    unit.outbox().set_aside(first, "worker", kNoon + Milliseconds{1}, Error{.code = "one", .cause = {}, .detail = {}, .retryable = true, .retry_after = {}});
    unit.outbox().set_aside(second, "worker", kNoon + Milliseconds{2}, Error{.code = "two", .cause = {}, .detail = {}, .retryable = true, .retry_after = {}});
  });
  bench.read([&](UnitOfWork& unit) {
    auto& outbox = unit.outbox();
    const auto rows = outbox.all_set_aside(kAcme, 10);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].id == second);
    CHECK(rows[0].last_error->code == "two");
    CHECK(outbox.all_set_aside(kAcme, 1).size() == 1);
    CHECK(outbox.count_set_aside(kAcme) == 2);
    CHECK(outbox.all_set_aside(other, 10).empty());
    CHECK(outbox.count_set_aside(other) == 0);
    CHECK(outbox.find(kAcme, first)->subject == "s0");
    CHECK_FALSE(outbox.find(other, first));
    return true;
  });
  bench.change([&](UnitOfWork& unit) {
    CHECK_FALSE(unit.outbox().take_up(other, first, kNoon));
    CHECK(unit.outbox().take_up(kAcme, first, kNoon + Milliseconds{5}));
    CHECK_FALSE(unit.outbox().take_up(kAcme, first, kNoon));
    CHECK(unit.outbox().count_set_aside(kAcme) == 1);
    const auto row = unit.outbox().find(kAcme, first);
    CHECK(row->due_at == kNoon + Milliseconds{5});
    CHECK(row->attempts == 0);
    CHECK_FALSE(row->last_error);
    CHECK(unit.outbox().counts(kNoon + Milliseconds{5}).set_aside == 1);
    CHECK(unit.outbox().claim("worker", kNoon + Milliseconds{5}, Milliseconds{1'000}, 10).size() == 1);
  });
}
