// GET /account and GET /users.
#include "sandbox/teamviewer/api.hpp"

#include <algorithm>
#include <ranges>

namespace belay::sandbox::teamviewer {
namespace {

json::object licence_json(const Licence& licence) {
  return {{"version", -1}, {"type", licence.type}, {"teamViewerLicenseId", licence.id}, {"isactive", licence.active}};
}

bool named_in(std::string_view comma_separated, std::string_view address) {
  return std::ranges::any_of(std::views::split(comma_separated, ','), [&](auto part) { return same_text(std::string_view(part), address); });
}

}  // namespace

net::Response get_account(Call& call) {
  if (auto refused = refuse_other_parameters(call.request, {})) return *refused;
  const auto& account = call.account;
  json::object body{{"userid", account.id}, {"name", account.name}};
  if (call.may("Account.ReadEmail")) {
    body["email"] = account.email;
    body["email_validated"] = true;
    body["email_language"] = account.language;
  }
  if (!account.company.empty()) body["company_name"] = account.company;
  if (!account.picture.empty()) body["profilepicture_url"] = call.scene.picture_url(account);
  body["license"] = licence_json(account.licence);
  body["available_licenses"] = json::array{licence_json(account.licence)};
  // Text, not a boolean.
  body["custom_field_has_paid_license"] = account.licence.paid ? "True" : "False";
  return answer(body);
}

net::Response list_users(Call& call) {
  if (auto refused = refuse_other_parameters(call.request, {"email", "name", "permissions", "full_list"})) return *refused;
  const auto full = flag(call.request, "full_list");
  if (!full) return full.error();
  const auto email = call.request.parameter("email");
  const auto name = call.request.parameter("name");
  json::array users;
  for (const auto& [id, account] : call.world().accounts) {
    if (account.company != call.account.company) continue;
    if (email && !named_in(*email, account.email)) continue;
    if (name && !contains_text(account.name, *name)) continue;
    json::object user{{"id", id}, {"name", account.name}, {"email", account.email}};
    if (full->value_or(false)) {
      user["online_state"] = wire_name(account.presence);
      user["active"] = true;
      user["activated_license_id"] = account.licence.id;
      user["activated_license_name"] = "TeamViewer " + account.licence.type;
      user["tfa_enabled"] = true;
      user["sso_status"] = 0;
    }
    users.push_back(std::move(user));
  }
  return answer({{"users", std::move(users)}});
}

}  // namespace belay::sandbox::teamviewer
