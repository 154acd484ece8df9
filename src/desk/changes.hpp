// Which of an installation's facts have changed since somebody looked: a number for each installation that only grows. What was
// put together from those facts is good as long as the number is the same.
#pragma once

#include <cstdint>
#include <map>

#include "base/ids.hpp"

namespace belay::desk {

/// Lives on the house's one thread.
class Changes final {
 public:
  void note(const InstallationId& installation) { ++numbers_[installation]; }

  /// Read it before the facts: a change while they are read then makes them old at once.
  [[nodiscard]] std::uint64_t of(const InstallationId& installation) const {
    const auto found = numbers_.find(installation);
    return found == numbers_.end() ? 0 : found->second;
  }

 private:
  std::map<InstallationId, std::uint64_t> numbers_;
};

}  // namespace belay::desk
