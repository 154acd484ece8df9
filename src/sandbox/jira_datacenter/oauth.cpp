#include "sandbox/jira_datacenter/oauth.hpp"

#include <algorithm>
#include <array>

#include "crypto/digest.hpp"
#include "sandbox/clock.hpp"
#include "sandbox/jira_datacenter/personal_tokens.hpp"
#include "sandbox/journal.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_datacenter {
namespace {

constexpr std::chrono::seconds kCodeLife{60};
constexpr std::chrono::seconds kAccessLife{7'200};
constexpr std::chrono::days kRefreshLife{90};
constexpr std::size_t kChallengeLength = 43;   // base64url of a SHA-256
constexpr std::array<std::string_view, 4> kScopes{"READ", "WRITE", "ADMIN", "SYSTEM_ADMIN"};   // each has those before it

std::string field(const std::vector<std::pair<std::string, std::string>>& fields, std::string_view name) {
  const auto found = std::ranges::find(fields, name, &std::pair<std::string, std::string>::first);
  return found == fields.end() ? std::string() : found->second;
}

net::Response refused(unsigned status, std::string_view error, std::string_view why) {
  auto answer = json_answer(status, json::object{{"error", error}, {"error_description", why}});
  answer.headers.emplace("Cache-Control", "no-store");
  return answer;
}

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

std::optional<std::string_view> OAuth::problem_of(const Client& client, const Wish& wish) {
  if (wish.response_type != "code") return "unsupported_response_type";
  const auto wanted = std::ranges::find(kScopes, wish.scope);
  if (wanted == kScopes.end() || wanted > std::ranges::find(kScopes, client.scope)) return "invalid_scope";
  const bool plain = wish.challenge.empty() && wish.challenge_method.empty();
  if (!plain && (wish.challenge_method != "S256" || wish.challenge.size() != kChallengeLength)) return "invalid_request";
  return std::nullopt;
}

std::string OAuth::allow(const Site& site, const Wish& wish, const std::string& person) {
  auto code = random_token();
  codes_.emplace(code, Code{.grant = {.site = site.name, .client = wish.client_id, .redirect_uri = wish.redirect_uri, .person = person, .scope = wish.scope, .access = {}, .refresh = {}, .refresh_ends = {}},
                            .challenge = wish.challenge, .ends = stage_.clock.now() + kCodeLife, .gave = {}});
  return with(wish, {{"code", std::move(code)}});
}

std::string OAuth::deny(const Wish& wish, std::string_view error) { return with(wish, {{"error", std::string(error)}}); }

void OAuth::journal(const Site& site, const Grant& grant, std::string_view kind) const {
  stage_.journal.write({.party = "datacenter", .kind = std::string(kind), .installation = site.name, .account = grant.person, .object = {{"client", grant.client}}, .identity = {}, .more = {{"scope", grant.scope}}});
}

// In place of the two tokens that the grant had.
net::Response OAuth::give(Site& site, std::int64_t number, std::string_view kind) {
  const auto now = stage_.clock.now();
  auto& grant = grants_.at(number);
  site.tokens.erase(grant.access);
  by_refresh_.erase(grant.refresh);
  grant.access = random_token();
  grant.refresh = random_token();
  grant.refresh_ends = now + kRefreshLife;
  by_refresh_.emplace(grant.refresh, number);
  site.tokens.emplace(grant.access, Token{.person = grant.person, .scope = grant.scope, .ends = now + kAccessLife, .id = 0, .name = {}, .created = now});
  journal(site, grant, kind);
  auto answer = json_answer(200, json::object{{"access_token", grant.access}, {"token_type", "bearer"}, {"expires_in", kAccessLife.count()}, {"refresh_token", grant.refresh}, {"created_at", to_millis(now) / 1'000}, {"scope", grant.scope}});
  answer.headers.emplace("Cache-Control", "no-store");
  return answer;
}

void OAuth::revoke(Site& site, std::int64_t number) {
  const auto found = grants_.find(number);
  if (found == grants_.end()) return;
  site.tokens.erase(found->second.access);
  by_refresh_.erase(found->second.refresh);
  journal(site, found->second, "grant.revoked");
  grants_.erase(found);
}

void OAuth::revoke_all_of(Site& site, std::string_view person) {
  std::vector<std::int64_t> numbers;
  for (const auto& [number, grant] : grants_) {
    if (grant.site == site.name && grant.person == person) numbers.push_back(number);
  }
  for (const auto number : numbers) revoke(site, number);
}

net::Response OAuth::exchange(Site& site, const Client& client, const Form& form) {
  const auto found = codes_.find(field(form, "code"));
  if (found == codes_.end() || found->second.grant.site != site.name || found->second.grant.client != client.id) return refused(400, "invalid_grant", "the code is invalid");
  auto& code = found->second;
  if (code.gave) {
    revoke(site, *code.gave);
    return refused(400, "invalid_grant", "the code was used before: what it gave is revoked");
  }
  if (code.ends <= stage_.clock.now() || code.grant.redirect_uri != field(form, "redirect_uri")) return refused(400, "invalid_grant", "the code is too old, or of another redirect");
  // Only with a challenge is there something to verify.
  if (!code.challenge.empty() && crypto::base64url(crypto::sha256(field(form, "code_verifier"))) != code.challenge) return refused(400, "invalid_grant", "the verifier does not match");
  code.gave = next_grant_++;
  grants_.emplace(*code.gave, code.grant);
  return give(site, *code.gave, "grant.given");
}

net::Response OAuth::renew(Site& site, const Client& client, const Form& form) {
  const auto found = by_refresh_.find(field(form, "refresh_token"));
  const auto grant = found == by_refresh_.end() ? grants_.end() : grants_.find(found->second);
  const bool fits = grant != grants_.end() && grant->second.site == site.name && grant->second.client == client.id && grant->second.redirect_uri == field(form, "redirect_uri") && grant->second.refresh_ends > stage_.clock.now();
  const auto* person = fits ? std::as_const(site).person(grant->second.person) : nullptr;
  if (person == nullptr || !person->active) return refused(400, "invalid_grant", "the refresh token is invalid, over or replaced, or the redirect is another");
  return give(site, grant->first, "grant.renewed");
}

net::Response OAuth::token(Site& site, const net::Request& request) {
  const auto form = net::form_decode(request.body);
  if (!form || !request.header("content-type").value_or("").starts_with("application/x-www-form-urlencoded")) return refused(400, "invalid_request", "a form is wanted");
  const auto client = std::ranges::find(site.clients, field(*form, "client_id"), &Client::id);
  if (client == site.clients.end() || client->secret != field(*form, "client_secret")) return refused(401, "invalid_client", "client authentication failed");
  const auto type = field(*form, "grant_type");
  if (type == "authorization_code") return exchange(site, *client, *form);
  if (type == "refresh_token") return renew(site, *client, *form);
  return refused(400, "unsupported_grant_type", "authorization_code or refresh_token");
}

}  // namespace belay::sandbox::jira_datacenter
