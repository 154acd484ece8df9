#include "sandbox/jira_datacenter/oauth.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "crypto/digest.hpp"
#include "sandbox/clock.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_datacenter {
namespace {

constexpr std::chrono::seconds kCodeLife{60};
constexpr std::chrono::seconds kAccessLife{7'200};

std::string field(const std::vector<std::pair<std::string, std::string>>& fields, std::string_view name) {
  const auto found = std::ranges::find(fields, name, &std::pair<std::string, std::string>::first);
  return found == fields.end() ? std::string() : found->second;
}

net::Response refused(unsigned status, std::string_view error, std::string_view why) { return json_answer(status, json::object{{"error", error}, {"error_description", why}}); }

std::string with(const Wish& wish, std::vector<std::pair<std::string, std::string>> fields) {
  if (!wish.state.empty()) fields.emplace_back("state", wish.state);
  return wish.redirect_uri + (wish.redirect_uri.contains('?') ? '&' : '?') + net::form_encode(fields);
}

}  // namespace

Wish wish_of(const std::vector<std::pair<std::string, std::string>>& fields) {
  return {.client_id = field(fields, "client_id"), .redirect_uri = field(fields, "redirect_uri"), .response_type = field(fields, "response_type"), .state = field(fields, "state"),
          .scope = field(fields, "scope"), .challenge = field(fields, "code_challenge"), .challenge_method = field(fields, "code_challenge_method")};
}

const Client* OAuth::client_of(const Site& site, const Wish& wish) {
  const auto found = std::ranges::find(site.clients, wish.client_id, &Client::id);
  return found == site.clients.end() || !found->redirect_uris.contains(wish.redirect_uri) ? nullptr : &*found;
}

std::string OAuth::random_token() { return fmt::format("{:016x}{:016x}", random_(), random_()); }

std::string OAuth::allow(Site& site, const Wish& wish, const std::string& person) {
  auto code = random_token();
  codes_.emplace(code, Code{.site = site.name, .client = wish.client_id, .redirect_uri = wish.redirect_uri, .challenge = wish.challenge, .person = person, .scope = wish.scope, .ends = stage_.clock.now() + kCodeLife, .gave = {}});
  return with(wish, {{"code", std::move(code)}});
}

std::string OAuth::deny(const Wish& wish, std::string_view error) { return with(wish, {{"error", std::string(error)}}); }

net::Response OAuth::give(Site& site, const std::string& client, const std::string& person, const std::string& scope, Code* code) {
  auto access = random_token();
  auto refresh = random_token();
  const auto now = stage_.clock.now();
  site.tokens.emplace(access, Token{.person = person, .may_write = scope != "READ", .ends = now + kAccessLife});
  refreshes_.emplace(refresh, Refresh{.site = site.name, .client = client, .person = person, .scope = scope, .access = access});
  if (code != nullptr) code->gave = {access, refresh};
  return json_answer(200, json::object{{"access_token", access}, {"token_type", "bearer"}, {"expires_in", kAccessLife.count()}, {"refresh_token", refresh}, {"created_at", to_millis(now) / 1'000}, {"scope", scope}});
}

net::Response OAuth::token(Site& site, const net::Request& request) {
  const auto fields = net::form_decode(request.body);
  if (!fields || !request.header("content-type").value_or("").starts_with("application/x-www-form-urlencoded")) return refused(400, "invalid_request", "a form is wanted");
  const auto client = std::ranges::find(site.clients, field(*fields, "client_id"), &Client::id);
  if (client == site.clients.end() || client->secret != field(*fields, "client_secret")) return refused(401, "invalid_client", "client authentication failed");
  const auto type = field(*fields, "grant_type");
  if (type == "refresh_token") {
    const auto found = refreshes_.find(field(*fields, "refresh_token"));
    if (found == refreshes_.end() || found->second.site != site.name || found->second.client != client->id) return refused(400, "invalid_grant", "the refresh token is invalid, expired or revoked");
    const auto old = found->second;
    refreshes_.erase(found);
    site.tokens.erase(old.access);
    return give(site, old.client, old.person, old.scope, nullptr);
  }
  if (type != "authorization_code") return refused(400, "unsupported_grant_type", "authorization_code or refresh_token");
  const auto found = codes_.find(field(*fields, "code"));
  if (found == codes_.end() || found->second.site != site.name || found->second.client != client->id) return refused(400, "invalid_grant", "the code is invalid");
  auto& code = found->second;
  if (!code.gave.empty()) {
    for (const auto& given : code.gave) site.tokens.erase(given), refreshes_.erase(given);
    return refused(400, "invalid_grant", "the code was used before");
  }
  if (code.ends <= stage_.clock.now() || code.redirect_uri != field(*fields, "redirect_uri")) return refused(400, "invalid_grant", "the code is too old, or of another redirect");
  if (!code.challenge.empty() && crypto::base64url(crypto::sha256(field(*fields, "code_verifier"))) != code.challenge) return refused(400, "invalid_grant", "the verifier does not match");
  return give(site, code.client, code.person, code.scope, &code);
}

std::string OAuth::personal_token(Site& site, const std::string& person) {
  auto token = random_token();
  site.tokens.emplace(token, Token{.person = person, .may_write = true, .ends = {}});
  return token;
}

}  // namespace belay::sandbox::jira_datacenter
