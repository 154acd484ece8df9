#include "desk/audit_reading.hpp"

#include <set>

#include "desk/cursor.hpp"
#include "desk/stage_test.hpp"

namespace belay::desk {
namespace {

struct AuditStage : Stage {
  using Stage::read;

  void note(std::string action, const std::function<void(ports::AuditEntry&)>& change = {}) {
    clock.time += Milliseconds{1'000};
    write([&](ports::UnitOfWork& unit) {
      auto entry = audit_entry(*doors, installation, std::move(action));
      if (change) change(entry);
      unit.audit().append(entry);
    });
  }
  void note_many(int count) {
    write([&](ports::UnitOfWork& unit) {
      for (int i = 0; i < count; ++i) unit.audit().append(audit_entry(*doors, installation, "settings_changed"));
    });
  }
  json::object read(AuditQuestion question = {}) {
    auto answered = run(audit_reading->entries(admin_caller(), std::move(question)));
    REQUIRE_MESSAGE(answered, answered.error().code);
    return std::move(*answered);
  }
  json::object file(AuditFormat format, AuditQuestion question = {}) {
    auto answered = run(audit_reading->file(admin_caller(), std::move(question), format));
    REQUIRE_MESSAGE(answered, answered.error().code);
    return std::move(*answered);
  }
  static std::vector<std::string> actions(const json::object& answer) {
    std::vector<std::string> found;
    for (const auto& entry : answer.at("entries").as_array()) found.emplace_back(entry.at("action").as_string());
    return found;
  }
};

using Actions = std::vector<std::string>;

TEST_CASE("the log is for Jira admins on the admin page") {
  AuditStage stage;
  for (const auto page : {support::Page::issue_panel, support::Page::personal, support::Page::global, support::Page::portal}) {
    auto elsewhere = stage.admin_caller();
    elsewhere.call.page = page;
    CHECK(code_of(stage.run(stage.audit_reading->entries(elsewhere, {}))) == "forbidden");
    CHECK(code_of(stage.run(stage.audit_reading->file(elsewhere, {}, AuditFormat::csv))) == "forbidden");
    CHECK(code_of(stage.run(stage.audit_reading->people(elsewhere))) == "forbidden");
  }
  const auto nobody = stage.caller_on(support::Page::admin, stage.colleague);
  CHECK(code_of(stage.run(stage.audit_reading->entries(nobody, {}))) == "forbidden");
  CHECK(code_of(stage.run(stage.audit_reading->file(nobody, {}, AuditFormat::jsonl))) == "forbidden");
  CHECK(code_of(stage.run(stage.audit_reading->people(nobody))) == "forbidden");
}

TEST_CASE("entries say who did what on which issue and session, with names asked of Jira once; an account without a name is shown by its id") {
  AuditStage stage;
  const auto id = stage.create();
  stage.provision(id);
  stage.note("person_mapped", [&](ports::AuditEntry& entry) {
    entry.actor = AccountId{"gone"};
    entry.person = stage.colleague;
    entry.issue = IssueId{"10001"};
    entry.peer = "192.0.2.7";
    entry.detail = {{"to", "address"}};
  });
  stage.users.people_asked.clear();
  const auto answer = stage.read();
  const auto& entries = answer.at("entries").as_array();
  REQUIRE(entries.size() == 3);
  CHECK_FALSE(answer.contains("next"));
  const auto& mapped = entries[0].as_object();
  CHECK(mapped.at("actor") == json::object{{"id", "gone"}});
  CHECK(mapped.at("person") == json::object{{"id", "colleague"}, {"name", "Name of colleague"}});
  CHECK_MESSAGE((mapped.at("issue") == json::object{{"id", "10001"}, {"key", "HELP-1"}}), "the log knew the key");
  CHECK(mapped.at("peer") == "192.0.2.7");
  CHECK(mapped.at("detail") == json::object{{"to", "address"}});
  const auto& made = entries[1].as_object();
  CHECK(made.at("action") == "session_made");
  CHECK_MESSAGE(!made.contains("actor"), "Belay itself");
  CHECK(made.at("issue") == json::object{{"id", "10001"}, {"key", "HELP-1"}});
  const auto code = stage.read(id).made->code.value;
  CHECK(made.at("session") == json::object{{"id", id.value}, {"code", code}});
  CHECK(entries[2].at("action") == "session_created");
  CHECK_MESSAGE((entries[2].at("session") == json::object{{"id", id.value}, {"code", code}}), "which it did not have then");
  CHECK(entries[2].at("actor").at("name") == "Name of agent");

  REQUIRE(stage.users.people_asked.size() == 1);
  stage.read();
  CHECK(stage.users.people_asked.size() == 1);
  stage.clock.time += Milliseconds{5 * 60'000};
  stage.read();
  CHECK(stage.users.people_asked.size() == 2);
}

TEST_CASE("while Jira does not answer the log is read by ids, and says why") {
  AuditStage stage;
  stage.note("settings_changed", [&](ports::AuditEntry& entry) { entry.actor = stage.agent; });
  stage.read();
  stage.clock.time += Milliseconds{5 * 60'000};
  stage.note("settings_changed", [&](ports::AuditEntry& entry) { entry.actor = stage.colleague; });
  stage.read({.from = stage.clock.now()});   // the admin's rights are remembered
  stage.clock.time += Milliseconds{1'000};
  stage.note("settings_changed", [&](ports::AuditEntry& entry) { entry.actor = AccountId{"third"}; });
  stage.users.down = fail_for_now("jira_unreachable", "away").error();
  const auto answer = stage.read();
  CHECK(answer.at("namesMissing") == "jira_unreachable");
  CHECK(answer.at("entries").as_array()[0].at("actor") == json::object{{"id", "third"}});
  CHECK(answer.at("entries").as_array()[1].at("actor") == json::object{{"id", "colleague"}, {"name", "Name of colleague"}});
  CHECK(stage.file(AuditFormat::csv).at("namesMissing") == "jira_unreachable");
}

TEST_CASE("every filter that is given has to hold") {
  AuditStage stage;
  const auto id = stage.create();
  stage.provision(id);
  const auto code = stage.read(id).made->code.value;
  const auto begun = stage.clock.now();
  stage.note("launched", [&](ports::AuditEntry& entry) {
    entry.actor = stage.agent;
    entry.person = stage.reporter;
    entry.issue = IssueId{"10002"};
    entry.issue_key = IssueKey{"HELP-2"};
  });
  stage.note("launched", [&](ports::AuditEntry& entry) { entry.actor = stage.colleague; });
  const auto actions = [&](AuditQuestion question) { return AuditStage::actions(stage.read(std::move(question))); };
  CHECK(actions({.actor = "agent"}) == Actions{"launched", "session_created"});
  CHECK(actions({.actor = "belay"}) == Actions{"session_made"});
  CHECK(actions({.action = "launched"}) == Actions{"launched", "launched"});
  CHECK(actions({.actor = "agent", .action = "launched"}) == Actions{"launched"});
  CHECK(actions({.person = "reporter"}) == Actions{"launched"});
  CHECK(actions({.issue = "HELP-1"}) == Actions{"session_made", "session_created"});
  CHECK(actions({.issue = "help-2"}) == Actions{"launched"});
  CHECK(actions({.issue = "10002"}) == Actions{"launched"});
  CHECK(actions({.session = code}) == Actions{"session_made", "session_created"});
  CHECK(actions({.session = id.value}) == Actions{"session_made", "session_created"});
  CHECK(actions({.actor = "agent", .session = code}) == Actions{"session_created"});
  CHECK(actions({.session = "s0-0-0"}).empty());
  CHECK(actions({.to = begun + Milliseconds{1}}) == Actions{"session_made", "session_created"});
  CHECK(actions({.from = begun + Milliseconds{1'000}}) == Actions{"launched", "launched"});
  CHECK_MESSAGE(actions({.from = begun + Milliseconds{1'000}, .to = begun + Milliseconds{2'000}}).size() == 1, "from counts, to does not");
  CHECK(stage.file(AuditFormat::csv, {.session = "s0-0-0"}).at("total") == 0);
}

TEST_CASE("an issue that was moved is found by its new key, which Jira knows; one that nobody knows has no entries") {
  AuditStage stage;
  stage.note("launched", [&](ports::AuditEntry& entry) {
    entry.issue = stage.tickets.known.id;
    entry.issue_key = IssueKey{"HELP-1"};
  });
  stage.tickets.known.key = IssueKey{"OPS-7"};
  CHECK(AuditStage::actions(stage.read({.issue = "ops-7"})) == Actions{"launched"});
  stage.tickets.ticket_down = fail("not_found", "no such issue").error();
  CHECK(stage.read({.issue = "OPS-8"}).at("entries").as_array().empty());
  stage.tickets.ticket_down = fail_for_now("jira_unreachable", "away").error();
  CHECK_MESSAGE(AuditStage::actions(stage.read({.issue = "HELP-1"})) == Actions{"launched"}, "the log knows that one itself");
  CHECK(code_of(stage.run(stage.audit_reading->entries(stage.admin_caller(), {.issue = "OPS-8"}))) == "jira_unreachable");
}

TEST_CASE("pages follow one another without a gap or a double, though entries are written meanwhile and many have one time") {
  AuditStage stage;
  stage.note_many(120);
  std::set<std::string> seen;
  AuditQuestion question;
  for (int page = 0; page < 3; ++page) {
    const auto answer = stage.read(question);
    for (const auto& entry : answer.at("entries").as_array()) CHECK(seen.insert(std::string(entry.at("id").as_string())).second);
    stage.note("launched");
    REQUIRE(answer.contains("next") == (page < 2));
    if (page < 2) question.after = from_cursor(answer.at("next").as_string());
  }
  CHECK(seen.size() == 120);
}

TEST_CASE("the file comes in pieces: its header once, how many there are at first, and where to go on") {
  AuditStage stage;
  stage.note_many(2'001);
  const auto first = stage.file(AuditFormat::csv);
  CHECK(first.at("total") == 2'001);
  CHECK(first.at("count") == 2'000);
  const std::string text(first.at("text").as_string());
  CHECK(text.starts_with("at,action,actor,actorName,issue,issueKey,session,sessionCode,person,personName,peer,detail,id\r\n"));
  CHECK(std::ranges::count(text, '\n') == 2'001);
  const auto last = stage.file(AuditFormat::csv, {.after = from_cursor(first.at("next").as_string())});
  CHECK_FALSE(last.contains("total"));
  CHECK_FALSE(last.contains("next"));
  CHECK(last.at("count") == 1);
  CHECK_FALSE(last.at("text").as_string().starts_with("at,"));
}

TEST_CASE("what a stranger put into a name is no formula in the file, and JSON Lines has one entry a line") {
  AuditStage stage;
  stage.users.known[stage.colleague].name = "=1+1\n\"x\",";
  stage.note("launched", [&](ports::AuditEntry& entry) {
    entry.person = stage.colleague;
    entry.detail = {{"mode", "chat"}};
  });
  const std::string csv(stage.file(AuditFormat::csv).at("text").as_string());
  CHECK(csv.contains(",\"'=1+1\n\"\"x\"\",\","));
  CHECK(csv.contains(",\"{\"\"mode\"\":\"\"chat\"\"}\","));
  const std::string lines(stage.file(AuditFormat::jsonl).at("text").as_string());
  CHECK(std::ranges::count(lines, '\n') == 1);
  const auto entry = json::parse_object(lines);
  REQUIRE(entry);
  CHECK(entry->at("person").at("name") == "=1+1\n\"x\",");
  CHECK(*entry == stage.read().at("entries").as_array()[0].as_object());
}

TEST_CASE("whom the log names can be chosen from") {
  AuditStage stage;
  for (const auto& who : {stage.agent, stage.colleague, stage.agent}) {
    stage.note("launched", [&](ports::AuditEntry& entry) {
      entry.actor = who;
      entry.person = stage.reporter;
    });
  }
  const auto people = stage.run(stage.audit_reading->people(stage.admin_caller()));
  REQUIRE(people);
  CHECK(people->at("actors") == json::array{json::object{{"id", "agent"}, {"name", "Name of agent"}}, json::object{{"id", "colleague"}, {"name", "Name of colleague"}}});
  CHECK(people->at("people") == json::array{json::object{{"id", "reporter"}}});
}

}  // namespace
}  // namespace belay::desk
