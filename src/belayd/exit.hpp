// How every command of belayd ends.
#pragma once

#include <cstdio>

#include <fmt/format.h>

#include "base/result.hpp"

namespace belay::belayd {

// Exit statuses.
inline constexpr int kFine = 0;
inline constexpr int kFailed = 1;
inline constexpr int kMisconfigured = 2;

/// Says on standard error why, and gives the status back.
inline int refuse(const Error& error, int status = kFailed) {
  fmt::print(stderr, "belayd: {}\n", error.cause.empty() ? error.code : error.cause);
  return status;
}

}  // namespace belay::belayd
