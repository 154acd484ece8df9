// A person of an issue as the panel shows them.
#pragma once

#include "base/json.hpp"
#include "desk/matching.hpp"

namespace belay::desk {

/// The schema IssuePerson of docs/openapi.yaml.
[[nodiscard]] json::object person_view(const MatchedPerson& person, Time now);

/// Until when the view stays the same as long as nothing more is learnt of them: it says how old their presence is, in steps of ten seconds.
[[nodiscard]] Time same_until(const MatchedPerson& person, Time now);

}  // namespace belay::desk
