// What an account link is worth right now: usable, or why not.
#pragma once

#include <optional>

#include "ports/storage.hpp"
#include "support/licence.hpp"
#include "support/settings.hpp"

namespace belay::desk {

/// `not_paired` when the installation is gone or leaving. Asked in the unit of work that would write something for it: what is being given
/// back must get nothing new.
[[nodiscard]] inline Result<void> still_paired(ports::UnitOfWork& unit, const InstallationId& id) {
  const auto installation = unit.installations().find(id);
  if (!installation || installation->leaving_since) return fail("not_paired", "unpaired a moment ago");
  return {};
}

/// Linked, not expired, not being given back.
[[nodiscard]] inline bool is_linked(const std::optional<ports::AccountLink>& link) {
  return link && !link->ending_since && !link->expired;
}

/// Nothing when a session can be made with it; else `not_linked`, `link_expired` or `licence_not_eligible`, each with detail.provider.
[[nodiscard]] std::optional<Error> why_unusable(const std::optional<ports::AccountLink>& link, const support::Settings& settings, const std::string& provider_name);

/// Keeps what the provider said when it was asked at that time, unless it was asked later since: of two looks that cross, the later question
/// is the one that knows of a licence bought a moment ago.
inline void note_looked(ports::AccountLink& link, const ports::ProviderAccount& at_provider, Time asked_at) {
  if (asked_at < link.checked_at) return;
  link.at_provider = at_provider;
  link.checked_at = asked_at;
}

/// {"eligible":…,"type":…,"reason":…,"accepted":…}, the schema Licence of docs/openapi.yaml.
[[nodiscard]] json::object licence_view(const std::optional<ports::AccountLink>& link, const support::Settings& settings);
[[nodiscard]] json::object licence_view(const support::Licence& licence, const support::Settings& settings);
/// The schema ProviderAccount.
[[nodiscard]] json::object provider_account_view(const ports::ProviderAccount& account);

}  // namespace belay::desk
