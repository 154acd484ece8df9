// Key rotation: finds what an older key sealed and seals it again with the first key (crypto/seal.hpp). Works row by row,
// so that it can be stopped at any moment and goes on next time.
#pragma once

#include "storage/connection.hpp"
#include "storage/seals.hpp"

namespace belay::storage {

/// Seals again at most `most` values; how many it did. 0: nothing is stale any more.
/// Throws a Failure with `seal_unknown_key` when a value was sealed with a key that is gone.
std::size_t reseal_some(Connection& connection, const Seals& seals, std::size_t most);

/// How many of the first `most` sealed values of each column do not open: their key is not in the key file any more.
std::size_t count_unopenable(Connection& connection, const Seals& seals, std::size_t most);

}  // namespace belay::storage
