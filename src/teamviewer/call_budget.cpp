#include "teamviewer/call_budget.hpp"

#include <algorithm>

namespace belay::teamviewer {
namespace {

constexpr std::size_t kMostKeys = 10'000;
constexpr std::size_t kFewestToLearnFrom = 3;

}  // namespace

// Also what lies in the future, after the clock was set back.
void CallBudget::forget_old(Use& use, Time now) const {
  std::erase_if(use.calls, [now](Time at) { return at > now || now - at >= kWindow; });
  if (use.learned != 0 && (use.learned_at > now || now - use.learned_at >= kLessonLife)) use.learned = 0;
}

void CallBudget::tidy(Time now) {
  if (uses_.size() < kMostKeys) return;
  for (auto& [key, use] : uses_) forget_old(use, now);
  std::erase_if(uses_, [](const auto& entry) { return entry.second.calls.empty() && entry.second.learned == 0; });
}

std::size_t CallBudget::limit(const std::string& key, Time now) const {
  const auto found = uses_.find(key);
  if (found == uses_.end() || found->second.learned == 0) return usual_;
  const bool fresh = found->second.learned_at <= now && now - found->second.learned_at < kLessonLife;
  return fresh ? std::min(usual_, found->second.learned) : usual_;
}

std::optional<Milliseconds> CallBudget::take(const std::string& key, Time now) {
  tidy(now);
  auto& use = uses_[key];
  forget_old(use, now);
  const auto most = limit(key, now);
  if (use.calls.size() >= most) return use.calls[use.calls.size() - most] + kWindow - now;
  use.calls.push_back(now);
  return std::nullopt;
}

void CallBudget::refused(const std::string& key, Time now) {
  auto& use = uses_[key];
  forget_old(use, now);
  // The one that was refused was let go last: it does not count as one that the limit allows.
  if (!use.calls.empty()) use.calls.pop_back();
  // So few say nothing: somebody else, or an earlier run of this program, used the limit up.
  if (use.calls.size() < kFewestToLearnFrom) return;
  use.learned = use.calls.size();
  use.learned_at = now;
}

}  // namespace belay::teamviewer
