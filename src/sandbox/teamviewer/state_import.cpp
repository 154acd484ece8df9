#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "sandbox/teamviewer/answers.hpp"
#include "sandbox/teamviewer/state_json.hpp"

namespace belay::sandbox::teamviewer {
namespace {

constexpr std::size_t kMemberBytes = 4096;
constexpr std::size_t kItems = 10'000;
constexpr std::string_view kAllFeatures = "remote_control, videocall, chat, meeting";
constexpr std::array kBasePermissions{"Account.Read", "Account.ReadEmail", "Groups.Read", "Groups.Create", "ContactList.Read", "ContactList.Write",
                                      "Sessions.Create", "Sessions.ReadOwn", "Sessions.ModifyOwn"};

/// What a document changes, until all of it was found good.
struct Draft {
  World world;
  Grants grants;
  Settings settings;
  Time now;
  std::vector<std::string> revoke, expire;  ///< accounts
  std::vector<Contact> removed;
  std::vector<ConnectionRecord> records;    ///< added
};

/// Runs `take` on every object of the array `key`. Problems are named with their place.
template <class Take>
Result<void> each(json::Reader& document, std::string_view key, Take take) {
  const auto items = document.optional_array(key, kItems);
  if (!items) return {};
  for (std::size_t i = 0; i < items->size(); ++i) {
    const auto* item = (*items)[i].if_object();
    if (item == nullptr) return fail("invalid_field", "not an object", {{"field", fmt::format("{}[{}]", key, i)}, {"rule", "object"}});
    json::Reader reader{*item};
    take(reader);
    if (auto done = reader.finish(); !done) {
      auto error = done.error();
      error.detail["field"] = fmt::format("{}[{}].{}", key, i, json::string_at(error.detail, "field").value_or(""));
      error.cause = fmt::format("{}: {}", json::string_at(error.detail, "field").value_or(""), json::string_at(error.detail, "rule").value_or("unknown"));
      return std::unexpected(std::move(error));
    }
  }
  return {};
}

template <class T>
void set(T& member, std::optional<T> given) {
  if (given) member = std::move(*given);
}

void set_strings(json::Reader& reader, std::string_view key, auto insert) {
  if (const auto items = reader.optional_array(key, 100)) {
    for (const auto& item : *items) {
      if (item.is_string()) insert(std::string(item.get_string()));
      else reader.refuse(key, "strings");
    }
  }
}

void set_presence(json::Reader& reader, Presence& presence) {
  if (const auto word = reader.optional_string("presence", kMemberBytes)) {
    if (const auto known = presence_from(*word)) presence = *known;
    else reader.refuse("presence", "online, busy, away or offline");
  }
}

/// By id or by address; nothing when the member is absent or unknown.
Account* account_named(Draft& draft, json::Reader& reader, std::string_view key) {
  const auto given = reader.optional_string(key, kMemberBytes);
  if (!given) return nullptr;
  auto* account = draft.world.account(*given);
  if (account == nullptr) {
    if (const auto* known = draft.world.account_with_email(*given)) account = draft.world.account(known->id);
  }
  if (account == nullptr) reader.refuse(key, "known_account");
  return account;
}

/// By id, or by name among the owner's; created when it is a new name. Absent: what is there stays.
void set_group(Draft& draft, json::Reader& reader, const Account& owner, std::string& member) {
  const auto given = reader.optional_string("group", kMemberBytes);
  if (!given && !member.empty()) return;
  const auto name = given.value_or("My contacts");
  if (draft.world.groups.contains(name)) {
    member = name;
    return;
  }
  const auto* group = draft.world.group_named(owner, name);
  member = group == nullptr ? draft.world.add_group(owner, name).id : group->id;
}

void take_settings(Settings& settings, json::Reader& reader) {
  constexpr std::int64_t kLongest = 10L * 365 * 24 * 3600;
  const auto seconds = [&](std::string_view key, std::chrono::seconds& member, std::int64_t least) {
    if (const auto given = reader.optional_integer(key, least, kLongest)) member = std::chrono::seconds{*given};
  };
  const auto count = [&](std::string_view key, std::size_t& member) {
    if (const auto given = reader.optional_integer(key, 1, 1000)) member = static_cast<std::size_t>(*given);
  };
  seconds("tokenLifeSeconds", settings.token_life, 1);
  seconds("codeLifeSeconds", settings.code_life, 1);
  seconds("reportDelaySeconds", settings.report_delay, 0);
  count("sessionPage", settings.session_page);
  count("reportPage", settings.report_page);
  set(settings.rotate_refresh_tokens, reader.optional_bool("rotateRefreshTokens"));
  set(settings.ping_refuses_bad_tokens, reader.optional_bool("pingRefusesBadTokens"));
  set(settings.licence_refusal_as_json, reader.optional_bool("licenceRefusalAsJson"));
  set(settings.basic_dates, reader.optional_bool("basicDates"));
  set(settings.down, reader.optional_bool("down"));
  set(settings.blocked, reader.optional_bool("blocked"));
  if (const auto status = reader.optional_integer("tokenExpiredStatus", 400, 401)) settings.token_expired_status = static_cast<unsigned>(*status);
  if (const auto limits = reader.optional_object("rateLimits")) {
    settings.rate_limits.clear();
    for (const auto& limit : *limits) {
      const auto* pair = limit.value().if_object();
      const auto calls = pair == nullptr ? std::nullopt : json::integer_at(*pair, "calls");
      const auto window = pair == nullptr ? std::nullopt : json::integer_at(*pair, "seconds");
      if (!calls || !window || *calls < 0 || *window < 1 || pair->size() != 2) return reader.refuse("rateLimits", "{\"function\":{\"calls\":n,\"seconds\":n}}");
      settings.rate_limits[std::string(limit.key())] = {.calls = static_cast<std::size_t>(*calls), .window = std::chrono::seconds{*window}};
    }
  }
}

void take_app(Draft& draft, json::Reader& reader) {
  const auto id = reader.required_string("clientId", kMemberBytes);
  const bool is_new = !draft.grants.apps.contains(id);
  auto& app = draft.grants.apps[id];
  app.client_id = id;
  if (is_new) {
    app.name = id;
    app.permissions.insert(kBasePermissions.begin(), kBasePermissions.end());
  }
  set(app.client_secret, reader.optional_string("clientSecret", kMemberBytes));
  set(app.name, reader.optional_string("name", kMemberBytes));
  if (app.client_secret.empty()) reader.refuse("clientSecret", "required");
  std::vector<std::string> redirects;
  set_strings(reader, "redirectUris", [&](std::string uri) { redirects.push_back(std::move(uri)); });
  if (!redirects.empty()) app.redirect_uris = std::move(redirects);
  std::set<std::string> permissions;
  set_strings(reader, "permissions", [&](std::string permission) { permissions.insert(std::move(permission)); });
  if (!permissions.empty()) app.permissions = std::move(permissions);
}

void take_licence(Licence& licence, json::Reader& reader) {
  const auto given = reader.optional_object("licence");
  if (!given) return;
  json::Reader inner{*given};
  set(licence.id, inner.optional_string("id", kMemberBytes));
  set(licence.type, inner.optional_string("type", kMemberBytes));
  set(licence.active, inner.optional_bool("active"));
  set(licence.paid, inner.optional_bool("paid"));
  if (const auto limit = inner.optional_integer("concurrentSessions", 0, 1'000'000)) licence.concurrent_sessions = static_cast<std::size_t>(*limit);
  if (!inner.finish()) reader.refuse("licence", "id, type, active, paid, concurrentSessions");
}

void take_account(Draft& draft, json::Reader& reader) {
  auto id = reader.optional_string("id", kMemberBytes);
  const auto email = reader.optional_string("email", kMemberBytes);
  if (id && !is_id(*id, 'u')) return reader.refuse("id", "u and digits");
  if (!id && !email) return reader.refuse("email", "required");
  if (!id) {
    const auto* known = draft.world.account_with_email(*email);
    id = known == nullptr ? draft.world.next_id('u') : known->id;
  }
  const bool is_new = draft.world.account(*id) == nullptr;
  if (is_new && !email) return reader.refuse("email", "required");
  draft.world.reserve(*id);
  auto& account = draft.world.accounts[*id];
  if (is_new) {
    account.id = *id;
    account.name = *email;
    account.company = "Sandbox company";
    account.features = kAllFeatures;
    account.licence.id = random_guid();
  }
  set(account.email, email);
  set(account.name, reader.optional_string("name", kMemberBytes));
  set(account.company, reader.optional_string("company", kMemberBytes));
  set(account.language, reader.optional_string("language", kMemberBytes));
  set(account.features, reader.optional_string("features", kMemberBytes));
  set_presence(reader, account.presence);
  take_licence(account.licence, reader);
  if (const auto picture = reader.optional_bool("picture").value_or(is_new); picture && account.picture.empty()) account.picture = random_guid();
  if (reader.optional_bool("revokeTokens").value_or(false)) draft.revoke.push_back(*id);
  if (reader.optional_bool("expireTokens").value_or(false)) draft.expire.push_back(*id);
}

void take_group(Draft& draft, json::Reader& reader) {
  auto id = reader.optional_string("id", kMemberBytes);
  if (id && !is_id(*id, 'g')) return reader.refuse("id", "g and digits");
  if (id && reader.optional_bool("deleted").value_or(false)) {
    // What lies in it keeps an id that leads nowhere.
    if (draft.world.groups.erase(*id) == 0) reader.refuse("deleted", "known_group");
    return;
  }
  const auto name = reader.required_string("name", kMemberBytes);
  const auto* owner = account_named(draft, reader, "owner");
  if (owner == nullptr) return reader.refuse("owner", "required");
  if (!id) {
    const auto* known = draft.world.group_named(*owner, name);
    id = known == nullptr ? draft.world.next_id('g') : known->id;
  }
  draft.world.reserve(*id);
  auto& group = draft.world.groups[*id];
  group.id = *id;
  group.name = name;
  group.owner = owner->id;
  if (const auto shares = reader.optional_object("sharedWith")) {
    group.shared_with.clear();
    for (const auto& share : *shares) {
      const std::string who{share.key()};
      const auto* account = draft.world.account(who) != nullptr ? draft.world.account(who) : draft.world.account_with_email(who);
      const auto* right = share.value().if_string();
      if (account == nullptr || right == nullptr || (*right != "read" && *right != "readwrite")) return reader.refuse("sharedWith", "known accounts, read or readwrite");
      group.shared_with[account->id] = std::string(*right);
    }
  }
}

void take_contact(Draft& draft, json::Reader& reader) {
  auto id = reader.optional_string("id", kMemberBytes);
  if (id && !is_id(*id, 'c')) return reader.refuse("id", "c and digits");
  const auto* owner = account_named(draft, reader, "owner");
  const auto deleted = reader.optional_bool("deleted").value_or(false);
  const auto email = id && deleted ? reader.optional_string("email", kMemberBytes).value_or("") : reader.required_string("email", kMemberBytes);
  if (owner == nullptr && !(id && deleted)) return reader.refuse("owner", "required");
  const auto known = id && deleted ? draft.world.contacts.find(*id)
                                   : std::ranges::find_if(draft.world.contacts, [&](const auto& entry) { return entry.second.owner == owner->id && same_text(entry.second.email, email); });
  if (deleted) {
    if (known == draft.world.contacts.end()) return reader.refuse("deleted", "known_contact");
    draft.removed.push_back(known->second);
    draft.world.contacts.erase(known);
    return;
  }
  if (!id) id = known == draft.world.contacts.end() ? draft.world.next_id('c') : known->first;
  draft.world.reserve(*id);
  auto& contact = draft.world.contacts[*id];
  const auto* behind = draft.world.account_with_email(email);
  contact.id = *id;
  contact.owner = owner->id;
  contact.email = email;
  contact.user = behind == nullptr ? "" : behind->id;
  if (contact.name.empty()) contact.name = behind == nullptr ? email : behind->name;
  set_group(draft, reader, *owner, contact.group);
  set(contact.name, reader.optional_string("name", kMemberBytes));
  set(contact.description, reader.optional_string("description", kMemberBytes));
}

void take_invitation(Draft& draft, json::Reader& reader) {
  const auto* owner = account_named(draft, reader, "owner");
  const auto email = reader.required_string("email", kMemberBytes);
  if (owner == nullptr) return reader.refuse("owner", "required");
  const auto id = draft.world.next_id('i');
  auto& invitation = draft.world.invitations[id];
  invitation = Invitation{.id = id, .owner = owner->id, .group = {}, .email = email, .name = {}, .sent = draft.now};
  set_group(draft, reader, *owner, invitation.group);
}

void take_device(Draft& draft, json::Reader& reader) {
  const auto* owner = account_named(draft, reader, "owner");
  if (owner == nullptr) return reader.refuse("owner", "required");
  const auto id = reader.optional_string("id", kMemberBytes).value_or(draft.world.next_id('d'));
  if (!is_id(id, 'd')) return reader.refuse("id", "d and digits");
  draft.world.reserve(id);
  auto& device = draft.world.devices[id];
  device.id = id;
  device.owner = owner->id;
  set_group(draft, reader, *owner, device.group);
  set(device.alias, reader.optional_string("alias", kMemberBytes));
  set(device.description, reader.optional_string("description", kMemberBytes));
  device.remote_control_id = reader.optional_string("remoteControlId", kMemberBytes).value_or("r" + id.substr(1));
  if (!is_id(device.remote_control_id, 'r')) reader.refuse("remoteControlId", "r and digits");
  set_presence(reader, device.presence);
}

/// A change that control/state asks for on a session that exists.
struct SessionChange {
  std::string code;
  std::optional<bool> online;
  std::optional<std::string> state;
};

void take_session(Draft& draft, std::vector<SessionChange>& changes, json::Reader& reader) {
  static constexpr std::string_view kStates[] = {"open", "closed"};
  SessionChange change{.code = reader.required_string("code", kMemberBytes), .online = reader.optional_bool("online"), .state = reader.optional_choice("state", kStates)};
  if (draft.world.session(change.code) == nullptr) return reader.refuse("code", "known_session");
  changes.push_back(std::move(change));
}

/// A record that TeamViewer has although nobody pressed a button here: of a session that exists, or, with `code`, printed with another code.
void add_record(Draft& draft, json::Reader& reader) {
  constexpr std::int64_t kLongest = 366LL * 24 * 3600;
  const auto code = reader.required_string("session", kMemberBytes);
  const auto* session = draft.world.session(code);
  const auto* account = account_named(draft, reader, "account");
  const auto age = reader.optional_integer("startedSecondsAgo", 0, kLongest);
  const auto seconds = reader.optional_integer("seconds", 0, kLongest);
  const auto rating = reader.optional_integer("rating", 0, 1'000'000);
  const auto comment = reader.optional_string("comment", kMemberBytes);
  if (session == nullptr) return reader.refuse("session", "known_session");
  if (account == nullptr) account = draft.world.account(session->assigned == "u0" ? session->creator : session->assigned);
  if (account == nullptr) return reader.refuse("account", "required");
  ConnectionRecord record;
  record.id = reader.optional_string("id", kMemberBytes).value_or(random_guid());
  record.user = account->id;
  record.username = account->name;
  record.device_id = "884000000";
  record.group = session->group;
  if (const auto group = draft.world.groups.find(session->group); group != draft.world.groups.end()) record.group_name = group->second.name;
  record.start = draft.now - std::chrono::seconds{age.value_or(seconds.value_or(0))};
  if (seconds) record.end = record.start + std::chrono::seconds{*seconds};
  record.session = *session;
  set(record.notes, reader.optional_string("notes", 64 * kMemberBytes));
  if (rating || comment) record.feedback = Feedback{.rating = rating ? std::optional(static_cast<int>(*rating)) : std::nullopt, .comment = comment.value_or("")};
  record.other_code = reader.optional_string("code", kMemberBytes);
  record.basic_dates = reader.optional_bool("basicDates").value_or(false);
  record.sparse = reader.optional_bool("sparse").value_or(false);
  if (const auto delay = reader.optional_integer("delaySeconds", 0, kLongest)) record.visible_at = draft.now + std::chrono::seconds{*delay};
  draft.records.push_back(record);
  draft.world.add_record(std::move(record));
}

/// Of the record with that id, which is there: seen later, or a second time.
void change_record(Draft& draft, json::Reader& reader, const std::string& id) {
  constexpr std::int64_t kLongest = 366LL * 24 * 3600;
  const auto delay = reader.optional_integer("delaySeconds", 0, kLongest);
  const auto twice = reader.optional_bool("twice").value_or(false);
  for (auto& record : draft.world.records) {
    if (delay && same_text(record.id, id)) record.visible_at = draft.now + std::chrono::seconds{*delay};
  }
  if (!twice) return;
  const auto copy = *std::ranges::find_if(draft.world.records, [&](const ConnectionRecord& record) { return same_text(record.id, id); });
  draft.world.add_record(copy);
}

void take_record(Draft& draft, json::Reader& reader) {
  const auto id = reader.optional_string("id", kMemberBytes);
  const bool known = id && std::ranges::any_of(draft.world.records, [&](const ConnectionRecord& record) { return same_text(record.id, *id); });
  if (known) change_record(draft, reader, *id);
  else add_record(draft, reader);
}

Result<void> read_document(Draft& draft, std::vector<SessionChange>& changes, const json::object& document) {
  json::Reader reader{document};
  if (const auto settings = reader.optional_object("settings")) {
    json::Reader inner{*settings};
    take_settings(draft.settings, inner);
    BELAY_CHECK(inner.finish());
  }
  BELAY_CHECK(each(reader, "apps", [&](json::Reader& item) { take_app(draft, item); }));
  BELAY_CHECK(each(reader, "accounts", [&](json::Reader& item) { take_account(draft, item); }));
  BELAY_CHECK(each(reader, "groups", [&](json::Reader& item) { take_group(draft, item); }));
  BELAY_CHECK(each(reader, "contacts", [&](json::Reader& item) { take_contact(draft, item); }));
  BELAY_CHECK(each(reader, "invitations", [&](json::Reader& item) { take_invitation(draft, item); }));
  BELAY_CHECK(each(reader, "devices", [&](json::Reader& item) { take_device(draft, item); }));
  BELAY_CHECK(each(reader, "sessions", [&](json::Reader& item) { take_session(draft, changes, item); }));
  BELAY_CHECK(each(reader, "records", [&](json::Reader& item) { take_record(draft, item); }));
  return reader.finish();
}

}  // namespace

Result<void> import_state(Scene& scene, const json::object& document) {
  Draft draft{.world = scene.world, .grants = scene.grants, .settings = scene.settings, .now = scene.now(), .revoke = {}, .expire = {}, .removed = {}, .records = {}};
  std::vector<SessionChange> changes;
  BELAY_CHECK(read_document(draft, changes, document));

  scene.world = std::move(draft.world);
  scene.grants = std::move(draft.grants);
  scene.settings = std::move(draft.settings);
  if (document.contains("settings")) scene.meter.forget();
  for (const auto& contact : draft.removed) scene.note("contact.removed", contact.owner, {{"contact", contact.id}}, {}, {{"email", contact.email}, {"by", "control"}});
  for (const auto& record : draft.records) {
    json::object more{{"by", "control"}};
    if (record.end) more["seconds"] = std::chrono::duration_cast<std::chrono::seconds>(*record.end - record.start).count();
    scene.note("record.added", record.user, {{"session", record.session->code}, {"record", record.id}}, {}, std::move(more));
  }
  for (const auto& account : draft.expire) scene.grants.expire_access(account, draft.now);
  for (const auto& account : draft.revoke) {
    for (const auto& [id, grant] : scene.grants.all()) {
      if (grant.account == account) scene.revoke(*scene.grants.grant(id), "control");
    }
  }
  for (const auto& change : changes) {
    auto& session = *scene.world.session(change.code);
    if (change.state == "open") scene.reopen(session, {});
    if (change.online) *change.online ? scene.join(session) : scene.leave(session);
    if (change.state == "closed") scene.close(session, "control", {});
  }
  return {};
}

json::object default_seed() {
  json::array base, reports;
  for (const auto* permission : kBasePermissions) base.push_back(json::value(permission));
  for (const auto* permission : {"Account.Read", "Connections.Read", "Connections.Modify"}) reports.push_back(json::value(permission));
  return {{"apps", json::array{json::object{{"clientId", "belay-sandbox"}, {"clientSecret", "belay-sandbox-secret"}, {"name", "Belay"}, {"permissions", std::move(base)}},
                               json::object{{"clientId", "belay-sandbox-reports"}, {"clientSecret", "belay-sandbox-reports-secret"}, {"name", "Belay with reports"}, {"permissions", std::move(reports)}}}}};
}

}  // namespace belay::sandbox::teamviewer
