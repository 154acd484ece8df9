#include "jira/datacenter/person.hpp"

#include "jira/shown_picture.hpp"

namespace belay::jira::datacenter {

std::optional<support::Person> person_of(const json::object& user) {
  auto key = json::string_at(user, "key");
  if (!key || key->empty()) return std::nullopt;
  support::Person person;
  person.id = AccountId{std::move(*key)};
  person.name = json::string_at(user, "displayName").value_or("");
  if (const auto* pictures = json::object_at(user, "avatarUrls")) person.picture = shown_picture(json::string_at(*pictures, "48x48").value_or(""));
  person.time_zone = json::string_at(user, "timeZone").value_or("");
  person.language = json::string_at(user, "locale").value_or("");
  // "?" for somebody who is deleted, "ann at example dot com" where the site masks them.
  if (auto address = json::string_at(user, "emailAddress"); address && address->contains('@')) person.address = std::move(*address);
  person.login = json::string_at(user, "name").value_or("");
  person.active = json::bool_at(user, "active").value_or(true);
  return person;
}

}  // namespace belay::jira::datacenter
