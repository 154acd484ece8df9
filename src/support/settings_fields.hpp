// What the settings of a site and those of a project have in common: the languages that ship, customer texts, names of groups.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace belay::support {

inline constexpr std::array<std::string_view, 2> kLanguages{"en", "fr"};
inline constexpr std::size_t kAllowedGroupsLimit = 50;

/// Of which languages there has to be a text.
enum class Languages { every, any };

/// The member `customerText`, by language. `unknown_field` for a language that does not ship, `invalid_field` for what is no text, and for one
/// that is missing where every language needs one; null is missing.
[[nodiscard]] Result<std::map<std::string, std::string>> read_texts(const json::object& from, Languages needed);

/// `customer_text_invalid` with detail.language and detail.problems.
[[nodiscard]] Result<void> check_texts(const std::map<std::string, std::string>& texts);

/// Of something the member is named after: not blank, one line, at most `limit` characters. `invalid_field`.
[[nodiscard]] Result<void> check_name(std::string_view field, std::string_view name, std::size_t limit);
[[nodiscard]] Result<std::vector<std::string>> read_names(std::string_view field, const json::array& from, std::size_t limit);

/// The member `allowedGroups`: names as Jira allows them.
[[nodiscard]] Result<std::vector<std::string>> read_groups(const json::array& from);

}  // namespace belay::support
