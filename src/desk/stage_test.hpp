// A desk on a real SQLite database, with Jira and the provider in memory: an installation, an issue with a reporter, an agent with
// a link. Steps are run by hand, as the worker would, so that a test can stop between any two.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>

#include "crypto/digest.hpp"
#include "desk/account.hpp"
#include "desk/account_erasing.hpp"
#include "desk/account_reporting.hpp"
#include "desk/administration.hpp"
#include "desk/admission.hpp"
#include "desk/audit_reading.hpp"
#include "desk/automation.hpp"
#include "desk/events.hpp"
#include "desk/farewell.hpp"
#include "desk/installation_settings.hpp"
#include "desk/invitation_steps.hpp"
#include "desk/help_asks.hpp"
#include "desk/own_request.hpp"
#include "desk/own_sessions.hpp"
#include "desk/pairing.hpp"
#include "desk/personal_data.hpp"
#include "desk/project_administration.hpp"
#include "desk/panel.hpp"
#include "desk/queue.hpp"
#include "desk/reach.hpp"
#include "desk/report_look.hpp"
#include "desk/report_writing.hpp"
#include "desk/worklog_writing.hpp"
#include "desk/retention.hpp"
#include "desk/polling.hpp"
#include "desk/session_change.hpp"
#include "desk/session_steps.hpp"
#include "desk/session_reports.hpp"
#include "desk/sessions.hpp"
#include "desk/set_aside_work.hpp"
#include "desk/upkeep.hpp"
#include "desk/waiting_notice.hpp"
#include "ports/fake_doors.hpp"
#include "ports/scratch.hpp"
#include "storage/storage.hpp"

namespace belay::desk {

class Stage {
 public:
  const InstallationId installation{"ari:cloud:ecosystem::installation/1"};
  const AccountId agent{"agent"};
  const AccountId colleague{"colleague"};
  const AccountId reporter{"reporter"};

  std::filesystem::path folder = ports::scratch_place() / ("belay-desk-" + crypto::hex(crypto::random_bytes(6)));
  ports::FakeClock clock;
  ports::FakeWork work;
  ports::FakeRandom random;
  ports::FakeDigests digests;
  ports::FakeTickets tickets;
  ports::FakeUsers users;
  ports::FakePermissions permissions;
  ports::FakeMarks marks;
  ports::FakeProvider provider;
  ports::FakeContacts contacts;
  ports::FakeConnectionRecords records;
  ports::FakeAccountReports account_reports;
  Catalogue words;
  Changes changes;
  std::unique_ptr<storage::Database> database;
  std::optional<Doors> doors;
  std::optional<Admission> admission;
  std::optional<Sessions> sessions;
  std::optional<OwnSessions> own_sessions;
  std::optional<OwnRequest> own_request;
  std::optional<HelpAsks> help_asks;
  std::optional<Queue> queue;
  std::optional<InvitationReading> invitation_reading;
  std::optional<SessionSteps> steps;
  std::optional<InvitationSteps> invitations;
  std::optional<WaitingNotice> waiting_notice;
  std::optional<ReportLook> report_look;
  std::optional<ReportWriting> report_writing;
  std::optional<WorklogWriting> worklog_writing;
  std::optional<Polling> polling;
  std::optional<PeopleBook> people_book;
  std::optional<ContactBook> contact_book;
  std::optional<Rosters> rosters;
  std::optional<IssuePeople> issue_people;
  std::optional<Matching> matching;
  std::optional<Reach> reach;
  std::optional<Farewell> farewell;
  std::optional<Panel> panel;
  std::optional<Account> account;
  std::optional<Pairing> pairing;
  std::optional<Administration> administration;
  std::optional<ProjectAdministration> project_administration;
  std::optional<Automation> automation;
  std::optional<AccountNames> account_names;
  std::optional<AuditReading> audit_reading;
  std::optional<SessionReports> session_reports;
  std::optional<SetAsideWork> set_aside_work;
  std::optional<Retention> retention;
  std::optional<PersonalData> personal_data;
  std::optional<AccountErasing> account_erasing;
  std::optional<AccountReporting> account_reporting;
  std::optional<Events> events;
  std::optional<Upkeep> upkeep;

  Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  ~Stage();

  template <class T>
  T run(Task<T> task) {
    std::optional<T> result;
    drive(into(std::move(task), result));
    return std::move(*result);
  }
  void write(const std::function<void(ports::UnitOfWork&)>& work);

  void link(const AccountId& who);

  [[nodiscard]] Caller caller(const AccountId& who) const;
  /// The same person on another page.
  [[nodiscard]] Caller caller_on(support::Page page, const AccountId& who) const;
  [[nodiscard]] Caller admin_caller();
  /// On the settings page of the issue's project.
  [[nodiscard]] Caller project_caller(const AccountId& who) const;
  [[nodiscard]] Caller personal_caller(const AccountId& who) const;
  /// Among the queues of the issue's project.
  [[nodiscard]] Caller queue_caller(const AccountId& who) const;
  /// On the page of the request in the portal, whose token names the key alone.
  [[nodiscard]] Caller portal_caller(const AccountId& who) const;

  SessionId create(SessionWish wish = {});
  support::SupportSession read(const SessionId& id);
  [[nodiscard]] ports::OutboxRow row(std::string kind, std::string subject, int attempts = 0) const;
  std::optional<ports::OutboxRow> asked(const std::string& kind, const std::string& subject);
  bool is_asked_for(const std::string& kind, const std::string& subject);
  std::optional<ports::AccountLink> link_of(const AccountId& who);
  void change_link(const AccountId& who, const std::function<void(ports::AccountLink&)>& change);
  void keep_settings(const std::function<void(support::Settings&)>& change);
  void keep_project_settings(const std::function<void(support::ProjectSettings&)>& change);
  std::vector<std::string> audited();

  StepResult provision(const SessionId& id, int attempts = 0);
  StepResult close_step(const SessionId& id, int attempts = 0);
  StepResult sweep(const SessionId& id);
  /// As it was asked for, with its payload.
  StepResult asked_sweep(const SessionId& id);
  /// As a worker that has begun with it; gives what ends that.
  std::function<void()> claim_sweep(const SessionId& id);
  StepResult invite(const SessionId& id, int attempts = 0);
  StepResult notice(const SessionId& id);
  StepResult poll();

  /// Made at the provider and written on the issue.
  SessionId opened(SessionWish wish = {});

 private:
  static void drive(Task<int> task);
  template <class T>
  static Task<int> into(Task<T> task, std::optional<T>& result) {
    result.emplace(co_await std::move(task));
    co_return 0;
  }
};

/// How many of something a test of large numbers takes. BELAY_FEW is set where only a sanitizer's findings are of interest, which fewer show as well.
[[nodiscard]] std::size_t many(std::size_t count, std::size_t few);

inline Task<void> do_now(std::function<void()> what) {
  what();
  co_return;
}

/// All begin in this order, on one thread.
inline Task<int> together(std::vector<Task<void>> tasks) {
  co_await all_of(std::move(tasks));
  co_return 0;
}

/// "none" for success.
[[nodiscard]] std::string code_of(const auto& result) { return result ? std::string("none") : result.error().code; }

template <class Kind>
bool is(const StepResult& result) { return std::holds_alternative<Kind>(result); }

}  // namespace belay::desk
