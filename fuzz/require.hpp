// What a fuzz target says must hold: libFuzzer keeps the bytes for which it does not.
#pragma once

#include <cstdlib>

inline void require(bool holds) {
  if (!holds) std::abort();
}
