// REST v2, the few calls of servicedeskapi, and personal access tokens, as far as Belay may call them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "net/message.hpp"
#include "sandbox/jira_datacenter/effects.hpp"
#include "sandbox/jira_datacenter/site.hpp"
#include "sandbox/jira_datacenter/views.hpp"

namespace belay::sandbox::jira_datacenter {

/// One call on its way through a handler.
struct RestCall {
  const net::Request& request;
  Doer doer;                            ///< who calls
  std::string scope;                    ///< of an access token; empty: everything that the caller may
  std::vector<std::string> arguments;   ///< what stands where the route has {}
  json::value sent;                     ///< the body, null without one
  json::object body;                    ///< the same where it is an object, else empty

  [[nodiscard]] Site& site() const { return doer.site; }
  [[nodiscard]] const std::string& caller() const { return doer.person; }
};

/// {"errorMessages":[…],"errors":{}}
[[nodiscard]] net::Response refusal(unsigned status, std::string_view message);
/// {"errorMessages":[],"errors":{field: message}}
[[nodiscard]] net::Response field_refusal(unsigned status, std::string_view field, std::string_view message);
/// Digits alone.
[[nodiscard]] std::optional<std::int64_t> number_of(std::string_view text);
/// Of a query's parameter: `otherwise` where there is none, or none that is a number.
[[nodiscard]] std::size_t number_in(const net::Request& request, std::string_view name, std::size_t otherwise);

/// The issue {0}: 404 where there is none, 403 where they may not see it.
struct Found { Issue* issue = nullptr; net::Response refused{}; };
[[nodiscard]] Found issue_for(const RestCall& call);
/// May they change it, too? Else 403.
[[nodiscard]] Found editable_issue_for(const RestCall& call);
[[nodiscard]] bool calls_as_admin(const RestCall& call);

/// `request.path` begins with rest, and is not of OAuth.
[[nodiscard]] net::Response answer_rest(const Stage& stage, Webhooks& webhooks, Site& site, const net::Request& request);

// The handlers, by family.
net::Response server_info(const Site& site);
net::Response get_myself(RestCall& call);
net::Response get_user(RestCall& call);
net::Response search_users(RestCall& call);
net::Response find_groups(RestCall& call);
net::Response get_group_members(RestCall& call);

net::Response my_permissions(RestCall& call);
net::Response get_project(RestCall& call);

net::Response get_issue(RestCall& call);
net::Response search(RestCall& call);

net::Response list_issue_properties(RestCall& call);
net::Response get_issue_property(RestCall& call);
net::Response put_issue_property(RestCall& call);
net::Response delete_issue_property(RestCall& call);
net::Response list_comment_properties(RestCall& call);
net::Response get_comment_property(RestCall& call);
net::Response put_comment_property(RestCall& call);
net::Response delete_comment_property(RestCall& call);

net::Response list_worklogs(RestCall& call);
net::Response get_worklog(RestCall& call);
net::Response add_worklog(RestCall& call);
net::Response edit_worklog(RestCall& call);
net::Response delete_worklog(RestCall& call);

net::Response list_comments(RestCall& call);
net::Response get_comment(RestCall& call);
net::Response add_comment(RestCall& call);
net::Response edit_comment(RestCall& call);
net::Response delete_comment(RestCall& call);

net::Response get_request(RestCall& call);
net::Response get_participants(RestCall& call);
net::Response list_request_comments(RestCall& call);
net::Response add_request_comment(RestCall& call);
net::Response get_request_comment(RestCall& call);

net::Response list_personal_tokens(RestCall& call);
net::Response make_personal_token(RestCall& call);
net::Response delete_personal_token(RestCall& call);

}  // namespace belay::sandbox::jira_datacenter
