#include "sandbox/jira_datacenter/personal_tokens.hpp"

#include <algorithm>

#include "crypto/digest.hpp"
#include "sandbox/clock.hpp"
#include "sandbox/jira_datacenter/rest.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_datacenter {
namespace {

constexpr std::size_t kRandomBytes = 33;
constexpr std::int64_t kMostDays = 36'500;

json::object token_view(const Token& token) {
  return {{"id", token.id}, {"name", token.name}, {"createdAt", moment(token.created)}, {"expiringAt", token.ends ? json::value(moment(*token.ends)) : json::value{}}};
}

}  // namespace

std::string random_token() { return crypto::base64url(crypto::random_bytes(kRandomBytes)); }

MadeToken make_token(const Doer& doer, std::string name, std::optional<std::int64_t> days) {
  const auto now = doer.stage.clock.now();
  const auto ends = days ? std::optional(now + std::chrono::days{*days}) : std::nullopt;
  MadeToken made{.text = random_token(), .token = {.person = doer.person, .scope = {}, .ends = ends, .id = doer.site.next_token++, .name = std::move(name), .created = now}};
  doer.site.tokens.emplace(made.text, made.token);
  journal(doer, "token.created", {{"token", std::to_string(made.token.id)}});
  return made;
}

bool revoke_token(const Doer& doer, std::int64_t id) {
  const auto erased = std::erase_if(doer.site.tokens, [&](const auto& entry) { return entry.second.is_personal() && entry.second.id == id && entry.second.person == doer.person; });
  if (erased > 0) journal(doer, "token.revoked", {{"token", std::to_string(id)}});
  return erased > 0;
}

net::Response list_personal_tokens(RestCall& call) {
  std::vector<const Token*> own;
  for (const auto& [text, token] : call.site().tokens) {
    if (token.is_personal() && token.person == call.caller()) own.push_back(&token);
  }
  std::ranges::sort(own, {}, &Token::id);
  json::array list;
  for (const auto* token : own) list.push_back(token_view(*token));
  return json_answer(200, std::move(list));
}

net::Response make_personal_token(RestCall& call) {
  const auto name = json::string_at(call.body, "name").value_or("");
  if (name.empty()) return refusal(400, "Token name cannot be empty.");
  const auto* wanted = call.body.if_contains("expirationDuration");
  const auto days = json::integer_at(call.body, "expirationDuration");
  if (wanted != nullptr && !wanted->is_null() && (!days || *days < 1 || *days > kMostDays)) return refusal(400, "Expiration duration is out of range.");
  const auto made = make_token(call.doer, name, days);
  auto view = token_view(made.token);
  view["rawToken"] = made.text;
  return json_answer(201, view);
}

net::Response delete_personal_token(RestCall& call) {
  const auto id = number_of(call.arguments.at(0));
  if (!id || !revoke_token(call.doer, *id)) return refusal(404, "Token not found.");
  return empty_answer(204);
}

}  // namespace belay::sandbox::jira_datacenter
