// Every call to Jira's REST API goes through here, v3 in Cloud and v2 in Data Center: address and token of the installation, deadline, pauses that Jira asked for, and one reading
// of its refusals (docs/jira.md).
#pragma once

#include <optional>
#include <string>

#include "base/json.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "jira/access.hpp"
#include "jira/pauses.hpp"
#include "net/client.hpp"
#include "ports/call.hpp"
#include "ports/clock.hpp"

namespace belay::jira {

struct RestCall {
  ports::Call call;
  ports::Actor actor;
  std::string method = "GET";
  std::string path;                  ///< under the installation's address, query included: "/rest/api/3/myself"
  bool of_the_host = false;          ///< what is Atlassian's and no site's: `path` is under the host of the installation's address
  std::string name;                  ///< "jira.myself", for metrics, log and the scope of a pause
  std::optional<json::value> body;
  bool experimental = false;         ///< Jira wants to hear that we know (header X-ExperimentalApi; Service Management in Data Center)
  std::string written_issue;         ///< the issue a write goes to
  /// How the answer is read.
  json::Reading reading{.max_depth = json::kMaxAnswerDepth, .storage = {}, .left_out = {}};
  std::size_t max_answer = 4 * 1024 * 1024;   ///< bytes
  /// Sending it twice does no harm: reads, and writes that replace or delete.
  bool idempotent = true;
  /// Somebody's write: what became of it is unknown when no answer came.
  bool writes = false;
};

/// What Jira's limits count together.
enum class CountedBy { endpoint, user };

class Rest final {
 public:
  Rest(net::Client& client, AccessSource& access, const ports::Clock& clock, CountedBy counted = CountedBy::endpoint) : client_(client), access_(access), clock_(clock), counted_(counted) {}

  /// The body of a 2xx answer; null for one without. Errors:
  /// - `jira_token_missing` (retryable): no live token, or Jira does not take it (401);
  /// - `jira_forbidden` (retryable only while a new installation settles), `not_found`;
  /// - `jira_rate_limited` (retryable, retry_after): said by Jira now or earlier, in which case nothing was sent;
  /// - `signed_out`: a user who has to sign in again (Data Center; in Cloud each call brings their token);
  /// - `jira_unreachable` (retryable): no answer, a redirect or 5xx; detail.maybe_done when it was a write that may have happened;
  /// - `jira_refused`: any other status; detail.status, and detail.said with Jira's words.
  Task<Result<json::value>> send(RestCall rest_call);

  /// The answer as it came, headers and all, to those who read its status themselves. Errors: as above where there is no answer, at 429 and from 500 on,
  /// and `jira_token_missing` when there is no live token.
  Task<Result<net::OutboundResponse>> ask(RestCall rest_call);

 private:
  Result<json::value> read(const RestCall& rest_call, const Access& access, const Result<net::OutboundResponse>& answer);

  net::Client& client_;
  AccessSource& access_;
  const ports::Clock& clock_;
  const CountedBy counted_;
  Pauses pauses_;
};

/// What Jira said in an error body: errorMessages and errors, at most 300 bytes, one line.
[[nodiscard]] std::string words_of(std::string_view body);

}  // namespace belay::jira
