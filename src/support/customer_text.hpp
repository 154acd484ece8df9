// The customer text: what an admin writes once and what stands on the issue afterwards. Plain text with smart values as
// Jira Automation writes them, `{{session.link}}`. Rules: docs/customer-text.md.
//
// Values are data: expanded once, never again, and nothing in them becomes a link, a mention or markup.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "support/document.hpp"

namespace belay::support {

inline constexpr std::size_t kCustomerTextLimit = 4000;  ///< characters (Unicode code points)

/// The variables, in the order the admin page shows them: session.link, session.code, session.validUntil, agent.name,
/// customer.name, issue.key, issue.summary, site.name.
[[nodiscard]] std::span<const std::string_view> customer_text_variables();

enum class TextProblemCode { unknown_variable, broken_variable, missing_link, too_long, invalid_character };
[[nodiscard]] std::string_view to_string(TextProblemCode code);

/// Where the text is wrong; places count Unicode code points. missing_link and too_long concern the whole text (0, 0).
struct TextProblem {
  TextProblemCode code;
  std::size_t offset = 0;
  std::size_t length = 0;
  std::string name;  ///< the variable as typed, without braces; empty where there is none
  friend bool operator==(const TextProblem&, const TextProblem&) = default;
};

struct CustomerTextValues {
  std::string session_link;
  std::string session_code;
  Time valid_until;
  std::string agent_name;
  std::string agent_time_zone;               ///< IANA name; unknown or empty: UTC alone is written
  std::optional<std::string> customer_name;  ///< absent: the catalogue's "nobody in particular" word is passed in below
  std::string nobody_name;                   ///< what {{customer.name}} says when nobody is named, e.g. "there"
  std::string issue_key;
  std::string issue_summary;
  std::string site_name;
};

/// Everything that is wrong with a text, in order of place. Empty: it can be saved.
[[nodiscard]] std::vector<TextProblem> check_customer_text(std::string_view text);

/// Expands the variables once. What cannot be expanded stays as it was typed (a saved text has no such place). A blank line
/// separates paragraphs, a newline is a hard break; CRLF counts as a newline. Never throws on any input.
[[nodiscard]] Document render_customer_text(std::string_view text, const CustomerTextValues& values);

/// "14:02 UTC (15:02 Europe/Paris)"; only UTC when the zone is unknown, empty or UTC itself.
[[nodiscard]] std::string time_in_zones(Time at, std::string_view time_zone);

}  // namespace belay::support
