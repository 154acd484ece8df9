#include "sandbox/teamviewer/scene.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace belay::sandbox::teamviewer {

json::object identity_of(const Session& session) {
  json::object identity;
  if (session.custom_api) identity["custom_api"] = *session.custom_api;
  return identity;
}

bool RateMeter::allow(std::string_view function, std::string_view token, const RateLimit& limit, Time now) {
  auto& calls = calls_[{std::string(function), std::string(token)}];
  while (!calls.empty() && calls.front() + limit.window <= now) calls.pop_front();
  if (calls.size() >= limit.calls) return false;
  calls.push_back(now);
  return true;
}

void Scene::note(std::string_view kind, std::string_view account, json::object object, json::object identity, json::object more) {
  stage.journal.write(Effect{.party = "teamviewer",
                             .kind = std::string(kind),
                             .installation = {},
                             .account = std::string(account),
                             .object = std::move(object),
                             .identity = std::move(identity),
                             .more = std::move(more)});
}

std::string Scene::wire_time(Time time, bool basic) const {
  auto text = to_iso8601(std::chrono::floor<std::chrono::seconds>(time));
  if (basic || settings.basic_dates) std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

std::string Scene::customer_link(const Session& session) const {
  return fmt::format("{}/v15/{}", stage.addresses.teamviewer, session.bare_code());
}

std::string Scene::supporter_link(const Session& session) const { return fmt::format("{}-{}", customer_link(session), session.secret); }

std::string Scene::browser_link(const Session& session, const Account* supporter) const {
  const std::vector<std::pair<std::string, std::string>> query{{"sessioncode", session.bare_code()},
                                                               {"servicequeuetoken", session.secret},
                                                               {"lang", supporter == nullptr ? "en" : supporter->language},
                                                               {"displayName", supporter == nullptr ? "" : supporter->name}};
  return fmt::format("{}/Connect/IndexByol?{}", stage.addresses.teamviewer, net::form_encode(query));
}

std::string Scene::picture_url(const Account& account) const {
  if (account.picture.empty()) return {};
  return fmt::format("{}/a-{}/{}/[size]", stage.addresses.teamviewer, account.id.substr(1), account.picture);
}

void Scene::join(Session& session) {
  if (session.online) return;
  session.online = true;
  note("customer.joined", {}, {{"session", session.code}}, identity_of(session));
}

void Scene::leave(Session& session) {
  if (!session.online) return;
  // Nobody is left to help: what supporters had running is over.
  while (!session.connections.empty()) {
    const auto* supporter = world.account(session.connections.back().account);
    if (supporter == nullptr) session.connections.pop_back();
    else disconnect(session, *supporter, {});
  }
  session.online = false;
  note("customer.left", {}, {{"session", session.code}}, identity_of(session));
}

void Scene::connect(Session& session, const Account& supporter, std::string_view client) {
  if (std::ranges::find(session.connections, supporter.id, &Connection::account) != session.connections.end()) return;
  session.connections.push_back({.account = supporter.id, .start = now()});
  note("supporter.connected", supporter.id, {{"session", session.code}}, identity_of(session), {{"client", client}});
}

void Scene::disconnect(Session& session, const Account& supporter, std::string notes) {
  const auto running = std::ranges::find(session.connections, supporter.id, &Connection::account);
  if (running == session.connections.end()) return;
  const auto group = world.groups.find(session.group);
  ConnectionRecord record{.id = random_guid(),
                          .user = supporter.id,
                          .username = supporter.name,
                          .device_id = fmt::format("{}", 884'000'000 + session.sequence),
                          .device_name = session.end_customer && session.end_customer->name ? *session.end_customer->name : "",
                          .group = session.group,
                          .group_name = group == world.groups.end() ? "" : group->second.name,
                          .start = running->start,
                          .end = now(),
                          .notes = std::move(notes),
                          .session = session,
                          .contact = std::nullopt,
                          .feedback = Feedback{},
                          .visible_at = std::nullopt,
                          .other_code = std::nullopt};
  session.connections.erase(running);
  note("supporter.disconnected", supporter.id, {{"session", session.code}, {"record", record.id}}, identity_of(session),
       {{"seconds", std::chrono::duration_cast<std::chrono::seconds>(record.ended() - record.start).count()}});
  world.add_record(std::move(record));
}

void Scene::close(Session& session, std::string_view by, std::string_view account) {
  if (session.closed()) return;
  leave(session);
  session.closed_at = now();
  note("session.closed", account, {{"session", session.code}}, identity_of(session), {{"by", by}});
}

void Scene::reopen(Session& session, std::string_view account) {
  if (!session.closed()) return;
  session.closed_at.reset();
  note("session.reopened", account, {{"session", session.code}}, identity_of(session));
}

std::size_t Scene::live_sessions(std::string_view account) const {
  const auto time = now();
  return static_cast<std::size_t>(std::ranges::count_if(world.sessions_around(account), [&](const Session* session) {
    return session->creator == account && !session->deleted && !session->closed() && !session->expired(time);
  }));
}

void Scene::revoke(Grant& grant, std::string_view by) {
  if (grant.revoked) return;
  grants.revoke(grant);
  note("token.revoked", grant.account, {{"grant", grant.id}, {"app", grant.client_id}}, {}, {{"by", by}});
}

}  // namespace belay::sandbox::teamviewer
