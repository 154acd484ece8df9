#include "desk/session_reports.hpp"

#include <boost/json/serialize.hpp>

#include "desk/cursor.hpp"
#include "desk/stage_test.hpp"

namespace belay::desk {
namespace {

using std::chrono::minutes;

constexpr std::string_view kHeader =
    "createdAt,day,session,code,issue,issueKey,project,state,agent,agentName,customer,customerName,cameAt,connectedAt,waitingSeconds,endedAt,connections,durationSeconds,rating";

struct ReportsStage : Stage {
  int put_so_far = 0;

  support::SupportSession session(Time created, const std::function<void(support::SupportSession&)>& change = {}) {
    support::SupportSession row;
    row.installation = installation;
    row.id = SessionId{"018f0000-0000-7000-8000-" + std::to_string(100'000'000'000 + put_so_far++)};
    row.issue = IssueId{"10001"};
    row.issue_key = IssueKey{"HELP-1"};
    row.provider = provider.name();
    row.creator = row.supporter = agent;
    row.customer = {.account = colleague, .name = "As the session has it", .email = {}};
    row.language = "en";
    row.created_at = created;
    row.valid_until = created + minutes{24 * 60};
    row.state = support::SessionState::closed;
    row.ended_at = created + minutes{60};
    row.made = support::ProviderSide{.code = SessionCode{"s12-345-678"}, .customer_link = "https://provider.example/s12345678", .created_at = created};
    if (change) change(row);
    return row;
  }
  void put(Time created, const std::function<void(support::SupportSession&)>& change = {}) {
    write([&](ports::UnitOfWork& unit) { unit.sessions().insert(session(created, change)); });
  }
  json::object read_figures(ReportsQuestion question = {}) {
    auto answered = run(session_reports->figures(admin_caller(), std::move(question)));
    REQUIRE_MESSAGE(answered, answered.error().code);
    return std::move(*answered);
  }
  json::object read_file(ReportsQuestion question = {}) {
    auto answered = run(session_reports->file(admin_caller(), std::move(question)));
    REQUIRE_MESSAGE(answered, answered.error().code);
    return std::move(*answered);
  }
  std::string refused(ReportsQuestion question) {
    const auto answered = run(session_reports->figures(admin_caller(), question));
    const auto exported = run(session_reports->file(admin_caller(), question));
    REQUIRE_FALSE(answered);
    REQUIRE_FALSE(exported);
    CHECK(answered.error().detail == exported.error().detail);
    return answered.error().code + " " + json::string_at(answered.error().detail, "field").value_or("") + " " + json::string_at(answered.error().detail, "rule").value_or("");
  }
};

void helped(support::SupportSession& row) {
  row.state = support::SessionState::reported;
  row.first_came_at = row.created_at + minutes{2};
  row.first_connected_at = row.created_at + minutes{5};
  row.waited = minutes{3};
  row.report = support::sum_up({{.start = row.created_at + minutes{5}, .end = row.created_at + minutes{25}, .supporter = "Robin", .notes = "secret notes", .rating = 4, .customer_comment = "secret comment"}}, "");
}

Time at(std::string_view text) { return from_iso8601(text).value(); }

TEST_CASE("reports are for Jira admins on the admin page") {
  ReportsStage stage;
  for (const auto page : {support::Page::issue_panel, support::Page::personal, support::Page::global, support::Page::portal, support::Page::project_settings}) {
    auto elsewhere = stage.admin_caller();
    elsewhere.call.page = page;
    CHECK(code_of(stage.run(stage.session_reports->figures(elsewhere, {}))) == "forbidden");
    CHECK(code_of(stage.run(stage.session_reports->file(elsewhere, {}))) == "forbidden");
  }
  const auto nobody = stage.caller_on(support::Page::admin, stage.colleague);
  CHECK(code_of(stage.run(stage.session_reports->figures(nobody, {}))) == "forbidden");
  CHECK(code_of(stage.run(stage.session_reports->file(nobody, {}))) == "forbidden");
}

TEST_CASE("thirty days when no time is asked for, the last one being today, each of them there") {
  ReportsStage stage;
  stage.clock.time = at("2026-03-15T10:00:00Z");
  stage.put(at("2026-02-13T23:59:59Z"));   // the day before
  stage.put(at("2026-02-14T00:00:00Z"));
  stage.put(at("2026-03-15T09:59:59Z"), helped);
  const auto answer = stage.read_figures();
  CHECK(answer.at("from") == "2026-02-14T00:00:00Z");
  CHECK(answer.at("to") == "2026-03-15T10:00:00Z");
  CHECK(answer.at("zone") == "UTC");
  const auto& days = answer.at("days").as_array();
  REQUIRE(days.size() == 30);
  CHECK(days.front().at("day") == "2026-02-14");
  CHECK(days.back().at("day") == "2026-03-15");
  CHECK(days[1].at("figures") == json::object{{"sessions", 0}, {"running", 0}, {"notMade", 0}, {"nobody", 0}, {"came", 0}, {"connected", 0}});
  const auto& total = answer.at("total").as_object();
  CHECK(total.at("sessions") == 2);
  CHECK(total.at("nobody") == 1);
  CHECK(total.at("waiting") == json::object{{"count", 1}, {"mean", 180}, {"median", 180}, {"ninetieth", 180}, {"total", 180}});
  CHECK(total.at("duration").at("total") == 1'200);
  CHECK(total.at("ratings").at("count") == 1);
  CHECK(answer.at("agents").as_array().at(0).at("agent") == json::object{{"id", "agent"}, {"name", "Name of agent"}});
  CHECK(answer.at("projects").as_array().at(0).at("project") == "HELP");
  CHECK_FALSE(answer.contains("agentsLeftOut"));
  CHECK_FALSE(answer.contains("namesMissing"));
}

TEST_CASE("days are those of the zone that is asked for") {
  ReportsStage stage;
  stage.put(at("2026-03-01T23:30:00Z"));   // in Paris it is the second
  const auto days_of = [&](std::string zone) {
    const auto answer = stage.read_figures({.from = at("2026-03-01T12:00:00Z"), .to = at("2026-03-02T12:00:00Z"), .zone = std::move(zone)});
    return answer.at("days").as_array();
  };
  CHECK(days_of("UTC")[0].at("figures").at("sessions") == 1);
  CHECK(days_of("Europe/Paris")[0].at("figures").at("sessions") == 0);
  CHECK(days_of("Europe/Paris")[1].at("figures").at("sessions") == 1);
  CHECK(std::string(stage.read_file({.from = at("2026-03-01T12:00:00Z"), .to = at("2026-03-02T12:00:00Z"), .zone = "Europe/Paris"}).at("text").as_string()).contains("23:30:00.000Z,2026-03-02,"));
}

TEST_CASE("a time is refused by name and rule when its zone does not exist, when it ends before it begins, and when it is too long") {
  ReportsStage stage;
  stage.clock.time = at("2026-03-15T10:00:00Z");
  CHECK(stage.refused({.zone = "Europe/Atlantis"}) == "invalid_field zone time_zone");
  CHECK(stage.refused({.from = at("2026-03-02T00:00:00Z"), .to = at("2026-03-02T00:00:00Z")}) == "invalid_field to after_from");
  CHECK(stage.refused({.from = at("2026-03-03T00:00:00Z"), .to = at("2026-03-02T00:00:00Z")}) == "invalid_field to after_from");
  CHECK_MESSAGE(stage.refused({.from = at("2026-03-15T10:00:00Z")}) == "invalid_field to after_from", "the end is now");
  CHECK(stage.refused({.from = at("2025-03-14T00:00:00Z")}) == "invalid_field from max_days");
  CHECK(stage.refused({.from = at("0000-01-01T00:00:00Z"), .to = at("9999-12-31T00:00:00Z")}) == "invalid_field from max_days");
  CHECK(stage.read_figures({.from = at("2025-03-15T00:00:00Z")}).at("days").as_array().size() == 366);
  CHECK(stage.read_figures({.to = at("2025-03-01T00:00:00Z"), .zone = "Europe/Paris"}).at("days").as_array().size() == 30);
}

TEST_CASE("filters narrow the figures and the file alike, and leave what there is to choose from") {
  ReportsStage stage;
  const auto now = stage.clock.now();
  stage.put(now - minutes{10});
  stage.put(now - minutes{9}, [&](support::SupportSession& row) { row.supporter = stage.colleague; });
  stage.put(now - minutes{8}, [&](support::SupportSession& row) { row.supporter = stage.colleague, row.issue_key = IssueKey{"OPS-7"}; });
  const auto sessions = [&](ReportsQuestion question) {
    const auto answer = stage.read_figures(question);
    const auto file = stage.read_file(question);
    CHECK(file.at("total") == answer.at("total").at("sessions"));
    CHECK(file.at("count") == file.at("total"));
    CHECK(answer.at("choices").at("agents").as_array().size() == 2);
    CHECK(answer.at("choices").at("projects") == json::array{"HELP", "OPS"});
    return answer.at("total").at("sessions");
  };
  CHECK(sessions({}) == 3);
  CHECK(sessions({.agent = "colleague"}) == 2);
  CHECK(sessions({.project = "help"}) == 2);
  CHECK(sessions({.agent = "colleague", .project = "OPS"}) == 1);
  CHECK(sessions({.agent = "nobody"}) == 0);
  CHECK(sessions({.project = "HEL"}) == 0);
}

TEST_CASE("the file has a line for each session, newest first, by stable names, without links, addresses and what was said") {
  ReportsStage stage;
  stage.users.known[stage.colleague].name = "=1+1";
  const auto created = stage.clock.now() - minutes{120};
  stage.put(created, helped);
  stage.put(created + minutes{1}, [&](support::SupportSession& row) {
    row.customer = {.account = {}, .name = "@Zoe", .email = "zoe@example.com"};
    row.notes = "secret notes";
    row.description = "secret description";
    row.made.reset();
    row.state = support::SessionState::failed;
  });
  const auto file = stage.read_file();
  const std::string text(file.at("text").as_string());
  CHECK(text.starts_with(std::string(kHeader) + "\r\n"));
  const auto day = to_iso8601(created).substr(0, 10);
  CHECK(text.contains(to_iso8601_millis(created) + "," + day + ",018f0000-0000-7000-8000-100000000000,s12-345-678,10001,HELP-1,HELP,reported,agent,Name of agent,colleague,'=1+1," +
                      to_iso8601_millis(created + minutes{2}) + "," + to_iso8601_millis(created + minutes{5}) + ",180," + to_iso8601_millis(created + minutes{60}) + ",1,1200,4\r\n"));
  CHECK_MESSAGE(text.contains(",,10001,HELP-1,HELP,failed,agent,Name of agent,,'@Zoe,,,," + to_iso8601_millis(created + minutes{61}) + ",,,\r\n"), text);
  CHECK(text.find("failed") < text.find("reported"));
  for (const auto* secret : {"provider.example", "http", "secret", "zoe@", "As the session has it"}) CHECK_FALSE(text.contains(secret));
}

TEST_CASE("while Jira does not answer figures and file have accounts by their ids, and say why") {
  ReportsStage stage;
  stage.put(stage.clock.now() - minutes{10});
  stage.read_figures({.agent = "nobody", .project = "X"});   // the admin's rights are remembered
  stage.account_names.emplace(*stage.doors);
  stage.users.down = fail_for_now("jira_unreachable", "away").error();
  const auto answer = stage.read_figures();
  CHECK(answer.at("namesMissing") == "jira_unreachable");
  CHECK(answer.at("agents").as_array().at(0).at("agent") == json::object{{"id", "agent"}});
  CHECK(stage.read_file().at("namesMissing") == "jira_unreachable");
}

TEST_CASE("figures of more sessions than one question may hold are refused, and their file is not") {
  ReportsStage stage;
  stage.session_reports.emplace(*stage.doors, *stage.admission, *stage.account_names, 2);
  const auto now = stage.clock.now();
  for (int i = 1; i <= 2; ++i) stage.put(now - minutes{i});
  CHECK(stage.read_figures().at("total").at("sessions") == 2);
  stage.put(now - minutes{3});
  const auto refused = stage.run(stage.session_reports->figures(stage.admin_caller(), {}));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "invalid_field");
  CHECK(refused.error().detail == json::object{{"field", "from"}, {"rule", "max_sessions"}, {"limit", 2}});
  CHECK(stage.read_figures({.from = now - minutes{2}}).at("total").at("sessions") == 2);
  CHECK(stage.read_file().at("total") == 3);
}

TEST_CASE("twenty thousand sessions: the answer and every piece of the file stay small, nothing is read twice or left out, and both agree") {
  ReportsStage stage;
  constexpr int kMany = 20'000;
  stage.clock.time = at("2026-12-31T12:00:00Z");
  const auto first = at("2026-01-01T00:00:00Z");
  const std::string long_name(100, 'x');
  for (int begun = 0; begun < kMany; begun += 2'000) {
    stage.write([&](ports::UnitOfWork& unit) {
      for (int i = begun; i < begun + 2'000; ++i) {
        auto row = stage.session(first + minutes{i * 26}, helped);
        row.supporter = AccountId{"agent-" + std::to_string(i % 300) + std::string(60, 'a')};
        row.issue_key = IssueKey{"P" + std::to_string(i % 250) + "-" + std::to_string(i)};
        row.customer = {.account = {}, .name = long_name, .email = {}};
        unit.sessions().insert(row);
      }
    });
  }
  const ReportsQuestion year{.from = first, .zone = "Europe/Paris"};
  const auto answer = stage.read_figures(year);
  CHECK(answer.at("total").at("sessions") == kMany);
  CHECK(answer.at("days").as_array().size() == 365);
  CHECK(answer.at("agents").as_array().size() == 200);
  CHECK(answer.at("agentsLeftOut") == 100);
  CHECK(answer.at("projects").as_array().size() == 200);
  CHECK(answer.at("projectsLeftOut") == 50);
  CHECK(boost::json::serialize(answer).size() < 512 * 1024);

  std::set<std::string> seen;
  auto question = year;
  std::int64_t total = 0;
  for (int piece = 0; piece < 20; ++piece) {
    const auto file = stage.read_file(question);
    if (piece == 0) total = file.at("total").as_int64();
    const std::string text(file.at("text").as_string());
    CHECK(text.size() < 2'100'000);
    CHECK(file.at("count").to_number<std::int64_t>() <= 2'000);
    for (auto place = text.find("018f0000"); place != std::string::npos; place = text.find("018f0000", place + 1)) CHECK(seen.insert(text.substr(place, 36)).second);
    const auto next = json::string_at(file, "next");
    if (!next) break;
    question.after = from_cursor(*next);
    REQUIRE(question.after);
  }
  CHECK(total == kMany);
  CHECK(seen.size() == kMany);
}

}  // namespace
}  // namespace belay::desk
