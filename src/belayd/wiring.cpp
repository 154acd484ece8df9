#include "belayd/wiring.hpp"

#include "base/log.hpp"

namespace belay::belayd {
namespace {

constexpr std::string_view kChanged = "installation.changed";   // the bus: what panels show of this installation was written
constexpr Milliseconds kTidyPace{60'000};
constexpr int kUpkeepEach = 60;   // of those

net::ClientSettings client_settings(const Configuration& configuration) {
  net::ClientSettings settings;
  settings.user_agent = "Belay/0.1";
  for (const auto& site : configuration.datacenters) {
    if (!site.ca_file.empty()) settings.authorities.emplace(site.base_url, site.ca_file);
  }
  return settings;
}

jira::cloud::ForgeSettings forge_settings(const Configuration& configuration) {
  return {.app_ids = configuration.forge.app_ids, .environments = configuration.forge.environments, .api_hosts = configuration.forge.api_hosts};
}

// A SQLite file belongs to one instance, which hears of every change itself.
Milliseconds facts_life(storage::Engine engine) { return engine == storage::Engine::sqlite ? Milliseconds{60'000} : Milliseconds{2'000}; }

work::WorkerSettings worker_settings(ports::Random& random) {
  work::WorkerSettings settings;
  settings.owner = random.uuid();
  return settings;
}

std::vector<jira::datacenter::Site> sites_of(const Configuration& configuration) {
  std::vector<jira::datacenter::Site> sites;
  for (const auto& site : configuration.datacenters) {
    sites.push_back({.name = site.name, .base_url = site.base_url, .client_id = site.client_id, .client_secret = site.client_secret, .service_token = site.service_token, .webhook_secret = site.webhook_secret});
  }
  return sites;
}

// The keys were read when the database was opened with them.
crypto::Sealer sealer_of(const Configuration& configuration) { return crypto::Sealer::from_key_file(configuration.secrets.keys).value(); }

// The desk's outcomes in the worker's words. How long to wait after a failure is the worker's business.
template <class Steps>
work::Step step(Steps& steps, Task<desk::StepResult> (Steps::*member)(ports::OutboxRow), const work::Worker& worker, const ports::Clock& clock, ports::Random& random) {
  struct Adapter {
    static Task<work::Outcome> run(Steps& steps, Task<desk::StepResult> (Steps::*member)(ports::OutboxRow), const work::Worker& worker, const ports::Clock& clock,
                                   ports::Random& random, ports::OutboxRow row) {
      const auto attempts = row.attempts;
      auto result = co_await (steps.*member)(std::move(row));
      if (auto* later = std::get_if<desk::LaterAt>(&result)) co_return work::Again{later->due_at, std::nullopt};
      if (auto* failed = std::get_if<desk::TryAgain>(&result)) {
        const auto due = work::next_try(worker.settings(), clock.now(), attempts, failed->error, random);
        co_return work::Again{due, std::move(failed->error)};
      }
      if (auto* given_up = std::get_if<desk::GiveUp>(&result)) co_return work::SetAside{std::move(given_up->error)};
      co_return work::Done{};
    }
  };
  return [&steps, member, &worker, &clock, &random](ports::OutboxRow row) { return Adapter::run(steps, member, worker, clock, random, std::move(row)); };
}

}  // namespace

Result<std::optional<std::filesystem::path>> test_clock(const Configuration& configuration, const Environment& environment) {
  const auto file = environment("BELAY_TEST_CLOCK");
  if (!file || file->empty()) return std::optional<std::filesystem::path>{};
  if (!is_loopback_url(configuration.server.public_url)) {
    return fail("configuration_invalid", "BELAY_TEST_CLOCK: only for tests, and server.public_url is not on this machine");
  }
  return std::optional<std::filesystem::path>{*file};
}

Result<std::unique_ptr<storage::Database>> open_database(const Configuration& configuration) {
  BELAY_TRY(sealer, crypto::Sealer::from_key_file(configuration.secrets.keys));
  storage::Settings settings;
  settings.url = configuration.storage.url;
  return storage::Database::open(std::move(settings), std::move(sealer));
}

teamviewer::Settings teamviewer_settings(const Configuration& configuration) {
  teamviewer::Settings settings;
  settings.client_id = configuration.teamviewer.client_id;
  settings.client_secret = configuration.teamviewer.client_secret;
  settings.reports_client_id = configuration.teamviewer.reports_client_id;
  settings.reports_client_secret = configuration.teamviewer.reports_client_secret;
  settings.authorize_url = configuration.teamviewer.authorize_url;
  settings.api_url = configuration.teamviewer.api_url;
  settings.launch_url = configuration.teamviewer.launch_url;
  settings.calls_per_minute = configuration.teamviewer.calls_per_minute;
  settings.redirect_uri = configuration.server.public_url + "/oauth/teamviewer/callback";
  return settings;
}

House::House(const Configuration& configuration, net::Runtime& runtime, const SystemClock& clock, std::unique_ptr<storage::Database> database, gateway::PageFiles pages, Catalogue words)
    : clock_(clock),
      database_(std::move(database)),
      pages_(std::move(pages)),
      words_(std::move(words)),
      random_(clock),
      work_alarm_(runtime.io(), clock),
      key_alarm_(runtime.io(), clock),
      client_(runtime.io(), client_settings(configuration)),
      keys_(client_, clock, {.url = configuration.forge.jwks_url, .cache_file = configuration.forge.jwks_cache}),
      verifier_(keys_, clock, forge_settings(configuration)),
      access_(runtime.io(), *database_, clock),
      rest_(client_, access_, clock),
      tickets_(rest_),
      users_(rest_),
      permissions_(rest_, clock),
      marks_(rest_),
      sites_(sites_of(configuration)),
      page_tokens_(sealer_of(configuration)),
      jira_oauth_(client_, sites_, page_tokens_, clock, configuration.server.public_url),
      datacenter_access_(runtime.io(), *database_, jira_oauth_, sites_, clock),
      datacenter_rest_(client_, datacenter_access_, clock, jira::CountedBy::user),
      datacenter_projects_(datacenter_rest_),
      page_verifier_(page_tokens_, sites_, datacenter_projects_, clock, configuration.server.public_url),
      datacenter_tickets_(datacenter_rest_),
      datacenter_users_(datacenter_rest_),
      datacenter_permissions_(datacenter_rest_),
      datacenter_marks_(datacenter_rest_),
      all_tickets_(tickets_, datacenter_tickets_),
      all_users_(users_, datacenter_users_),
      all_permissions_(permissions_, datacenter_permissions_),
      all_marks_(marks_, datacenter_marks_),
      all_callers_(verifier_, page_verifier_),
      account_reports_(rest_),
      provider_(runtime.io(), client_, *database_, clock, teamviewer_settings(configuration)),
      worker_(worker_settings(random_), *database_, clock, random_, work_alarm_,
              [this](std::string_view kind, std::string_view outcome) { metrics_.worker_step(kind, outcome); }),
      doors_{.storage = *database_,
             .tickets = all_tickets_,
             .users = all_users_,
             .permissions = all_permissions_,
             .marks = all_marks_,
             .provider = provider_,
             .contacts = provider_,
             .records = provider_,
             .account_reports = account_reports_,
             .clock = clock,
             .random = random_,
             .digests = digests_,
             .work = worker_,
             .words = words_,
             .changes = changes_,
             .house = {.public_url = configuration.server.public_url, .default_group = configuration.teamviewer.group, .calls_per_minute = configuration.teamviewer.calls_per_minute, .facts_life = facts_life(database_->engine())}},
      admission_(doors_),
      polling_(doors_),
      people_book_(doors_),
      contact_book_(doors_),
      rosters_(doors_, people_book_),
      issue_people_(doors_, rosters_),
      matching_(doors_, people_book_, contact_book_),
      panel_(doors_, admission_, polling_, rosters_, issue_people_, matching_),
      sessions_(doors_, admission_, issue_people_),
      own_sessions_(doors_, admission_, polling_),
      own_request_(doors_, admission_, polling_),
      help_asks_(doors_, admission_),
      queue_(doors_, admission_, polling_),
      reach_(doors_, admission_, issue_people_, matching_, contact_book_),
      account_(doors_),
      pairing_(doors_, admission_),
      administration_(doors_, admission_),
      project_administration_(doors_, admission_),
      automation_(doors_, sessions_),
      account_names_(doors_),
      audit_reading_(doors_, admission_, account_names_),
      session_reports_(doors_, admission_, account_names_),
      set_aside_work_(doors_, admission_, account_names_),
      retention_(doors_, admission_),
      personal_data_(doors_, admission_, account_names_),
      account_erasing_(doors_, admission_),
      account_reporting_(doors_),
      events_(doors_, admission_),
      invitation_reading_(doors_),
      session_steps_(doors_, invitation_reading_),
      invitation_steps_(doors_, invitation_reading_),
      waiting_notice_(doors_),
      report_look_(doors_),
      report_writing_(doors_),
      worklog_writing_(doors_),
      farewell_(doors_),
      upkeep_(doors_),
      sign_ins_(doors_, jira_oauth_),
      webhooks_(doors_, admission_, jira_oauth_),
      callers_(all_callers_, *database_, clock),
      gateway_({.panel = panel_, .sessions = sessions_, .own_sessions = own_sessions_, .own_request = own_request_, .help_asks = help_asks_, .queue = queue_, .reach = reach_, .account = account_, .pairing = pairing_, .administration = administration_,
                .project_administration = project_administration_, .audit = audit_reading_, .reports = session_reports_, .set_aside = set_aside_work_,
                .retention = retention_, .personal_data = personal_data_, .automation = automation_, .events = events_, .sign_ins = sign_ins_, .webhooks = webhooks_}, callers_, pages_, words_, clock,
               normal_origin(configuration.server.public_url),
               [this](std::string_view route, unsigned status, std::chrono::microseconds took) { metrics_.request(route, status, took); }) {
  observe();
  give_steps();
}

House::~House() { database_.reset(); }

// The operator's word is their pairing: there is no code to carry over, and no page of theirs that could ask for one.
Task<Result<void>> House::know_sites() {
  if (sites_.all().empty()) co_return Result<void>{};
  co_return co_await static_cast<ports::Storage&>(*database_).write<void>([this](ports::UnitOfWork& unit) -> Result<void> {
    auto& installations = unit.installations();
    for (const auto& [id, site] : sites_.all()) {
      auto known = installations.find(id);
      if (known && known->api_base_url == site.base_url) continue;
      ports::Installation row = known.value_or(ports::Installation{});
      row.id = id;
      row.site_url = row.api_base_url = site.base_url;
      row.app_id = row.environment_id = row.cloud_id = id.value;
      if (known) {
        // What people gave us for one Jira goes to no other, should it be another.
        unit.sign_ins().sign_out_all(id);
        log::warning("jira_moved", {{"installation", id.value}, {"site", site.base_url}});
        installations.update(row);
        continue;
      }
      row.paired_at = clock_.now();
      installations.insert(row);
    }
    return {};
  });
}

Task<jira::datacenter::Examined> House::examine(std::string site) {
  const auto* known = sites_.named(site);
  if (known == nullptr) co_return jira::datacenter::Examined{};
  jira::datacenter::Examination examination(client_, *known);
  co_return co_await examination.look();
}

void House::observe() {
  bus_.subscribe(kChanged, [this](const std::string& installation) { changes_.note(InstallationId{installation}); });
  database_->observe_changes([this](const InstallationId& installation) { bus_.publish(kChanged, installation.value); });
  client_.observe([this](const net::CallObserved& call) { metrics_.outbound(call.name, call.status, call.tries, call.took); });
  admission_.observe_forgetting([this](const InstallationId& installation) {
    people_book_.forget(installation);
    account_names_.forget(installation);
    contact_book_.forget(installation);
    rosters_.forget(installation);
    issue_people_.forget(installation);
    panel_.forget(installation);
    tickets_.forget(installation);
    callers_.forget(installation);   // an erased account left no token
  });
  callers_.observe([this](std::string_view verdict) { metrics_.verification(verdict); });
}

void House::give_steps() {
  const auto on = [this](const char* kind, auto& steps, auto member, int most_tries = work::kMostTries) { worker_.on(kind, step(steps, member, worker_, clock_, random_), most_tries); };
  on("session.provision", session_steps_, &desk::SessionSteps::provision);
  on("session.close", session_steps_, &desk::SessionSteps::close);
  on("session.sweep", session_steps_, &desk::SessionSteps::sweep);
  on("session.invite", invitation_steps_, &desk::InvitationSteps::invite);
  on("session.notice", invitation_steps_, &desk::InvitationSteps::notice);
  on("session.waiting", waiting_notice_, &desk::WaitingNotice::tell);
  on("session.report", report_look_, &desk::ReportLook::look);
  on("session.report_back", report_writing_, &desk::ReportWriting::write_back);
  on("session.worklog", worklog_writing_, &desk::WorklogWriting::book);
  on("roster.read", rosters_, &desk::Rosters::read);
  on("contact.invite", reach_, &desk::Reach::send_invitation);
  on("issue.property", reach_, &desk::Reach::write_property);
  on("account.poll", polling_, &desk::Polling::poll, work::kAnyTries);
  on("link.check", upkeep_, &desk::Upkeep::check_link, work::kAnyTries);
  on("link.end", farewell_, &desk::Farewell::end_link);
  on("installation.end", farewell_, &desk::Farewell::end_installation);
  on("issue.gone", farewell_, &desk::Farewell::end_issue);
  on("issue.check", webhooks_, &desk::Webhooks::check);
  on("retention.erase", retention_, &desk::Retention::erase);
  on("account.erase", account_erasing_, &desk::AccountErasing::erase);
  on("account.refresh", account_erasing_, &desk::AccountErasing::refresh);
  on("accounts.report", account_reporting_, &desk::AccountReporting::report);
  on("grant.expire", farewell_, &desk::Farewell::end_grant);
}

Task<void> House::keep_keys_fresh() { co_await keys_.keep_fresh(key_alarm_); }

Task<void> House::keep_tidy() {
  auto resealed = co_await database_->reseal();
  if (!resealed) log::warning("not_resealed", log::fields_of(resealed.error()));
  else if (resealed->unopenable > 0) log::warning("not_all_resealed", {{"values", resealed->sealed}, {"unopenable", resealed->unopenable}});
  else if (resealed->sealed > 0) log::info("resealed", {{"values", resealed->sealed}});
  for (int round = 0;; round = (round + 1) % kUpkeepEach) {
    co_await work_alarm_.sleep(kTidyPace);
    people_book_.tidy();
    account_names_.tidy();
    contact_book_.tidy();
    admission_.tidy();
    rosters_.tidy();
    issue_people_.tidy();
    panel_.tidy();
    invitation_reading_.tidy();
    if (round != 0) continue;
    if (auto tidied = co_await upkeep_.tidy(); !tidied) log::warning("not_tidied", log::fields_of(tidied.error()));
    if (auto mended = co_await upkeep_.mend(); !mended) log::warning("not_mended", log::fields_of(mended.error()));
  }
}

}  // namespace belay::belayd
