// What is believed for a while and kept in memory only.
#pragma once

#include <cstddef>
#include <map>

#include "base/time.hpp"

namespace belay::desk {

inline constexpr std::size_t kMostRemembered = 10'000;

/// Of calls that were under way together one may fail: only the success of one that began later than that, `begun`, takes its word away, or a
/// clock that was set back.
[[nodiscard]] inline bool is_failure_past(Time failed_at, Time begun, Time now) { return failed_at < begun || failed_at > now; }

/// Values that are true for a while, at most `kMostRemembered` of them.
template <class Key, class Value>
class Remembered {
 public:
  [[nodiscard]] const Value* find(const Key& key, Time now) const {
    const auto found = entries_.find(key);
    return found != entries_.end() && is_young(found->second, now) ? &found->second.value : nullptr;
  }
  /// Until when it will be believed; a time long past when it is not known.
  [[nodiscard]] Time until(const Key& key) const {
    const auto found = entries_.find(key);
    return found == entries_.end() ? Time{} : found->second.until;
  }
  void keep(const Key& key, Value value, Time now, Milliseconds life) {
    if (entries_.size() >= kMostRemembered) tidy(now);
    if (entries_.size() >= kMostRemembered) entries_.clear();
    entries_.insert_or_assign(key, Entry{std::move(value), now, now + life});
  }
  void forget(const Key& key) { entries_.erase(key); }
  template <class Predicate>
  void forget_if(Predicate predicate) { std::erase_if(entries_, [&](const auto& entry) { return predicate(entry.first); }); }
  /// Drops what is over. To be called every minute by whoever remembers something about people.
  void tidy(Time now) {
    std::erase_if(entries_, [now](const auto& entry) { return !is_young(entry.second, now); });
  }
  [[nodiscard]] std::size_t held() const { return entries_.size(); }

 private:
  struct Entry { Value value; Time from; Time until; };
  // A clock that was set back does not make it last.
  static bool is_young(const Entry& entry, Time now) { return entry.from <= now && now < entry.until; }

  std::map<Key, Entry> entries_;
};

}  // namespace belay::desk
