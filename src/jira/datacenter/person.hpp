// A user as REST v2 writes one: known by a key that stays, and signing in with a name that may change.
#pragma once

#include <optional>

#include "base/json.hpp"
#include "support/people.hpp"

namespace belay::jira::datacenter {

/// Nothing when there is no key. The picture is the 48 pixel one, of an address that may be shown (shown_picture()).
[[nodiscard]] std::optional<support::Person> person_of(const json::object& user);

}  // namespace belay::jira::datacenter
