#include "base/field_rule.hpp"

namespace belay {

std::string_view to_string(FieldRule rule) {
  switch (rule) {
    case FieldRule::string: return "string";
    case FieldRule::boolean: return "boolean";
    case FieldRule::integer: return "integer";
    case FieldRule::object: return "object";
    case FieldRule::array: return "array";
    case FieldRule::strings: return "strings";
    case FieldRule::required: return "required";
    case FieldRule::max_bytes: return "max_bytes";
    case FieldRule::max_characters: return "max_characters";
    case FieldRule::max_items: return "max_items";
    case FieldRule::range: return "range";
    case FieldRule::choice: return "choice";
    case FieldRule::exactly_one: return "exactly_one";
    case FieldRule::same_as_header: return "same_as_header";
    case FieldRule::one_line: return "one_line";
    case FieldRule::no_control_characters: return "no_control_characters";
    case FieldRule::visible_ascii: return "visible_ascii";
    case FieldRule::token: return "token";
    case FieldRule::time: return "time";
    case FieldRule::cursor: return "cursor";
    case FieldRule::time_zone: return "time_zone";
    case FieldRule::after_from: return "after_from";
    case FieldRule::max_days: return "max_days";
    case FieldRule::max_sessions: return "max_sessions";
    case FieldRule::email: return "email";
    case FieldRule::email_length: return "email_length";
    case FieldRule::email_character: return "email_character";
    case FieldRule::email_domain: return "email_domain";
    case FieldRule::own_contact: return "own_contact";
    case FieldRule::person_of_the_issue: return "person_of_the_issue";
    case FieldRule::not_yourself: return "not_yourself";
    case FieldRule::without_person: return "without_person";
    case FieldRule::service_project: return "service_project";
    case FieldRule::unknown_group: return "unknown_group";
    case FieldRule::linked_account: return "linked_account";
  }
  return "required";
}

Error field_error(std::string_view field, FieldRule rule, boost::json::object figures, std::string cause) {
  figures["field"] = field;
  figures["rule"] = to_string(rule);
  return Error{.code = "invalid_field", .cause = std::move(cause), .detail = std::move(figures), .retryable = false, .retry_after = {}};
}

}  // namespace belay
