// Time and randomness are doors too: tests move the one, and nothing else may reach for the other.
#pragma once

#include <string>
#include <string_view>

#include "base/task.hpp"
#include "base/time.hpp"

namespace belay::ports {

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Time now() const = 0;
};

/// Waits that end early when there is something to do. wait() follows the clock, a moved test clock included; sleep() does not.
class Alarm {
 public:
  virtual ~Alarm() = default;
  /// Returns at `until`, at the next ring, or when the clock is set back.
  virtual Task<void> wait(Time until) = 0;
  /// Ends a wait; one that has not begun yet ends at once.
  virtual void ring() = 0;
  /// Waits out the time, whatever rings.
  virtual Task<void> sleep(Milliseconds time) = 0;
};

class Random {
 public:
  virtual ~Random() = default;
  [[nodiscard]] virtual std::string bytes(std::size_t count) = 0;
  /// A UUIDv7, for ids of rows.
  [[nodiscard]] virtual std::string uuid() = 0;
};

/// Small cryptographic pieces that use cases need; crypto/ provides them.
class Digests {
 public:
  virtual ~Digests() = default;
  [[nodiscard]] virtual std::string sha256_hex(std::string_view bytes) const = 0;
  [[nodiscard]] virtual std::string base64url(std::string_view bytes) const = 0;
  [[nodiscard]] virtual std::string sha256_base64url(std::string_view bytes) const = 0;
};

}  // namespace belay::ports
