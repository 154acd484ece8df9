// What a field of a request can be refused for: the one closed set of rules of our API (docs/openapi.yaml, FieldRule). Figures stand beside a
// rule as numbers and names; the words for each are in i18n/*.json, `rule.<name>`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace belay {

enum class FieldRule : std::uint8_t {
  // its type in JSON
  string,
  boolean,
  integer,
  object,
  array,
  strings,                ///< an array of strings
  // how much
  required,               ///< there, and more than blanks
  max_bytes,              ///< limit
  max_characters,         ///< limit
  max_items,              ///< limit
  range,                  ///< least, most
  // which
  choice,                 ///< choices
  exactly_one,            ///< choices: the members of which one is given
  same_as_header,
  // of which characters
  one_line,
  no_control_characters,
  visible_ascii,
  token,                  ///< least, most: how many letters, digits, - and _
  time,                   ///< ISO 8601
  cursor,                 ///< as an answer before gave it
  time_zone,              ///< IANA
  // from when to when
  after_from,
  max_days,               ///< limit
  max_sessions,           ///< limit
  // an address
  email,
  email_length,           ///< limit
  email_character,
  email_domain,
  // what it stands for
  own_contact,
  person_of_the_issue,
  not_yourself,
  without_person,
  service_project,
  unknown_group,          ///< names
  linked_account,
};

[[nodiscard]] std::string_view to_string(FieldRule rule);

/// `invalid_field` as a value, for who collects; `field` as the caller wrote it, nested ones with dots. `cause` is for the log, where the
/// rule does not say it all.
[[nodiscard]] Error field_error(std::string_view field, FieldRule rule, boost::json::object figures = {}, std::string cause = {});

/// The same to return: `return refuse_field("notes", FieldRule::max_characters, {{"limit", 4000}});`
[[nodiscard]] inline std::unexpected<Error> refuse_field(std::string_view field, FieldRule rule, boost::json::object figures = {}, std::string cause = {}) {
  return std::unexpected(field_error(field, rule, std::move(figures), std::move(cause)));
}

}  // namespace belay
