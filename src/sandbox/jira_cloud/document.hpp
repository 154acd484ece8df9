// Atlassian Document Format, as Jira judges and shows it. The judge here is a plain one of our own (shape, known nodes and marks, where
// each may stand); the contract tests judge every recorded document with Atlassian's schema besides.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace belay::sandbox::jira_cloud {

/// What is wrong with it, for people; nothing when Jira would take it.
[[nodiscard]] std::optional<std::string> document_problem(const json::value& document);
/// Characters (code points) of all its text.
[[nodiscard]] std::size_t document_length(const json::value& document);
/// As people read it, without markup.
[[nodiscard]] std::string document_text(const json::value& document);

/// Account ids that it mentions, in order: Jira notifies them.
[[nodiscard]] json::array mentioned_accounts(const json::value& document);

struct DocumentReader {
  std::function<std::string(std::string_view account_id)> name_of;  ///< for mentions; empty: nobody
  std::string_view language;                                        ///< "en" or "fr": how dates are written
};
/// As HTML. Everything is escaped; a link that is not http, https or mailto is shown as text.
[[nodiscard]] std::string document_html(const json::value& document, const DocumentReader& reader);

/// 18 Nov 2026 / 18 nov. 2026
[[nodiscard]] std::string day_in_words(std::int64_t unix_millis, std::string_view language);

}  // namespace belay::sandbox::jira_cloud
