#include <algorithm>

#include "sandbox/teamviewer/state_json.hpp"

namespace belay::sandbox::teamviewer {
namespace {

json::object settings_json(const Settings& settings) {
  json::object limits;
  for (const auto& [function, limit] : settings.rate_limits) limits[function] = json::object{{"calls", limit.calls}, {"seconds", limit.window.count()}};
  return {{"tokenLifeSeconds", settings.token_life.count()},
          {"codeLifeSeconds", settings.code_life.count()},
          {"rotateRefreshTokens", settings.rotate_refresh_tokens},
          {"pingRefusesBadTokens", settings.ping_refuses_bad_tokens},
          {"tokenExpiredStatus", settings.token_expired_status},
          {"licenceRefusalAsJson", settings.licence_refusal_as_json},
          {"basicDates", settings.basic_dates},
          {"sessionPage", settings.session_page},
          {"reportPage", settings.report_page},
          {"reportDelaySeconds", settings.report_delay.count()},
          {"down", settings.down},
          {"blocked", settings.blocked},
          {"rateLimits", std::move(limits)}};
}

json::object account_json(const Account& account) {
  return {{"id", account.id},
          {"email", account.email},
          {"name", account.name},
          {"company", account.company},
          {"language", account.language},
          {"presence", lower(wire_name(account.presence))},
          {"licence", json::object{{"id", account.licence.id},
                                   {"type", account.licence.type},
                                   {"active", account.licence.active},
                                   {"paid", account.licence.paid},
                                   {"concurrentSessions", account.licence.concurrent_sessions}}},
          {"features", account.features},
          {"picture", !account.picture.empty()}};
}

json::object session_state(const Scene& scene, const Session& session) {
  json::object body{{"code", session.code},
                    {"state", session.deleted ? "deleted" : session.closed() ? "closed" : "open"},
                    {"expired", session.expired(scene.now())},
                    {"online", session.online},
                    {"creator", session.creator},
                    {"assigned", session.assigned},
                    {"group", session.group},
                    {"app", session.client_id},
                    {"customerLink", scene.customer_link(session)},
                    {"createdAt", to_iso8601(session.created_at)},
                    {"validUntil", to_iso8601(session.valid_until)}};
  if (session.closed_at) body["closedAt"] = to_iso8601(*session.closed_at);
  if (session.custom_api) body["customApi"] = *session.custom_api;
  if (session.description) body["description"] = *session.description;
  json::array supporters;
  for (const auto& connection : session.connections) supporters.push_back(json::value(connection.account));
  body["supporters"] = std::move(supporters);
  return body;
}

template <class Things, class Convert>
json::array array_of(const Things& things, Convert convert) {
  json::array array;
  for (const auto& [id, thing] : things) array.push_back(convert(thing));
  return array;
}

json::array sessions_in_order(const Scene& scene) {
  std::vector<const Session*> sessions;
  for (const auto& [code, session] : scene.world.sessions) sessions.push_back(&session);
  std::ranges::sort(sessions, {}, &Session::sequence);
  json::array array;
  for (const auto* session : sessions) array.push_back(session_state(scene, *session));
  return array;
}

}  // namespace

json::object export_state(const Scene& scene) {
  json::object state{{"settings", settings_json(scene.settings)}};
  state["apps"] = array_of(scene.grants.apps, [](const App& app) {
    return json::object{{"clientId", app.client_id},
                        {"clientSecret", app.client_secret},
                        {"name", app.name},
                        {"redirectUris", json::array(app.redirect_uris.begin(), app.redirect_uris.end())},
                        {"permissions", json::array(app.permissions.begin(), app.permissions.end())}};
  });
  state["accounts"] = array_of(scene.world.accounts, account_json);
  state["groups"] = array_of(scene.world.groups, [](const Group& group) {
    json::object shares;
    for (const auto& [user, right] : group.shared_with) shares[user] = right;
    return json::object{{"id", group.id}, {"name", group.name}, {"owner", group.owner}, {"sharedWith", std::move(shares)}};
  });
  state["contacts"] = array_of(scene.world.contacts, [&](const Contact& contact) {
    return json::object{{"id", contact.id},       {"owner", contact.owner}, {"email", contact.email},
                        {"name", contact.name},   {"group", contact.group}, {"description", contact.description},
                        {"presence", lower(wire_name(scene.world.presence_of(contact)))}};
  });
  state["invitations"] = array_of(scene.world.invitations, [](const Invitation& invitation) {
    return json::object{{"id", invitation.id}, {"owner", invitation.owner}, {"email", invitation.email}, {"group", invitation.group}, {"sent", to_iso8601(invitation.sent)}};
  });
  state["devices"] = array_of(scene.world.devices, [](const Device& device) {
    return json::object{{"id", device.id},       {"remoteControlId", device.remote_control_id}, {"alias", device.alias},
                        {"owner", device.owner}, {"group", device.group},                       {"presence", lower(wire_name(device.presence))}};
  });
  state["grants"] = array_of(scene.grants.all(), [](const Grant& grant) {
    return json::object{{"id", grant.id}, {"app", grant.client_id}, {"account", grant.account}, {"since", to_iso8601(grant.since)}, {"revoked", grant.revoked}};
  });
  state["sessions"] = sessions_in_order(scene);
  json::array records;
  for (const auto& record : scene.world.records) {
    json::object body{{"id", record.id},
                      {"account", record.user},
                      {"start", to_iso8601(record.start)},
                      {"visibleAt", to_iso8601(record.visible_at.value_or(record.ended() + scene.settings.report_delay))},
                      {"notes", record.notes}};
    if (record.end) body["end"] = to_iso8601(*record.end);
    if (record.session) body["session"] = record.session->code;
    if (record.feedback && record.feedback->rating) body["rating"] = *record.feedback->rating;
    records.push_back(std::move(body));
  }
  state["records"] = std::move(records);
  return state;
}

}  // namespace belay::sandbox::teamviewer
