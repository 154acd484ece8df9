// Issue properties, written as the service account, and worklogs over REST v2.
#pragma once

#include "jira/rest.hpp"
#include "ports/marks.hpp"

namespace belay::jira::datacenter {

class DataCenterMarks final : public ports::Marks {
 public:
  explicit DataCenterMarks(Rest& rest) : rest_(rest) {}

  Task<Result<void>> set_property(ports::Call call, IssueId issue, std::string key, json::object value) override;
  Task<Result<WorklogId>> write_worklog(ports::Call call, ports::Actor actor, ports::WorklogDraft draft) override;
  Task<Result<std::vector<WorklogId>>> find_worklogs(ports::Call call, IssueId issue, SessionId session, Time since) override;
  Task<Result<void>> change_worklog(ports::Call call, ports::Actor actor, WorklogId worklog, ports::WorklogDraft draft) override;
  Task<Result<void>> delete_worklog(ports::Call call, ports::Actor actor, IssueId issue, WorklogId worklog) override;

 private:
  Rest& rest_;
};

}  // namespace belay::jira::datacenter
