// How a store says that its database is broken: thrown inside a unit of work, turned into a Result in Database::transact.
#pragma once

#include "base/result.hpp"

namespace belay::storage {

struct Failure {
  Error error;
};

}  // namespace belay::storage
