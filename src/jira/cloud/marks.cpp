#include "jira/cloud/marks.hpp"

#include "net/message.hpp"

namespace belay::jira::cloud {

Task<Result<void>> CloudMarks::set_property(ports::Call call, IssueId issue, std::string key, json::object value) {
  RestCall rest_call;
  rest_call.call = std::move(call);
  rest_call.actor = ports::AsApp{};
  rest_call.method = "PUT";
  rest_call.path = "/rest/api/3/issue/" + net::percent_encode(issue.value) + "/properties/" + net::percent_encode(key);
  rest_call.name = "jira.set_issue_property";
  rest_call.body = std::move(value);
  rest_call.written_issue = issue.value;
  rest_call.writes = true;
  BELAY_CO_CHECK(co_await rest_.send(std::move(rest_call)));
  co_return Result<void>{};
}

}  // namespace belay::jira::cloud
