#include "desk/stage_test.hpp"

namespace belay::desk {
namespace {

constexpr std::chrono::hours kDay{24};

class Keeping : public Stage {
 public:
  /// So many that are over since `days` days.
  void over(int count, int days) {
    write([&](ports::UnitOfWork& unit) {
      for (int i = 0; i < count; ++i) {
        support::SupportSession session;
        session.id = SessionId{random.uuid()};
        session.installation = installation;
        session.issue = tickets.known.id;
        session.issue_key = tickets.known.key;
        session.provider = provider.name();
        session.creator = session.supporter = agent;
        session.state = support::SessionState::closed;
        session.created_at = session.valid_until = clock.now() - days * kDay;
        session.ended_at = clock.now() - days * kDay;
        unit.sessions().insert(session);
      }
    });
  }
  void keep(int days) {
    keep_settings([days](support::Settings& settings) { settings.retention_days = days; });
  }
  StepResult erase() { return run(retention->erase(row("retention.erase", installation.value))); }
  json::object view(std::optional<int> days = {}) {
    auto seen = run(retention->view(admin_caller(), days));
    REQUIRE_MESSAGE(seen, seen.error().code);
    return std::move(*seen);
  }
  static std::int64_t total(const json::object& view) { return view.at("toErase").at("total").as_int64(); }
  std::vector<ports::AuditEntry> told() {
    std::vector<ports::AuditEntry> entries;
    write([&](ports::UnitOfWork& unit) {
      for (auto& entry : unit.audit().newest(installation, 100)) {
        if (entry.action == "retention_erased") entries.push_back(std::move(entry));
      }
    });
    return entries;
  }
};

TEST_CASE("what is older than the days goes in batches, and one entry tells how much it was") {
  Keeping stage;
  stage.over(2'500, 40);
  stage.over(3, 10);
  stage.keep(30);
  CHECK(Keeping::total(stage.view()) == 2'500);
  CHECK(Keeping::total(stage.view(5)) == 2'503);
  CHECK(Keeping::total(stage.view(0)) == 0);

  const auto first = stage.erase();
  REQUIRE(is<LaterAt>(first));
  CHECK(std::get<LaterAt>(first).due_at == stage.clock.now());   // the others have their turn, and on it goes
  const auto during = stage.view();
  CHECK(during.at("running").at("toErase").as_int64() == 2'500);
  CHECK(during.at("running").at("erased").as_int64() == 2'000);
  CHECK(stage.told().empty());

  const auto second = stage.erase();
  REQUIRE(is<LaterAt>(second));
  CHECK(std::get<LaterAt>(second).due_at == stage.clock.now() + std::chrono::hours{1});
  const auto after = stage.view();
  CHECK_FALSE(after.contains("running"));
  CHECK(after.at("last").at("erased").at("sessions").as_int64() == 2'500);
  CHECK(Keeping::total(stage.view(5)) == 3);
  REQUIRE(stage.told().size() == 1);
  CHECK(stage.told().front().detail.at("sessions").as_int64() == 2'500);
  CHECK_FALSE(stage.told().front().actor);
}

TEST_CASE("what is counted on an issue is counted anew when some of it went") {
  Keeping stage;
  stage.over(2, 40);
  stage.over(1, 10);
  stage.write([&](ports::UnitOfWork& unit) {
    for (const auto* action : {"launched", "session_connected"}) {
      auto entry = audit_entry(*stage.doors, stage.installation, action);
      entry.issue = IssueId{std::string("of ") + action};
      entry.at = stage.clock.now() - 40 * kDay;
      unit.audit().append(entry);
    }
  });
  stage.keep(30);
  stage.erase();
  CHECK(stage.is_asked_for("issue.property", stage.tickets.known.id.value));
  CHECK(stage.is_asked_for("issue.property", "of launched"));
  CHECK_FALSE(stage.is_asked_for("issue.property", "of session_connected"));
}

TEST_CASE("nothing that is too old is nothing to tell of, and what tells of earlier erases goes without a word") {
  Keeping stage;
  stage.keep(30);
  CHECK(is<LaterAt>(stage.erase()));
  CHECK(stage.told().empty());
  stage.over(1, 31);
  CHECK(is<LaterAt>(stage.erase()));
  CHECK(stage.told().size() == 1);
  stage.clock.time += 31 * kDay;
  CHECK(is<LaterAt>(stage.erase()));
  CHECK(stage.told().empty());
}

TEST_CASE("a setting that is changed meanwhile holds from then on; what is gone already is told of") {
  Keeping stage;
  stage.over(2'100, 40);
  stage.over(100, 20);
  stage.keep(30);
  CHECK(is<LaterAt>(stage.erase()));
  stage.keep(10);
  CHECK(is<LaterAt>(stage.erase()));
  CHECK(Keeping::total(stage.view()) == 0);
  REQUIRE(stage.told().size() == 1);
  CHECK(stage.told().front().detail.at("sessions").as_int64() == 2'200);
  CHECK(stage.told().front().detail.at("days").as_int64() == 10);

  stage.over(2'100, 40);
  stage.keep(30);
  CHECK(is<LaterAt>(stage.erase()));
  stage.keep(0);
  CHECK(is<Done>(stage.erase()));
  CHECK(stage.told().size() == 2);
  CHECK(Keeping::total(stage.view(30)) == 100);
  CHECK_FALSE(stage.view().contains("running"));
}

TEST_CASE("saving other days asks for the look at once, other settings do not; a row that is lost comes back") {
  Keeping stage;
  const auto admin = stage.admin_caller();
  const auto save = [&](int days) {
    auto now = stage.run(stage.administration->settings(admin));
    REQUIRE(now);
    const auto version = now->at("version").as_int64();
    for (const auto* member : {"version", "installation", "health", "defaults"}) now->erase(member);
    (*now)["retentionDays"] = days;
    return stage.run(stage.administration->change_settings(admin, version, *now));
  };
  REQUIRE(save(0));
  CHECK_FALSE(stage.is_asked_for("retention.erase", stage.installation.value));
  REQUIRE(save(30));
  CHECK(stage.is_asked_for("retention.erase", stage.installation.value));
  CHECK(code_of(save(3'651)) == "invalid_field");
  CHECK(code_of(save(-1)) == "invalid_field");
  stage.write([&](ports::UnitOfWork& unit) { unit.outbox().erase(stage.installation, "retention.erase", stage.installation.value); });
  REQUIRE(stage.run(stage.upkeep->mend()));
  CHECK(stage.is_asked_for("retention.erase", stage.installation.value));
}

TEST_CASE("a live session is never too old, whatever the days") {
  Keeping stage;
  const auto open = stage.opened();
  stage.keep(1);
  stage.clock.time += 5 * kDay;
  CHECK(is<LaterAt>(stage.erase()));
  CHECK(stage.read(open).state == support::SessionState::open);
}

TEST_CASE("who is no admin is told nothing") {
  Keeping stage;
  CHECK(code_of(stage.run(stage.retention->view(stage.caller(stage.agent), {}))) == "forbidden");
  CHECK(code_of(stage.run(stage.retention->view(stage.caller_on(support::Page::admin, stage.colleague), {}))) == "forbidden");
}

}  // namespace
}  // namespace belay::desk
