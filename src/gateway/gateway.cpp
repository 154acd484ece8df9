#include "gateway/gateway.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "base/log.hpp"
#include "gateway/problem.hpp"
#include "support/code_points.hpp"

namespace belay::gateway {
namespace {

constexpr std::chrono::milliseconds kSlow{1'000};

// Fields that stand once (RFC 9110, section 5.3). Of two, somebody on the way may have judged the other one.
constexpr std::array<std::string_view, 5> kSingleFields{"Authorization", "Content-Type", "Idempotency-Key", "X-Forge-OAuth-System", "X-Forge-OAuth-User"};

Result<void> check_single(const net::Headers& headers) {
  for (const auto name : kSingleFields) {
    if (headers.count(name) > 1) return fail("invalid_request", "more than one " + std::string(name));
  }
  return {};
}

// The type without its parameters, in either case (RFC 9110, section 8.3.1).
bool is_json(std::string_view content_type) {
  return support::same_ignoring_case(support::trimmed(content_type.substr(0, content_type.find(';'))), "application/json");
}

// Requests that carry a body say what it is; Forge sends application/json.
Result<json::object> read_body(const net::Request& request) {
  if (request.body.empty()) return json::object{};
  if (!is_json(request.header("content-type").value_or(""))) return fail("unsupported_media_type", "not application/json");
  return json::parse_object(request.body);
}

net::Response render(Answer answer) {
  net::Response response;
  if (answer.document) {
    auto& document = *answer.document;
    response.status = answer.status;
    response.headers.emplace("Content-Type", std::move(document.content_type));
    if (!document.security_policy.empty()) response.headers.emplace("Content-Security-Policy", std::move(document.security_policy));
    if (!document.cache_control.empty()) response.headers.emplace("Cache-Control", std::move(document.cache_control));
    response.body = std::move(document.bytes);
  } else if (!answer.text.empty()) {
    response = json_answer(answer.status, std::move(answer.text));
  } else if (answer.location.empty()) {
    response = json_answer(answer.status, answer.body);
  } else {
    response.status = 302;
    response.headers.emplace("Location", answer.location);
  }
  for (auto& cookie : answer.cookies) response.headers.emplace("Set-Cookie", std::move(cookie));
  return response;
}

}  // namespace

std::string trace_of(const net::Request& request) {
  const auto trace = request.header("x-b3-traceid").value_or("");
  const bool plausible = trace.size() <= 64 && std::ranges::all_of(trace, [](unsigned char c) { return std::isxdigit(c) != 0 || c == '-'; });
  return plausible ? std::string(trace) : std::string();
}

std::string uuid_in_path(const RouteCall& call) {
  constexpr std::string_view shape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  const auto& id = call.parameters.find("id")->second;
  const auto fits = [](char c, char wanted) { return wanted == '-' ? c == '-' : (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return std::ranges::equal(id, shape, fits) ? id : std::string();
}

Gateway::Gateway(Desk desk, Callers& callers, const PageFiles& pages, const Catalogue& words, const ports::Clock& clock, const std::string& public_url, RequestObserver observer)
    : callers_(callers), words_(words), secure_(public_url.starts_with("https://")), observer_(std::move(observer)) {
  add_panel_routes(router_, desk.panel);
  add_session_routes(router_, desk.sessions, desk.own_sessions);
  add_request_routes(router_, desk.own_request, desk.help_asks, desk.queue);
  add_people_routes(router_, desk.reach);
  add_settings_routes(router_, desk.administration, desk.project_administration);
  add_audit_routes(router_, desk.audit);
  add_reports_routes(router_, desk.reports);
  add_work_routes(router_, desk.set_aside);
  add_personal_data_routes(router_, desk.retention, desk.personal_data);
  add_account_routes(router_, desk.account, secure_);
  add_pairing_routes(router_, desk.pairing, callers);
  add_automation_routes(router_, desk.automation, words);
  add_event_routes(router_, desk.events, callers);
  add_datacenter_routes(router_, desk.sign_ins, desk.webhooks, pages, public_url, clock, words);
}

Task<Result<Answer>> Gateway::let_through(const Route& route, RouteCall call, std::string& installation) {
  BELAY_CO_CHECK(check_single(call.request.headers));
  if (route.door != Door::for_browsers) {
    BELAY_CO_TRY(verified, co_await callers_.verify(take_tokens(call.request)));
    installation = verified.installation.value;
    BELAY_CO_TRY(paired, co_await callers_.paired_as(verified.installation));
    if (!paired && route.door == Door::for_events) co_return plain({{"accepted", false}});
    const bool without_principal = route.door == Door::for_events || route.door == Door::for_rules;
    if (!paired && (route.door == Door::for_people || route.door == Door::for_rules)) co_return fail("not_paired", "the installation is not paired");
    if (!without_principal && !verified.principal) co_return fail("forbidden", "no principal", {{"reason", "wrong_module"}});
    if (paired && *paired != verified.installation) {
      verified.known_as = std::exchange(verified.installation, std::move(*paired));
      installation = verified.installation.value;
    }
    // What was kept may have gone with an earlier pairing.
    if (route.door == Door::for_pairing) callers_.forget(verified.installation);
    if (callers_.brings_new_tokens(verified)) {
      BELAY_CO_TRY(kept, co_await callers_.keep_tokens(std::move(verified)));
      verified = std::move(kept);
    }
    if (verified.principal) call.caller = desk::Caller{.call = {}, .account = *verified.principal, .trace_id = trace_of(call.request), .peer = call.request.peer};
    (without_principal ? call.verified : call.caller.call) = std::move(verified);
  }
  BELAY_CO_TRY(body, read_body(call.request));
  call.body = std::move(body);
  if (route.method != "POST" && route.method != "PUT" && route.method != "PATCH" && !call.body.empty()) {
    co_return fail("unknown_field", "no body is wanted", {{"field", call.body.begin()->key()}});
  }
  co_return co_await route.handler(std::move(call));
}

Task<net::Response> Gateway::answer(net::Request request, std::string& route_name, std::string& installation) {
  auto match = router_.find(request.method, request.path);
  const auto accept = std::string(request.header("accept").value_or(""));
  const auto accept_language = std::string(request.header("accept-language").value_or(""));
  if (match.route == nullptr) {
    const auto* code = match.path_known ? "method_not_allowed" : "not_found";
    auto refused = problem_answer(Error{.code = code, .cause = "no such route", .detail = {}, .retryable = false, .retry_after = {}}, words_);
    if (match.path_known) refused.headers.emplace("Allow", router_.methods_of(request.path));
    co_return refused;
  }
  route_name = match.route->pattern;
  const auto trace = trace_of(request);
  RouteCall call;
  call.request = std::move(request);
  call.parameters = std::move(match.parameters);
  auto answered = co_await let_through(*match.route, std::move(call), installation);
  if (answered) co_return render(std::move(*answered));
  if (!answered.error().cause.empty()) log::info("refused", log::fields_of(answered.error(), {{"route", route_name}, {"installation", installation}, {"trace", trace}}));
  if (match.route->door == Door::for_browsers && accept.find("text/html") != std::string::npos) co_return problem_page(answered.error(), accept_language, words_);
  co_return problem_answer(answered.error(), words_);
}

Task<net::Response> Gateway::handle(net::Request request) {
  const auto begun = std::chrono::steady_clock::now();
  const auto trace = trace_of(request);
  const auto method = request.method;
  std::string route_name = "none";
  std::string installation;
  std::optional<net::Response> response;
  try {
    response.emplace(co_await answer(std::move(request), route_name, installation));
  } catch (const std::exception& bug) {
    log::error("handler_threw", {{"route", route_name}, {"what", bug.what()}, {"trace", trace}});
  }
  if (!response) response.emplace(problem_answer(Error{.code = "internal_error", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}}, words_));
  add_safety_headers(*response, secure_);

  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begun);
  if (observer_) observer_(route_name, response->status, took);
  // Panels ask every few seconds: what went well and quickly is worth a line only to somebody who asked for more.
  const bool usual = method == "GET" && response->status < 400 && took < kSlow;
  const auto level = usual ? log::Level::debug : log::Level::info;
  if (log::is_enabled(level)) {
    log::write(level, "request",
               {{"method", method}, {"route", route_name}, {"status", response->status}, {"us", took.count()}, {"trace", trace}, {"installation", installation}});
  }
  co_return std::move(*response);
}

}  // namespace belay::gateway
