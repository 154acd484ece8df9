// Output on the issue for machines: properties (JQL, automation). Never read back as truth. Counts, states and times only.
#pragma once

#include <string>

#include "base/json.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "ports/call.hpp"

namespace belay::ports {

class Marks {
 public:
  virtual ~Marks() = default;
  /// Replaces the issue's property.
  virtual Task<Result<void>> set_property(Call call, IssueId issue, std::string key, json::object value) = 0;
};

}  // namespace belay::ports
