// The doors that need nothing but the machine: time, alarms, randomness, digests.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>

#include "net/runtime.hpp"
#include "ports/clock.hpp"

namespace belay::belayd {

/// The machine's clock, moved by the milliseconds that stand in a file when tests say so. The file is read every time.
class SystemClock final : public ports::Clock {
 public:
  explicit SystemClock(std::optional<std::filesystem::path> offset_file) : offset_file_(std::move(offset_file)) {}
  [[nodiscard]] Time now() const override;
  [[nodiscard]] bool is_moved() const { return offset_file_.has_value(); }

 private:
  std::optional<std::filesystem::path> offset_file_;
  mutable std::atomic<Milliseconds::rep> offset_{0};   // units of work ask for the time on threads of their own
};

/// Waits on the runtime's one thread. With a clock that tests move, looks at it every 50 ms.
class ClockAlarm final : public ports::Alarm {
 public:
  ClockAlarm(boost::asio::io_context& io, const SystemClock& clock) : clock_(clock), signal_(io) {}
  Task<void> wait(Time until) override;
  void ring() override { signal_.notify(); }
  Task<void> sleep(Milliseconds time) override { return net::sleep_for(time); }

 private:
  const SystemClock& clock_;
  net::Signal signal_;
};

class SystemRandom final : public ports::Random {
 public:
  explicit SystemRandom(const ports::Clock& clock) : clock_(clock) {}
  [[nodiscard]] std::string bytes(std::size_t count) override;
  [[nodiscard]] std::string uuid() override;

 private:
  const ports::Clock& clock_;
};

class SystemDigests final : public ports::Digests {
 public:
  [[nodiscard]] std::string sha256_hex(std::string_view bytes) const override;
  [[nodiscard]] std::string base64url(std::string_view bytes) const override;
  [[nodiscard]] std::string sha256_base64url(std::string_view bytes) const override;
};

}  // namespace belay::belayd
