// What one Jira Cloud site holds: people, groups, projects, issues, comments and their properties. Plain state; who may see or change
// what is decided in rights.hpp, what it looks like on the wire in views.hpp.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace belay::sandbox::jira_cloud {

struct Person {
  std::string account_id;
  std::string name;
  std::string email;
  bool email_visible = false;       ///< "Anyone" under Profile and visibility
  bool active = true;
  bool deleted = false;             ///< only issues and comments still name the account: as "Former user", without anything of theirs
  std::string type = "atlassian";   ///< atlassian, app, customer
  std::string job;                  ///< for the start page: what the person is in this company
  std::string locale = "en-US";
  std::string time_zone = "Europe/Berlin";
  std::string theme = "light";
  std::optional<Time> changed_at{};  ///< what apps may keep of the person changed then: name, address, or all of it
  std::set<std::string> organizations{};  ///< names of those they belong to as a customer
};

struct Group {
  std::string id;
  std::string name;
  std::set<std::string> members;    ///< account ids
};

struct Role {
  std::int64_t id = 0;
  std::string name;                 ///< Administrators, Users, Viewers, Service Desk Team, Service Desk Customers
  std::set<std::string> members;    ///< account ids
  std::set<std::string> groups;     ///< group names
};

struct Project {
  std::string id, key, name;
  std::string kind;                 ///< service_desk, software, business
  std::int64_t desk = 0;            ///< number of the portal, service projects only
  std::vector<Role> roles;

  [[nodiscard]] const Role* role(std::string_view id_or_name) const;
};

/// Who alone sees a comment: a role of its issue's project, or a group of the site.
struct Visibility {
  enum class Type { role, group };
  Type type{};
  std::string value;                ///< name
  std::string identifier;           ///< of a group its id; of a role its name again
};

struct Comment {
  std::int64_t id = 0;
  std::string author, editor;       ///< account ids
  json::object body;                ///< ADF
  Time created{}, updated{};
  bool is_public = true;            ///< what Jira calls jsdPublic
  std::optional<Visibility> visibility{};
  std::map<std::string, json::value> properties;
};

/// Time worked.
struct Worklog {
  std::int64_t id = 0;
  std::string author, editor;       ///< account ids
  json::object comment;             ///< ADF; empty: none
  Time started{}, created{}, updated{};
  std::int64_t seconds = 0;
  std::map<std::string, json::value> properties;
};

struct Issue {
  std::string id, key;
  std::vector<std::string> former_keys;
  std::string project;              ///< key
  std::string summary;
  json::value description;          ///< ADF or null
  std::string type, type_id, status, priority;
  std::string reporter, assignee;   ///< account ids; assignee may be empty
  std::vector<std::string> participants;
  std::vector<std::string> organizations;   ///< names; whoever belongs to one sees the request in the portal
  Time created{}, updated{};
  std::vector<Comment> comments;    ///< oldest first
  std::vector<Worklog> worklogs;    ///< oldest first
  std::map<std::string, json::value> properties;
  std::deque<Time> writes;          ///< the last ones, for the limit on writes to one issue
};

/// Where the real Jira's answer is inconvenient, and what a test may switch.
struct Behaviour {
  bool limit_issue_writes = true;               ///< 20 writes to one issue in 2 s, 100 in 30 s, then 429 jira-per-issue-on-write
  bool internal_comments_become_public = false; ///< the property sd.public.comment is ignored: the surprise of docs/jira.md, "Comments"
  bool public_comments_become_internal = false; ///< comments of the app in service projects are for the team, whatever was asked for
  bool user_emails_readable = true;             ///< /user/email answers; false: 503, as the document allows
  std::int64_t account_report_days = 7;         ///< how often apps may report an account: Cycle-Period
};

struct Site {
  std::string host;                 ///< jira.localhost
  std::string url;                  ///< http://jira.localhost:PORT, known when the server listens
  std::string cloud_id;
  std::string name;
  std::string app_account;          ///< the account that the app writes as
  std::vector<Person> people;
  std::vector<Group> groups;
  std::vector<Project> projects;
  std::vector<Issue> issues;
  Behaviour behaviour;
  std::map<std::pair<std::string, std::string>, std::optional<Time>> reported;   ///< by installation and account: when the app reported it last
  std::int64_t next_comment = 10100;
  std::int64_t next_worklog = 30100;

  [[nodiscard]] Person* person(std::string_view account_id);
  [[nodiscard]] const Person* person(std::string_view account_id) const;
  [[nodiscard]] Group* group(std::string_view id_or_name);
  [[nodiscard]] const Group* group(std::string_view id_or_name) const;
  [[nodiscard]] const Project* project(std::string_view key_or_id) const;
  /// By id, key or a former key.
  [[nodiscard]] Issue* issue(std::string_view id_or_key);
  struct Place { Issue* issue; Comment* comment; };
  /// A comment wherever it stands.
  [[nodiscard]] std::optional<Place> comment(std::int64_t id);
};

class Sites final {
 public:
  std::vector<Site> all;
  [[nodiscard]] Site* by_cloud(std::string_view cloud_id);
  [[nodiscard]] Site* by_host(std::string_view host);
};

/// Text with blank lines between paragraphs, as an ADF document.
[[nodiscard]] json::object document_of(std::string_view text);

}  // namespace belay::sandbox::jira_cloud
