// A recording of every API request that came in to Jira and TeamViewer, with its answer, for judges that know the rules
// (Prism, the ADF schema, TeamViewer's OpenAPI). Secrets are replaced as they are written down. Shape: docs/sandbox/requests.schema.json.
#pragma once

#include <chrono>
#include <deque>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "net/message.hpp"

namespace belay::sandbox {

class Clock;

/// How long the party had a request, by the clock of the machine that nobody sets.
struct Span {
  std::chrono::steady_clock::time_point arrived;
  std::chrono::steady_clock::time_point answered;
};

class Recording final {
 public:
  explicit Recording(const Clock& clock) : clock_(clock) {}

  /// `path` as the party's own documentation writes it: Jira's without /ex/jira/<cloudId>.
  void write(std::string_view party, std::string_view path, Span span, const net::Request& request, const net::Response& answer);

  /// JSON Lines, from `after` (exclusive) on.
  [[nodiscard]] std::string lines(std::int64_t after = 0) const;

 private:
  const Clock& clock_;
  std::deque<std::pair<std::int64_t, std::string>> lines_;
  std::size_t bytes_ = 0;
  std::int64_t next_ = 1;
};

/// The same JSON or form text with the values of secret members replaced by "redacted" (links: https://redacted.example/).
[[nodiscard]] std::string without_secrets(std::string_view content_type, std::string_view body);

}  // namespace belay::sandbox
