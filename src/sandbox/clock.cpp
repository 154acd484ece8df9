#include "sandbox/clock.hpp"

#include <charconv>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace belay::sandbox {

Time Clock::now() const {
  return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now()) + offset();
}

Milliseconds Clock::offset() const {
  if (offset_file_.empty()) return own_offset_;
  std::ifstream file(offset_file_);
  std::int64_t millis = 0;
  if (!(file >> millis)) return Milliseconds{0};  // not written yet: no offset
  return Milliseconds{millis};
}

void Clock::set_offset(Milliseconds offset) {
  own_offset_ = offset;
  if (offset_file_.empty()) return;
  // A reader must never see half a number.
  const auto fresh = offset_file_.string() + ".new";
  std::ofstream(fresh) << offset.count() << '\n';
  std::filesystem::rename(fresh, offset_file_);
}

std::filesystem::path clock_file_from_environment() {
  const char* named = std::getenv("BELAY_TEST_CLOCK");
  return named == nullptr ? std::filesystem::path{} : std::filesystem::path{named};
}

}  // namespace belay::sandbox
