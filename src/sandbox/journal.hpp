// The book of every outside effect that a party accepted, in order: what a test reads to say that nothing was lost and nothing happened
// twice. Written at the moment of the effect, before the answer, so that a held or dropped answer still has its line.
// Shape: docs/sandbox/journal.schema.json.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/time.hpp"

namespace belay::sandbox {

struct Effect {
  std::string party;         ///< "jira", "datacenter", "forge", "teamviewer"
  std::string kind;          ///< "comment.created", "session.closed": what was done, in the past
  std::string installation;  ///< the Forge installation whose token did it, the site of a Jira Data Center; empty at TeamViewer
  std::string account;       ///< on whose behalf: Jira account id, TeamViewer user id (u123)
  json::object object;       ///< ids of what was touched: {"issue":"10012","issueKey":"HELP-12","comment":"10100"}, {"session":"s12-345-678"}
  json::object identity;     ///< what the request carried to be known again by: {"belay.session":{…}} of a comment, {"custom_api":"…"}
  json::object more = {};    ///< what else a test needs: state after it, fields changed. Never a token or a supporter link
};

class Clock;

class Journal final {
 public:
  explicit Journal(const Clock& clock) : clock_(clock) {}

  /// Numbers and dates the effect. Returns its sequence number, from 1.
  std::int64_t write(Effect effect);

  /// JSON Lines, from `after` (exclusive) on.
  [[nodiscard]] std::string lines(std::int64_t after = 0) const;
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct Entry { std::int64_t sequence; Time time; Effect effect; };
  const Clock& clock_;
  std::vector<Entry> entries_;
};

}  // namespace belay::sandbox
