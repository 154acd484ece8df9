#include "teamviewer/pauses.hpp"

#include <algorithm>

namespace belay::teamviewer {
namespace {

// A pause that ended so long ago says nothing about the next call.
constexpr Milliseconds kForgottenAfter{600'000};
constexpr Milliseconds kMostAsked{3'600'000};

}  // namespace

std::optional<Milliseconds> Pauses::left(const std::string& key, Time now) const {
  const auto found = pauses_.find(key);
  if (found == pauses_.end() || found->second.until <= now) return std::nullopt;
  // A clock that was set back must not make the pause longer than it was.
  return std::min(found->second.until - now, found->second.length);
}

Milliseconds Pauses::begin(const std::string& key, Time now, std::optional<Milliseconds> asked) {
  std::erase_if(pauses_, [&](const auto& entry) { return entry.second.until + kForgottenAfter < now; });
  const auto found = pauses_.find(key);
  // Calls that were under way together are refused together: that is one trouble, and doubles nothing.
  const bool same = found != pauses_.end() && found->second.until > now;
  const auto own = found == pauses_.end() ? first_ : same ? found->second.length : std::min(found->second.length * 2, longest_);
  const auto length = std::max(own, std::min(asked.value_or(Milliseconds{0}), kMostAsked));
  pauses_[key] = {.until = now + length, .length = length};
  return length;
}

}  // namespace belay::teamviewer
