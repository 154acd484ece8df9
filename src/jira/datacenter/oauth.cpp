#include "jira/datacenter/oauth.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "crypto/digest.hpp"
#include "net/message.hpp"
#include "support/code_points.hpp"

namespace belay::jira::datacenter {
namespace {

constexpr std::size_t kMostTokenAnswer = 64 * 1024;
constexpr std::size_t kLongestToken = 8 * 1024;
constexpr std::int64_t kAssumedLife = 3'600;   // RFC 6749 recommends `expires_in` and does not require it
constexpr std::int64_t kLongestLife = 366LL * 24 * 3'600;
// Comments as themselves, and time worked. Jira knows READ, WRITE, ADMIN, SYSTEM_ADMIN, each with what stands before it.
constexpr std::string_view kScope = "WRITE";

// Visible ASCII, since it goes into a header.
bool is_token(std::string_view text) {
  return !text.empty() && text.size() <= kLongestToken && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

std::optional<ports::JiraGrant> grant_of(const std::string& body, Time now) {
  const auto answer = json::parse_object(body);
  if (!answer) return std::nullopt;
  ports::JiraGrant grant{.access_token = json::string_at(*answer, "access_token").value_or(""), .refresh_token = json::string_at(*answer, "refresh_token").value_or(""), .expires_at = {}};
  if (!is_token(grant.access_token) || !is_token(grant.refresh_token)) return std::nullopt;
  if (!support::same_ignoring_case(json::string_at(*answer, "token_type").value_or("bearer"), "bearer")) return std::nullopt;
  grant.expires_at = now + std::chrono::seconds{std::clamp<std::int64_t>(json::integer_at(*answer, "expires_in").value_or(kAssumedLife), 1, kLongestLife)};
  return grant;
}

bool is_grant_over(const net::OutboundResponse& answer) {
  if (answer.status < 400 || answer.status >= 500) return false;
  const auto said = json::parse_object(answer.body);
  return said && json::string_at(*said, "error").value_or("") == "invalid_grant";
}

}  // namespace

std::optional<ports::JiraSite> OAuth::site(std::string_view name) const {
  const auto* site = sites_.named(name);
  if (site == nullptr) return std::nullopt;
  return ports::JiraSite{.installation = installation_of(name), .base_url = site->base_url, .origin = origin_of(*site), .oauth = !site->client_id.empty()};
}

std::string OAuth::authorize_url(const InstallationId& installation, const std::string& state, const std::string& code_challenge) const {
  const auto* site = sites_.find(installation);
  if (site == nullptr) return {};
  return site->base_url + "/rest/oauth2/latest/authorize?" +
         net::form_encode({{"client_id", site->client_id},
                           {"redirect_uri", redirect_uri(*site)},
                           {"response_type", "code"},
                           {"scope", std::string(kScope)},
                           {"state", state},
                           {"code_challenge", code_challenge},
                           {"code_challenge_method", "S256"}});
}

Task<Result<ports::JiraGrant>> OAuth::exchange(ports::Call call, std::string code, std::string code_verifier) {
  const auto* site = sites_.find(call.installation);
  if (site == nullptr) co_return fail("sign_in_refused", "the site is not configured");
  co_return co_await ask(std::move(call), *site, {{"grant_type", "authorization_code"}, {"code", std::move(code)}, {"code_verifier", std::move(code_verifier)}}, "jira.exchange_code");
}

Task<Result<ports::JiraGrant>> OAuth::refresh(ports::Call call, ports::JiraGrant grant) {
  const auto* site = sites_.find(call.installation);
  if (site == nullptr) co_return fail("sign_in_refused", "the site is not configured");
  co_return co_await ask(std::move(call), *site, {{"grant_type", "refresh_token"}, {"refresh_token", std::move(grant.refresh_token)}}, "jira.refresh_token");
}

Task<Result<bool>> OAuth::takes(ports::Call call, std::string token) {
  const auto* site = sites_.find(call.installation);
  if (site == nullptr) co_return fail("not_paired", "the site is not configured");
  net::OutboundRequest request;
  request.url = site->base_url + "/rest/api/2/myself";
  request.headers.emplace("Authorization", "Bearer " + token);
  request.headers.emplace("Accept", "application/json");
  request.deadline = call.deadline;
  request.max_answer = kMostTokenAnswer;
  request.trace_id = call.trace_id;
  request.name = "jira.myself";
  const auto answer = co_await client_.send(std::move(request));
  if (!answer) co_return fail_for_now("jira_unreachable", "jira.myself: " + answer.error().code);
  if (answer->status == 200) co_return true;
  if (answer->status == 401) co_return false;
  co_return fail_for_now("jira_unreachable", "jira.myself: status " + std::to_string(answer->status));
}

Task<Result<ports::JiraGrant>> OAuth::ask(ports::Call call, const Site& site, std::vector<std::pair<std::string, std::string>> form, std::string name) {
  form.emplace_back("client_id", site.client_id);
  form.emplace_back("client_secret", site.client_secret);
  form.emplace_back("redirect_uri", redirect_uri(site));
  net::OutboundRequest request;
  request.method = "POST";
  request.url = site.base_url + "/rest/oauth2/latest/token";
  request.headers.emplace("Content-Type", "application/x-www-form-urlencoded");
  request.headers.emplace("Accept", "application/json");
  request.body = net::form_encode(form);
  request.deadline = call.deadline;
  request.max_answer = kMostTokenAnswer;
  request.trace_id = call.trace_id;
  request.name = name;
  const auto answer = co_await client_.send(std::move(request));
  if (!answer) co_return fail_for_now("jira_unreachable", name + ": " + answer.error().code);
  // What it says beyond its code is not repeated: it may name the token. Only of the code or the token itself it says that they are over (RFC 6749, section 5.2);
  // that our secret is wrong, or that something stands in the way, is for the operator to mend, and ends nobody's sign-in.
  if (is_grant_over(*answer)) co_return fail("sign_in_refused", name + ": invalid_grant");
  if (answer->status == 429) co_return fail_for_now("jira_rate_limited", name + ": status 429", answer->retry_after());
  if (answer->status != 200) co_return fail_for_now("jira_unreachable", name + ": status " + std::to_string(answer->status), answer->retry_after());
  auto grant = grant_of(answer->body, clock_.now());
  if (!grant) co_return fail_for_now("jira_unreachable", name + ": an answer that is no grant");
  co_return std::move(*grant);
}

// RFC 2104, compared in a time that does not tell how much of it is right.
bool OAuth::is_signed(const InstallationId& installation, std::string_view body, std::string_view signature) const {
  constexpr std::string_view prefix = "sha256=";
  const auto* site = sites_.find(installation);
  if (site == nullptr || site->webhook_secret.empty() || !signature.starts_with(prefix)) return false;
  return crypto::equal_in_constant_time(crypto::hex(crypto::hmac_sha256(site->webhook_secret, body)), signature.substr(prefix.size()));
}

std::string OAuth::page_token(const InstallationId& installation, const AccountId& account, Time expires_at) const {
  return tokens_.write({.installation = installation, .account = account, .expires_at = expires_at});
}

}  // namespace belay::jira::datacenter
