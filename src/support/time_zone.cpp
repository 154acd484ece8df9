#include "support/time_zone.hpp"

#include <exception>

// As Debian builds the library: the system's own database, no downloads.
#define ONLY_C_LOCALE 1
#define USE_OS_TZDB 1
#define HAS_REMOTE_API 0
#define AUTO_DOWNLOAD 0
#include <date/tz.h>

namespace belay::support {
namespace {

constexpr std::size_t kLongestName = 64;

// The shape of an IANA name. The library looks names up in its list, so this is only a quick way past nonsense.
bool looks_like_a_zone(std::string_view name) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/";
  return !name.empty() && name.size() <= kLongestName && name.find_first_not_of(kLetters) == std::string_view::npos;
}

}  // namespace

std::optional<std::chrono::local_seconds> wall_clock(Time at, std::string_view zone_name) {
  if (!looks_like_a_zone(zone_name)) return std::nullopt;
  const auto utc = std::chrono::floor<std::chrono::seconds>(at);
  try {
    const auto offset = date::locate_zone(zone_name)->get_info(utc).offset;
    return std::chrono::local_seconds{utc.time_since_epoch() + offset};
  } catch (const std::exception&) {
    // The library throws for a name that it does not know and for a database that cannot be read. To the reader both are the
    // same: there is no second clock to show.
    return std::nullopt;
  }
}

std::optional<Zone> Zone::named(std::string_view name) {
  if (name == "UTC") return Zone{};
  if (!looks_like_a_zone(name)) return std::nullopt;
  try {
    Zone zone;
    zone.zone_ = date::locate_zone(name);
    static_cast<void>(zone.day_of(Time{}));   // reads its file, so that it is now that this fails
    return zone;
  } catch (const std::exception&) {
    return std::nullopt;   // as above
  }
}

std::chrono::local_days Zone::day_of(Time at) const {
  const auto utc = std::chrono::floor<std::chrono::seconds>(at);
  const auto offset = zone_ == nullptr ? std::chrono::seconds{0} : zone_->get_info(utc).offset;
  return std::chrono::floor<std::chrono::days>(std::chrono::local_seconds{utc.time_since_epoch() + offset});
}

Time Zone::begin_of(std::chrono::local_days day) const {
  if (zone_ == nullptr) return Time{day.time_since_epoch()};
  return zone_->to_sys(date::local_seconds{day.time_since_epoch()}, date::choose::earliest);
}

}  // namespace belay::support
