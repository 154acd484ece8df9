#include "crypto/invocation_token.hpp"

#include <initializer_list>

namespace belay::crypto {
namespace {

constexpr std::string_view kIssuer = "forge/invocation-token";
constexpr std::int64_t kLastSecond = 253'402'300'799;  // 9999-12-31T23:59:59Z: beyond it a time is no time
constexpr std::size_t kMaxCloudIdBytes = 64;

std::unexpected<Error> refuse(std::string_view reason) { return fail("invalid_invocation_token", std::string(reason)); }

// A claim that must be a string: "claim_missing" when it is absent, empty or of another type.
Result<std::string_view> text_claim(const json::object& from, std::string_view name) {
  const auto* found = from.if_contains(name);
  const auto* text = found == nullptr ? nullptr : found->if_string();
  if (text == nullptr || text->empty()) return refuse("claim_missing");
  return std::string_view(*text);
}

// A claim that may be absent, null or empty; of another type it is refused like a missing one.
Result<std::optional<std::string>> optional_text_claim(const json::object& from, std::string_view name) {
  const auto* found = from.if_contains(name);
  if (found == nullptr || found->is_null()) return std::nullopt;
  if (!found->is_string()) return refuse("claim_missing");
  if (found->get_string().empty()) return std::nullopt;
  return std::string(found->get_string());
}

Result<const json::object*> object_claim(const json::object& from, std::string_view name) {
  const auto* found = json::object_at(from, name);
  if (found == nullptr) return refuse("claim_missing");
  return found;
}

// Null: absent. Of another type: refused, so that what we skip is never what another reader would have used.
Result<const json::object*> optional_object_claim(const json::object& from, std::string_view name) {
  const auto* found = from.if_contains(name);
  if (found == nullptr || found->is_null()) return nullptr;
  return object_claim(from, name);
}

// Whole seconds since 1970, written as an integer.
Result<Time> time_claim(const json::object& from, std::string_view name) {
  const auto* found = from.if_contains(name);
  if (found == nullptr) return refuse("claim_missing");
  if (!found->is_int64() || found->get_int64() < 0 || found->get_int64() > kLastSecond) return refuse("non_integer_time");
  return Time{std::chrono::seconds{found->get_int64()}};
}

bool listed(const std::vector<std::string>& list, std::string_view text) { return std::ranges::find(list, text) != list.end(); }

// RFC 7519 section 4.1.3: one audience, as a string or as a list of one. Forge sends a string.
Result<std::string_view> audience_of(const json::object& payload) {
  const auto* found = payload.if_contains("aud");
  if (found == nullptr) return refuse("claim_missing");
  if (const auto* list = found->if_array(); list != nullptr) {
    if (list->size() != 1) return refuse("wrong_audience");
    found = &list->front();
  }
  if (!found->is_string()) return refuse("wrong_audience");
  return std::string_view(found->get_string());
}

bool letter_digit_or_dash(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-'; }

// https://<host>/ex/jira/<cloudId>: the last segment, nothing behind it, no user before the host. Which hosts are good is pinned by whoever
// knows the settings; http is for a sandbox on this machine.
std::optional<std::string> cloud_id_of(std::string_view api_base_url) {
  const auto scheme_end = api_base_url.find("://");
  const auto scheme = api_base_url.substr(0, scheme_end);
  if (scheme_end == std::string_view::npos || (scheme != "https" && scheme != "http")) return std::nullopt;
  const auto rest = api_base_url.substr(scheme_end + 3);
  const auto host = rest.substr(0, rest.find('/'));
  const auto path = rest.substr(host.size());
  const auto plain_host = [](char c) { return letter_digit_or_dash(c) || c == '.' || c == ':'; };
  if (host.empty() || !std::ranges::all_of(host, plain_host)) return std::nullopt;
  constexpr std::string_view kPath = "/ex/jira/";
  if (!path.starts_with(kPath)) return std::nullopt;
  const auto id = path.substr(kPath.size());
  if (id.empty() || id.size() > kMaxCloudIdBytes || !std::ranges::all_of(id, letter_digit_or_dash)) return std::nullopt;
  return std::string(id);
}

// Steps 1 and 2, and what must be known before the key may be chosen.
Result<const VerifyingKey*> key_for(const ParsedToken& token, const KeySet& keys) {
  if (json::string_at(token.header, "alg") != "RS256") return refuse("wrong_algorithm");
  // RFC 7515 section 4.1.11: whoever does not understand a critical member must refuse. We understand none, and no unencoded payload.
  if (token.header.contains("crit") || token.header.contains("b64")) return refuse("malformed");
  const auto kid = json::string_at(token.header, "kid");
  if (!kid || kid->empty()) return refuse("missing_kid");
  // Isolated Cloud signs with keys of its own, found by a label that nobody has verified yet.
  if (token.payload.contains("icLabel")) return refuse("isolated_cloud");
  const auto* key = keys.find(*kid);
  if (key == nullptr) return refuse("unknown_kid");
  return key;
}

// Steps 4 to 6: by whom the token was made and for which app. Gives back what it says about that app.
Result<const json::object*> check_issuer_and_audience(const json::object& payload, const TokenRules& rules, Invocation& invocation) {
  BELAY_TRY(issuer, text_claim(payload, "iss"));
  if (issuer != kIssuer) return refuse("wrong_issuer");
  BELAY_TRY(audience, audience_of(payload));
  if (!listed(rules.app_ids, audience)) return refuse("wrong_audience");
  BELAY_TRY(app, object_claim(payload, "app"));
  BELAY_TRY(app_id, text_claim(*app, "id"));
  if (app_id != audience) return refuse("app_id_mismatch");
  invocation.app_id = app_id;
  return app;
}

// Step 7.
Result<void> check_times(const json::object& payload, Time now, Invocation& invocation) {
  BELAY_TRY(not_before, time_claim(payload, "nbf"));
  BELAY_TRY(expires, time_claim(payload, "exp"));
  BELAY_CHECK(time_claim(payload, "iat"));
  if (not_before > now + kTokenSkew) return refuse("not_yet_valid");
  if (expires + kTokenSkew <= now) return refuse("expired");
  invocation.expires_at = expires;
  return {};
}

// Steps 8 and 9.
Result<void> check_tenant(const json::object& app, const json::object* context, Invocation& invocation) {
  BELAY_TRY(installation_id, text_claim(app, "installationId"));
  BELAY_TRY(installation, object_claim(app, "installation"));
  BELAY_TRY(inner_id, text_claim(*installation, "id"));
  if (installation_id != inner_id) return refuse("installation_mismatch");

  BELAY_TRY(api_base_url, text_claim(app, "apiBaseUrl"));
  auto cloud_id = cloud_id_of(api_base_url);
  if (!cloud_id) return refuse("cloud_mismatch");
  const auto agrees = [&](const json::object& place) {
    const auto* found = place.if_contains("cloudId");
    return found == nullptr || (found->is_string() && found->get_string() == *cloud_id);
  };
  if (context != nullptr && !agrees(*context)) return refuse("cloud_mismatch");
  if (const auto* found = installation->if_contains("contexts"); found != nullptr) {
    const auto* contexts = found->if_array();
    if (contexts == nullptr) return refuse("claim_missing");
    for (const auto& entry : *contexts) {
      if (!entry.is_object()) return refuse("claim_missing");
      if (!agrees(entry.get_object())) return refuse("cloud_mismatch");
    }
  }
  invocation.installation = InstallationId{std::string(installation_id)};
  invocation.api_base_url = api_base_url;
  invocation.cloud_id = std::move(*cloud_id);
  return {};
}

// Step 10.
Result<void> check_environment(const json::object& app, const TokenRules& rules, Invocation& invocation) {
  BELAY_TRY(environment, object_claim(app, "environment"));
  BELAY_TRY(type, text_claim(*environment, "type"));
  if (!listed(rules.environments, type)) return fail("environment_not_allowed", "environment_not_allowed", {{"environment", type}});
  invocation.environment_type = type;
  invocation.environment_id = json::string_at(*environment, "id").value_or("");
  return {};
}

// Jira's ids are numbers; some modules write them as such, others as text.
Result<std::optional<std::string>> id_claim(const json::object& from) {
  if (const auto number = json::integer_at(from, "id")) return std::to_string(*number);
  return optional_text_claim(from, "id");
}

// `extension` says which module the page belongs to and what it stands on. `app.module` names the endpoint for calls without a page.
Result<void> read_module(const json::object& app, const json::object* context, Invocation& invocation) {
  if (const auto* module = json::object_at(app, "module"); module != nullptr) {
    invocation.module_type = json::string_at(*module, "type").value_or("");
    invocation.module_key = json::string_at(*module, "key").value_or("");
  }
  if (context == nullptr) return {};
  BELAY_TRY(site_url, optional_text_claim(*context, "siteUrl"));
  invocation.site_url = std::move(site_url);
  BELAY_TRY(module_key, optional_text_claim(*context, "moduleKey"));
  if (module_key) invocation.module_key = std::move(*module_key);
  BELAY_TRY(extension, optional_object_claim(*context, "extension"));
  if (extension == nullptr) return {};
  BELAY_TRY(type, optional_text_claim(*extension, "type"));
  if (type) invocation.module_type = std::move(*type);

  BELAY_TRY(project, optional_object_claim(*extension, "project"));
  if (project != nullptr) {
    BELAY_TRY(key, optional_text_claim(*project, "key"));
    if (key) invocation.project_key = ProjectKey{std::move(*key)};
    BELAY_TRY(id, id_claim(*project));
    if (id) invocation.project_id = ProjectId{std::move(*id)};
    invocation.project_type = json::string_at(*project, "type");
  }
  // The portal calls the ticket a request.
  for (const std::string_view name : {"issue", "request"}) {
    BELAY_TRY(issue, optional_object_claim(*extension, name));
    if (issue == nullptr) continue;
    BELAY_TRY(key, optional_text_claim(*issue, "key"));
    if (key) invocation.issue_key = IssueKey{std::move(*key)};
    BELAY_TRY(id, id_claim(*issue));
    if (id) invocation.issue_id = IssueId{std::move(*id)};
    break;
  }
  return {};
}

Result<void> read_principal_and_licence(const json::object& payload, const json::object& app, Invocation& invocation) {
  BELAY_TRY(principal, optional_text_claim(payload, "principal"));
  if (principal) invocation.principal = AccountId{std::move(*principal)};
  if (const auto* licence = json::object_at(app, "license"); licence != nullptr) {
    invocation.license_active = json::bool_at(*licence, "isActive");
    if (!invocation.license_active) invocation.license_active = json::bool_at(*licence, "active");
  }
  return {};
}

}  // namespace

Result<Invocation> verify(std::string_view compact, const KeySet& keys, const TokenRules& rules, Time now) {
  const auto token = parse_token(compact);
  if (!token) return fail("invalid_invocation_token", "malformed", {{"part", token.error().cause}});
  BELAY_TRY(key, key_for(*token, keys));
  if (!key->verifies(token->signing_input, token->signature)) return refuse("bad_signature");

  Invocation invocation;
  BELAY_TRY(app, check_issuer_and_audience(token->payload, rules, invocation));
  BELAY_CHECK(check_times(token->payload, now, invocation));
  BELAY_TRY(context, optional_object_claim(token->payload, "context"));
  BELAY_CHECK(check_tenant(*app, context, invocation));
  BELAY_CHECK(read_module(*app, context, invocation));
  BELAY_CHECK(read_principal_and_licence(token->payload, *app, invocation));
  BELAY_CHECK(check_environment(*app, rules, invocation));
  return invocation;
}

}  // namespace belay::crypto
