#include "sandbox/server/router.hpp"

#include "base/log.hpp"
#include "sandbox/control/control.hpp"
#include "sandbox/jira_datacenter/jira_datacenter.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox {
namespace {

std::string_view segment(const net::Request& request, std::size_t position) {
  return position < request.path.size() ? std::string_view(request.path[position]) : std::string_view{};
}

bool is_site_api(const net::Request& request) { return segment(request, 0) == "ex" && segment(request, 1) == "jira"; }

// What is a site's, and what is Atlassian's own.
bool is_jira_api(const net::Request& request) { return is_site_api(request) || (segment(request, 0) == "app" && segment(request, 1) == "report-accounts"); }

/// The path as the party's documentation writes it, without query.
std::string documented_path(const net::Request& request) {
  std::string path = request.target.substr(0, request.target.find('?'));
  if (!is_site_api(request)) return path;
  // /ex/jira/<cloudId>/rest/… -> /rest/…
  std::size_t from = 0;
  for (int slashes = 0; slashes < 4 && from != std::string::npos; ++slashes) from = path.find('/', from + (slashes > 0 ? 1 : 0));
  return from == std::string::npos ? path : path.substr(from);
}

bool is_api(std::string_view party, const net::Request& request) {
  if (party == "jira") return is_jira_api(request);
  if (party == "datacenter") return segment(request, 0) == "rest" && segment(request, 3) != "authorize";
  return party == "teamviewer" && segment(request, 0) == "api";
}

}  // namespace

Party* Router::party_for(const net::Request& request) {
  const std::string_view host = request.host;
  if (datacenter_.has_host(host)) return &datacenter_;
  if (host == "forge.localhost") return &forge_;
  if (host == "teamviewer.localhost" || host.ends_with(".teamviewer.localhost")) return &teamviewer_;
  if (is_jira_api(request)) return &jira_;
  if (segment(request, 0) == ".well-known") return &forge_;
  if (host.ends_with(".localhost") && host != "api.localhost") return &jira_;
  if (segment(request, 0) == "api") return &teamviewer_;
  return nullptr;
}

Task<net::Response> Router::control(net::Request request) {
  try {
    co_return co_await control_.handle(std::move(request));
  } catch (const std::exception& bug) {
    log::error("control_failed", {{"cause", bug.what()}});
    co_return json_answer(500, json::object{{"message", "the sandbox failed"}});
  }
}

Task<net::Response> Router::handle(net::Request request) {
  if (segment(request, 0) == "_control") co_return co_await control(std::move(request));
  auto* party = party_for(request);
  if (party == nullptr) {
    // A browser that was sent to the bare address goes on to Jira's start page.
    if (request.method == "GET" && request.path.empty()) co_return redirect(control_.addresses().site + "/");
    co_return json_answer(404, json::object{{"message", "no party of the sandbox has this address"}});
  }

  const std::string name{party->name()};
  const auto path = documented_path(request);
  const net::Request as_sent = request;
  net::Response answer;
  Span span{.arrived = std::chrono::steady_clock::now(), .answered = {}};
  try {
    // Not a lambda coroutine: the lambda only calls, what it captures outlives the call.
    answer = co_await faults_.apply(name, std::move(request), path, [party](net::Request inner) { return party->handle(std::move(inner)); });
  } catch (const std::exception& bug) {
    log::error("party_failed", {{"party", name}, {"path", path}, {"cause", bug.what()}});
    answer = json_answer(500, json::object{{"message", "the sandbox failed"}});
  }
  span.answered = std::chrono::steady_clock::now();
  if (is_api(name, as_sent)) recording_.write(name, path, span, as_sent, answer);
  co_return answer;
}

}  // namespace belay::sandbox
