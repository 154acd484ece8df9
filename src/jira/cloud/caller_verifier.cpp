#include "jira/cloud/caller_verifier.hpp"

#include "crypto/digest.hpp"

namespace belay::jira::cloud {
namespace {

using support::Page;

constexpr std::size_t kMostTokensSeen = 2'000;   // each of one or two kilobytes
constexpr std::size_t kMaxTokenBytes = 16 * 1024;
constexpr std::chrono::hours kLifeWhenUnknown{1};
constexpr std::int64_t kLastSecond = 253'402'300'799;

std::unexpected<Error> refuse(std::string_view reason) { return fail("invalid_invocation_token", std::string(reason)); }

// "Bearer x": the scheme without regard to case (RFC 9110, section 11.1), one space.
std::string bearer_of(std::string authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (authorization.size() <= kScheme.size()) return {};
  for (std::size_t i = 0; i < kScheme.size(); ++i) {
    const char c = authorization[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != kScheme[i]) return {};
  }
  authorization.erase(0, kScheme.size());
  return authorization;
}

// "https://acme.atlassian.net/" -> "https://acme.atlassian.net". Nothing when it is no web address.
std::optional<std::string> origin_of(std::string_view url) {
  const auto scheme = url.starts_with("https://") ? 8u : url.starts_with("http://") ? 7u : 0u;
  if (scheme == 0) return std::nullopt;
  const auto origin = url.substr(0, url.find_first_of("/?#", scheme));
  if (origin.size() == scheme || origin.find_first_of("@\\ \"'<>") != std::string_view::npos) return std::nullopt;
  return std::string(origin);
}

// The only thing ever read from a token of Jira's: when it ends.
std::optional<Time> end_of(std::string_view token) {
  const auto first = token.find('.');
  const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto payload = crypto::from_base64url(token.substr(first + 1, second - first - 1));
  if (!payload) return std::nullopt;
  const auto claims = json::parse_object(*payload);
  if (!claims) return std::nullopt;
  const auto seconds = json::integer_at(*claims, "exp");
  if (!seconds || *seconds < 0 || *seconds > kLastSecond) return std::nullopt;
  return Time{std::chrono::seconds{*seconds}};
}

}  // namespace

std::vector<std::string> origins_of(const std::vector<std::string>& hosts) {
  std::vector<std::string> origins;
  for (const auto& host : hosts) {
    auto origin = host.find("://") == std::string::npos ? "https://" + host : host;
    while (origin.ends_with('/')) origin.pop_back();
    origins.push_back(std::move(origin));
  }
  return origins;
}

Page page_of(std::string_view module_type) {
  if (module_type == "jira:issueContext" || module_type == "jira:issuePanel" || module_type == "jira:issueActivity" || module_type == "jira:issueAction") {
    return Page::issue_panel;
  }
  if (module_type == "jira:adminPage") return Page::admin;
  if (module_type == "jira:personalSettingsPage") return Page::personal;
  if (module_type == "jira:globalPage") return Page::global;
  if (module_type == "jira:projectSettingsPage") return Page::project_settings;
  if (module_type.starts_with("jiraServiceManagement:portal")) return Page::portal;
  if (module_type == "jiraServiceManagement:queuePage") return Page::queue;
  if (module_type.starts_with("core:")) return Page::backend;
  return Page::other;
}

std::optional<ports::AppToken> app_token(std::string_view secret, Time now) {
  const auto visible = [](char c) { return c > ' ' && c < 0x7f; };
  if (secret.empty() || secret.size() > kMaxTokenBytes || !std::ranges::all_of(secret, visible)) return std::nullopt;
  const auto end = end_of(secret);
  if (end && *end <= now) return std::nullopt;
  return ports::AppToken{.secret = std::string(secret), .expires_at = end.value_or(now + kLifeWhenUnknown), .end_is_assumed = !end};
}

ForgeCallerVerifier::ForgeCallerVerifier(KeySource& keys, const ports::Clock& clock, ForgeSettings settings)
    : keys_(keys),
      clock_(clock),
      rules_{.app_ids = std::move(settings.app_ids), .environments = std::move(settings.environments)},
      origins_(origins_of(settings.api_hosts)) {}

Task<Result<ports::VerifiedCall>> ForgeCallerVerifier::verify(ports::CallerHeaders headers) {
  auto bearer = bearer_of(std::move(headers.authorization));
  if (bearer.empty()) co_return refuse("no_token");
  BELAY_CO_TRY(invocation, co_await this->invocation(std::move(bearer)));

  const auto expected_path = "/ex/jira/" + invocation.cloud_id;
  const auto pinned = [&](const std::string& origin) { return invocation.api_base_url == origin + expected_path; };
  if (std::ranges::none_of(origins_, pinned)) co_return refuse("foreign_api_host");

  const auto now = clock_.now();
  ports::VerifiedCall call;
  call.page = page_of(invocation.module_type);
  call.system_token = app_token_seen(std::move(headers.system_token), now);
  call.user_token = app_token_seen(std::move(headers.user_token), now);
  if (invocation.site_url) call.site_url = origin_of(*invocation.site_url);
  call.installation = std::move(invocation.installation);
  call.cloud_id = std::move(invocation.cloud_id);
  call.api_base_url = std::move(invocation.api_base_url);
  call.app_id = std::move(invocation.app_id);
  call.environment_id = std::move(invocation.environment_id);
  call.environment_type = std::move(invocation.environment_type);
  call.principal = std::move(invocation.principal);
  call.issue = std::move(invocation.issue_id);
  call.issue_key = std::move(invocation.issue_key);
  call.project = std::move(invocation.project_id);
  call.project_key = std::move(invocation.project_key);
  if (invocation.project_type) call.service_project = *invocation.project_type == "service_desk";
  call.module_type = std::move(invocation.module_type);
  call.module_key = std::move(invocation.module_key);
  co_return call;
}

// The same token comes with every call for hours: its end is read once.
std::optional<ports::AppToken> ForgeCallerVerifier::app_token_seen(std::string secret, Time now) {
  if (secret.empty()) return std::nullopt;
  const auto seen = ends_.find(secret);
  if (seen != ends_.end()) {
    if (seen->second.time <= now) return std::nullopt;
    return ports::AppToken{.secret = std::move(secret), .expires_at = seen->second.time, .end_is_assumed = seen->second.assumed};
  }
  auto token = app_token(secret, now);
  if (!token) return std::nullopt;
  if (ends_.size() >= kMostTokensSeen) ends_.clear();
  ends_.emplace(token->secret, End{token->expires_at, token->end_is_assumed});
  return token;
}

Task<Result<crypto::Invocation>> ForgeCallerVerifier::invocation(std::string token) {
  auto keys = keys_.current();
  if (!keys) {
    co_await keys_.load_first();
    keys = keys_.current();
    if (!keys) co_return refuse("no_keys");
  }
  auto verdict = crypto::verify(token, *keys, rules_, clock_.now());
  if (verdict || verdict.error().cause != "unknown_kid") co_return verdict;
  const bool loaded = co_await keys_.load_for_unknown_key();
  if (!loaded) co_return verdict;
  co_return crypto::verify(token, *keys_.current(), rules_, clock_.now());
}

}  // namespace belay::jira::cloud
