#include "sandbox/jira_cloud/seed.hpp"

#include <algorithm>
#include <exception>

#include "crypto/digest.hpp"
#include "sandbox/jira_cloud/visibility.hpp"

namespace belay::sandbox::jira_cloud {
namespace {

std::string text_or(const json::object& from, std::string_view key, std::string fallback) {
  return json::string_at(from, key).value_or(std::move(fallback));
}

Time before(Time now, const json::object& from) {
  const auto minutes = json::integer_at(from, "minutesAgo").value_or(0);
  // To the second, as Jira's own times look in a seed.
  return from_millis(to_millis(now - std::chrono::minutes{minutes}) / 1000 * 1000);
}

json::value document_at(const json::object& from, std::string_view text_key, std::string_view document_key) {
  if (const auto* document = json::object_at(from, document_key)) return *document;
  const auto text = json::string_at(from, text_key);
  return text ? json::value(document_of(*text)) : json::value(nullptr);
}

/// The same id every time for the same name, so that tests and bookmarks stay valid.
std::string steady_id(std::string_view name) {
  const auto digits = crypto::hex(crypto::sha256(name));
  return digits.substr(0, 8) + "-" + digits.substr(8, 4) + "-4" + digits.substr(13, 3) + "-8" + digits.substr(17, 3) + "-" + digits.substr(20, 12);
}

class SiteReader {
 public:
  SiteReader(const json::object& from, const std::string& app_name, Time now) : from_(from), app_name_(app_name), now_(now) {}

  Result<Seeded> read() {
    auto& site = seeded_.site;
    site.host = text_or(from_, "host", "jira.localhost");
    site.name = text_or(from_, "name", "Jira");
    site.cloud_id = text_or(from_, "cloudId", steady_id("cloud/" + site.host));
    seeded_.installation.cloud_id = site.cloud_id;
    seeded_.installation.id = "ari:cloud:ecosystem::installation/" + text_or(from_, "installationId", steady_id("installation/" + site.host));
    seeded_.installation.installed = json::bool_at(from_, "installed").value_or(true);
    seeded_.installation.installed_at = now_;
    seeded_.installation.next_tick = now_ + std::chrono::minutes{5};
    BELAY_CHECK(each("people", [this](const json::object& one) { return person(one); }));
    add_app();
    BELAY_CHECK(each("projects", [this](const json::object& one) { return project(one); }));
    BELAY_CHECK(each("issues", [this](const json::object& one) { return issue(one); }));
    return std::move(seeded_);
  }

 private:
  template <class Read>
  Result<void> each(std::string_view key, Read read) {
    const auto* list = json::array_at(from_, key);
    if (list == nullptr) return fail("seed_invalid", "member \"" + std::string(key) + "\" of a site is missing");
    for (const auto& one : *list) {
      if (!one.is_object()) return fail("seed_invalid", "an entry of \"" + std::string(key) + "\" is no object");
      BELAY_CHECK(read(one.get_object()));
    }
    return {};
  }

  Group& group(const std::string& name) {
    if (auto* known = seeded_.site.group(name)) return *known;
    seeded_.site.groups.push_back({steady_id("group/" + name), name, {}});
    return seeded_.site.groups.back();
  }

  Result<void> person(const json::object& from) {
    Person person;
    person.account_id = text_or(from, "accountId", "");
    person.name = text_or(from, "name", "");
    if (person.account_id.empty() || person.name.empty()) return fail("seed_invalid", "a person needs accountId and name");
    if (seeded_.site.person(person.account_id) != nullptr) return fail("seed_invalid", "two people have the account id " + person.account_id);
    person.email = text_or(from, "email", "");
    person.email_visible = json::bool_at(from, "emailVisible").value_or(false);
    person.active = json::bool_at(from, "active").value_or(true);
    person.type = text_or(from, "type", "atlassian");
    person.job = text_or(from, "job", "");
    person.locale = text_or(from, "locale", "en-US");
    person.time_zone = text_or(from, "timeZone", "Europe/Berlin");
    person.theme = text_or(from, "theme", "light");
    if (const auto* groups = json::array_at(from, "groups")) {
      for (const auto& name : *groups) group(std::string(name.as_string())).members.insert(person.account_id);
    }
    if (const auto* organizations = json::array_at(from, "organizations")) {
      for (const auto& name : *organizations) person.organizations.emplace(name.as_string());
    }
    seeded_.site.people.push_back(std::move(person));
    return {};
  }

  void add_app() {
    Person app;
    app.account_id = "557058:" + steady_id("app/" + app_name_);
    app.name = app_name_;
    app.type = "app";
    seeded_.site.app_account = app.account_id;
    seeded_.site.people.push_back(std::move(app));
  }

  Result<void> project(const json::object& from) {
    auto& projects = seeded_.site.projects;
    Project project;
    project.id = std::to_string(10000 + projects.size());
    project.key = text_or(from, "key", "");
    project.name = text_or(from, "name", project.key);
    project.kind = text_or(from, "kind", "software");
    if (project.kind == "service_desk") project.desk = ++desks_;
    if (project.key.empty()) return fail("seed_invalid", "a project needs a key");
    if (const auto* roles = json::object_at(from, "roles")) {
      for (const auto& [name, members] : *roles) BELAY_CHECK(role(project, std::string(name), members));
    }
    projects.push_back(std::move(project));
    return {};
  }

  Result<void> role(Project& project, const std::string& name, const json::value& members) {
    if (!members.is_array()) return fail("seed_invalid", "role " + name + " of " + project.key + " is no list");
    Role role{.id = 10100 + static_cast<std::int64_t>(project.roles.size()), .name = name, .members = {}, .groups = {}};
    for (const auto& member : members.get_array()) {
      const std::string text{member.as_string()};
      if (text.starts_with("group:")) {
        role.groups.insert(group(text.substr(6)).name);
      } else if (seeded_.site.person(text) == nullptr) {
        return fail("seed_invalid", "role " + name + " of " + project.key + " names nobody: " + text);
      } else {
        role.members.insert(text);
      }
    }
    project.roles.push_back(std::move(role));
    return {};
  }

  Result<void> issue(const json::object& from) {
    auto& issues = seeded_.site.issues;
    Issue issue;
    issue.key = text_or(from, "key", "");
    issue.id = std::to_string(10010 + issues.size());
    issue.project = issue.key.substr(0, issue.key.find('-'));
    const auto* project = seeded_.site.project(issue.project);
    if (project == nullptr) return fail("seed_invalid", "issue " + issue.key + " is in no project");
    issue.summary = text_or(from, "summary", "");
    issue.description = document_at(from, "description", "descriptionDocument");
    issue.type = text_or(from, "type", project->kind == "service_desk" ? "Service request" : "Task");
    issue.type_id = std::to_string(10001 + static_cast<int>(issue.type.size()));
    issue.status = text_or(from, "status", "Open");
    issue.priority = text_or(from, "priority", "Medium");
    issue.reporter = text_or(from, "reporter", "");
    issue.assignee = text_or(from, "assignee", "");
    for (const auto& named : {issue.reporter, issue.assignee}) {
      if (!named.empty() && seeded_.site.person(named) == nullptr) return fail("seed_invalid", "issue " + issue.key + " names nobody: " + named);
    }
    if (const auto* participants = json::array_at(from, "participants")) {
      for (const auto& one : *participants) issue.participants.emplace_back(one.as_string());
    }
    if (const auto* organizations = json::array_at(from, "organizations")) {
      for (const auto& one : *organizations) issue.organizations.emplace_back(one.as_string());
    }
    issue.created = before(now_, from);
    issue.updated = issue.created;
    if (const auto* comments = json::array_at(from, "comments")) {
      for (const auto& one : *comments) BELAY_CHECK(comment(*project, issue, one.as_object()));
    }
    issues.push_back(std::move(issue));
    return {};
  }

  Result<void> comment(const Project& project, Issue& issue, const json::object& from) {
    Comment comment;
    comment.id = seeded_.site.next_comment++;
    comment.author = text_or(from, "by", "");
    if (seeded_.site.person(comment.author) == nullptr) return fail("seed_invalid", "a comment on " + issue.key + " is by nobody: " + comment.author);
    comment.editor = comment.author;
    const auto body = document_at(from, "text", "document");
    if (!body.is_object()) return fail("seed_invalid", "a comment on " + issue.key + " has no text");
    comment.body = body.get_object();
    comment.created = comment.updated = before(now_, from);
    comment.is_public = !json::bool_at(from, "internal").value_or(false);
    if (const auto* restriction = from.if_contains("visibility")) {
      auto visibility = read_visibility(seeded_.site, project, restriction->as_object());
      if (!visibility) return fail("seed_invalid", "a comment on " + issue.key + ": " + visibility.error().cause);
      comment.visibility = std::move(*visibility);
    }
    issue.updated = std::max(issue.updated, comment.updated);
    issue.comments.push_back(std::move(comment));
    return {};
  }

  const json::object& from_;
  const std::string& app_name_;
  Time now_;
  Seeded seeded_;
  std::int64_t desks_ = 0;
};

}  // namespace

Result<Seeded> read_site(const json::object& from, const std::string& app_name, Time now) {
  try {
    return SiteReader{from, app_name, now}.read();
  } catch (const std::exception& wrong_type) {  // of Boost.JSON, whose versions throw different ones
    return fail("seed_invalid", std::string("something in the seed is of another type: ") + wrong_type.what());
  }
}

}  // namespace belay::sandbox::jira_cloud
