// What one Jira Data Center or Server site holds. Plain state of its own: what Cloud has otherwise (account ids, ADF, hidden addresses) is not here.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/time.hpp"

namespace belay::sandbox::jira_datacenter {

struct Person {
  std::string key;                  ///< JIRAUSER10100: stays
  std::string name;                 ///< what they sign in with; may change
  std::string display_name;
  std::string email;                ///< may be empty
  std::string password;             ///< for Basic authentication alone; empty: they cannot
  bool active = true;
  std::string locale = "en_US";
  std::string time_zone = "Europe/Berlin";
  std::string theme = "light";
  std::set<std::string> groups;
};

struct Project {
  std::string id, key, name;
  bool service = false;
  std::int64_t desk = 0;            ///< number of the portal, service projects only
  // Names of groups, or keys of people.
  std::set<std::string> agents;     ///< see and edit, and work on requests of a service project
  std::set<std::string> editors;    ///< see and edit
  std::set<std::string> viewers;    ///< see
  std::set<std::string> admins;
};

/// Who alone sees a comment: a role of its issue's project, or a group.
struct Visibility {
  std::string type;                 ///< role, group
  std::string value;                ///< name
};

using Properties = std::map<std::string, json::value>;

struct Comment {
  std::int64_t id = 0;
  std::string author, editor;       ///< keys
  std::string body;                 ///< wiki markup
  Time created{}, updated{};
  bool internal = false;
  std::optional<Visibility> visibility;
  Properties properties;
};

struct Worklog {
  std::int64_t id = 0;
  std::string author, editor;       ///< keys
  std::string comment;              ///< wiki markup
  Time started{}, created{}, updated{};
  std::int64_t seconds = 0;
};

struct Issue {
  std::string id, key;
  std::vector<std::string> former_keys;
  std::string project;              ///< key
  std::string summary, description; ///< the latter wiki markup
  std::string type = "Task", status = "Open";
  std::string reporter, assignee;   ///< keys; may be empty
  std::vector<std::string> participants;
  Time created{}, updated{};
  std::vector<Comment> comments;    ///< oldest first
  std::vector<Worklog> worklogs;
  Properties properties;
};

/// An external application, as an incoming link has it.
struct Client {
  std::string id, secret;
  std::string name = "Belay";
  std::string scope = "WRITE";      ///< the most that it may ask for
  std::set<std::string> redirect_uris;
};

struct Token {
  std::string person;               ///< key
  std::string scope;                ///< of an access token; empty: a personal one, which has none
  std::optional<Time> ends;         ///< nothing: never
  std::int64_t id = 0;              ///< of a personal one
  std::string name;                 ///< of a personal one
  Time created{};

  [[nodiscard]] bool is_personal() const { return scope.empty(); }
  [[nodiscard]] bool may_write() const { return scope != "READ"; }
};

/// An administrator's webhook.
struct Webhook {
  std::int64_t id = 0;
  std::string url;
  std::string secret;               ///< empty: not signed
  std::set<std::string> events;
  bool enabled = true;
};

/// Where the real Jira's answer is inconvenient, and what a test may switch.
struct Behaviour {
  std::int64_t retry_after_seconds = 0;          ///< above 0: every call of REST is 429 and says to come again then
  bool comment_events_name_issue = false;        ///< comment_created and its like carry the issue, as Cloud's do and Data Center's do not
  bool internal_comments_become_public = false;  ///< the property sd.public.comment is ignored
  bool public_comments_become_internal = false;  ///< comments by REST in service projects are for the team, whatever was asked for
  bool admin_needs_scope = false;                ///< whose access token has a scope below ADMIN is nobody's administrator
};

struct Site {
  std::string name;                 ///< as belayd's section has it
  std::string host;
  std::string url;                  ///< known when the server listens
  std::string title;
  std::string version;              ///< 11.3.0
  bool server = false;              ///< deployment "Server"
  Behaviour behaviour;
  std::vector<Client> clients;
  std::vector<Webhook> webhooks;
  std::set<std::string> groups;     ///< also those that nobody is in
  std::vector<Person> people;
  std::vector<Project> projects;
  std::vector<Issue> issues;
  std::map<std::string, Token> tokens;   ///< access tokens and personal ones, by themselves
  std::int64_t next_issue = 10'001;
  std::int64_t next_comment = 10'100;
  std::int64_t next_worklog = 30'100;
  std::int64_t next_token = 1;
  std::int64_t next_webhook = 1;

  [[nodiscard]] Person* person(std::string_view key);
  [[nodiscard]] const Person* person(std::string_view key) const;
  [[nodiscard]] const Person* signing_in_as(std::string_view name) const;
  [[nodiscard]] const Project* project(std::string_view key_or_id) const;
  [[nodiscard]] const Project& project_of(const Issue& issue) const { return *project(issue.project); }
  /// By id, key or a former key.
  [[nodiscard]] Issue* issue(std::string_view id_or_key);
  [[nodiscard]] const Issue* issue(std::string_view id_or_key) const;
  struct Place { Issue* issue; Comment* comment; };
  /// A comment wherever it stands.
  [[nodiscard]] std::optional<Place> comment(std::int64_t id);

  // From which version on.
  [[nodiscard]] bool has_personal_tokens() const { return version_at_least(8, 14); }
  [[nodiscard]] bool has_oauth() const { return version_at_least(8, 22); }
  [[nodiscard]] bool has_themes() const { return version_at_least(10, 0); }
  [[nodiscard]] bool has_service_management() const;
  /// Off by default from 11 on.
  [[nodiscard]] bool takes_basic_authentication() const { return !version_at_least(11, 0); }

 private:
  [[nodiscard]] bool version_at_least(int major, int minor) const;
};

}  // namespace belay::sandbox::jira_datacenter
