#include "desk/link_state.hpp"

namespace belay::desk {

std::optional<Error> why_unusable(const std::optional<ports::AccountLink>& link, const support::Settings& settings, const std::string& provider_name) {
  json::object detail{{"provider", provider_name}};
  if (!link || link->ending_since) return Error{.code = "not_linked", .cause = {}, .detail = std::move(detail), .retryable = false, .retry_after = {}};
  if (link->expired) return Error{.code = "link_expired", .cause = {}, .detail = std::move(detail), .retryable = false, .retry_after = {}};
  const auto verdict = support::judge(link->at_provider.licence, settings.eligible_licences);
  if (verdict == support::LicenceVerdict::eligible) return std::nullopt;
  return Error{.code = "licence_not_eligible", .cause = std::string(support::to_string(verdict)), .detail = std::move(detail), .retryable = false, .retry_after = {}};
}

json::object licence_view(const support::Licence& licence, const support::Settings& settings) {
  const auto verdict = support::judge(licence, settings.eligible_licences);
  json::object view{{"eligible", verdict == support::LicenceVerdict::eligible}};
  if (!licence.type.empty()) view["type"] = licence.type;
  if (verdict != support::LicenceVerdict::eligible) view["reason"] = support::to_string(verdict);
  const auto* listed = std::get_if<support::ListedLicences>(&settings.eligible_licences);
  if (listed != nullptr && verdict == support::LicenceVerdict::type_not_listed) {
    json::array accepted;
    for (const auto& type : listed->types) accepted.emplace_back(type);
    view["accepted"] = std::move(accepted);
  }
  return view;
}

json::object licence_view(const std::optional<ports::AccountLink>& link, const support::Settings& settings) {
  if (!is_linked(link)) return {{"eligible", false}, {"reason", "not_linked"}};
  return licence_view(link->at_provider.licence, settings);
}

json::object provider_account_view(const ports::ProviderAccount& account) {
  json::object view{{"name", account.name}};
  if (!account.email.empty()) view["email"] = account.email;
  if (!account.company.empty()) view["company"] = account.company;
  if (!account.picture.empty()) view["picture"] = account.picture;
  return view;
}

}  // namespace belay::desk
