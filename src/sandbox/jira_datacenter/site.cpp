#include "sandbox/jira_datacenter/site.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace belay::sandbox::jira_datacenter {
namespace {

constexpr std::string_view kAdministrators = "jira-administrators";

template <class List, class Fits>
auto first(List& list, Fits fits) -> decltype(&*list.begin()) {
  const auto found = std::ranges::find_if(list, fits);
  return found == list.end() ? nullptr : &*found;
}

}  // namespace

Person* Site::person(std::string_view key) {
  return first(people, [&](const Person& one) { return one.key == key; });
}
const Person* Site::person(std::string_view key) const {
  return first(people, [&](const Person& one) { return one.key == key; });
}
const Person* Site::signing_in_as(std::string_view who) const {
  return first(people, [&](const Person& one) { return one.name == who; });
}
const Project* Site::project(std::string_view key_or_id) const {
  return first(projects, [&](const Project& one) { return one.key == key_or_id || one.id == key_or_id; });
}
Issue* Site::issue(std::string_view id_or_key) {
  return first(issues, [&](const Issue& one) { return one.id == id_or_key || one.key == id_or_key || std::ranges::find(one.former_keys, id_or_key) != one.former_keys.end(); });
}
std::optional<Site::Place> Site::comment(std::int64_t id) {
  for (auto& one : issues) {
    if (auto* found = first(one.comments, [&](const Comment& comment) { return comment.id == id; })) return Place{&one, found};
  }
  return std::nullopt;
}

bool Site::is_among(std::string_view key, const std::set<std::string>& some) const {
  if (some.contains(std::string(key))) return true;
  const auto* who = person(key);
  return who != nullptr && std::ranges::any_of(who->groups, [&](const std::string& group) { return some.contains(group); });
}
bool Site::is_admin(std::string_view key) const { return is_among(key, {std::string(kAdministrators)}); }
bool Site::may_browse(std::string_view key, const Project& project) const { return may_edit(key, project) || is_among(key, project.viewers) || is_among(key, project.admins); }
bool Site::may_edit(std::string_view key, const Project& project) const { return is_among(key, project.agents); }
bool Site::may_administer(std::string_view key, const Project& project) const { return is_admin(key) || is_among(key, project.admins); }
bool Site::is_customer(std::string_view key, const Issue& issue) const { return issue.reporter == key || std::ranges::find(issue.participants, key) != issue.participants.end(); }

bool Site::version_at_least(int major, int minor) const {
  int numbers[2] = {0, 0};
  const char* at = version.data();
  const char* const end = at + version.size();
  for (auto& number : numbers) {
    const auto read = std::from_chars(at, end, number);
    at = read.ptr == end ? end : read.ptr + 1;
  }
  return std::pair(numbers[0], numbers[1]) >= std::pair(major, minor);
}

}  // namespace belay::sandbox::jira_datacenter
