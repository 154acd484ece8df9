// GET /sessions and /sessions/{code}.
#include "sandbox/teamviewer/api.hpp"

#include <algorithm>

namespace belay::sandbox::teamviewer {
namespace {

constexpr std::string_view kReadOwn = "Sessions.ReadOwn";
constexpr std::string_view kReadAll = "Sessions.ReadAll";

json::object customer_json(const EndCustomer& customer) {
  json::object body;
  if (customer.name) body["name"] = *customer.name;
  if (customer.email) body["email"] = *customer.email;
  return body;
}

bool is_code(std::string_view text) {
  // s\d{2,3}-\d{3}-\d{3}
  const auto digits = [&](std::size_t from, std::size_t count) {
    return std::ranges::all_of(text.substr(from, count), [](char c) { return c >= '0' && c <= '9'; });
  };
  const auto blocks = [&](std::size_t first) {
    return text.size() == first + 9 && digits(1, first) && text[first + 1] == '-' && digits(first + 2, 3) && text[first + 5] == '-' && digits(first + 6, 3);
  };
  return text.starts_with('s') && (blocks(2) || blocks(3));
}

bool sees(const Call& call, const Session& session, std::string_view own, std::string_view all) {
  if (call.may(own) && (session.creator == call.account.id || session.assigned == call.account.id)) return true;
  if (!call.may(all)) return false;
  const auto* creator = call.world().account(session.creator);
  return creator != nullptr && creator->company == call.account.company;
}

// All that sees() could be true of: who may read their own alone is not shown through everybody's.
std::vector<const Session*> in_sight_of(const Call& call) {
  if (!call.may(kReadAll)) return call.world().sessions_around(call.account.id);
  std::vector<const Session*> all;
  for (const auto& [code, session] : call.world().sessions) all.push_back(&session);
  return all;
}

/// Which states `state` asks for; open ones unless it says otherwise.
struct States { bool open = true, closed = false; };
OrAnswer<States> states_of(std::optional<std::string_view> text) {
  if (!text) return States{};
  States states{.open = false, .closed = false};
  std::string_view rest = *text;
  while (true) {
    const auto comma = rest.find(',');
    const auto word = rest.substr(0, comma);
    if (word == "open") states.open = true;
    else if (word == "closed") states.closed = true;
    else return std::unexpected(invalid_request("The parameter state is malformed."));
    if (comma == std::string_view::npos) return states;
    rest.remove_prefix(comma + 1);
  }
}

}  // namespace

json::object session_json(const Scene& scene, const Session& session, SessionForm form) {
  json::object body{{"code", session.code}, {"state", session.closed() ? "Closed" : "Open"}, {"groupid", session.group}};
  if (form == SessionForm::brief) return body;
  const bool created = form == SessionForm::created;
  if (session.waiting_message) body["waiting_message"] = *session.waiting_message;
  if (session.description) body["description"] = *session.description;
  if (session.end_customer) body["end_customer"] = customer_json(*session.end_customer);
  body["assigned_userid"] = session.assigned;
  if (session.assigned_at) body["assigned_at"] = scene.wire_time(*session.assigned_at);
  body["end_customer_link"] = scene.customer_link(session);
  body["supporter_link"] = scene.supporter_link(session);
  // Recorded for open sessions only.
  if (!session.closed()) body["webclient_supporter_link"] = scene.browser_link(session, scene.world.account(session.creator));
  if (session.custom_api) body["custom_api"] = *session.custom_api;
  body["created_at"] = scene.wire_time(session.created_at);
  body["valid_until"] = scene.wire_time(session.valid_until);
  if (session.tv_version) body["tv_version"] = *session.tv_version;
  body["support_session_type"] = session.type;
  if (created && session.custom_id) body["customId"] = *session.custom_id;
  if (created) return body;
  if (session.custom_module_id) body["custom_module_id"] = *session.custom_module_id;
  if (session.closed_at) body["closed_at"] = scene.wire_time(*session.closed_at);
  body["online"] = session.online;
  return body;
}

OrAnswer<Session*> session_of_path(Call& call, std::string_view own, std::string_view all) {
  // The code exactly as it was returned, hyphens included.
  if (!is_code(call.ids.front())) return std::unexpected(invalid_request("The session code is malformed."));
  auto* session = call.world().session(call.ids.front());
  if (session == nullptr || !sees(call, *session, own, all)) return std::unexpected(not_found());
  return session;
}

net::Response get_session(Call& call) {
  if (auto refused = refuse_other_parameters(call.request, {})) return *refused;
  const auto session = session_of_path(call, kReadOwn, kReadAll);
  if (!session) return session.error();
  return answer(session_json(call.scene, **session, SessionForm::whole));
}

net::Response list_sessions(Call& call) {
  const auto& request = call.request;
  if (auto refused = refuse_other_parameters(request, {"groupid", "assigned_userid", "state", "full_list", "offset"})) return *refused;
  const auto states = states_of(request.parameter("state"));
  if (!states) return states.error();
  const auto full = flag(request, "full_list");
  if (!full) return full.error();
  const auto group = request.parameter("groupid");
  if (group && !is_id(*group, 'g')) return invalid_request("The parameter groupid is malformed.");
  const auto assigned = request.parameter("assigned_userid");
  if (assigned && !is_id(*assigned, 'u')) return invalid_request("The parameter assigned_userid is malformed.");
  const Session* after = nullptr;
  if (const auto offset = request.parameter("offset")) {
    // A deleted session still marks its place.
    const auto found = call.world().sessions.find(std::string(*offset));
    if (found == call.world().sessions.end()) return invalid_request("The parameter offset is malformed.");
    after = &found->second;
  }

  std::vector<const Session*> found;
  for (const auto* session : in_sight_of(call)) {
    if (session->deleted || !sees(call, *session, kReadOwn, kReadAll)) continue;
    // An expired code still reads Open until somebody closes it.
    if (!(session->closed() ? states->closed : states->open)) continue;
    if (group && session->group != *group) continue;
    if (assigned && session->assigned != *assigned) continue;
    if (after != nullptr && session->sequence >= after->sequence) continue;
    found.push_back(session);
  }
  std::ranges::sort(found, std::ranges::greater{}, &Session::sequence);

  const auto size = std::min(found.size(), call.scene.settings.session_page);
  json::array sessions;
  for (std::size_t i = 0; i < size; ++i) {
    sessions.push_back(session_json(call.scene, *found[i], full->value_or(false) ? SessionForm::whole : SessionForm::brief));
  }
  json::object body{{"sessions", std::move(sessions)}};
  if (size < found.size()) {
    body["next_offset"] = found[size - 1]->code;
    body["sessions_remaining"] = found.size() - size;
  }
  return answer(body);
}

}  // namespace belay::sandbox::teamviewer
