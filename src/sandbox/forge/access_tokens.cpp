#include "sandbox/forge/access_tokens.hpp"

#include <boost/json/serialize.hpp>

#include "base/json.hpp"
#include "crypto/digest.hpp"
#include "sandbox/clock.hpp"

namespace belay::sandbox::forge {
namespace {

// Looks like a JWT, as the real ones do; only `exp` in it is documented for use. The signature is random: nobody but us can judge it.
std::string mint(Time now, Time expires_at, bool system) {
  const json::object header{{"typ", "JWT"}, {"kid", "forge/oauth"}, {"alg", "RS256"}};
  const json::object payload{{"iss", "forge/oauth"},
                             {"iat", to_millis(now) / 1000},
                             {"exp", to_millis(expires_at) / 1000},
                             {"jti", crypto::hex(crypto::random_bytes(16))},
                             {"kind", system ? "app" : "user"}};
  return crypto::base64url(boost::json::serialize(header)) + "." + crypto::base64url(boost::json::serialize(payload)) + "." +
         crypto::base64url(crypto::random_bytes(64));
}

}  // namespace

const AccessToken& AccessTokens::hand_out(const std::string& installation, const std::string& account) {
  const auto now = clock_.now();
  auto& present = present_[{installation, account}];
  if (const auto found = by_text_.find(present); found != by_text_.end() && !found->second.revoked && found->second.expires_at - now >= life / 2) {
    return found->second;
  }
  // To the second, as `exp` says it.
  const auto expires_at = from_millis((to_millis(now) / 1000 + life.count()) * 1000);
  present = mint(now, expires_at, account.empty());
  return by_text_.emplace(present, AccessToken{present, installation, account, expires_at, false}).first->second;
}

std::optional<AccessToken> AccessTokens::valid(std::string_view text) const {
  const auto found = by_text_.find(text);
  if (found == by_text_.end() || found->second.revoked || found->second.expires_at <= clock_.now()) return std::nullopt;
  return found->second;
}

std::size_t AccessTokens::revoke(std::string_view installation, std::optional<std::string_view> account) {
  std::size_t count = 0;
  for (auto& [text, token] : by_text_) {
    if (token.revoked || token.installation != installation || (account && token.account != *account)) continue;
    token.revoked = true;
    ++count;
  }
  return count;
}

}  // namespace belay::sandbox::forge
