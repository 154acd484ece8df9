// The object graph of a running server, built once, in the order things need each other and taken down in the opposite one.
#pragma once

#include <memory>

#include "base/catalogue.hpp"
#include "belayd/configuration.hpp"
#include "belayd/doors.hpp"
#include "bus/in_process.hpp"
#include "desk/account.hpp"
#include "desk/account_erasing.hpp"
#include "desk/account_reporting.hpp"
#include "desk/administration.hpp"
#include "desk/automation.hpp"
#include "desk/events.hpp"
#include "desk/farewell.hpp"
#include "desk/invitation_steps.hpp"
#include "desk/contact_book.hpp"
#include "desk/issue_people.hpp"
#include "desk/matching.hpp"
#include "desk/help_asks.hpp"
#include "desk/own_request.hpp"
#include "desk/own_sessions.hpp"
#include "desk/panel.hpp"
#include "desk/people_book.hpp"
#include "desk/pairing.hpp"
#include "desk/personal_data.hpp"
#include "desk/polling.hpp"
#include "desk/project_administration.hpp"
#include "desk/queue.hpp"
#include "desk/reach.hpp"
#include "desk/report_look.hpp"
#include "desk/report_writing.hpp"
#include "desk/retention.hpp"
#include "desk/rosters.hpp"
#include "desk/session_steps.hpp"
#include "desk/sessions.hpp"
#include "desk/sign_in.hpp"
#include "desk/upkeep.hpp"
#include "desk/waiting_notice.hpp"
#include "desk/webhooks.hpp"
#include "desk/worklog_writing.hpp"
#include "gateway/gateway.hpp"
#include "jira/by_site.hpp"
#include "jira/cloud/access.hpp"
#include "jira/cloud/account_reports.hpp"
#include "jira/cloud/caller_verifier.hpp"
#include "jira/cloud/marks.hpp"
#include "jira/cloud/permissions.hpp"
#include "jira/cloud/tickets.hpp"
#include "jira/cloud/users.hpp"
#include "jira/datacenter/access.hpp"
#include "jira/datacenter/caller_verifier.hpp"
#include "jira/datacenter/examination.hpp"
#include "jira/datacenter/marks.hpp"
#include "jira/datacenter/oauth.hpp"
#include "jira/datacenter/permissions.hpp"
#include "jira/datacenter/tickets.hpp"
#include "jira/datacenter/users.hpp"
#include "jira/rest.hpp"
#include "net/client.hpp"
#include "net/metrics.hpp"
#include "net/runtime.hpp"
#include "storage/storage.hpp"
#include "teamviewer/provider.hpp"
#include "work/worker.hpp"

namespace belay::belayd {

/// BELAY_TEST_CLOCK, when set. Error `configuration_invalid` when public_url is not on this machine: a moved clock accepts old tokens.
[[nodiscard]] Result<std::optional<std::filesystem::path>> test_clock(const Configuration& configuration, const Environment& environment);

/// Opens the database with the configured keys. Blocks.
[[nodiscard]] Result<std::unique_ptr<storage::Database>> open_database(const Configuration& configuration);

[[nodiscard]] teamviewer::Settings teamviewer_settings(const Configuration& configuration);

/// Everything of a server but its listeners.
class House final {
 public:
  House(const Configuration& configuration, net::Runtime& runtime, const SystemClock& clock, std::unique_ptr<storage::Database> database, gateway::PageFiles pages, Catalogue words);
  /// The database first: a unit of work that still runs on its threads reads other members.
  ~House();
  House(const House&) = delete;
  House& operator=(const House&) = delete;

  [[nodiscard]] gateway::Gateway& gateway() { return gateway_; }
  [[nodiscard]] work::Worker& worker() { return worker_; }
  [[nodiscard]] net::Metrics& metrics() { return metrics_; }
  [[nodiscard]] storage::Database& database() { return *database_; }
  [[nodiscard]] jira::cloud::KeySource& keys() { return keys_; }
  [[nodiscard]] net::Client& client() { return client_; }
  [[nodiscard]] desk::Pairing& pairing() { return pairing_; }
  [[nodiscard]] teamviewer::TeamViewer& provider() { return provider_; }
  [[nodiscard]] const Catalogue& words() const { return words_; }

  /// Each Jira Data Center of the configuration has its row, with the address that stands there now.
  Task<Result<void>> know_sites();
  /// What a configured site says of itself, for `belayd doctor`.
  Task<jira::datacenter::Examined> examine(std::string site);

  /// Refreshes the key set, seals anew what an older key sealed, and forgets what has run out, until the house goes. The runtime owns these.
  Task<void> keep_keys_fresh();
  Task<void> keep_tidy();

 private:
  void give_steps();
  void observe();

  const SystemClock& clock_;
  std::unique_ptr<storage::Database> database_;
  gateway::PageFiles pages_;
  Catalogue words_;
  SystemRandom random_;
  SystemDigests digests_;
  ClockAlarm work_alarm_;
  ClockAlarm key_alarm_;
  net::Metrics metrics_;
  bus::InProcess bus_;
  net::Client client_;
  jira::cloud::KeySource keys_;
  jira::cloud::ForgeCallerVerifier verifier_;
  jira::cloud::AccessTokens access_;
  jira::Rest rest_;
  jira::cloud::CloudTickets tickets_;
  jira::cloud::CloudUsers users_;
  jira::cloud::CloudPermissions permissions_;
  jira::cloud::CloudMarks marks_;
  jira::datacenter::Sites sites_;
  jira::datacenter::PageTokens page_tokens_;
  jira::datacenter::OAuth jira_oauth_;
  jira::datacenter::AccessTokens datacenter_access_;
  jira::Rest datacenter_rest_;
  jira::datacenter::Projects datacenter_projects_;
  jira::datacenter::PageCallerVerifier page_verifier_;
  jira::datacenter::DataCenterTickets datacenter_tickets_;
  jira::datacenter::DataCenterUsers datacenter_users_;
  jira::datacenter::DataCenterPermissions datacenter_permissions_;
  jira::datacenter::DataCenterMarks datacenter_marks_;
  jira::TicketsBySite all_tickets_;
  jira::UsersBySite all_users_;
  jira::PermissionsBySite all_permissions_;
  jira::MarksBySite all_marks_;
  jira::CallersOfAllKinds all_callers_;
  jira::cloud::CloudAccountReports account_reports_;
  teamviewer::TeamViewer provider_;
  desk::Changes changes_;
  work::Worker worker_;
  desk::Doors doors_;
  desk::Admission admission_;
  desk::Polling polling_;
  desk::PeopleBook people_book_;
  desk::ContactBook contact_book_;
  desk::Rosters rosters_;
  desk::IssuePeople issue_people_;
  desk::Matching matching_;
  desk::Panel panel_;
  desk::Sessions sessions_;
  desk::OwnSessions own_sessions_;
  desk::OwnRequest own_request_;
  desk::HelpAsks help_asks_;
  desk::Queue queue_;
  desk::Reach reach_;
  desk::Account account_;
  desk::Pairing pairing_;
  desk::Administration administration_;
  desk::ProjectAdministration project_administration_;
  desk::Automation automation_;
  desk::AccountNames account_names_;
  desk::AuditReading audit_reading_;
  desk::SessionReports session_reports_;
  desk::SetAsideWork set_aside_work_;
  desk::Retention retention_;
  desk::PersonalData personal_data_;
  desk::AccountErasing account_erasing_;
  desk::AccountReporting account_reporting_;
  desk::Events events_;
  desk::InvitationReading invitation_reading_;
  desk::SessionSteps session_steps_;
  desk::InvitationSteps invitation_steps_;
  desk::WaitingNotice waiting_notice_;
  desk::ReportLook report_look_;
  desk::ReportWriting report_writing_;
  desk::WorklogWriting worklog_writing_;
  desk::Farewell farewell_;
  desk::Upkeep upkeep_;
  desk::SignIns sign_ins_;
  desk::Webhooks webhooks_;
  gateway::Callers callers_;
  gateway::Gateway gateway_;
};

}  // namespace belay::belayd
