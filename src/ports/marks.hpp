// Output on the issue for machines: properties (JQL, automation) and worklogs. Never read back as truth, but to find our own effect. Properties hold
// counts, states and times only.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "ports/call.hpp"
#include "support/document.hpp"

namespace belay::ports {

struct WorklogDraft {
  IssueId issue;
  SessionId session;                 ///< written with it as property belay.session, so that it is found again
  Time started;
  std::chrono::seconds spent{0};     ///< at least a minute: Jira takes no less
  support::Document comment;
};

class Marks {
 public:
  virtual ~Marks() = default;
  /// Replaces the issue's property.
  virtual Task<Result<void>> set_property(Call call, IssueId issue, std::string key, json::object value) = 0;

  /// Time worked, in the actor's name. Nobody is notified, and the remaining estimate stays as it is. NOT idempotent: look before asking a second time.
  virtual Task<Result<WorklogId>> write_worklog(Call call, Actor actor, WorklogDraft draft) = 0;
  /// The worklogs that carry this session's mark, among those that started not before `since`; the oldest first.
  virtual Task<Result<std::vector<WorklogId>>> find_worklogs(Call call, IssueId issue, SessionId session, Time since) = 0;
  /// A worklog that is gone is `not_found`.
  virtual Task<Result<void>> change_worklog(Call call, Actor actor, WorklogId worklog, WorklogDraft draft) = 0;
  /// One of the actor's own; the remaining estimate stays as it is. A worklog that is gone is `not_found`.
  virtual Task<Result<void>> delete_worklog(Call call, Actor actor, IssueId issue, WorklogId worklog) = 0;
};

}  // namespace belay::ports
