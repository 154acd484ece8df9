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
  bool active = true;
  std::string locale = "en_US";
  std::string time_zone = "Europe/Berlin";
  std::set<std::string> groups;
};

struct Project {
  std::string id, key, name;
  bool service = false;
  // Names of groups, or keys of people.
  std::set<std::string> agents;     ///< see and edit, and work on requests of a service project
  std::set<std::string> viewers;    ///< see
  std::set<std::string> admins;
};

struct Comment {
  std::int64_t id = 0;
  std::string author;               ///< key
  std::string body;                 ///< wiki markup
  Time created{}, updated{};
  bool internal = false;
  json::value visibility;           ///< {"type", "value"} or null
  std::map<std::string, json::value> properties;
};

struct Worklog {
  std::int64_t id = 0;
  std::string author;               ///< key
  std::string comment;              ///< wiki markup
  Time started{}, created{};
  std::int64_t seconds = 0;
};

struct Issue {
  std::string id, key;
  std::vector<std::string> former_keys;
  std::string project;              ///< key
  std::string summary;
  std::string reporter, assignee;   ///< keys; may be empty
  std::vector<std::string> participants;
  Time created{}, updated{};
  std::vector<Comment> comments;    ///< oldest first
  std::vector<Worklog> worklogs;
  std::map<std::string, json::value> properties;
};

/// An external application, as an incoming link has it.
struct Client {
  std::string id, secret;
  std::set<std::string> redirect_uris;
};

struct Token {
  std::string person;               ///< key
  bool may_write = true;
  std::optional<Time> ends;         ///< nothing: a personal access token
};

struct Site {
  std::string name;                 ///< as belayd's section has it
  std::string host;
  std::string url;                  ///< known when the server listens
  std::string title;
  std::string version;              ///< 11.3.0
  bool server = false;              ///< deployment "Server"
  std::vector<Client> clients;
  std::vector<Person> people;
  std::vector<Project> projects;
  std::vector<Issue> issues;
  std::map<std::string, Token> tokens;   ///< access tokens and personal ones, by themselves
  std::int64_t next_comment = 10100;
  std::int64_t next_worklog = 30100;

  [[nodiscard]] Person* person(std::string_view key);
  [[nodiscard]] const Person* person(std::string_view key) const;
  [[nodiscard]] const Person* signing_in_as(std::string_view name) const;
  [[nodiscard]] const Project* project(std::string_view key_or_id) const;
  [[nodiscard]] Issue* issue(std::string_view id_or_key);
  struct Place { Issue* issue; Comment* comment; };
  [[nodiscard]] std::optional<Place> comment(std::int64_t id);

  // Who may what.
  [[nodiscard]] bool is_admin(std::string_view key) const;
  [[nodiscard]] bool may_browse(std::string_view key, const Project& project) const;
  [[nodiscard]] bool may_edit(std::string_view key, const Project& project) const;
  [[nodiscard]] bool may_administer(std::string_view key, const Project& project) const;
  [[nodiscard]] bool is_customer(std::string_view key, const Issue& issue) const;

  /// From 8.22.
  [[nodiscard]] bool has_oauth() const { return version_at_least(8, 22); }
  /// Refused from 11 on.
  [[nodiscard]] bool takes_basic_auth() const { return !version_at_least(11, 0); }

 private:
  [[nodiscard]] bool version_at_least(int major, int minor) const;
  [[nodiscard]] bool is_among(std::string_view key, const std::set<std::string>& some) const;
};

}  // namespace belay::sandbox::jira_datacenter
