// What opens behind "Connect to session" (the installed client) and "Connect in browser": the action that would start, and buttons that
// play it, so that connections and their reports come about.
#include "sandbox/teamviewer/pages.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "crypto/digest.hpp"

namespace belay::sandbox::teamviewer {
namespace {

const Account* likely_supporter(const Scene& scene, const net::Request& request, const Session& session) {
  if (const auto* account = signed_in(scene, request)) return account;
  return scene.world.account(session.assigned == "u0" ? session.creator : session.assigned);
}

std::string connect_form(const Scene& scene, const net::Request& request, const Session& session) {
  std::string options;
  const auto* chosen = likely_supporter(scene, request, session);
  for (const auto& [id, account] : scene.world.accounts) {
    options += fmt::format("<option value=\"{}\"{}>{}</option>\n", html::escape(id), &account == chosen ? " selected" : "", html::escape(account.name));
  }
  return fmt::format("<form method=\"post\">{}<label class=\"field\">Supporter <select name=\"account\">\n{}</select></label>"
                     "<div class=\"actions\"><button class=\"main\">Connect</button></div></form>",
                     html::hidden("action", "connect"), options);
}

std::string end_form(const Scene& scene, const Connection& connection) {
  const auto* account = scene.world.account(connection.account);
  const auto name = html::escape(account == nullptr ? connection.account : account->name);
  return fmt::format("<form method=\"post\">{}{}<fieldset><legend>{} is connected</legend>\n<label class=\"field\">Notes <textarea name=\"notes\" rows=\"2\" maxlength=\"4000\"></textarea></label>"
                     "<button>End connection</button></fieldset></form>\n",
                     html::hidden("action", "end"), html::hidden("account", connection.account), name);
}

net::Response show(const Scene& scene, const net::Request& request, const Session& session, std::string_view client, unsigned status) {
  const bool in_browser = client == "browser";
  std::string main = fmt::format(
      "<dl>\n<dt>Client action</dt><dd>{}</dd>\n<dt>Session</dt><dd><code>{}</code></dd>\n<dt>Customer</dt><dd>{}</dd>\n</dl>\n",
      in_browser ? "Join the session as supporter in the browser client" : "Start the installed client and join the session as supporter", session.code,
      session.online ? "has joined" : "is not there");
  if (session.closed()) {
    main += "<p>This session has ended. Nobody can connect to it.</p>";
  } else {
    for (const auto& connection : session.connections) main += end_form(scene, connection);
    if (session.online) main += connect_form(scene, request, session);
    else if (session.expired(scene.now())) main += "<p>This session has expired. The customer cannot join any more.</p>";
    else main += "<p>The customer has not joined yet. Open this page again when they have.</p>";
  }
  return html::page(status, in_browser ? "The browser client would start" : "The client would start", main);
}

}  // namespace

net::Response supporter_page(Scene& scene, const net::Request& request, std::string_view bare_code, std::string_view secret, std::string_view client) {
  auto* session = scene.world.session_of_link(bare_code);
  if (session == nullptr || !crypto::equal_in_constant_time(session->secret, secret)) {
    return html::message(404, "This session is not known", "The link is not complete, or the session was deleted.");
  }
  if (request.method != "POST") {
    scene.note("supporter.opened", {}, {{"session", session->code}}, {}, {{"client", client}});
    return show(scene, request, *session, client, 200);
  }

  const auto form = html::form_of(request);
  const auto* account = scene.world.account(html::field(form, "account"));
  if (account == nullptr) return show(scene, request, *session, client, 400);
  const auto action = html::field(form, "action");
  if (action == "connect") {
    if (session->closed() || !session->online) return show(scene, request, *session, client, 409);
    scene.connect(*session, *account, client);
  } else if (action == "end") {
    scene.disconnect(*session, *account, html::field(form, "notes"));
  }
  auto response = html::see_other(request.target);
  remember_sign_in(response, *account);
  return response;
}

}  // namespace belay::sandbox::teamviewer
