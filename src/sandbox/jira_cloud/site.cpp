#include "sandbox/jira_cloud/site.hpp"

#include <algorithm>

namespace belay::sandbox::jira_cloud {

const Role* Project::role(std::string_view id_or_name) const {
  const auto found = std::ranges::find_if(roles, [&](const Role& one) { return one.name == id_or_name || std::to_string(one.id) == id_or_name; });
  return found == roles.end() ? nullptr : &*found;
}

Person* Site::person(std::string_view account_id) {
  const auto found = std::ranges::find(people, account_id, &Person::account_id);
  return found == people.end() ? nullptr : &*found;
}

const Person* Site::person(std::string_view account_id) const {
  const auto found = std::ranges::find(people, account_id, &Person::account_id);
  return found == people.end() ? nullptr : &*found;
}

Group* Site::group(std::string_view id_or_name) {
  const auto found = std::ranges::find_if(groups, [&](const Group& one) { return one.id == id_or_name || one.name == id_or_name; });
  return found == groups.end() ? nullptr : &*found;
}

const Group* Site::group(std::string_view id_or_name) const {
  const auto found = std::ranges::find_if(groups, [&](const Group& one) { return one.id == id_or_name || one.name == id_or_name; });
  return found == groups.end() ? nullptr : &*found;
}

const Project* Site::project(std::string_view key_or_id) const {
  const auto found = std::ranges::find_if(projects, [&](const Project& one) { return one.key == key_or_id || one.id == key_or_id; });
  return found == projects.end() ? nullptr : &*found;
}

Issue* Site::issue(std::string_view id_or_key) {
  const auto found = std::ranges::find_if(issues, [&](const Issue& one) {
    return one.id == id_or_key || one.key == id_or_key || std::ranges::find(one.former_keys, id_or_key) != one.former_keys.end();
  });
  return found == issues.end() ? nullptr : &*found;
}

std::optional<Site::Place> Site::comment(std::int64_t id) {
  for (auto& issue : issues) {
    const auto found = std::ranges::find(issue.comments, id, &Comment::id);
    if (found != issue.comments.end()) return Place{&issue, &*found};
  }
  return std::nullopt;
}

Site* Sites::by_cloud(std::string_view cloud_id) {
  const auto found = std::ranges::find(all, cloud_id, &Site::cloud_id);
  return found == all.end() ? nullptr : &*found;
}

Site* Sites::by_host(std::string_view host) {
  const auto found = std::ranges::find(all, host, &Site::host);
  return found == all.end() ? nullptr : &*found;
}

namespace {

json::array paragraph_content(std::string_view text) {
  json::array content;
  while (true) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    if (!line.empty()) content.push_back(json::object{{"type", "text"}, {"text", line}});
    if (end == std::string_view::npos) break;
    content.push_back(json::object{{"type", "hardBreak"}});
    text.remove_prefix(end + 1);
  }
  return content;
}

}  // namespace

json::object document_of(std::string_view text) {
  json::array paragraphs;
  while (!text.empty()) {
    const auto end = text.find("\n\n");
    const auto paragraph = text.substr(0, end);
    if (!paragraph.empty()) paragraphs.push_back(json::object{{"type", "paragraph"}, {"content", paragraph_content(paragraph)}});
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 2);
  }
  return {{"type", "doc"}, {"version", 1}, {"content", std::move(paragraphs)}};
}

}  // namespace belay::sandbox::jira_cloud
