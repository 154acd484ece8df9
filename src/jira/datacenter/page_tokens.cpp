#include "jira/datacenter/page_tokens.hpp"

#include <boost/json/serialize.hpp>

#include "base/json.hpp"

namespace belay::jira::datacenter {
namespace {

constexpr std::string_view kContext = "datacenter/page_token";   // no row's name begins so
constexpr std::size_t kLongest = 2'048;

}  // namespace

std::string PageTokens::write(const PageToken& token) const {
  const json::object content{{"i", token.installation.value}, {"a", token.account.value}, {"e", to_millis(token.expires_at)}};
  return std::string(kPageTokenPrefix) + sealer_.seal(boost::json::serialize(content), kContext);
}

std::optional<PageToken> PageTokens::read(std::string_view text) const {
  if (!text.starts_with(kPageTokenPrefix) || text.size() > kLongest) return std::nullopt;
  const auto opened = sealer_.open(text.substr(kPageTokenPrefix.size()), kContext);
  if (!opened) return std::nullopt;
  const auto content = json::parse_object(*opened);
  if (!content) return std::nullopt;
  PageToken token{.installation = InstallationId{json::string_at(*content, "i").value_or("")},
                  .account = AccountId{json::string_at(*content, "a").value_or("")},
                  .expires_at = from_millis(json::integer_at(*content, "e").value_or(0))};
  if (token.installation.empty() || token.account.empty()) return std::nullopt;
  return token;
}

}  // namespace belay::jira::datacenter
