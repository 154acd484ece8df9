// A Jira user as the REST API writes one, in the shape of the house.
#pragma once

#include <optional>

#include "base/json.hpp"
#include "support/people.hpp"

namespace belay::jira::cloud {

/// Nothing when there is no account id. The picture is the 48 pixel one, https only.
[[nodiscard]] std::optional<support::Person> person_of(const json::object& user);

}  // namespace belay::jira::cloud
