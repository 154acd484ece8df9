#include "base/time.hpp"

#include <charconv>

#include <fmt/compile.h>

namespace belay {
namespace {

// What four digits of a year can say. An offset or a leap second may lead out of it.
constexpr Time kFirst = std::chrono::sys_days{std::chrono::year{0} / 1 / 1};
constexpr Time kBehindLast = std::chrono::sys_days{std::chrono::year{10'000} / 1 / 1};

// Reads numbers of a fixed width off the front of a text.
class Digits {
 public:
  explicit Digits(std::string_view text) : rest_(text) {}

  std::optional<int> take(std::size_t width) {
    if (rest_.size() < width) return std::nullopt;
    int value = 0;
    for (const char c : rest_.substr(0, width)) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(width);
    return value;
  }

  bool skip(char expected) {
    if (rest_.empty() || rest_.front() != expected) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // `.123456`: milliseconds, what is finer is cut.
  std::optional<int> fraction() {
    if (!skip('.')) return 0;
    int millis = 0;
    int scale = 100;
    std::size_t count = 0;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
      millis += (rest_.front() - '0') * scale;
      scale /= 10;
      rest_.remove_prefix(1);
      if (++count > 9) return std::nullopt;
    }
    if (count == 0) return std::nullopt;
    return millis;
  }

  std::optional<std::chrono::minutes> offset() {
    if (skip('Z')) return std::chrono::minutes{0};
    int sign = 0;
    if (skip('+')) sign = 1;
    else if (skip('-')) sign = -1;
    else return std::nullopt;
    const auto hours = take(2);
    skip(':');
    const auto minutes = take(2);
    if (!hours || !minutes || *hours > 14 || *minutes > 59) return std::nullopt;
    return std::chrono::minutes{sign * (*hours * 60 + *minutes)};
  }

  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

std::string to_the_second(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  return fmt::format(FMT_COMPILE("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}"), static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::int64_t millis_of(Time time) { return (time - std::chrono::floor<std::chrono::seconds>(time)).count(); }

}  // namespace

std::string to_iso8601(Time time) {
  auto text = to_the_second(time);
  if (const auto millis = millis_of(time); millis != 0) fmt::format_to(std::back_inserter(text), FMT_COMPILE(".{:03}"), millis);
  text += 'Z';
  return text;
}

std::string to_iso8601_millis(Time time) {
  auto text = to_the_second(time);
  fmt::format_to(std::back_inserter(text), FMT_COMPILE(".{:03}Z"), millis_of(time));
  return text;
}

std::optional<Time> from_iso8601(std::string_view text) {
  Digits digits{text};
  const auto year = digits.take(4);
  const bool extended = digits.skip('-');
  const auto month = digits.take(2);
  if (extended && !digits.skip('-')) return std::nullopt;
  const auto day = digits.take(2);
  if (!digits.skip('T')) return std::nullopt;
  const auto hour = digits.take(2);
  if (extended && !digits.skip(':')) return std::nullopt;
  const auto minute = digits.take(2);
  if (extended && !digits.skip(':')) return std::nullopt;
  const auto second = digits.take(2);
  const auto millis = digits.fraction();
  const auto offset = digits.offset();
  if (!year || !month || !day || !hour || !minute || !second || !millis || !offset || !digits.at_end()) return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 60) return std::nullopt;

  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  const Time time = std::chrono::sys_days{date} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} + std::chrono::seconds{*second} +
                    Milliseconds{*millis} - *offset;
  if (time < kFirst || time >= kBehindLast) return std::nullopt;
  return time;
}

}  // namespace belay
