// TeamViewer limits calls per function and token and tells nobody for how long (docs/teamviewer.md, "Limits"). So we keep our own pauses: a call that
// would come too early is not sent.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/time.hpp"

namespace belay::teamviewer {

/// On one thread. Keys are "function|whose token". Keeps only keys that are in trouble.
class Pauses final {
 public:
  Pauses(Milliseconds first, Milliseconds longest) : first_(first), longest_(longest) {}

  /// How long this call still has to wait; nothing when it may go.
  [[nodiscard]] std::optional<Milliseconds> left(const std::string& key, Time now) const;

  /// The limit was reached: gives back the pause that begins. It doubles each time, and is never shorter than what was `asked` for.
  Milliseconds begin(const std::string& key, Time now, std::optional<Milliseconds> asked);

  /// A call went through: the next trouble starts from the first pause again.
  void end(const std::string& key) { pauses_.erase(key); }

 private:
  struct Pause { Time until; Milliseconds length; };

  Milliseconds first_;
  Milliseconds longest_;
  std::map<std::string, Pause> pauses_;
};

}  // namespace belay::teamviewer
