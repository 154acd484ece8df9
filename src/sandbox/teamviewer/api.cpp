#include "sandbox/teamviewer/api.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace belay::sandbox::teamviewer {
namespace {

struct Endpoint {
  std::string_view method;
  std::vector<std::string_view> path;       ///< behind /api/v1; {} is a parameter
  std::string_view function;
  std::vector<std::string_view> any_of;     ///< permissions, one of which the app must have
  bool needs_reports_licence;
  net::Response (*answer)(Call&);
};

const std::vector<Endpoint>& endpoints() {
  static const std::vector<Endpoint> kEndpoints{
      {"GET", {"account"}, "getAccount", {"Account.Read"}, false, get_account},
      {"GET", {"users"}, "listUsers", {"Users.Read"}, true, list_users},
      {"GET", {"groups"}, "listGroups", {"Groups.Read"}, false, list_groups},
      {"POST", {"groups"}, "createGroup", {"Groups.Create"}, false, create_group},
      {"GET", {"contacts"}, "listContacts", {"ContactList.Read"}, false, list_contacts},
      {"POST", {"contacts"}, "addContact", {"ContactList.Write"}, false, add_contact},
      {"GET", {"contacts", "{}"}, "getContact", {"ContactList.Read"}, false, get_contact},
      {"DELETE", {"contacts", "{}"}, "deleteContact", {"ContactList.Delete"}, false, delete_contact},
      {"GET", {"devices"}, "listDevices", {"Devices.Read"}, false, list_devices},
      {"GET", {"sessions"}, "listSessions", {"Sessions.ReadOwn", "Sessions.ReadAll"}, false, list_sessions},
      {"POST", {"sessions"}, "createSession", {"Sessions.Create"}, false, create_session},
      {"GET", {"sessions", "{}"}, "getSession", {"Sessions.ReadOwn", "Sessions.ReadAll"}, false, get_session},
      {"PUT", {"sessions", "{}"}, "updateSession", {"Sessions.ModifyOwn", "Sessions.ModifyAll"}, false, update_session},
      {"DELETE", {"sessions", "{}"}, "deleteSession", {"Sessions.ModifyOwn", "Sessions.ModifyAll"}, false, delete_session},
      {"GET", {"reports", "connections"}, "listConnectionReports", {"Connections.Read"}, true, list_connection_reports},
      {"PUT", {"reports", "connections", "{}"}, "updateConnectionReport", {"Connections.Modify"}, true, update_connection_report},
      {"POST", {"oauth2", "revoke"}, "revokeToken", {}, false, revoke_token},
  };
  return kEndpoints;
}

/// The parameters of the path, when it fits.
std::optional<std::vector<std::string>> match(const Endpoint& endpoint, const std::vector<std::string>& path) {
  if (endpoint.path.size() + 2 != path.size()) return std::nullopt;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < endpoint.path.size(); ++i) {
    const auto& segment = path[i + 2];
    if (endpoint.path[i] == "{}") ids.push_back(segment);
    // Sources spell the two OAuth paths differently; the others are as written.
    else if (endpoint.path.front() == "oauth2" ? !same_text(endpoint.path[i], segment) : endpoint.path[i] != segment) return std::nullopt;
  }
  return ids;
}

const RateLimit* limit_of(const Settings& settings, std::string_view function) {
  auto found = settings.rate_limits.find(std::string(function));
  if (found == settings.rate_limits.end()) found = settings.rate_limits.find("*");
  return found == settings.rate_limits.end() ? nullptr : &found->second;
}

/// Unlike other services the reason is only in the body, and how long to wait is not said at all.
std::optional<net::Response> refuse_by_limit(Scene& scene, std::string_view function, std::string_view token) {
  const auto* limit = limit_of(scene.settings, function);
  if (limit == nullptr || scene.meter.allow(function, token, *limit, scene.now())) return std::nullopt;
  return refuse(429, "rate_limit_reached", "The limit for this function is reached.");
}

OrAnswer<std::string> bearer_of(const net::Request& request) {
  const auto header = request.header("Authorization");
  if (request.parameter("access_token")) return std::unexpected(invalid_request("The token was sent in a way that is not supported."));
  if (request.headers.count("Authorization") > 1) return std::unexpected(invalid_request("The token was sent several times."));
  if (!header || header->size() < 8 || !same_text(header->substr(0, 7), "Bearer ")) {
    return std::unexpected(refuse(401, "invalid_token", "There is no access token."));
  }
  return std::string(header->substr(7));
}

net::Response dispatch(Scene& scene, const net::Request& request, const Endpoint& endpoint, std::vector<std::string> ids) {
  const auto token = bearer_of(request);
  if (!token) return token.error();
  const auto now = scene.now();
  const auto found = scene.grants.find(*token, now);
  using enum Grants::Standing;
  if (found.standing == unknown || found.standing == revoked) return refuse(401, "invalid_token", "The access token is not valid.");
  if (found.standing == expired) return refuse(scene.settings.token_expired_status, "token_expired", "The access token has expired.");
  if (auto refused = refuse_by_limit(scene, endpoint.function, *token)) return *refused;

  const auto* account = scene.world.account(found.grant->account);
  const auto* app = scene.grants.app(found.grant->client_id);
  if (account == nullptr || app == nullptr) return refuse(401, "invalid_token", "The access token is not valid.");
  const auto granted = [&](std::string_view permission) { return app->permissions.contains(std::string(permission)); };
  if (!endpoint.any_of.empty() && std::ranges::none_of(endpoint.any_of, granted)) {
    return invalid_permission("The token does not have the permission for this function.");
  }
  if (endpoint.needs_reports_licence && !account->licence.covers_reports()) return invalid_permission("The licence does not cover this function.");

  Call call{.scene = scene, .request = request, .account = *account, .app = *app, .grant = *scene.grants.grant(found.grant->id), .ids = std::move(ids), .now = now};
  return endpoint.answer(call);
}

}  // namespace

net::Response ping(Scene& scene, const net::Request& request) {
  const auto token = bearer_of(request);
  if (token) {
    if (auto refused = refuse_by_limit(scene, "ping", *token)) return *refused;
  }
  const bool valid = token && scene.grants.find(*token, scene.now()).standing == Grants::Standing::good;
  if (!valid && scene.settings.ping_refuses_bad_tokens) return token ? refuse(401, "invalid_token", "The access token is not valid.") : token.error();
  return answer({{"token_valid", valid}});
}

net::Response answer_api(Scene& scene, const net::Request& request) {
  if (scene.settings.blocked) return refuse(403, "blocked", "The request was blocked.");
  const auto& path = request.path;
  if (path.size() < 3 || path[1] != "v1") return not_found();
  if (path.size() == 4 && same_text(path[2], "oauth2") && same_text(path[3], "token") && request.method == "POST") return request_token(scene, request);
  if (path.size() == 3 && path[2] == "ping" && request.method == "GET") return ping(scene, request);
  bool other_method = false;
  for (const auto& endpoint : endpoints()) {
    auto ids = match(endpoint, path);
    if (!ids) continue;
    if (endpoint.method == request.method) return dispatch(scene, request, endpoint, std::move(*ids));
    other_method = true;
  }
  if (other_method) return refuse(405, "invalid_request", "This function does not take that method.");
  return not_found();
}

}  // namespace belay::sandbox::teamviewer
