#include <algorithm>
#include <functional>
#include <iterator>

#include "storage/engines_test.hpp"
#include "storage/migrations.hpp"

using namespace belay;
using namespace belay::storage::testing;
using belay::ports::SessionFilter;
using belay::ports::UnitOfWork;
using std::chrono::minutes;

namespace {

const InstallationId kAcme = installation_id("acme");
const SessionFilter kAll{.from = kNoon - minutes{60}, .before = kNoon + minutes{24 * 60}};

support::SupportSession asked_at(std::string id, int minute, std::string agent = "agent", std::string key = "HELP-1") {
  auto row = session("acme", id);
  row.created_at = kNoon + minutes{minute};
  row.supporter = AccountId{std::move(agent)};
  row.issue_key = IssueKey{std::move(key)};
  return row;
}

void pair(UnitOfWork& unit) { unit.installations().insert(installation("acme")); }

using Ids = std::vector<std::string>;

Ids ids(const std::vector<support::SessionFacts>& all) {
  Ids found;
  for (const auto& one : all) found.push_back(one.id.value);
  return found;
}

void fill(UnitOfWork& unit) {
  pair(unit);
  unit.sessions().insert(asked_at("s1", 1));
  unit.sessions().insert(asked_at("s2", 2, "robin"));
  unit.sessions().insert(asked_at("s3", 3, "robin", "HELPDESK-1"));
  unit.sessions().insert(asked_at("s4", 4, "kim", "OPS-9"));
}

// As with a result: two connections, of which the latter never ended or did.
support::SupportSession with_result(support::SupportSession row, bool ended, std::optional<int> rating) {
  row.report = support::sum_up({{.start = kNoon, .end = ended ? std::optional(kNoon + Milliseconds{61'500}) : std::nullopt, .supporter = "Ada", .notes = "n", .rating = rating, .customer_comment = ""}}, "");
  return row;
}

}  // namespace

STORAGE_TEST("sessions for reports: by when they were asked for, by agent and by project, newest first") {
  bench.change(fill);
  const auto found = [&](const SessionFilter& filter) {
    const auto page = bench.read([&](UnitOfWork& unit) { return unit.sessions().facts(kAcme, filter, std::nullopt, 10); });
    CHECK(bench.read([&](UnitOfWork& unit) { return unit.sessions().count(kAcme, filter); }) == static_cast<std::int64_t>(page.size()));
    const auto lines = bench.read([&](UnitOfWork& unit) { return unit.sessions().lines(kAcme, filter, std::nullopt, 10); });
    CHECK(std::ranges::equal(lines, page, {}, [](const auto& line) { return line.facts.id; }, &support::SessionFacts::id));
    return ids(page);
  };
  const auto with = [](auto change) {
    auto filter = kAll;
    change(filter);
    return filter;
  };
  CHECK(found(kAll) == Ids{"s4", "s3", "s2", "s1"});
  CHECK(found(with([](SessionFilter& of) { of.from = kNoon + minutes{3}; })) == Ids{"s4", "s3"});
  CHECK(found(with([](SessionFilter& of) { of.before = kNoon + minutes{3}; })) == Ids{"s2", "s1"});   // the end does not count
  CHECK(found(with([](SessionFilter& of) { of.agent = AccountId{"robin"}; })) == Ids{"s3", "s2"});
  const auto late = with([](SessionFilter& of) {
    of.agent = AccountId{"robin"};
    of.from = kNoon + minutes{3};
  });
  CHECK(found(late) == Ids{"s3"});
  CHECK(found(with([](SessionFilter& of) { of.project = ProjectKey{"HELP"}; })) == Ids{"s2", "s1"});   // no other that begins so
  const auto both = with([](SessionFilter& of) {
    of.agent = AccountId{"robin"};
    of.project = ProjectKey{"HELP"};
  });
  CHECK(found(both) == Ids{"s2"});
  CHECK(found(with([](SessionFilter& of) { of.project = ProjectKey{"%"}; })).empty());
  CHECK(found(with([](SessionFilter& of) { of.agent = AccountId{"nobody"}; })).empty());
}

STORAGE_TEST("sessions for reports: pages go on where the last one ended, also among sessions of one moment") {
  bench.change([](UnitOfWork& unit) {
    pair(unit);
    for (int i = 0; i < 25; ++i) unit.sessions().insert(asked_at("s" + std::to_string(100 + i), i / 10, i % 2 == 0 ? "robin" : "kim"));
  });
  auto robin = kAll;
  robin.agent = AccountId{"robin"};
  for (const auto& [filter, total] : {std::pair{kAll, 25}, std::pair{robin, 13}}) {
    Ids all;
    std::optional<ports::Place> place;
    for (;;) {
      const auto page = bench.read([&](UnitOfWork& unit) { return unit.sessions().facts(kAcme, filter, place, 4); });
      if (page.empty()) break;
      CHECK(page.size() <= 4);
      std::ranges::copy(ids(page), std::back_inserter(all));
      place = ports::Place{.at = page.back().created_at, .id = page.back().id.value};
    }
    CHECK(static_cast<int>(all.size()) == total);
    CHECK(std::ranges::is_sorted(all, std::ranges::greater{}));
    CHECK(std::ranges::adjacent_find(all) == all.end());
  }
}

STORAGE_TEST("sessions for reports: what figures are made of, and nothing where nothing is known") {
  bench.change([](UnitOfWork& unit) {
    pair(unit);
    auto row = with_result(asked_at("s1", 1), true, 4);
    row.state = support::SessionState::reported;
    row.ended_at = kNoon + minutes{30};
    row.made = support::ProviderSide{.code = SessionCode{"s12-345-678"}, .customer_link = "https://provider.example/s12345678", .created_at = kNoon};
    row.first_came_at = kNoon + minutes{5};
    row.first_connected_at = kNoon + minutes{27};
    row.waited = minutes{2};   // the customer was away in between
    unit.sessions().insert(row);
    auto typed = asked_at("s2", 2);
    typed.customer = {.account = {}, .name = "Zoe", .email = "zoe@example.com"};
    unit.sessions().insert(typed);
  });
  const auto lines = bench.read([](UnitOfWork& unit) { return unit.sessions().lines(kAcme, kAll, std::nullopt, 10); });
  REQUIRE(lines.size() == 2);
  const auto& helped = lines[1];
  CHECK(helped.facts.state == support::SessionState::reported);
  CHECK(helped.facts.made);
  CHECK(helped.facts.waited() == std::chrono::seconds{120});
  CHECK(helped.facts.connections == 1);
  CHECK(helped.facts.connected == std::chrono::seconds{61});
  CHECK(helped.facts.rating == 4);
  CHECK(helped.issue == IssueId{"10001"});
  CHECK(helped.facts.issue_key == IssueKey{"HELP-1"});
  CHECK(helped.facts.agent == AccountId{"agent"});
  CHECK(helped.code == SessionCode{"s12-345-678"});
  CHECK(helped.customer == AccountId{"customer"});
  CHECK(helped.ended_at == kNoon + minutes{30});
  const auto& bare = lines[0];
  CHECK_FALSE(bare.facts.made);
  CHECK_FALSE(bare.facts.waited());
  CHECK_FALSE(bare.facts.connections);
  CHECK_FALSE(bare.facts.connected);
  CHECK_FALSE(bare.facts.rating);
  CHECK_FALSE(bare.code);
  CHECK_FALSE(bare.customer);
  CHECK(bare.customer_name == "Zoe");
  CHECK_FALSE(bare.ended_at);
}

STORAGE_TEST("sessions for reports: the figures of a result follow it, and a connection that never ended has no length") {
  bench.change([](UnitOfWork& unit) {
    pair(unit);
    unit.sessions().insert(asked_at("s1", 1));
  });
  const auto after = [&](const std::function<void(support::SupportSession&)>& change) {
    bench.change([&](UnitOfWork& unit) {
      auto row = unit.sessions().find(kAcme, SessionId{"s1"}).value();
      change(row);
      CHECK(unit.sessions().update(row));
    });
    return bench.read([](UnitOfWork& unit) { return unit.sessions().facts(kAcme, kAll, std::nullopt, 10); }).at(0);
  };
  const auto running = after([](support::SupportSession& row) { row = with_result(row, false, std::nullopt); });
  CHECK(running.connections == 1);
  CHECK_FALSE(running.connected);
  CHECK_FALSE(running.rating);
  const auto ended = after([](support::SupportSession& row) { row = with_result(row, true, 5); });
  CHECK(ended.connected == std::chrono::seconds{61});
  CHECK(ended.rating == 5);
  const auto none = after([](support::SupportSession& row) { row.report = support::SessionReport{}; });
  CHECK(none.connections == 0);
  CHECK_FALSE(none.connected);
  const auto unknown = after([](support::SupportSession& row) { row.report.reset(); });
  CHECK_FALSE(unknown.connections);
}

STORAGE_TEST("sessions for reports: another installation has its own") {
  bench.change(fill);
  bench.change([](UnitOfWork& unit) {
    unit.installations().insert(installation("other"));
    unit.sessions().insert(session("other", "s1"));
  });
  const auto other = installation_id("other");
  CHECK(bench.read([&](UnitOfWork& unit) { return unit.sessions().facts(other, kAll, std::nullopt, 10); }).size() == 1);
  CHECK(bench.read([&](UnitOfWork& unit) { return unit.sessions().lines(other, kAll, std::nullopt, 10); }).size() == 1);
  CHECK(bench.read([&](UnitOfWork& unit) { return unit.sessions().count(other, kAll); }) == 1);
  CHECK(bench.read([&](UnitOfWork& unit) { return unit.sessions().count(installation_id("nobody"), kAll); }) == 0);
}

STORAGE_TEST("sessions for reports: results that were stored before there were figures have them") {
  bench.change([](UnitOfWork& unit) {
    pair(unit);
    unit.sessions().insert(with_result(asked_at("s1", 1), true, 3));
    unit.sessions().insert(with_result(asked_at("s2", 2), false, std::nullopt));
    unit.sessions().insert(asked_at("s3", 3));
  });
  const auto look = [&] { return bench.read([](UnitOfWork& unit) { return unit.sessions().facts(kAcme, kAll, std::nullopt, 10); }); };
  const auto before = look();
  const auto connection = bench.outside();
  connection->run_once("update support_session set report_connections = null, report_seconds = null, report_rating = null");
  CHECK_FALSE(look().at(2).connections);
  const std::string_view ours = bench.engine == storage::Engine::sqlite ? "0011_session_reports.sqlite.sql" : "0011_session_reports.postgres.sql";
  const auto files = storage::migration_files();
  const auto file = std::ranges::find(files, ours, &storage::MigrationFile::name);
  REQUIRE(file != files.end());
  for (const auto& statement : storage::split_statements(file->text)) {
    if (statement.starts_with("update")) connection->run_once(statement);
  }
  const auto after = look();
  REQUIRE(after.size() == 3);
  for (std::size_t i = 0; i < after.size(); ++i) {
    CHECK(after[i].connections == before[i].connections);
    CHECK(after[i].connected == before[i].connected);
    CHECK(after[i].rating == before[i].rating);
  }
  CHECK(after[2].connected == std::chrono::seconds{61});
}
