#include "belayd/doors.hpp"

#include <fstream>

#include "crypto/digest.hpp"

namespace belay::belayd {
namespace {

constexpr Milliseconds kMovedClockLook{50};

}  // namespace

Time SystemClock::now() const {
  if (offset_file_) {
    // Every time: between two looks another process could mint a token that lies in our future.
    std::ifstream file(*offset_file_);
    std::int64_t millis = 0;
    if (file >> millis) offset_ = millis;
  }
  return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now()) + Milliseconds{offset_};
}

Task<void> ClockAlarm::wait(Time until) {
  auto left = until - clock_.now();
  for (;;) {
    if (left <= Milliseconds{0}) co_return;
    const auto slice = clock_.is_moved() ? std::min(left, kMovedClockLook) : left;
    if (co_await signal_.wait(slice)) co_return;
    const auto now_left = until - clock_.now();
    // The clock was set back: whoever waits has to look anew at what that means, and not an hour later.
    if (now_left > left) co_return;
    left = now_left;
  }
}

std::string SystemRandom::bytes(std::size_t count) { return crypto::random_bytes(count); }

std::string SystemRandom::uuid() { return crypto::uuid_v7(to_millis(clock_.now()), crypto::random_bytes(10)); }

std::string SystemDigests::sha256_hex(std::string_view bytes) const { return crypto::hex(crypto::sha256(bytes)); }
std::string SystemDigests::base64url(std::string_view bytes) const { return crypto::base64url(bytes); }
std::string SystemDigests::sha256_base64url(std::string_view bytes) const { return crypto::base64url(crypto::sha256(bytes)); }

}  // namespace belay::belayd
