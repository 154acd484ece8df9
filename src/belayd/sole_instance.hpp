// One `belayd serve` on one SQLite file. Two would carry out the same work twice: each believes that what is leased is its own.
#pragma once

#include <filesystem>
#include <optional>
#include <utility>

#include "base/result.hpp"

namespace belay::belayd {

/// Holds <file>.lock as long as it lives; the system lets go of it with the process, also when that is killed.
class SoleInstance final {
 public:
  /// Nothing is held without a file: with PostgreSQL several may serve. Error: `database_in_use`, or `storage_unavailable` where the lock cannot be made.
  static Result<SoleInstance> of(const std::optional<std::filesystem::path>& sqlite_file);

  SoleInstance(SoleInstance&& other) noexcept : lock_(std::exchange(other.lock_, -1)) {}
  SoleInstance& operator=(SoleInstance&&) = delete;
  ~SoleInstance();

 private:
  explicit SoleInstance(int lock) : lock_(lock) {}

  int lock_;   // file descriptor; -1: nothing is held
};

}  // namespace belay::belayd
