// Key rotation: finds what an older key sealed and seals it again with the first key (crypto/seal.hpp). Works row by row,
// so that it can be stopped at any moment and goes on next time.
#pragma once

#include <optional>
#include <string>

#include "storage/connection.hpp"
#include "storage/seals.hpp"

namespace belay::storage {

/// Where the walk over all sealed values stands: in which column, and behind which row of it. By itself at the beginning.
struct SealedPlace {
  std::size_t column = 0;
  std::string installation;
  std::string row;
};

struct Resealed {
  std::size_t sealed = 0;
  std::size_t unopenable = 0;        ///< named in the log, and left as they are
  std::optional<SealedPlace> next;   ///< where to go on; absent: all have been looked at
};

/// Looks at up to `most` stale values of the column of `place`, and seals again those that open.
Resealed reseal_some(Connection& connection, const Seals& seals, const SealedPlace& place, std::size_t most);

/// How many sealed values do not open: their key is not in the key file any more, or they were altered. Looks at all of them, `at_once` a query.
std::size_t count_unopenable(Connection& connection, const Seals& seals, std::size_t at_once);

}  // namespace belay::storage
