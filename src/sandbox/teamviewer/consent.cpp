// Sign-in and consent: GET and POST /oauth2/authorize (RFC 6749 section 4.1.1, RFC 7636 section 4.3).
// Without a known client and its exact redirect URI nobody is sent anywhere; all other refusals go back to the app.
#include "sandbox/teamviewer/pages.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace belay::sandbox::teamviewer {
namespace {

/// What the app asked for, from the query of the first visit or the hidden fields of the form.
struct Wish {
  std::string response_type, client_id, redirect_uri, state, challenge, challenge_method;
  bool has_state = false;
};

constexpr std::string_view kKept[] = {"response_type", "client_id", "redirect_uri", "state", "code_challenge", "code_challenge_method"};

std::map<std::string, std::string> fields_of(const net::Request& request) {
  if (request.method == "POST") return html::form_of(request);
  std::map<std::string, std::string> fields;
  for (const auto& [name, value] : request.query) fields.emplace(name, value);
  return fields;
}

Wish wish_of(const std::map<std::string, std::string>& fields) {
  return {.response_type = html::field(fields, "response_type"),
          .client_id = html::field(fields, "client_id"),
          .redirect_uri = html::field(fields, "redirect_uri"),
          .state = html::field(fields, "state"),
          .challenge = html::field(fields, "code_challenge"),
          .challenge_method = html::field(fields, "code_challenge_method"),
          .has_state = fields.contains("state")};
}

std::string back_to_app(const Wish& wish, std::vector<std::pair<std::string, std::string>> parameters) {
  if (wish.has_state) parameters.emplace_back("state", wish.state);
  return fmt::format("{}{}{}", wish.redirect_uri, wish.redirect_uri.contains('?') ? '&' : '?', net::form_encode(parameters));
}

/// Repeated parameters are how one reader is shown another value than the next.
bool repeats_parameter(const net::Request& request) {
  for (const auto name : kKept) {
    if (std::ranges::count(request.query, name, &std::pair<std::string, std::string>::first) > 1) return true;
  }
  return false;
}

/// What is wrong with the wish, as an OAuth error code. Empty: nothing.
std::string_view problem_of(const Wish& wish) {
  if (wish.response_type != "code") return "unsupported_response_type";
  if (wish.challenge.empty()) return wish.challenge_method.empty() ? "" : "invalid_request";
  return wish.challenge_method == "S256" && wish.challenge.size() == 43 ? "" : "invalid_request";
}

std::string account_choices(const Scene& scene, const Account* chosen) {
  std::string choices;
  for (const auto& [id, account] : scene.world.accounts) {
    choices += fmt::format("<label class=\"choice\"><input type=\"radio\" name=\"account\" value=\"{}\" required{}> {} <span class=\"quiet\">{} · {}</span></label>\n",
                           html::escape(id), chosen == &account ? " checked" : "", html::escape(account.name), html::escape(account.email),
                           html::escape(account.licence.active ? account.licence.type : account.licence.type + ", not active"));
  }
  return choices;
}

net::Response ask(const Scene& scene, const net::Request& request, const App& app, const std::map<std::string, std::string>& fields) {
  const Account* chosen = signed_in(scene, request);
  const auto hint = html::field(fields, "login_hint");
  if (!hint.empty()) chosen = scene.world.account_with_email(hint);

  std::string main = "<form method=\"post\" action=\"/oauth2/authorize\">\n";
  for (const auto name : kKept) {
    if (const auto kept = fields.find(std::string(name)); kept != fields.end()) main += html::hidden(name, kept->second);
  }
  main += fmt::format("<fieldset><legend>Sign in as</legend>\n{}</fieldset>\n", account_choices(scene, chosen));
  main += fmt::format("<h2>{} will be able to</h2>\n<ul>\n", html::escape(app.name));
  for (const auto& permission : app.permissions) main += fmt::format("<li>{}</li>\n", html::escape(words_of(permission)));
  main += fmt::format("</ul>\n<p class=\"quiet\">Afterwards you return to <code>{}</code>.</p>\n", html::escape(html::field(fields, "redirect_uri")));
  main += "<div class=\"actions\"><button class=\"main\" name=\"decision\" value=\"allow\">Allow</button>\n"
          "<button name=\"decision\" value=\"deny\" formnovalidate>Deny</button></div>\n</form>";
  return html::page(200, fmt::format("Allow {} to use your account", app.name), main, html::Forms::lead_outside);
}

net::Response allow(Scene& scene, const App& app, const Wish& wish, const Account& account) {
  if (app.needs_reports_licence() && !account.licence.covers_reports()) {
    // Whoever has no such licence cannot even consent.
    return html::page(403, "Your licence does not cover this app",
                      fmt::format("<p>{} asks for functions that need a Premium or Corporate licence. The licence of {} is {}. Nothing was allowed.</p>\n"
                                  "<p><a href=\"{}\">Return to {}</a></p>",
                                  html::escape(app.name), html::escape(account.name), html::escape(account.licence.type),
                                  html::escape(back_to_app(wish, {{"error", "access_denied"}, {"error_description", "The licence does not cover the permissions."}})),
                                  html::escape(app.name)));
  }
  auto code = scene.grants.authorize({.client_id = app.client_id, .account = account.id, .redirect_uri = wish.redirect_uri, .challenge = wish.challenge,
                                      .expires = scene.now() + scene.settings.code_life});
  scene.note("consent.given", account.id, {{"app", app.client_id}});
  auto response = html::see_other(back_to_app(wish, {{"code", std::move(code)}}));
  remember_sign_in(response, account);
  return response;
}

}  // namespace

net::Response consent_page(Scene& scene, const net::Request& request) {
  const auto fields = fields_of(request);
  const auto wish = wish_of(fields);
  if (repeats_parameter(request)) return html::message(400, "This request cannot be understood", "A parameter is repeated. Nothing was allowed.");
  const auto* app = scene.grants.app(wish.client_id);
  if (app == nullptr) return html::message(400, "This app is not known", "No app is registered with this client ID. Nothing was allowed.");
  if (std::ranges::find(app->redirect_uris, wish.redirect_uri) == app->redirect_uris.end()) {
    return html::message(400, "The return address is not registered",
                         "The redirect URI of this request is not one of those that the app registered, character by character. Nothing was allowed.");
  }
  if (const auto problem = problem_of(wish); !problem.empty()) return html::see_other(back_to_app(wish, {{"error", std::string(problem)}}));
  if (request.method != "POST") return ask(scene, request, *app, fields);

  const auto decision = html::field(fields, "decision");
  if (decision == "deny") {
    scene.note("consent.denied", {}, {{"app", app->client_id}});
    return html::see_other(back_to_app(wish, {{"error", "access_denied"}, {"error_description", "The user denied access."}}));
  }
  const auto* account = scene.world.account(html::field(fields, "account"));
  if (decision != "allow" || account == nullptr) return html::message(400, "Choose an account", "Go back and choose who signs in. Nothing was allowed.");
  return allow(scene, *app, wish, *account);
}

}  // namespace belay::sandbox::teamviewer
