#include "sandbox/jira_datacenter/site.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace belay::sandbox::jira_datacenter {
namespace {

template <class List, class Fits>
auto first(List& list, Fits fits) -> decltype(&*list.begin()) {
  const auto found = std::ranges::find_if(list, fits);
  return found == list.end() ? nullptr : &*found;
}

bool answers_to(const Issue& issue, std::string_view id_or_key) {
  return issue.id == id_or_key || issue.key == id_or_key || std::ranges::find(issue.former_keys, id_or_key) != issue.former_keys.end();
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
  return first(issues, [&](const Issue& one) { return answers_to(one, id_or_key); });
}
const Issue* Site::issue(std::string_view id_or_key) const {
  return first(issues, [&](const Issue& one) { return answers_to(one, id_or_key); });
}
std::optional<Site::Place> Site::comment(std::int64_t id) {
  for (auto& one : issues) {
    if (auto* found = first(one.comments, [&](const Comment& comment) { return comment.id == id; })) return Place{&one, found};
  }
  return std::nullopt;
}

bool Site::has_service_management() const { return std::ranges::any_of(projects, &Project::service); }

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
