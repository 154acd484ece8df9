// What Jira asked us not to call for a while. Three limits run at once (Atlassian's page "Rate limiting"; docs/jira.md), and each answer 429
// says which one bit: a burst on one endpoint, writes on one issue, or the hourly quota. The pause is kept to that scope.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "net/client.hpp"

namespace belay::jira {

inline constexpr std::chrono::seconds kPauseWhenUnsaid{5};
inline constexpr std::chrono::hours kLongestPause{1};

/// What a call is, as the limits see it.
struct Limited {
  InstallationId installation;
  std::string endpoint;        ///< method and route, "GET issue"; beside a Data Center whoever asks
  std::string written_issue;   ///< the issue a write goes to; empty for reads
};

class Pauses final {
 public:
  /// How long this call has to wait, by any pause that covers it.
  [[nodiscard]] std::optional<Milliseconds> left(const Limited& call, Time now) const;

  /// Reads an answer 429 and remembers it. Gives back how long: `Retry-After`, else the reset headers, else five seconds; an hour at most.
  Milliseconds remember(const Limited& call, const net::OutboundResponse& answer, Time now);

 private:
  void forget_past(Time now);

  std::map<std::string, Time, std::less<>> until_;   // by scope
};

}  // namespace belay::jira
