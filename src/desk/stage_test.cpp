#include "desk/stage_test.hpp"

#include <cstdlib>
#include <fstream>

#include "net/runtime.hpp"

namespace belay::desk {
namespace {

std::unique_ptr<storage::Database> open_database(const std::filesystem::path& file, Time now) {
  auto sealer = crypto::Sealer::from_key_file(crypto::base64(std::string(32, 'k')));
  auto opened = storage::Database::open({.url = "sqlite:" + file.string()}, *sealer);
  REQUIRE(opened);
  REQUIRE((*opened)->migrate(now));
  return std::move(*opened);
}

// Migrations take longer than most of these tests: they run once, and every stage begins with a copy of what they made.
const std::string& migrated_file(const std::filesystem::path& folder, Time now) {
  static const std::string bytes = [&] {
    const auto file = folder / "first.db";
    open_database(file, now).reset();
    std::ifstream made(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(made), {});
  }();
  return bytes;
}

}  // namespace

std::size_t many(std::size_t count, std::size_t few) { return std::getenv("BELAY_FEW") == nullptr ? count : few; }

Stage::Stage() {
  std::filesystem::create_directories(folder);
  REQUIRE(words.add("en", R"({"customer_text.default": "Hello {{customer.name}}: {{session.link}}", "customer_text.nobody": "there",
    "mail.subject": "Help with {issue}", "mail.body": "{name}: {link}", "invitation.ended.closed": "Ended {code}", "invitation.ended.expired": "Expired {code}", "invitation.ended.replaced": "Replaced {code}",
    "report.summary": "{code} {time} by {names}", "report.summary.customer": "{code} with {customer} {time} by {names}", "report.nobody": "{code} nobody", "report.nobody.customer": "{code} with {customer} nobody",
    "report.unrecorded": "{code} unrecorded", "report.unrecorded.customer": "{code} with {customer} unrecorded", "report.length_unknown": "for some time", "report.for_customer.length_unknown": "{names} helped",
    "report.minutes": "{minutes} min", "report.under_a_minute": "under a minute", "report.hours": "{hours} h {minutes}", "report.began": "From", "report.ended": "to", "report.connections": "{count} times",
    "report.rating": "Rating {rating}", "report.rating.comment": "Rating {rating} {comment}", "report.notes": "Notes", "report.for_customer": "{names} helped {time}",
    "report.for_customer.nobody": "Nobody came", "report.for_customer.unrecorded": "Nothing on record",
    "waiting.text": ", somebody waits", "waiting.text.customer": ", {customer} waits"})"));
  REQUIRE(words.add("fr", R"({"customer_text.default": "Bonjour {{customer.name}} : {{session.link}}"})"));
  const auto file = folder / "belay.db";
  std::ofstream(file, std::ios::binary) << migrated_file(folder, clock.now());
  database = open_database(file, clock.now());
  database->observe_changes([this](const InstallationId& whose) { changes.note(whose); });

  tickets.known = {.id = IssueId{"10001"}, .key = IssueKey{"HELP-1"}, .project = ProjectKey{"HELP"}, .project_id = ProjectId{"10000"}, .service_project = true, .summary = "Printer offline",
                   .reporter = support::Person{.id = reporter, .name = "Reporter", .picture = {}, .time_zone = {}, .language = {}}, .assignee = std::nullopt};
  for (const auto& who : {agent, colleague}) {
    permissions.rights_of[who] = {.browse = true, .edit_issues = true, .service_agent = true};
    users.known[who] = {.id = who, .name = "Name of " + who.value, .picture = {}, .time_zone = {}, .language = {}};
  }
  doors.emplace(Doors{.storage = *database, .tickets = tickets, .users = users, .permissions = permissions, .marks = marks, .provider = provider, .contacts = contacts, .records = records, .account_reports = account_reports, .clock = clock, .random = random,
                      .digests = digests, .work = work, .words = words, .changes = changes, .house = {.public_url = "https://support.example.com", .default_group = "Jira", .look_patience = Milliseconds{1}}});   // no worker is at work
  admission.emplace(*doors);
  people_book.emplace(*doors);
  contact_book.emplace(*doors);
  rosters.emplace(*doors, *people_book);
  issue_people.emplace(*doors, *rosters);
  matching.emplace(*doors, *people_book, *contact_book);
  reach.emplace(*doors, *admission, *issue_people, *matching, *contact_book);
  sessions.emplace(*doors, *admission, *issue_people);
  invitation_reading.emplace(*doors);
  steps.emplace(*doors, *invitation_reading);
  invitations.emplace(*doors, *invitation_reading);
  waiting_notice.emplace(*doors);
  report_look.emplace(*doors);
  report_writing.emplace(*doors);
  worklog_writing.emplace(*doors);
  polling.emplace(*doors);
  own_sessions.emplace(*doors, *admission, *polling);
  own_request.emplace(*doors, *admission, *polling);
  help_asks.emplace(*doors, *admission);
  queue.emplace(*doors, *admission, *polling);
  farewell.emplace(*doors);
  panel.emplace(*doors, *admission, *polling, *rosters, *issue_people, *matching);
  account.emplace(*doors);
  pairing.emplace(*doors, *admission);
  administration.emplace(*doors, *admission);
  project_administration.emplace(*doors, *admission);
  automation.emplace(*doors, *sessions);
  account_names.emplace(*doors);
  audit_reading.emplace(*doors, *admission, *account_names);
  session_reports.emplace(*doors, *admission, *account_names);
  set_aside_work.emplace(*doors, *admission, *account_names);
  retention.emplace(*doors, *admission);
  personal_data.emplace(*doors, *admission, *account_names);
  account_erasing.emplace(*doors, *admission);
  account_reporting.emplace(*doors);
  events.emplace(*doors, *admission);
  upkeep.emplace(*doors);

  write([&](ports::UnitOfWork& unit) {
    ports::Installation paired;
    paired.id = installation;
    paired.cloud_id = "cloud";
    paired.site_url = "https://site.example";
    paired.api_base_url = "https://api.example/ex/jira/cloud";
    paired.paired_at = clock.now();
    paired.paired_by = agent;
    unit.installations().insert(paired);
  });
  link(agent);
}

Stage::~Stage() {
  database.reset();
  std::filesystem::remove_all(folder);
}

void Stage::drive(Task<int> task) {
  net::Runtime runtime;
  runtime.run(std::move(task), [] {});
}

void Stage::write(const std::function<void(ports::UnitOfWork&)>& change) {
  auto done = run(static_cast<ports::Storage&>(*database).write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    change(unit);
    return {};
  }));
  REQUIRE(done);
}

void Stage::link(const AccountId& who) {
  write([&](ports::UnitOfWork& unit) {
    ports::AccountLink link;
    link.id = LinkId{"link-" + who.value};
    link.installation = installation;
    link.account = who;
    link.account_name = "Name of " + who.value;
    link.provider = provider.name();
    link.at_provider = ports::FakeProvider::eligible();
    link.grant = {.access_token = "access " + who.value, .refresh_token = "refresh", .expires_at = clock.now() + Milliseconds{3'600'000}};
    link.linked_at = link.checked_at = clock.now();
    unit.links().put(link);
  });
}

Caller Stage::caller(const AccountId& who) const {
  Caller caller;
  caller.account = who;
  caller.call.installation = installation;
  caller.call.principal = who;
  caller.call.issue = tickets.known.id;
  caller.call.issue_key = tickets.known.key;
  caller.call.page = support::Page::issue_panel;
  return caller;
}

Caller Stage::caller_on(support::Page page, const AccountId& who) const {
  auto elsewhere = caller(who);
  elsewhere.call.page = page;
  elsewhere.call.issue.reset();
  elsewhere.call.issue_key.reset();
  elsewhere.call.site_url = "https://site.example";
  elsewhere.call.app_id = "ari:cloud:ecosystem::app/app-1";
  elsewhere.call.environment_id = "ari:cloud:ecosystem::environment/app-1/env-1";
  elsewhere.call.api_base_url = "https://api.example/ex/jira/cloud";
  return elsewhere;
}

Caller Stage::admin_caller() {
  permissions.rights_of[agent].administer = true;
  return caller_on(support::Page::admin, agent);
}

Caller Stage::queue_caller(const AccountId& who) const {
  auto elsewhere = project_caller(who);
  elsewhere.call.page = support::Page::queue;
  return elsewhere;
}

Caller Stage::project_caller(const AccountId& who) const {
  auto elsewhere = caller_on(support::Page::project_settings, who);
  elsewhere.call.project = tickets.known.project_id;
  elsewhere.call.project_key = tickets.known.project;
  return elsewhere;
}

Caller Stage::personal_caller(const AccountId& who) const {
  return caller_on(support::Page::personal, who);
}

Caller Stage::portal_caller(const AccountId& who) const {
  auto elsewhere = caller_on(support::Page::portal, who);
  elsewhere.call.issue_key = tickets.known.key;
  return elsewhere;
}

SessionId Stage::create(SessionWish wish) {
  auto created = run(sessions->create(caller(agent), std::move(wish)));
  REQUIRE_MESSAGE(created, created.error().code);
  return SessionId{std::string(created->session.at("id").as_string())};
}

support::SupportSession Stage::read(const SessionId& id) {
  auto session = run(read_session(*doors, installation, id));
  REQUIRE(session);
  return std::move(*session);
}

ports::OutboxRow Stage::row(std::string kind, std::string subject, int attempts) const {
  ports::OutboxRow row;
  row.id = OutboxId{"row"};
  row.installation = installation;
  row.kind = std::move(kind);
  row.subject = std::move(subject);
  row.attempts = attempts;
  return row;
}

std::optional<ports::OutboxRow> Stage::asked(const std::string& kind, const std::string& subject) {
  std::optional<ports::OutboxRow> found;
  write([&](ports::UnitOfWork& unit) { found = unit.outbox().find(installation, kind, subject); });
  return found;
}

bool Stage::is_asked_for(const std::string& kind, const std::string& subject) {
  return asked(kind, subject).has_value();
}

std::optional<ports::AccountLink> Stage::link_of(const AccountId& who) {
  std::optional<ports::AccountLink> found;
  write([&](ports::UnitOfWork& unit) { found = unit.links().find(installation, who, provider.name()); });
  return found;
}

void Stage::change_link(const AccountId& who, const std::function<void(ports::AccountLink&)>& change) {
  write([&](ports::UnitOfWork& unit) {
    auto link = unit.links().find(installation, who, provider.name());
    REQUIRE(link);
    change(*link);
    unit.links().put(*link);
  });
}

void Stage::keep_settings(const std::function<void(support::Settings&)>& change) {
  write([&](ports::UnitOfWork& unit) {
    auto now = settings_of(unit, installation, words);
    change(now.settings);
    REQUIRE(unit.settings().put(installation, support::to_json(now.settings), now.version));
  });
}

void Stage::keep_project_settings(const std::function<void(support::ProjectSettings&)>& change) {
  write([&](ports::UnitOfWork& unit) {
    auto now = project_settings_of(unit, installation, tickets.known.project_id);
    change(now.settings);
    REQUIRE(unit.settings().put(installation, tickets.known.project_id, support::to_json(now.settings), now.version));
  });
}

std::vector<std::string> Stage::audited() {
  std::vector<std::string> actions;
  write([&](ports::UnitOfWork& unit) {
    for (const auto& entry : unit.audit().newest(installation, 100)) actions.push_back(entry.action);
  });
  return actions;
}

StepResult Stage::provision(const SessionId& id, int attempts) {
  return run(steps->provision(row("session.provision", id.value, attempts)));
}

StepResult Stage::close_step(const SessionId& id, int attempts) {
  return run(steps->close(row("session.close", id.value, attempts)));
}

StepResult Stage::sweep(const SessionId& id) {
  return run(steps->sweep(row("session.sweep", id.value)));
}

StepResult Stage::asked_sweep(const SessionId& id) {
  const auto row = asked("session.sweep", id.value);
  REQUIRE(row);
  return run(steps->sweep(*row));
}

std::function<void()> Stage::claim_sweep(const SessionId& id) {
  std::optional<ports::OutboxRow> taken;
  write([&](ports::UnitOfWork& unit) {
    for (auto& row : unit.outbox().claim("somebody", clock.now(), Milliseconds{60'000}, 100)) {
      if (row.kind == "session.sweep" && row.subject == id.value) taken = std::move(row);
      else unit.outbox().again(row.id, "somebody", clock.now(), std::nullopt);
    }
  });
  REQUIRE(taken);
  return [this, row = *taken] { write([&](ports::UnitOfWork& unit) { unit.outbox().finish(row.id, "somebody"); }); };
}

StepResult Stage::invite(const SessionId& id, int attempts) {
  return run(invitations->invite(row("session.invite", id.value, attempts)));
}

StepResult Stage::notice(const SessionId& id) {
  return run(invitations->notice(row("session.notice", id.value)));
}

StepResult Stage::poll() {
  return run(polling->poll(row("account.poll", agent.value)));
}

SessionId Stage::opened(SessionWish wish) {
  const auto id = create(std::move(wish));
  provision(id);
  invite(id);
  return id;
}

}  // namespace belay::desk
