// TeamViewer limits how often one function is called with one token, and does not say how often (docs/teamviewer.md, "Limits"). So calls are counted
// here, and one too many is not sent. A refusal teaches what the limit is: from then on fewer are sent, for an hour.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>

#include "base/time.hpp"

namespace belay::teamviewer {

/// On one thread. Keys are "function|whose token".
class CallBudget final {
 public:
  /// A minute, and some more: TeamViewer counts when a call arrives, this when it leaves.
  static constexpr Milliseconds kWindow{61'000};
  static constexpr Milliseconds kLessonLife{3'600'000};

  explicit CallBudget(std::size_t calls_a_minute) : usual_(calls_a_minute) {}

  /// Counts a call and lets it go; or says how long it has to wait.
  [[nodiscard]] std::optional<Milliseconds> take(const std::string& key, Time now);

  /// The limit was reached with the calls that were let go.
  void refused(const std::string& key, Time now);

  /// Calls a minute at present.
  [[nodiscard]] std::size_t limit(const std::string& key, Time now) const;

 private:
  struct Use {
    std::deque<Time> calls;             // of the last minute, oldest first
    std::size_t learned = 0;            // 0: nothing
    Time learned_at;
  };
  void forget_old(Use& use, Time now) const;
  void tidy(Time now);

  std::size_t usual_;
  std::map<std::string, Use> uses_;
};

}  // namespace belay::teamviewer
