#include "jira/cloud/person.hpp"

#include <boost/url/parse.hpp>

namespace belay::jira::cloud {
namespace {

/// Pictures come over https; plain http only from a site on this very machine, as for every address of the configuration.
bool may_be_shown(std::string_view picture) {
  const auto parsed = boost::urls::parse_uri(picture);
  if (!parsed || parsed->host().empty()) return false;
  return parsed->scheme() == "https" || (parsed->scheme() == "http" && parsed->host().ends_with(".localhost"));
}

}  // namespace

std::optional<support::Person> person_of(const json::object& user) {
  auto id = json::string_at(user, "accountId");
  // "unknown" stands for all whose record is deleted and broken (Jira's OpenAPI document, User.accountId): it is nobody's id.
  if (!id || id->empty() || *id == "unknown") return std::nullopt;
  support::Person person;
  person.id = AccountId{std::move(*id)};
  person.name = json::string_at(user, "displayName").value_or("");
  if (const auto* pictures = json::object_at(user, "avatarUrls")) {
    auto picture = json::string_at(*pictures, "48x48").value_or("");
    if (may_be_shown(picture)) person.picture = std::move(picture);
  }
  person.time_zone = json::string_at(user, "timeZone").value_or("");
  person.language = json::string_at(user, "locale").value_or("");
  person.address = json::string_at(user, "emailAddress").value_or("");
  person.active = json::bool_at(user, "active").value_or(true);
  person.app = json::string_at(user, "accountType") == "app";
  return person;
}

}  // namespace belay::jira::cloud
