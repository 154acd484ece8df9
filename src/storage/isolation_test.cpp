// Two installations hold rows with the same keys. Whatever one of them does, the other neither sees nor loses anything.
#include "storage/engines_test.hpp"

using namespace belay;
using namespace belay::storage::testing;
using belay::ports::UnitOfWork;

namespace {

const AccountId kAgent{"agent"};
const ProviderName kProvider{"teamviewer"};
const IssueId kIssue{"10001"};
const SessionId kSession{"s1"};
const LinkId kLink{"link-agent"};
const ProjectId kProject{"10000"};

// Everything an installation can have, under keys that are the same for every installation.
void fill(UnitOfWork& unit, const std::string& name) {
  const auto id = installation_id(name);
  unit.installations().insert(installation(name));
  unit.installations().keep_system_token(id, {.secret = "system of " + name, .expires_at = kNoon}, kNoon);
  unit.installations().keep_user_token(id, kAgent, {.secret = "user of " + name, .expires_at = kNoon});
  unit.installations().note_failed_pairing(id, kNoon);
  auto link = account_link(name, "agent");
  link.account_name = "of " + name;
  unit.links().put(link);
  unit.links().insert_attempt({.state_hash = "state of " + name, .installation = id, .account = kAgent, .code_verifier = "v", .return_url = "", .expires_at = kNoon});
  unit.links().park({.token_hash = "token of " + name, .installation = id, .account = kAgent, .grant = link.grant, .at_provider = {}, .expires_at = kNoon});
  auto row = session(name, kSession.value);
  row.notes = "of " + name;
  unit.sessions().insert(row);
  unit.sessions().insert_keyed(id, kAgent, "key", {.body_hash = "of " + name, .session = kSession}, kNoon + Milliseconds{1});
  CHECK(unit.settings().put(id, {{"of", name}}, 0));
  CHECK(unit.settings().put(id, kProject, {{"of", name}}, 0));
  unit.audit().append({.id = "a1", .installation = id, .at = kNoon, .actor = kAgent, .action = "of " + name, .issue = {}, .session = {}, .person = {}, .peer = "", .detail = {}});
  unit.asks().insert({.id = HelpAskId{"ask"}, .installation = id, .issue = kIssue, .customer = kAgent, .customer_name = "of " + name, .asked_at = kNoon, .ended_at = {}});
  unit.sign_ins().insert({.token_hash = "sign-in", .installation = id, .user = {.account = kAgent, .name = "of " + name, .login = "ada", .language = "fr_FR", .time_zone = "Europe/Paris"}, .began_at = kNoon, .expires_at = kNoon});
  unit.sign_ins().put_grant(id, kAgent, {.access_token = "of " + name, .refresh_token = "r", .expires_at = kNoon});
  auto outbox = outbox_row(name, "invite", "s1", kNoon);
  outbox.payload = {{"of", name}};
  unit.outbox().put(outbox);
}

// That all of it is there, and is its own.
void check_untouched(UnitOfWork& unit, const std::string& name) {
  const auto id = installation_id(name);
  const auto of = "of " + name;
  CHECK(unit.installations().find(id)->site_url == installation(name).site_url);
  CHECK(unit.installations().system_token(id)->secret == "system of " + name);
  CHECK(unit.installations().user_token(id, kAgent)->secret == "user of " + name);
  CHECK(unit.installations().failed_pairings(id, kNoon).size() == 1);
  CHECK(unit.links().find(id, kAgent, kProvider)->account_name == of);
  CHECK(unit.links().find(id, kLink)->account_name == of);
  REQUIRE(unit.links().all(id).size() == 1);
  CHECK(unit.links().all(id)[0].account_name == of);
  CHECK(unit.links().attempt("state of " + name)->installation == id);
  CHECK(unit.links().parked("token of " + name)->installation == id);
  CHECK(unit.sessions().find(id, kSession)->notes == of);
  REQUIRE(unit.sessions().of_issue(id, kIssue).size() == 1);
  CHECK(unit.sessions().of_issue(id, kIssue)[0].notes == of);
  REQUIRE(unit.sessions().of_agent(id, kAgent, 10).size() == 1);
  CHECK(unit.sessions().of_agent(id, kAgent, 10)[0].notes == of);
  REQUIRE(unit.sessions().unfinished_of(id, kAgent).size() == 1);
  CHECK(unit.sessions().unfinished_of(id, kAgent)[0].notes == of);
  REQUIRE(unit.sessions().unfinished(id).size() == 1);
  CHECK(unit.sessions().unfinished(id)[0].notes == of);
  CHECK(unit.sessions().keyed(id, kAgent, "key", kNoon)->body_hash == of);
  CHECK(unit.settings().find(id)->document == json::object{{"of", name}});
  CHECK(unit.settings().find(id, kProject)->document == json::object{{"of", name}});
  REQUIRE(unit.audit().newest(id, 10).size() == 1);
  CHECK(unit.audit().newest(id, 10)[0].action == of);
  REQUIRE(unit.audit().page(id, {}, {}, 10).size() == 1);
  CHECK(unit.audit().page(id, {}, {}, 10)[0].action == of);
  CHECK(unit.audit().count(id, {}) == 1);
  CHECK(unit.audit().accounts(id, 10).actors == std::vector{kAgent});
  REQUIRE(unit.asks().open(id, kIssue));
  CHECK(unit.asks().open(id, kIssue)->customer_name == of);
  CHECK(unit.asks().of_account(id, kAgent).size() == 1);
  CHECK(unit.asks().asked(id, kAgent, {}).size() == 1);
  REQUIRE(unit.sign_ins().find(id, "sign-in"));
  CHECK(unit.sign_ins().find(id, "sign-in")->user.name == of);
  CHECK(unit.sign_ins().grant(id, kAgent)->access_token == of);
  CHECK(unit.asks().waiting(id, {}, 10).size() == 1);
  CHECK(unit.sessions().most_urgent(id, 10).size() == 1);
  const auto outbox = unit.outbox().find(id, "invite", "s1");
  REQUIRE(outbox);
  CHECK(outbox->payload == json::object{{"of", name}});
  CHECK(outbox->due_at == kNoon);
  CHECK(!outbox->leased_until);
}

void check_gone(UnitOfWork& unit, const std::string& name) {
  const auto id = installation_id(name);
  CHECK(!unit.installations().find(id));
  CHECK(!unit.installations().system_token(id));
  CHECK(!unit.installations().user_token(id, kAgent));
  CHECK(unit.installations().failed_pairings(id, kNoon).empty());
  CHECK(unit.links().all(id).empty());
  CHECK(!unit.links().attempt("state of " + name));
  CHECK(!unit.links().parked("token of " + name));
  CHECK(unit.sessions().of_issue(id, kIssue).empty());
  CHECK(!unit.sessions().keyed(id, kAgent, "key", kNoon));
  CHECK(!unit.settings().find(id));
  CHECK(!unit.settings().find(id, kProject));
  CHECK(unit.audit().newest(id, 10).empty());
  CHECK(unit.audit().page(id, {}, {}, 10).empty());
  CHECK(unit.audit().count(id, {}) == 0);
  CHECK(unit.audit().accounts(id, 10).actors.empty());
  CHECK(!unit.asks().open(id, kIssue));
  CHECK(unit.asks().of_account(id, kAgent).empty());
  CHECK(unit.asks().asked(id, kAgent, {}).empty());
  CHECK(!unit.outbox().find(id, "invite", "s1"));
}

}  // namespace

STORAGE_TEST("no method of a store reads across installations") {
  bench.change([](UnitOfWork& unit) {
    fill(unit, "acme");
    fill(unit, "other");
  });
  bench.read([](UnitOfWork& unit) {
    check_untouched(unit, "acme");
    check_untouched(unit, "other");
    CHECK(unit.installations().all().size() == 2);
    check_gone(unit, "nobody");
    return true;
  });
}

STORAGE_TEST("no method of a store writes across installations") {
  bench.change([](UnitOfWork& unit) {
    fill(unit, "acme");
    fill(unit, "other");
  });
  bench.change([](UnitOfWork& unit) {
    const auto acme = installation_id("acme");
    auto changed = installation("acme");
    changed.site_url = "https://changed.example";
    unit.installations().update(changed);
    unit.installations().keep_system_token(acme, {.secret = "changed", .expires_at = kNoon}, kNoon);
    unit.installations().keep_user_token(acme, kAgent, {.secret = "changed", .expires_at = kNoon});
    unit.installations().note_failed_pairing(acme, kNoon);
    auto link = account_link("acme", "agent");
    link.account_name = "changed";
    unit.links().put(link);
    unit.links().erase(acme, kLink);
    CHECK(unit.links().take_attempt("state of acme"));
    CHECK(unit.links().take_parked("token of acme"));
    auto row = session("acme", kSession.value);
    row.notes = "changed";
    CHECK(unit.sessions().update(row));
    unit.sessions().insert_keyed(acme, kAgent, "key", {.body_hash = "changed", .session = kSession}, kNoon + Milliseconds{1});
    unit.sessions().erase_of_issue(acme, kIssue);
    CHECK(unit.settings().put(acme, {{"changed", true}}, 1));
    CHECK(unit.settings().put(acme, kProject, {{"changed", true}}, 1));
    unit.audit().append({.id = "a2", .installation = acme, .at = kNoon, .actor = {}, .action = "changed", .issue = {}, .session = {}, .person = {}, .peer = "", .detail = {}});
    CHECK(unit.asks().end(acme, HelpAskId{"ask"}, kNoon));
    unit.asks().erase_of_issue(acme, kIssue);
    unit.kept().rename(acme, kAgent, "changed");
    unit.kept().erase_rows_of(acme, kAgent, 10);
    unit.outbox().put(outbox_row("acme", "invite", "s1", kNoon - Milliseconds{1}));
    unit.outbox().hasten(acme, "invite", "s1", kNoon - Milliseconds{2});
    unit.outbox().erase(acme, "invite", "s1");
  });
  bench.read([](UnitOfWork& unit) {
    check_untouched(unit, "other");
    return true;
  });
}

STORAGE_TEST("an erased installation leaves nothing of itself, and everything of the others") {
  bench.change([](UnitOfWork& unit) {
    fill(unit, "acme");
    fill(unit, "other");
  });
  bench.change([](UnitOfWork& unit) { unit.installations().erase(installation_id("acme")); });
  bench.read([](UnitOfWork& unit) {
    check_gone(unit, "acme");
    check_untouched(unit, "other");
    return true;
  });
}

STORAGE_TEST("every table that belongs to an installation has it first in its key") {
  const auto connection = bench.outside();
  static constexpr storage::Query kSqlite{
      "select m.name from sqlite_master m where m.type = 'table' and m.name not in ('schema_migration', 'pairing_code', 'installation')"
      " and (select p.name from pragma_table_info(m.name) p where p.pk = 1) <> 'installation_id'", 1};
  static constexpr storage::Query kPostgresql{
      "select c.table_name from information_schema.table_constraints c join information_schema.key_column_usage k"
      " on k.constraint_name = c.constraint_name and k.table_name = c.table_name where c.table_schema = 'public'"
      " and c.constraint_type = 'PRIMARY KEY' and k.ordinal_position = 1 and k.column_name <> 'installation_id'"
      " and c.table_name not in ('schema_migration', 'pairing_code', 'installation')", 1};
  const auto& query = bench.engine == storage::Engine::sqlite ? kSqlite : kPostgresql;
  CHECK(connection->statement(query).rows([](storage::Row& row) { return row.text(); }) == std::vector<std::string>{});
}
