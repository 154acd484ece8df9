// Where an installation's Jira is called, and with which token.
#pragma once

#include <string>

#include "base/result.hpp"
#include "base/task.hpp"
#include "ports/call.hpp"

namespace belay::jira {

struct Access {
  std::string base_url;      ///< of the REST API, no slash at the end: "https://api.atlassian.com/ex/jira/<cloudId>", "https://jira.example.com"
  std::string token;
  bool settling = false;     ///< the app is new there, and may be refused for some minutes more
};

class AccessSource {
 public:
  virtual ~AccessSource() = default;
  /// Errors: `jira_token_missing` (retryable), `signed_out` where the user has to bring one, `not_paired` when the installation is not known and the call names no address either.
  virtual Task<Result<Access>> of(ports::Call call, ports::Actor actor) = 0;
  /// Jira answered 401 to this one. Errors: as above, where there is no other.
  virtual Task<Result<Access>> another(ports::Call call, ports::Actor actor, Access refused) = 0;
};

}  // namespace belay::jira
