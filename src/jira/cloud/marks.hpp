// Issue properties over REST v3, written as the app.
#pragma once

#include "jira/cloud/rest.hpp"
#include "ports/marks.hpp"

namespace belay::jira::cloud {

class CloudMarks final : public ports::Marks {
 public:
  explicit CloudMarks(Rest& rest) : rest_(rest) {}

  Task<Result<void>> set_property(ports::Call call, IssueId issue, std::string key, json::object value) override;

 private:
  Rest& rest_;
};

}  // namespace belay::jira::cloud
