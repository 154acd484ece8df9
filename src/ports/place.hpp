// Where a page of a long list ended.
#pragma once

#include <string>

#include "base/time.hpp"

namespace belay::ports {

/// The next page begins with what comes after this in the order of the list.
struct Place { Time at; std::string id; };

}  // namespace belay::ports
