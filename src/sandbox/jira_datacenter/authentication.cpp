#include "sandbox/jira_datacenter/authentication.hpp"

#include "crypto/digest.hpp"

namespace belay::sandbox::jira_datacenter {
namespace {

constexpr std::string_view kBearer = "Bearer ";
constexpr std::string_view kBasic = "Basic ";

const Person* active(const Person* person) { return person != nullptr && person->active ? person : nullptr; }

std::optional<Caller> by_token(const Site& site, std::string_view text, Time now) {
  const auto found = site.tokens.find(std::string(text));
  if (found == site.tokens.end()) return std::nullopt;
  const auto& token = found->second;
  if (token.ends && *token.ends <= now) return std::nullopt;
  if (token.is_personal() ? !site.has_personal_tokens() : !site.has_oauth()) return std::nullopt;
  if (active(site.person(token.person)) == nullptr) return std::nullopt;
  return Caller{.person = token.person, .scope = token.scope};
}

std::optional<Caller> by_password(const Site& site, std::string_view encoded) {
  const auto pair = crypto::from_base64(encoded);
  if (!pair || !site.takes_basic_authentication()) return std::nullopt;
  const auto colon = pair->find(':');
  const auto* person = colon == std::string::npos ? nullptr : active(site.signing_in_as(pair->substr(0, colon)));
  if (person == nullptr || person->password.empty() || person->password != pair->substr(colon + 1)) return std::nullopt;
  return Caller{.person = person->key, .scope = {}};
}

}  // namespace

std::optional<Caller> caller_of(const Site& site, const net::Request& request, Time now) {
  const auto header = request.header("authorization").value_or("");
  if (header.starts_with(kBearer)) return by_token(site, header.substr(kBearer.size()), now);
  if (header.starts_with(kBasic)) return by_password(site, header.substr(kBasic.size()));
  return std::nullopt;
}

}  // namespace belay::sandbox::jira_datacenter
