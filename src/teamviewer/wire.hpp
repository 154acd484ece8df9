// What TeamViewer sends, read into the house's words. Every member may be missing, words may come in either case or as numbers, dates in two forms
// (docs/teamviewer.md); what cannot be used is left out, never guessed.
#pragma once

#include <optional>

#include "base/json.hpp"
#include "ports/support_provider.hpp"
#include "support/standing.hpp"

namespace belay::teamviewer {

/// Nothing where there is no time in either of the two forms.
[[nodiscard]] std::optional<Time> time_at(const json::object& body, std::string_view key);

/// Nothing without a user id of the right shape.
[[nodiscard]] std::optional<ports::ProviderAccount> account_from(const json::object& body);

/// Nothing without a contact id of the right shape.
[[nodiscard]] std::optional<support::Contact> contact_from(const json::object& body);

/// Nothing without a code of the right shape.
[[nodiscard]] std::optional<ports::ProviderSession> session_from(const json::object& body);

/// The body of POST /sessions. Longer texts than TeamViewer takes are cut.
[[nodiscard]] json::object session_body(const ports::SessionDraft& draft);

}  // namespace belay::teamviewer
