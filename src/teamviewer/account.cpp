// GET /account: who the token belongs to, and the licence.
#include "support/code_points.hpp"
#include "teamviewer/ids.hpp"
#include "teamviewer/provider.hpp"
#include "teamviewer/refusals.hpp"
#include "teamviewer/wire.hpp"

namespace belay::teamviewer {
namespace {

constexpr std::string_view kPictureSize = "[size]";  // the address ends in it, literally (contract, trap 9)
constexpr std::string_view kWantedSize = "64";

std::string picture_from(std::string url) {
  if (const auto place = url.find(kPictureSize); place != std::string::npos) url.replace(place, kPictureSize.size(), kWantedSize);
  return web_address(url).value_or("");
}

bool is_paid_type(std::string_view type) {
  const auto name = support::trimmed(type);
  return !name.empty() && !support::same_ignoring_case(name, "free");
}

// "True" in a string; a boolean is taken too.
std::optional<bool> yes_or_no(const json::object& from, std::string_view key) {
  if (const auto flag = json::bool_at(from, key)) return flag;
  const auto word = json::string_at(from, key);
  if (!word || support::trimmed(*word).empty()) return std::nullopt;
  return support::same_ignoring_case(support::trimmed(*word), "true");
}

support::Licence one_licence(const json::object& from) {
  return {.type = std::string(support::trimmed(json::string_at(from, "type").value_or(""))), .active = yes_or_no(from, "isactive").value_or(false), .paid = false};
}

// The first active one of those the account could use.
std::optional<support::Licence> active_one_of(const json::array* available) {
  if (available == nullptr) return std::nullopt;
  for (const auto& item : *available) {
    if (const auto* object = item.if_object(); object != nullptr && one_licence(*object).active) return one_licence(*object);
  }
  return std::nullopt;
}

support::Licence licence_from(const json::object& body) {
  const auto available = active_one_of(json::array_at(body, "available_licenses"));
  const auto* own = json::object_at(body, "license");
  auto licence = own != nullptr ? one_licence(*own) : available.value_or(support::Licence{});
  const bool looks_paid = (licence.active && is_paid_type(licence.type)) || (available && is_paid_type(available->type));
  licence.paid = yes_or_no(body, "custom_field_has_paid_license").value_or(looks_paid);
  return licence;
}

}  // namespace

std::optional<ports::ProviderAccount> account_from(const json::object& body) {
  const auto id = json::string_at(body, "userid").value_or("");
  if (!is_user_id(id)) return std::nullopt;
  return ports::ProviderAccount{.id = ProviderAccountId{id},
                                .name = support::to_one_line(json::string_at(body, "name").value_or("")),
                                .email = support::to_one_line(json::string_at(body, "email").value_or("")),
                                .company = support::to_one_line(json::string_at(body, "company_name").value_or("")),
                                .picture = picture_from(json::string_at(body, "profilepicture_url").value_or("")),
                                .licence = licence_from(body)};
}

namespace {

Request account_request() {
  return {.function = "account", .method = "GET", .path = "/account", .query = {}, .body = {}, .form = {}, .token = {}, .who = {}, .trace_id = {}};
}

Result<ports::ProviderAccount> account_of_answer(const json::value& answer) {
  const auto* body = answer.if_object();
  auto account = body == nullptr ? std::nullopt : account_from(*body);
  if (!account) return std::unexpected(unreachable("no account in the answer", false));
  return std::move(*account);
}

}  // namespace

Task<Result<ports::ProviderAccount>> TeamViewer::account_of(ports::Call call, ports::Grant grant) {
  auto request = account_request();
  request.token = grant.access_token;
  request.who = key_of_token(grant.access_token);
  request.trace_id = call.trace_id;
  auto answer = co_await rest_.send(std::move(request), after(call.deadline));
  if (!answer) {
    if (answer.error().code == "link_expired") co_return fail("grant_expired", answer.error().cause, {{"provider", kProvider}});
    co_return std::unexpected(std::move(answer).error());
  }
  co_return account_of_answer(*answer);
}

Task<Result<ports::ProviderAccount>> TeamViewer::account(ports::Call call, ports::LinkRef link) {
  const auto until = after(call.deadline);
  BELAY_CO_TRY(answer, co_await ask(call, link, account_request(), until));
  co_return account_of_answer(answer);
}

}  // namespace belay::teamviewer
