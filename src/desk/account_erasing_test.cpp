#include <boost/json/parse.hpp>

#include "desk/account_file.hpp"
#include "desk/stage_test.hpp"
#include "support/erasure.hpp"

namespace belay::desk {
namespace {

using support::SessionState;

const AccountId kErased{std::string(support::kErasedAccount)};

class Forgetting : public Stage {
 public:
  json::object wish(const AccountId& who) {
    auto view = run(personal_data->erase(admin(), who));
    REQUIRE_MESSAGE(view, view.error().code);
    return std::move(*view);
  }
  Caller admin() {
    permissions.rights_of[colleague].administer = true;
    return caller_on(support::Page::admin, colleague);
  }
  StepResult erase(const AccountId& who) {
    const auto row = asked("account.erase", who.value);
    REQUIRE(row);
    return run(account_erasing->erase(*row));
  }
  StepResult end_link(const AccountId& who) { return run(farewell->end_link(row("link.end", "link-" + who.value))); }
  /// To its end, with what other steps have to do meanwhile.
  void erase_all(const AccountId& who) {
    wish(who);
    for (int round = 0; round < 20; ++round) {
      if (is<Done>(erase(who))) return;
      if (link_of(who)) end_link(who);
      for (const auto& id : ids) {
        if (is_asked_for("session.notice", id.value) && is<Done>(notice(id))) write([&](ports::UnitOfWork& unit) { unit.outbox().erase(installation, "session.notice", id.value); });
        for (const auto* kind : {"session.provision", "session.invite"}) write([&](ports::UnitOfWork& unit) { unit.outbox().erase(installation, kind, id.value); });   // done by hand
      }
    }
    FAIL("it never ends");
  }
  SessionId opened(SessionWish wish = {}) {
    const auto id = Stage::opened(std::move(wish));
    ids.push_back(id);
    return id;
  }
  SessionWish for_reporter() const {
    SessionWish wish;
    wish.customer.account = reporter;
    return wish;
  }
  std::int64_t kept(const AccountId& who) {
    std::int64_t total = 0;
    write([&](ports::UnitOfWork& unit) { total = unit.kept().of_account(installation, who).total(); });
    return total;
  }
  std::vector<ports::AuditEntry> entries() {
    std::vector<ports::AuditEntry> found;
    write([&](ports::UnitOfWork& unit) { found = unit.audit().newest(installation, 200); });
    return found;
  }
  std::string file(const AccountId& who) {
    std::string whole;
    std::string cursor;
    for (;;) {
      auto piece = run(personal_data->file(admin(), who, cursor));
      REQUIRE_MESSAGE(piece, piece.error().code);
      whole += piece->at("text").as_string();
      const auto next = json::string_at(*piece, "next");
      if (!next) return whole;
      cursor = *next;
    }
  }
  std::vector<SessionId> ids;
};

TEST_CASE("an agent with an open session: closed and revoked at the provider first, then nothing here has their id") {
  Forgetting stage;
  const auto open = stage.opened(stage.for_reporter());
  const auto before = stage.wish(stage.agent);
  CHECK(before.at("linked").as_bool());
  CHECK(before.at("openSessions").to_number<int>() == 1);
  CHECK(before.contains("erasing"));
  CHECK(is<LaterAt>(stage.erase(stage.agent)));
  CHECK(stage.link_of(stage.agent)->ending_since);
  CHECK(stage.provider.live() == 1);   // not yet
  stage.erase_all(stage.agent);
  CHECK(stage.provider.live() == 0);
  CHECK(stage.provider.revoked.size() == 1);
  CHECK_FALSE(stage.link_of(stage.agent));
  CHECK(stage.kept(stage.agent) == 0);
  // It was the reporter's as well.
  const auto left = stage.read(open);
  CHECK(left.creator == kErased);
  CHECK(left.supporter_name.empty());
  CHECK(left.provider_account.empty());   // whose it was at the provider names them too
  CHECK(left.customer.account == stage.reporter);
  CHECK(support::is_over(left.state));
  CHECK_FALSE(stage.is_asked_for("account.poll", stage.agent.value));
  CHECK_FALSE(stage.is_asked_for("link.check", stage.agent.value));
  // Its entries are all there, without the id, and the erase has its own.
  for (const auto& entry : stage.entries()) {
    CHECK_FALSE(entry.actor == stage.agent);
    CHECK_FALSE(entry.person == stage.agent);
  }
  const auto actions = stage.audited();
  CHECK(std::ranges::count(actions, "session_created") == 1);
  CHECK(std::ranges::count(actions, "account_erased") == 1);
  const auto asked = stage.entries();
  const auto wish = std::ranges::find(asked, std::string("account_erase_asked"), &ports::AuditEntry::action);
  REQUIRE(wish != asked.end());
  CHECK(wish->actor == stage.colleague);
  CHECK_FALSE(wish->person);
  // Once more: there is nothing.
  const auto again = stage.wish(stage.agent);
  CHECK_FALSE(again.contains("erasing"));
  CHECK(std::ranges::count(stage.audited(), "account_erase_asked") == 1);
}

TEST_CASE("a session in which nobody else had a part goes as a whole, with what is set aside of it") {
  Forgetting stage;
  SessionWish wish;
  wish.customer.name = "Typed in";
  wish.customer.email = "typed@in.example";
  const auto id = stage.opened(std::move(wish));
  stage.write([&](ports::UnitOfWork& unit) { unit.outbox().erase(stage.installation, "issue.property", "10001"); });
  stage.erase_all(stage.agent);
  CHECK(code_of(stage.run(read_session(*stage.doors, stage.installation, id))) == "not_found");
  CHECK(stage.is_asked_for("issue.property", "10001"));   // where it counted
  for (const auto* kind : {"session.close", "session.notice", "session.report", "session.sweep"}) CHECK_FALSE(stage.is_asked_for(kind, id.value));
}

TEST_CASE("a customer: the session goes on, for nobody in particular, and no word about them is left") {
  Forgetting stage;
  auto wish = stage.for_reporter();
  wish.description = "Reporter cannot print";
  const auto id = stage.opened(std::move(wish));
  stage.erase_all(stage.reporter);
  const auto left = stage.read(id);
  CHECK(left.state == SessionState::open);
  CHECK(left.customer.nobody());
  CHECK(left.description.empty());
  CHECK(stage.kept(stage.reporter) == 0);
  CHECK(stage.provider.live() == 1);
  CHECK(stage.link_of(stage.agent));
}

TEST_CASE("killed between any two batches it goes on, and what it came to is told once") {
  Forgetting stage;
  stage.write([&](ports::UnitOfWork& unit) {
    for (int i = 0; i < 5'000; ++i) {
      auto entry = audit_entry(*stage.doors, stage.installation, "launched");
      entry.actor = stage.reporter;
      unit.audit().append(entry);
    }
  });
  stage.wish(stage.reporter);
  CHECK(is<LaterAt>(stage.erase(stage.reporter)));
  const auto during = stage.run(stage.personal_data->view(stage.admin(), stage.reporter));
  REQUIRE(during);
  CHECK(during->at("erasing").at("erased").as_int64() == 2'000);
  CHECK(during->at("erasing").at("toErase").as_int64() == 5'000);
  int steps = 1;
  while (!is<Done>(stage.erase(stage.reporter))) ++steps;
  CHECK(steps >= 2);
  const auto entries = stage.entries();
  const auto told = std::ranges::find(entries, std::string("account_erased"), &ports::AuditEntry::action);
  REQUIRE(told != entries.end());
  CHECK(told->detail.at("entries").as_int64() == 5'000);
  CHECK(json::string_at(told->detail, "wish") == "asked");
  CHECK(is<Done>(stage.run(stage.account_erasing->erase(stage.row("account.erase", stage.reporter.value)))));
  CHECK(std::ranges::count(stage.audited(), "account_erased") == 1);
}

TEST_CASE("who is only named as the one who paired the site, or as the default supporter, is shown to be, and erased") {
  Forgetting stage;
  const AccountId long_gone{"long-gone"};
  CHECK_FALSE(stage.wish(long_gone).contains("erasing"));
  stage.write([&](ports::UnitOfWork& unit) {
    auto site = *unit.installations().find(stage.installation);
    site.paired_by = long_gone;
    unit.installations().update(site);
  });
  stage.keep_settings([&](support::Settings& settings) { settings.default_supporter = long_gone; });
  const auto view = stage.run(stage.personal_data->view(stage.admin(), long_gone));
  CHECK(view->at("namedAs") == json::array{"pairing", "default_supporter"});
  stage.erase_all(long_gone);
  CHECK_FALSE(stage.run(stage.personal_data->view(stage.admin(), long_gone))->contains("namedAs"));
}

TEST_CASE("an erase that was set aside goes on when it is asked for again, and by itself") {
  Forgetting stage;
  const auto set_aside = [&] {
    stage.write([&](ports::UnitOfWork& unit) {
      for (const auto& row : unit.outbox().claim("w", stage.clock.now(), Milliseconds{1'000}, 100)) {
        if (row.kind == "account.erase") unit.outbox().set_aside(row.id, "w", stage.clock.now(), Error{.code = "storage_unavailable", .cause = {}, .detail = {}, .retryable = true, .retry_after = {}});
        else unit.outbox().again(row.id, "w", row.due_at, std::nullopt);
      }
    });
    const auto row = stage.asked("account.erase", stage.agent.value);
    REQUIRE(row);
    REQUIRE(row->set_aside_at);
  };
  stage.wish(stage.agent);
  set_aside();
  stage.wish(stage.agent);
  CHECK_FALSE(stage.asked("account.erase", stage.agent.value)->set_aside_at);
  set_aside();
  REQUIRE(stage.run(stage.upkeep->mend()));
  CHECK_FALSE(stage.asked("account.erase", stage.agent.value)->set_aside_at);
}

TEST_CASE("the default supporter is nobody then, and other settings stay") {
  Forgetting stage;
  stage.keep_settings([&](support::Settings& settings) {
    settings.default_supporter = stage.agent;
    settings.worklog = true;
  });
  stage.erase_all(stage.agent);
  stage.keep_settings([&](support::Settings& settings) {
    CHECK(settings.default_supporter.empty());
    CHECK(settings.worklog);
  });
}

TEST_CASE("whoever Jira does not know any more is erased when their name is to be read anew; a new name goes everywhere") {
  Forgetting stage;
  const auto id = stage.opened(stage.for_reporter());
  stage.users.known[stage.agent].name = "Robin Anew";
  CHECK(is<Done>(stage.run(stage.account_erasing->refresh(stage.row("account.refresh", stage.agent.value)))));
  CHECK(stage.read(id).creator_name == "Robin Anew");
  CHECK(stage.link_of(stage.agent)->account_name == "Robin Anew");
  stage.users.known.erase(stage.agent);
  CHECK(is<Done>(stage.run(stage.account_erasing->refresh(stage.row("account.refresh", stage.agent.value)))));
  CHECK(stage.is_asked_for("account.erase", stage.agent.value));
}

TEST_CASE("the file is one JSON document with all that is kept, without tokens, links, and anything of others but ids") {
  Forgetting stage;
  auto wish = stage.for_reporter();
  wish.description = "Cannot print";
  stage.opened(std::move(wish));
  stage.clock.time += Milliseconds{120'000};
  SessionWish typed;
  typed.customer.name = "Typed In";
  typed.customer.email = "typed@in.example";
  stage.opened(std::move(typed));
  stage.write([&](ports::UnitOfWork& unit) {
    for (int i = 0; i < 450; ++i) {
      auto entry = audit_entry(*stage.doors, stage.installation, "launched");
      entry.actor = stage.agent;
      entry.person = stage.reporter;
      unit.audit().append(entry);
    }
  });
  const auto text = stage.file(stage.agent);
  boost::system::error_code wrong;
  const auto document = boost::json::parse(text, wrong);
  REQUIRE_MESSAGE(!wrong, wrong.message());
  CHECK(document.at("account").as_string() == "agent");
  CHECK(document.at("link").at("name").as_string() == "Name of agent");
  CHECK(document.at("sessions").as_array().size() == 2);
  CHECK(document.at("sessions").at(0).at("as").as_array().size() == 2);
  CHECK(document.at("auditEntries").as_array().size() >= 450);
  for (const auto* secret : {"access agent", "refresh", "https://get", "Typed In", "typed@in", "Name of reporter", "customerLink"}) CHECK_MESSAGE(text.find(secret) == std::string::npos, secret);
  const auto others = boost::json::parse(stage.file(stage.reporter));
  CHECK(others.at("link").is_null());
  CHECK(others.at("sessions").as_array().size() == 1);
  CHECK(others.at("sessions").at(0).at("description").as_string() == "Cannot print");
  const auto nobody = boost::json::parse(stage.file(AccountId{"nobody"}));
  CHECK(nobody.at("sessions").as_array().empty());
  CHECK(nobody.at("commentedOn").as_array().empty());
}

TEST_CASE("a place in the file is what an answer said, and nothing else") {
  for (const auto* cursor : {"x.1", "s", "s.", ".1", "e.1", "e.x.id"}) CHECK_MESSAGE(!file_place_from(cursor), cursor);
  const auto place = file_place_from("e.1800000000000.018f0000-0000-7000-8000-000000000001");
  REQUIRE(place);
  CHECK(to_cursor(*place) == "e.1800000000000.018f0000-0000-7000-8000-000000000001");
  Forgetting stage;
  CHECK(code_of(stage.run(stage.personal_data->file(stage.admin(), stage.agent, "q.1"))) == "invalid_field");
}

TEST_CASE("who is no admin sees, gets and erases nothing") {
  Forgetting stage;
  for (const auto& who : {stage.caller(stage.agent), stage.personal_caller(stage.agent), stage.caller_on(support::Page::admin, stage.agent)}) {
    CHECK(code_of(stage.run(stage.personal_data->accounts(who, {}))) == "forbidden");
    CHECK(code_of(stage.run(stage.personal_data->view(who, stage.agent))) == "forbidden");
    CHECK(code_of(stage.run(stage.personal_data->file(who, stage.agent, ""))) == "forbidden");
    CHECK(code_of(stage.run(stage.personal_data->erase(who, stage.agent))) == "forbidden");
  }
  CHECK(code_of(stage.run(stage.personal_data->view(stage.admin(), kErased))) == "not_found");
  CHECK(code_of(stage.run(stage.personal_data->erase(stage.admin(), {}))) == "not_found");
}

}  // namespace
}  // namespace belay::desk
