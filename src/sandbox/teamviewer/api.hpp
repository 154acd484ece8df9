// The Web API: finds the function a request is for, checks token, rate limit, permission and licence in this order, and calls it.
// Functions are named as in TeamViewer's OpenAPI document (operationId); one file a family answers them.
#pragma once

#include <string>
#include <vector>

#include "sandbox/teamviewer/answers.hpp"
#include "sandbox/teamviewer/scene.hpp"

namespace belay::sandbox::teamviewer {

/// One call that passed the checks.
struct Call {
  Scene& scene;
  const net::Request& request;
  const Account& account;            ///< whose token it is
  const App& app;
  Grant& grant;
  std::vector<std::string> ids;      ///< the parameters of the path
  Time now;

  [[nodiscard]] World& world() const { return scene.world; }
  [[nodiscard]] bool may(std::string_view permission) const { return app.permissions.contains(std::string(permission)); }
};

/// Answers anything under /api/v1.
[[nodiscard]] net::Response answer_api(Scene& scene, const net::Request& request);

// oauth.cpp; these two look at the token themselves
[[nodiscard]] net::Response request_token(Scene& scene, const net::Request& request);
[[nodiscard]] net::Response ping(Scene& scene, const net::Request& request);
[[nodiscard]] net::Response revoke_token(Call& call);
// account.cpp
[[nodiscard]] net::Response get_account(Call& call);
[[nodiscard]] net::Response list_users(Call& call);
// groups.cpp
[[nodiscard]] net::Response list_groups(Call& call);
[[nodiscard]] net::Response create_group(Call& call);
/// The group that `groupid` and `groupname` of a body name; created when only an unknown name is given.
[[nodiscard]] OrAnswer<Group*> group_of_body(Call& call, const std::optional<std::string>& id, const std::optional<std::string>& name);
// contacts.cpp
[[nodiscard]] net::Response list_contacts(Call& call);
[[nodiscard]] net::Response get_contact(Call& call);
[[nodiscard]] net::Response add_contact(Call& call);
[[nodiscard]] net::Response delete_contact(Call& call);
// devices.cpp
[[nodiscard]] net::Response list_devices(Call& call);
// session_reads.cpp, session_changes.cpp
[[nodiscard]] net::Response list_sessions(Call& call);
[[nodiscard]] net::Response get_session(Call& call);
[[nodiscard]] net::Response create_session(Call& call);
[[nodiscard]] net::Response update_session(Call& call);
[[nodiscard]] net::Response delete_session(Call& call);
/// The session of the path if this token may see it (or change it), else the answer.
[[nodiscard]] OrAnswer<Session*> session_of_path(Call& call, std::string_view own, std::string_view all);
/// A session as GET answers it; `created`: as POST does, without online and closed_at.
enum class SessionForm { whole, created, brief };
[[nodiscard]] json::object session_json(const Scene& scene, const Session& session, SessionForm form);
// reports.cpp
[[nodiscard]] net::Response list_connection_reports(Call& call);
[[nodiscard]] net::Response update_connection_report(Call& call);

}  // namespace belay::sandbox::teamviewer
