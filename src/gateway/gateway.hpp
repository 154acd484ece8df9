// The HTTP API of docs/openapi.yaml: finds the route, lets the caller in, reads the body, and turns what the desk says into an
// answer. No rules live here.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "desk/account.hpp"
#include "desk/administration.hpp"
#include "desk/audit_reading.hpp"
#include "desk/automation.hpp"
#include "desk/events.hpp"
#include "desk/help_asks.hpp"
#include "desk/own_request.hpp"
#include "desk/own_sessions.hpp"
#include "desk/pairing.hpp"
#include "desk/panel.hpp"
#include "desk/personal_data.hpp"
#include "desk/project_administration.hpp"
#include "desk/queue.hpp"
#include "desk/reach.hpp"
#include "desk/retention.hpp"
#include "desk/session_reports.hpp"
#include "desk/sessions.hpp"
#include "desk/set_aside_work.hpp"
#include "desk/sign_in.hpp"
#include "desk/webhooks.hpp"
#include "gateway/callers.hpp"
#include "gateway/page_files.hpp"
#include "gateway/router.hpp"
#include "net/message.hpp"

namespace belay::gateway {

/// The use cases the routes lead to.
struct Desk {
  desk::Panel& panel;
  desk::Sessions& sessions;
  desk::OwnSessions& own_sessions;
  desk::OwnRequest& own_request;
  desk::HelpAsks& help_asks;
  desk::Queue& queue;
  desk::Reach& reach;
  desk::Account& account;
  desk::Pairing& pairing;
  desk::Administration& administration;
  desk::ProjectAdministration& project_administration;
  desk::AuditReading& audit;
  desk::SessionReports& reports;
  desk::SetAsideWork& set_aside;
  desk::Retention& retention;
  desk::PersonalData& personal_data;
  desk::Automation& automation;
  desk::Events& events;
  desk::SignIns& sign_ins;
  desk::Webhooks& webhooks;
};

/// Is this the path that a Jira Data Center sends its webhooks to? They are longer than what pages send.
[[nodiscard]] bool is_webhook(const std::vector<std::string>& path);

/// Told about every answer: the route's pattern ("/v1/sessions/{id}"), not the path.
using RequestObserver = std::function<void(std::string_view route, unsigned status, std::chrono::microseconds took)>;

class Gateway final {
 public:
  Gateway(Desk desk, Callers& callers, const PageFiles& pages, const Catalogue& words, const ports::Clock& clock, const std::string& public_url, RequestObserver observer);

  /// Never throws: a bug becomes `internal_error`, and the log says which.
  Task<net::Response> handle(net::Request request);

 private:
  Task<net::Response> answer(net::Request request, std::string& route_name, std::string& installation);
  Task<Result<Answer>> let_through(const Route& route, RouteCall call, std::string& installation);

  Callers& callers_;
  const Catalogue& words_;
  bool secure_;
  RequestObserver observer_;
  Router router_;
};

// Each family of routes in a file of its own.
void add_panel_routes(Router& router, desk::Panel& panel);
void add_session_routes(Router& router, desk::Sessions& sessions, desk::OwnSessions& own_sessions);
void add_request_routes(Router& router, desk::OwnRequest& own_request, desk::HelpAsks& asks, desk::Queue& queue);
void add_settings_routes(Router& router, desk::Administration& administration, desk::ProjectAdministration& project_administration);
void add_audit_routes(Router& router, desk::AuditReading& audit);
void add_reports_routes(Router& router, desk::SessionReports& reports);
void add_work_routes(Router& router, desk::SetAsideWork& set_aside);
void add_personal_data_routes(Router& router, desk::Retention& of_age, desk::PersonalData& of_account);
void add_people_routes(Router& router, desk::Reach& reach);
void add_account_routes(Router& router, desk::Account& account, bool secure);
void add_pairing_routes(Router& router, desk::Pairing& pairing, Callers& callers);
void add_automation_routes(Router& router, desk::Automation& automation, const Catalogue& words);
void add_datacenter_routes(Router& router, desk::SignIns& sign_ins, desk::Webhooks& webhooks, const PageFiles& pages, const std::string& public_url, const ports::Clock& clock, const Catalogue& words);
void add_event_routes(Router& router, desk::Events& events, Callers& callers);

/// The `{id}` of the path when it has the shape of our ids, else empty, which no row has: the caller is judged first, and then told that
/// there is no such thing.
[[nodiscard]] std::string uuid_in_path(const RouteCall& call);

/// The call's trace id: x-b3-traceid when it looks like one, else empty.
[[nodiscard]] std::string trace_of(const net::Request& request);

}  // namespace belay::gateway
