// Text as it may be shown on an issue, whatever the format it is written in: names, summaries and Jira's own words come from anybody.
#pragma once

#include <string>
#include <string_view>

namespace belay::jira {

/// `text` without control characters (Unicode category Cc), line and paragraph separators, marks that turn the direction of what follows, and
/// noncharacters. Broken UTF-8 becomes U+FFFD.
[[nodiscard]] std::string without_control_characters(std::string_view text);

/// http or https: never javascript: or data:, whatever a provider sends.
[[nodiscard]] bool is_web_address(std::string_view url);

}  // namespace belay::jira
