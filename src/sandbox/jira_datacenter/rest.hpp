// REST v2 and the few calls of servicedeskapi of a Jira Data Center, as far as Belay may call them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "net/message.hpp"
#include "sandbox/jira_datacenter/site.hpp"
#include "sandbox/party.hpp"

namespace belay::sandbox::jira_datacenter {

/// One call on its way through a handler.
struct RestCall {
  const net::Request& request;
  const Stage& stage;
  Site& site;
  std::string caller;                   ///< key
  std::vector<std::string> arguments;   ///< what stands where the route has {}
  json::object body;
};

/// {"errorMessages":[…],"errors":{}}
[[nodiscard]] net::Response refusal(unsigned status, std::string_view message);
[[nodiscard]] json::object user_view(const Site& site, std::string_view key);
/// 2026-11-29T05:00:00.000+0000
[[nodiscard]] std::string moment(Time at);
/// Notes an effect of this call in the journal.
void journal(const RestCall& call, std::string kind, json::object object, json::object identity = {}, json::object more = {});
/// The issue {0}: 404 where there is none, 403 where they may not see it.
struct Found { Issue* issue = nullptr; net::Response refused{}; };
[[nodiscard]] Found issue_for(RestCall& call);

/// `request.path` begins with rest.
[[nodiscard]] net::Response answer_rest(const Stage& stage, Site& site, const net::Request& request);

// The handlers, by family.
net::Response server_info(RestCall& call);
net::Response get_myself(RestCall& call);
net::Response get_user(RestCall& call);
net::Response find_groups(RestCall& call);
net::Response my_permissions(RestCall& call);
net::Response get_project(RestCall& call);

net::Response get_issue(RestCall& call);
net::Response search(RestCall& call);
net::Response get_issue_property(RestCall& call);
net::Response put_issue_property(RestCall& call);
net::Response list_worklogs(RestCall& call);
net::Response add_worklog(RestCall& call);
net::Response edit_worklog(RestCall& call);
net::Response delete_worklog(RestCall& call);

net::Response list_comments(RestCall& call);
net::Response add_comment(RestCall& call);
net::Response edit_comment(RestCall& call);
net::Response delete_comment(RestCall& call);
net::Response get_comment_property(RestCall& call);

net::Response get_request(RestCall& call);
net::Response get_participants(RestCall& call);
net::Response get_request_comment(RestCall& call);

}  // namespace belay::sandbox::jira_datacenter
