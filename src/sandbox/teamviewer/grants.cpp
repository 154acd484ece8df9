#include "sandbox/teamviewer/grants.hpp"

#include <algorithm>
#include <array>

#include "crypto/digest.hpp"
#include "sandbox/teamviewer/world.hpp"

namespace belay::sandbox::teamviewer {
namespace {

constexpr std::size_t kTokenLength = 43;

struct Words { std::string_view permission, words; };
constexpr std::array kWords{
    Words{"Account.Read", "See your account data"},
    Words{"Account.ReadEmail", "See your e-mail address"},
    Words{"Groups.Read", "See your groups"},
    Words{"Groups.Create", "Create groups"},
    Words{"ContactList.Read", "See your contacts and whether they are online"},
    Words{"ContactList.Write", "Add contacts and send invitations"},
    Words{"ContactList.Delete", "Remove contacts"},
    Words{"Devices.Read", "See your devices"},
    Words{"Sessions.Create", "Create sessions"},
    Words{"Sessions.ReadOwn", "View your own sessions"},
    Words{"Sessions.ReadAll", "View all sessions of the company"},
    Words{"Sessions.ModifyOwn", "Edit your own sessions"},
    Words{"Sessions.ModifyAll", "Edit all sessions of the company"},
    Words{"Connections.Read", "See connection reports"},
    Words{"Connections.Modify", "Change connection reports"},
    Words{"Users.Read", "View the users of the company"},
};

}  // namespace

std::string_view words_of(std::string_view permission) {
  const auto found = std::ranges::find(kWords, permission, &Words::permission);
  return found == kWords.end() ? permission : found->words;
}

bool App::needs_reports_licence() const {
  return std::ranges::any_of(permissions, [](const std::string& permission) {
    return permission.starts_with("Connections.") || permission.starts_with("Users.") || permission.ends_with("All");
  });
}

App* Grants::app(std::string_view client_id) {
  const auto found = apps.find(std::string(client_id));
  return found == apps.end() ? nullptr : &found->second;
}

std::string Grants::authorize(AuthorizationCode code) {
  auto word = random_word(kTokenLength);
  codes_.emplace(word, std::move(code));
  return word;
}

std::optional<AuthorizationCode> Grants::redeem(std::string_view code, std::string_view client_id, Time now) {
  const auto found = codes_.find(std::string(code));
  if (found == codes_.end() || found->second.spent || found->second.client_id != client_id) return std::nullopt;
  // Spent even when late or when a later check fails: a code is tried once.
  found->second.spent = true;
  if (now >= found->second.expires) return std::nullopt;
  return found->second;
}

IssuedTokens Grants::issue(std::string_view client_id, std::string_view account, Time now, std::chrono::seconds life) {
  const auto id = crypto::hex(crypto::random_bytes(6));
  auto& grant = grants_.emplace(id, Grant{.id = id, .client_id = std::string(client_id), .account = std::string(account), .since = now}).first->second;
  return add_tokens(grant, now, life, true);
}

std::optional<IssuedTokens> Grants::refresh(std::string_view token, std::string_view client_id, Time now, std::chrono::seconds life, bool rotate) {
  const auto found = refresh_.find(std::string(token));
  if (found == refresh_.end() || found->second.spent) return std::nullopt;
  const auto* grant = this->grant(found->second.grant);
  if (grant == nullptr || grant->revoked || grant->client_id != client_id) return std::nullopt;
  found->second.spent = rotate;
  return add_tokens(*grant, now, life, rotate);
}

IssuedTokens Grants::add_tokens(const Grant& grant, Time now, std::chrono::seconds life, bool with_refresh) {
  IssuedTokens tokens{.access = random_word(kTokenLength), .refresh = std::nullopt, .grant = grant.id};
  access_.emplace(tokens.access, AccessToken{.grant = grant.id, .expires = now + life});
  if (with_refresh) {
    tokens.refresh = random_word(kTokenLength);
    refresh_.emplace(*tokens.refresh, RefreshToken{.grant = grant.id});
  }
  return tokens;
}

Grants::Found Grants::find(std::string_view access_token, Time now) const {
  const auto token = access_.find(std::string(access_token));
  if (token == access_.end()) return {};
  const auto& grant = grants_.at(token->second.grant);
  if (grant.revoked) return {Standing::revoked, &grant};
  return {now >= token->second.expires ? Standing::expired : Standing::good, &grant};
}

Grant* Grants::grant(std::string_view id) {
  const auto found = grants_.find(std::string(id));
  return found == grants_.end() ? nullptr : &found->second;
}

void Grants::expire_access(std::string_view account, Time now) {
  for (auto& [token, access] : access_) {
    if (grants_.at(access.grant).account == account) access.expires = std::min(access.expires, now);
  }
}

}  // namespace belay::sandbox::teamviewer
