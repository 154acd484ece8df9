// The token endpoint and revocation (RFC 6749 sections 4.1.3 and 6, RFC 7636 section 4.6).
// Strict: no member twice, none that is not documented, the redirect URI repeated byte for byte, the client secret always.
#include "sandbox/teamviewer/api.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "crypto/digest.hpp"

namespace belay::sandbox::teamviewer {
namespace {

using Form = std::map<std::string, std::string>;

/// A form, as documented, or JSON with the integers that the vendor's OpenAPI lists.
OrAnswer<Form> read_form(const net::Request& request) {
  Form form;
  const auto type = request.header("Content-Type").value_or("");
  if (type.starts_with("application/json")) {
    const auto body = json::parse_object(request.body);
    if (!body) return std::unexpected(invalid_request("The body is not a JSON object."));
    for (const auto& member : *body) {
      if (member.value().is_string()) form.emplace(member.key(), std::string(member.value().get_string()));
      else if (member.value().is_int64()) form.emplace(member.key(), fmt::format("{}", member.value().get_int64()));
      else return std::unexpected(invalid_request(fmt::format("The parameter {} is malformed.", std::string_view(member.key()))));
    }
    return form;
  }
  if (!type.starts_with("application/x-www-form-urlencoded")) return std::unexpected(invalid_request("The body must be form-encoded."));
  const auto fields = net::form_decode(request.body);
  if (!fields) return std::unexpected(invalid_request("The form is malformed."));
  for (const auto& [name, value] : *fields) {
    if (!form.emplace(name, value).second) return std::unexpected(invalid_request(fmt::format("The parameter {} is repeated.", name)));
  }
  return form;
}

std::string at(const Form& form, std::string_view name) {
  const auto found = form.find(std::string(name));
  return found == form.end() ? std::string() : found->second;
}

std::optional<net::Response> refuse_members(const Form& form, std::initializer_list<std::string_view> required, std::initializer_list<std::string_view> optional) {
  for (const auto name : required) {
    if (at(form, name).empty()) return invalid_request(fmt::format("The parameter {} is missing.", name));
  }
  for (const auto& [name, value] : form) {
    if (std::ranges::find(required, std::string_view(name)) == required.end() && std::ranges::find(optional, std::string_view(name)) == optional.end()) {
      return invalid_request(fmt::format("The parameter {} is not supported.", name));
    }
  }
  return std::nullopt;
}

OrAnswer<App*> client_of(Scene& scene, const Form& form) {
  auto* app = scene.grants.app(at(form, "client_id"));
  if (app == nullptr) return std::unexpected(refuse(400, "invalid_client", "The client ID is not known."));
  if (!crypto::equal_in_constant_time(app->client_secret, at(form, "client_secret"))) {
    return std::unexpected(refuse(401, "wrong_credentials", "The client secret is wrong."));
  }
  return app;
}

bool proves(std::string_view challenge, std::string_view verifier) {
  if (challenge.empty()) return verifier.empty();  // a verifier for a code that was asked for without a challenge is a downgrade
  if (verifier.size() < 43 || verifier.size() > 128) return false;
  return crypto::equal_in_constant_time(crypto::base64url(crypto::sha256(verifier)), challenge);
}

net::Response tokens_answer(const Scene& scene, const IssuedTokens& tokens) {
  json::object body{{"access_token", tokens.access}, {"token_type", "bearer"}, {"expires_in", scene.settings.token_life.count()}};
  if (tokens.refresh) body["refresh_token"] = *tokens.refresh;
  auto response = answer(body);
  response.headers.emplace("Cache-Control", "no-store");
  return response;
}

net::Response exchange(Scene& scene, const Form& form) {
  if (auto refused = refuse_members(form, {"grant_type", "code", "redirect_uri", "client_id", "client_secret"}, {"code_verifier", "scope"})) return *refused;
  const auto app = client_of(scene, form);
  if (!app) return app.error();
  const auto now = scene.now();
  const auto code = scene.grants.redeem(at(form, "code"), (*app)->client_id, now);
  if (!code) return invalid_request("The code is not usable any more.");
  if (code->redirect_uri != at(form, "redirect_uri")) return invalid_request("The redirect_uri is not the one of the authorize call.");
  if (!proves(code->challenge, at(form, "code_verifier"))) return invalid_request("The code_verifier does not fit.");
  const auto tokens = scene.grants.issue((*app)->client_id, code->account, now, scene.settings.token_life);
  scene.note("token.issued", code->account, {{"grant", tokens.grant}, {"app", (*app)->client_id}}, {}, {{"pkce", !code->challenge.empty()}});
  return tokens_answer(scene, tokens);
}

net::Response renew(Scene& scene, const Form& form) {
  if (auto refused = refuse_members(form, {"grant_type", "refresh_token", "client_id", "client_secret"}, {"scope"})) return *refused;
  const auto app = client_of(scene, form);
  if (!app) return app.error();
  // No grace for the old token: two refreshes with the same one invalidate each other.
  const auto tokens = scene.grants.refresh(at(form, "refresh_token"), (*app)->client_id, scene.now(), scene.settings.token_life, scene.settings.rotate_refresh_tokens);
  if (!tokens) return invalid_request("The refresh_token is not usable any more.");
  scene.note("token.refreshed", scene.grants.grant(tokens->grant)->account, {{"grant", tokens->grant}, {"app", (*app)->client_id}}, {},
             {{"rotated", tokens->refresh.has_value()}});
  return tokens_answer(scene, *tokens);
}

}  // namespace

net::Response request_token(Scene& scene, const net::Request& request) {
  if (auto refused = refuse_other_parameters(request, {})) return *refused;
  const auto form = read_form(request);
  if (!form) return form.error();
  const auto type = at(*form, "grant_type");
  if (type == "authorization_code" || type == "0") return exchange(scene, *form);
  if (type == "refresh_token" || type == "1") return renew(scene, *form);
  return invalid_request("The parameter grant_type is missing or not supported.");
}

net::Response revoke_token(Call& call) {
  if (auto refused = refuse_other_parameters(call.request, {})) return *refused;
  call.scene.revoke(call.grant, "app");
  return no_content();
}

}  // namespace belay::sandbox::teamviewer
