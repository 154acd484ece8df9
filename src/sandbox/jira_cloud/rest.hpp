// Jira's REST API v3 (and the few calls of servicedeskapi) as far as Belay may call it, strict where the real one is: a missing,
// unknown or expired token is 401, a scope that the manifest does not ask for is 401, what the caller may not see is 404.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "net/message.hpp"
#include "sandbox/forge/access_tokens.hpp"
#include "sandbox/forge/installations.hpp"
#include "sandbox/forge/manifest.hpp"
#include "sandbox/jira_cloud/rights.hpp"
#include "sandbox/jira_cloud/site.hpp"
#include "sandbox/jira_cloud/views.hpp"
#include "sandbox/party.hpp"

namespace belay::sandbox::jira_cloud {

/// Something happened to an issue that Forge tells apps about.
struct IssueHappening {
  std::string cloud_id;
  std::string event;          ///< avi:jira:commented:issue …
  std::string account;        ///< who did it
  bool by_app = false;
  std::string issue_id, issue_key, project_id, project_key;
  json::object comment;       ///< of comment events
};
using Tell = std::function<void(IssueHappening)>;

/// One call on its way through a handler.
struct RestCall {
  const net::Request& request;
  Stage& stage;
  Site& site;
  Views views;
  Caller caller;
  std::string installation;             ///< ARI
  std::vector<std::string> arguments;   ///< what stands where the route has {}
  const Tell& tell;
};

/// {"errorMessages":[…],"errors":{…}}
[[nodiscard]] net::Response refusal(unsigned status, std::string_view message);
[[nodiscard]] net::Response field_refusal(unsigned status, std::string_view field, std::string_view message);
[[nodiscard]] net::Response no_such_issue();
/// startAt and maxResults of a page, or what Service Management calls them; nothing when they are no numbers.
struct PageWish { std::int64_t start = 0; std::int64_t size = 0; };
struct PageNames { const char* start = "startAt"; const char* size = "maxResults"; };
[[nodiscard]] std::optional<PageWish> page_wish(const net::Request& request, std::int64_t usual, std::int64_t most, PageNames names = {});
/// The issue {0}, if the caller may see it.
[[nodiscard]] Issue* visible_issue(RestCall& call);
/// Notes an effect of this call in the journal.
void journal(RestCall& call, std::string kind, json::object object, json::object identity = {}, json::object more = {});
/// Told to apps; `comment` may be null.
void happen(RestCall& call, std::string event, const Issue& issue, const Comment* comment);

/// Of an entity property (https://developer.atlassian.com/cloud/jira/platform/jira-entity-properties/): characters of its key, bytes of its value.
inline constexpr std::size_t kLongestPropertyKey = 255;
inline constexpr std::size_t kLongestPropertyValue = 32'768;

class Rest final {
 public:
  Rest(Stage stage, Sites& sites, forge::AccessTokens& tokens, forge::Installations& installations, const forge::Manifest& manifest)
      : stage_(stage), sites_(sites), tokens_(tokens), installations_(installations), manifest_(manifest) {}

  /// `request.path` is ex, jira, <cloudId>, rest, …
  net::Response handle(const net::Request& request);

  /// `request.path` is app, report-accounts: of Atlassian, whatever the site.
  net::Response report_accounts(const net::Request& request);

  Tell tell;  ///< who wants to know; may stay empty

 private:
  Stage stage_;
  Sites& sites_;
  forge::AccessTokens& tokens_;
  forge::Installations& installations_;
  const forge::Manifest& manifest_;
};

/// A comment written by a person on the site's own pages.
void add_comment_by_hand(Stage& stage, Site& site, Issue& issue, const std::string& account, const json::object& body, bool is_public, const Tell& tell);

// The handlers, by family.
net::Response get_issue(RestCall& call);
net::Response list_issue_properties(RestCall& call);
net::Response get_issue_property(RestCall& call);
net::Response put_issue_property(RestCall& call);
net::Response delete_issue_property(RestCall& call);

net::Response list_comments(RestCall& call);
net::Response get_comment(RestCall& call);
net::Response add_comment(RestCall& call);
net::Response edit_comment(RestCall& call);
net::Response delete_comment(RestCall& call);
net::Response comments_by_ids(RestCall& call);
net::Response list_comment_properties(RestCall& call);
net::Response get_comment_property(RestCall& call);
net::Response put_comment_property(RestCall& call);
net::Response delete_comment_property(RestCall& call);

net::Response list_worklogs(RestCall& call);
net::Response add_worklog(RestCall& call);
net::Response edit_worklog(RestCall& call);
net::Response delete_worklog(RestCall& call);

net::Response get_myself(RestCall& call);
net::Response get_user(RestCall& call);
net::Response get_users(RestCall& call);
net::Response get_email(RestCall& call);
net::Response get_emails(RestCall& call);
net::Response get_user_groups(RestCall& call);
net::Response get_group_members(RestCall& call);
net::Response get_groups(RestCall& call);
net::Response search_users(RestCall& call);

net::Response my_permissions(RestCall& call);
net::Response check_permissions(RestCall& call);
net::Response get_project(RestCall& call);
net::Response get_project_roles(RestCall& call);
net::Response get_project_role(RestCall& call);
net::Response server_info(RestCall& call);

net::Response get_request(RestCall& call);
net::Response get_participants(RestCall& call);
net::Response get_issues(RestCall& call);
net::Response add_request_comment(RestCall& call);

}  // namespace belay::sandbox::jira_cloud
