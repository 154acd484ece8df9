// The sandbox's time: the system's, moved by the file that BELAY_TEST_CLOCK names (an offset in milliseconds, read anew each time), so
// that a test moves belayd and the outside world alike; and by `PUT control/state`.
#pragma once

#include <filesystem>
#include <optional>

#include "base/time.hpp"

namespace belay::sandbox {

class Clock {
 public:
  /// `offset_file` empty: the system's time.
  explicit Clock(std::filesystem::path offset_file = {}) : offset_file_(std::move(offset_file)) {}
  virtual ~Clock() = default;

  [[nodiscard]] virtual Time now() const;
  [[nodiscard]] Milliseconds offset() const;

  /// Writes the file where there is one (belayd follows it), else moves the sandbox alone.
  void set_offset(Milliseconds offset);

 private:
  std::filesystem::path offset_file_;
  Milliseconds own_offset_{0};
};

/// The clock that BELAY_TEST_CLOCK asks for.
[[nodiscard]] std::filesystem::path clock_file_from_environment();

}  // namespace belay::sandbox
