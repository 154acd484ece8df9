// What pages and Forge send, behind the token: one line "POST /v1/forge/events/product", the rest is the body. Forge's events are not signed as to
// their content, and pages are anybody's browser. Whatever comes, it is answered, never with a bug of ours, and an event is always taken.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/log.hpp"
#include "desk/stage_test.hpp"
#include "gateway/gateway.hpp"
#include "require.hpp"

using namespace belay;

namespace {

constexpr int kRequestsOfAStage = 500;   // so that what they wrote does not slow the next ones down

/// Every token is good; who calls is what the page makes of it.
struct FakeVerifier final : ports::CallerVerifier {
  ports::VerifiedCall call;
  Task<Result<ports::VerifiedCall>> verify(ports::CallerHeaders) override { co_return call; }
};

struct House {
  desk::Stage stage;
  FakeVerifier verifier;
  gateway::Callers callers{verifier, *stage.database, stage.clock};
  ports::FakeJiraSignIn jira;
  desk::SignIns sign_ins{*stage.doors, jira};
  desk::Webhooks webhooks{*stage.doors, *stage.admission, jira};
  gateway::PageFiles pages;
  gateway::Gateway gateway{{.panel = *stage.panel, .sessions = *stage.sessions, .own_sessions = *stage.own_sessions, .own_request = *stage.own_request, .help_asks = *stage.help_asks, .queue = *stage.queue, .reach = *stage.reach, .account = *stage.account, .pairing = *stage.pairing,
                            .administration = *stage.administration, .project_administration = *stage.project_administration, .audit = *stage.audit_reading, .reports = *stage.session_reports, .set_aside = *stage.set_aside_work,
                            .retention = *stage.retention, .personal_data = *stage.personal_data,
                            .automation = *stage.automation, .events = *stage.events, .sign_ins = sign_ins, .webhooks = webhooks},
                           callers, pages, stage.words, stage.clock, "https://support.example.com", {}};
  int requests = 0;
  bool left = false;   ///< the app was taken away or unpaired: what comes then is refused at the door

  net::Response ask(net::Request request) {
    ++requests;
    verifier.call = call_of(request);
    left = request.target.contains("uninstall") || (request.method == "DELETE" && request.target.contains("pairing"));
    return stage.run(gateway.handle(std::move(request)));
  }

 private:
  ports::VerifiedCall call_of(const net::Request& request) {
    const auto family = request.path.size() < 2 ? std::string() : request.path[1];
    if (family == "reports") return stage.admin_caller().call;
    if (request.parameter("project")) {
      stage.permissions.project_rights_of[stage.agent].administer_project = true;
      return stage.project_caller(stage.agent).call;
    }
    if (family == "settings" || family == "links" || family == "pairing" || family == "audit" || family == "work" || family == "retention" || family == "accounts") return stage.admin_caller().call;
    if (family == "queue") return stage.queue_caller(stage.agent).call;
    if (family == "request") return stage.portal_caller(stage.reporter).call;
    if (family == "account") return stage.personal_caller(stage.agent).call;
    auto call = stage.caller(stage.agent).call;
    if (family == "forge") {
      call.page = support::Page::backend;
      call.principal.reset();
    }
    if (family == "automation") {
      call.page = support::Page::backend;
      call.user_token = ports::AppToken{.secret = "token", .expires_at = stage.clock.now() + Milliseconds{3'600'000}};
    }
    return call;
  }
};

House& house() {
  [[maybe_unused]] static const auto first = crypto::random_bytes(1);   // OpenSSL begins before the house, and so ends after it
  static std::optional<House> built;
  if (!built || built->left || built->requests >= kRequestsOfAStage) {
    built.reset();
    built.emplace();
  }
  return *built;
}

std::optional<net::Request> request_of(std::string_view bytes) {
  const auto line = bytes.substr(0, bytes.find('\n'));
  const auto space = line.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  auto target = net::split_target(line.substr(space + 1));
  if (!target) return std::nullopt;
  net::Request request;
  request.method = line.substr(0, space);
  request.target = line.substr(space + 1);
  request.path = std::move(target->path);
  request.query = std::move(target->query);
  request.headers.emplace("Content-Type", "application/json");
  request.body = bytes.substr(std::min(line.size() + 1, bytes.size()));
  return request;
}

void require_answer(const net::Response& response) {
  require(response.status >= 200 && response.status < 600);
  for (const auto& [name, value] : response.headers) require(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
  if (response.status == 302) return;
  const auto body = json::parse_object(response.body);
  require(body.has_value());
  if (response.status < 400) return;
  require(body->contains("code") && body->contains("message"));
  require(body->at("code") != "internal_error");
}

// Whatever an event says: Forge would send it again and again.
void require_heard(const net::Request& request, const net::Response& response) {
  if (request.method != "POST" || request.path.size() != 4 || request.path[1] != "forge" || !json::parse_object(request.body)) return;
  require(response.status == 200 || response.status == 404);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static doctest::Context context;   // the stage requires things of itself
  context.setAsDefaultForAssertsOutOfTestCases();
  context.setAssertHandler([](const doctest::AssertData& data_of_assert) { require(!data_of_assert.m_failed); });
  log::set_level(log::Level::error);

  const auto request = request_of({reinterpret_cast<const char*>(data), size});
  if (!request) return 0;
  const auto response = house().ask(*request);
  require_answer(response);
  require_heard(*request, response);
  return 0;
}
