// POST /sessions, PUT and DELETE /sessions/{code}. Members as sections 4.6.2 to 4.6.4 of TeamViewer's API manual and its OpenAPI document
// name them, with their limits; anything else is refused.
#include "sandbox/teamviewer/api.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace belay::sandbox::teamviewer {
namespace {

constexpr std::size_t kTextLimit = 4000;             ///< description, custom_api; characters
constexpr std::size_t kNameLimit = 100;
constexpr std::size_t kEmailLimit = 254;
constexpr std::size_t kTextBytes = 64 * 1024;        ///< of any one text
constexpr std::chrono::hours kDefaultValidity{24};

std::optional<std::string> text(json::Reader& reader, std::string_view key, std::size_t limit = kTextBytes) {
  auto value = reader.optional_string(key, kTextBytes);
  if (value && characters(*value) > limit) reader.refuse(key, fmt::format("at most {} characters", limit));
  return value;
}

/// What a create and an update have in common; members that are absent stay empty.
struct Fields {
  std::optional<std::string> group_id, group_name, waiting_message, description, custom_api, tv_version, assigned;
  std::optional<EndCustomer> end_customer;
};

std::optional<EndCustomer> read_customer(json::Reader& reader) {
  const auto given = reader.optional_object("end_customer");
  if (!given) return std::nullopt;
  json::Reader inner{*given};
  EndCustomer customer{.name = text(inner, "name", kNameLimit), .email = text(inner, "email", kEmailLimit)};
  if (const auto done = inner.finish(); !done) reader.refuse("end_customer", "name and email, of limited length");
  return customer;
}

Fields read_fields(json::Reader& reader) {
  Fields fields{.group_id = text(reader, "groupid"),
                .group_name = text(reader, "groupname"),
                .waiting_message = text(reader, "waiting_message"),
                .description = text(reader, "description", kTextLimit),
                .custom_api = text(reader, "custom_api", kTextLimit),
                .tv_version = text(reader, "tv_version"),
                .assigned = text(reader, "assigned_userid"),
                .end_customer = read_customer(reader)};
  if (fields.assigned && !is_id(*fields.assigned, 'u')) reader.refuse("assigned_userid", "u and digits");
  // Accepted as they are documented; no message leaves the sandbox.
  if (const auto number = text(reader, "sms_invite_number"); number) {
    const bool good = !number->empty() && std::ranges::all_of(*number, [](char c) { return std::string_view("+0123456789 ()/-").contains(c); });
    if (!good) reader.refuse("sms_invite_number", "a telephone number");
  }
  reader.optional_integer("sms_invite_language", 0, 32);
  return fields;
}

/// Moves what was given into the session. Nothing changes when the assignee is not known.
std::optional<net::Response> apply(Call& call, Session& session, Fields fields) {
  if (fields.assigned && *fields.assigned != "u0") {
    const auto* assignee = call.world().account(*fields.assigned);
    if (assignee == nullptr || assignee->company != call.account.company) return invalid_request("The assigned user is not known.");
  }
  if (fields.assigned && *fields.assigned != session.assigned) {
    session.assigned = *fields.assigned;
    session.assigned_at = session.assigned == "u0" ? std::nullopt : std::optional(call.now);
  }
  const auto set = [](auto& member, auto& given) {
    if (given) member = std::move(given);
  };
  set(session.waiting_message, fields.waiting_message);
  set(session.description, fields.description);
  set(session.custom_api, fields.custom_api);
  set(session.tv_version, fields.tv_version);
  set(session.end_customer, fields.end_customer);
  return std::nullopt;
}

/// The documented form alone: 2026-11-19T09:14:03Z.
std::optional<Time> valid_until_of(json::Reader& reader, const std::string& given, Time now) {
  const auto time = from_iso8601(given);
  if (!time || given.size() != 20 || given.back() != 'Z') {
    reader.refuse("valid_until", "YYYY-MM-DDTHH:MM:SSZ");
    return std::nullopt;
  }
  if (*time <= now) reader.refuse("valid_until", "in the future");
  return time;
}

}  // namespace

net::Response create_session(Call& call) {
  if (auto refused = refuse_other_parameters(call.request, {})) return *refused;
  const auto body = body_of(call.request);
  if (!body) return body.error();
  json::Reader reader{*body};
  auto fields = read_fields(reader);
  const auto given_validity = text(reader, "valid_until");
  const auto valid_until = given_validity ? valid_until_of(reader, *given_validity, call.now) : std::nullopt;
  static constexpr std::string_view kTypes[] = {"Default", "Pilot"};
  auto type = reader.optional_choice("support_session_type", kTypes);
  auto custom_id = text(reader, "customId");
  if (auto refused = refuse_problem(reader)) return *refused;

  const auto limit = call.account.licence.concurrent_sessions;
  if (!call.account.licence.active || (limit != 0 && call.scene.live_sessions(call.account.id) >= limit)) {
    return license_limitations(call.scene.settings.licence_refusal_as_json);
  }

  Session session;
  session.creator = call.account.id;
  session.client_id = call.app.client_id;
  session.created_at = std::chrono::floor<std::chrono::seconds>(call.now);
  session.valid_until = valid_until.value_or(session.created_at + kDefaultValidity);
  session.assigned = call.account.id;
  session.assigned_at = session.created_at;
  session.type = type.value_or("Default");
  session.custom_id = std::move(custom_id);
  const auto group_id = fields.group_id;
  const auto group_name = fields.group_name;
  if (auto refused = apply(call, session, std::move(fields))) return *refused;
  const auto group = group_of_body(call, group_id, group_name);
  if (!group) return group.error();
  session.group = (*group)->id;
  session.code = call.world().fresh_code();
  session.secret = random_word(12);
  session.sequence = call.world().next_sequence();

  const auto& made = call.world().add_session(std::move(session));
  call.scene.note("session.created", call.account.id, {{"session", made.code}, {"group", made.group}}, identity_of(made),
                  {{"validUntil", to_iso8601(made.valid_until)}, {"app", call.app.client_id}});
  auto response = answer(session_json(call.scene, made, SessionForm::created));
  response.headers.emplace("Location", fmt::format("{}/api/v1/sessions/{}", call.scene.stage.addresses.teamviewer_api, made.code));
  return response;
}

net::Response update_session(Call& call) {
  if (auto refused = refuse_other_parameters(call.request, {})) return *refused;
  const auto session = session_of_path(call, "Sessions.ModifyOwn", "Sessions.ModifyAll");
  if (!session) return session.error();
  const auto body = body_of(call.request);
  if (!body) return body.error();
  if (body->empty()) return invalid_request("Nothing to change was given.");
  json::Reader reader{*body};
  auto fields = read_fields(reader);
  auto custom_module_id = text(reader, "custom_module_id");
  const auto state = text(reader, "state");
  // Documented in lower case; another public client sends Closed.
  if (state && !same_text(*state, "open") && !same_text(*state, "closed")) reader.refuse("state", "open or closed");
  if (auto refused = refuse_problem(reader)) return *refused;

  std::optional<std::string> new_group;
  if (fields.group_id || fields.group_name) {
    const auto group = group_of_body(call, fields.group_id, fields.group_name);
    if (!group) return group.error();
    new_group = (*group)->id;
  }
  if (auto refused = apply(call, **session, std::move(fields))) return *refused;
  call.world().note_assignee(**session);
  if (new_group) (*session)->group = *new_group;
  if (custom_module_id) (*session)->custom_module_id = std::move(custom_module_id);

  json::array changed;
  for (const auto& member : *body) {
    if (member.key() != "state") changed.push_back(json::value(member.key()));
  }
  if (!changed.empty()) {
    call.scene.note("session.changed", call.account.id, {{"session", (*session)->code}}, identity_of(**session), {{"members", std::move(changed)}});
  }
  if (state && same_text(*state, "closed")) call.scene.close(**session, "api", call.account.id);
  if (state && same_text(*state, "open")) call.scene.reopen(**session, call.account.id);
  return no_content();
}

net::Response delete_session(Call& call) {
  if (auto refused = refuse_other_parameters(call.request, {})) return *refused;
  const auto session = session_of_path(call, "Sessions.ModifyOwn", "Sessions.ModifyAll");
  if (!session) return session.error();
  // Whether it closes or removes is not stated: it does both, so that a client relies on neither.
  call.scene.close(**session, "api", call.account.id);
  (*session)->deleted = true;
  call.scene.note("session.deleted", call.account.id, {{"session", (*session)->code}}, identity_of(**session));
  return no_content();
}

}  // namespace belay::sandbox::teamviewer
