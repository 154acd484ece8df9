// For tests of rooms above that need a real database, and are not about the disk.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

namespace belay::ports {

/// Where a test may make a folder of its own: in memory where there is such a place, which has no disk to wait for; in TMPDIR where that is there already.
inline std::filesystem::path scratch_place() {
  const std::filesystem::path memory{"/dev/shm"};
  auto given = std::filesystem::temp_directory_path();
  if (given.string().starts_with(memory.string() + "/")) return given;
  return ::access(memory.c_str(), W_OK | X_OK) == 0 ? memory : given;
}

}  // namespace belay::ports
