#include "jira/cloud/person.hpp"

#include "jira/shown_picture.hpp"

namespace belay::jira::cloud {
std::optional<support::Person> person_of(const json::object& user) {
  auto id = json::string_at(user, "accountId");
  // "unknown" stands for all whose record is deleted and broken (Jira's OpenAPI document, User.accountId): it is nobody's id.
  if (!id || id->empty() || *id == "unknown") return std::nullopt;
  support::Person person;
  person.id = AccountId{std::move(*id)};
  person.name = json::string_at(user, "displayName").value_or("");
  if (const auto* pictures = json::object_at(user, "avatarUrls")) person.picture = shown_picture(json::string_at(*pictures, "48x48").value_or(""));
  person.time_zone = json::string_at(user, "timeZone").value_or("");
  person.language = json::string_at(user, "locale").value_or("");
  person.address = json::string_at(user, "emailAddress").value_or("");
  person.active = json::bool_at(user, "active").value_or(true);
  person.app = json::string_at(user, "accountType") == "app";
  return person;
}

}  // namespace belay::jira::cloud
