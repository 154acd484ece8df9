// Who may read a comment, as Jira writes it at the comment itself, in answers and in events alike.
#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"

namespace belay::support {

/// What every restriction that is not understood is called.
inline constexpr std::string_view kUnknownRestriction = "unknown";

/// A name for the role or group that alone may read it, equal for equal ones; empty when whoever sees the issue may. A restriction that is
/// not understood is one too. Source: `visibility` of the schema Comment, Jira Cloud REST API v3.
[[nodiscard]] std::string restriction_of(const json::object& comment);

}  // namespace belay::support
