#include "teamviewer/wire.hpp"

#include <array>
#include <ranges>

#include <boost/json/serialize.hpp>

#include "support/code_points.hpp"
#include "teamviewer/ids.hpp"

namespace belay::teamviewer {
namespace {

// ---- accounts ----

constexpr std::string_view kPictureSize = "[size]";  // the address ends in it, literally
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

// ---- contacts ----

// A word, in either case. The document also knows numbers, whose meaning it does not say.
support::Presence presence_from(const json::object& body) {
  const auto word = json::string_at(body, "online_state").value_or("");
  for (const auto presence : {support::Presence::online, support::Presence::busy, support::Presence::away}) {
    if (support::same_ignoring_case(word, support::to_string(presence))) return presence;
  }
  return support::Presence::offline;
}

// "remote_control, videocall, chat, meeting"; absent: not known.
std::optional<std::vector<support::LaunchMode>> supported_from(const json::object& body) {
  const auto text = json::string_at(body, "supported_features");
  if (!text) return std::nullopt;
  struct Known { std::string_view word; support::LaunchMode mode; };
  constexpr std::array kKnown{Known{"chat", support::LaunchMode::chat}, Known{"videocall", support::LaunchMode::call},
                              Known{"remote_control", support::LaunchMode::control}, Known{"meeting", support::LaunchMode::present}};
  std::vector<support::LaunchMode> modes;
  for (const auto part : std::views::split(std::string_view(*text), ',')) {
    const auto word = support::trimmed(std::string_view(part));
    for (const auto& known : kKnown) {
      if (support::same_ignoring_case(word, known.word)) modes.push_back(known.mode);
    }
  }
  return modes;
}

// ---- sessions ----

constexpr std::size_t kDescriptionLimit = 4'000;  // characters, as the limits below
constexpr std::size_t kNameLimit = 100;
constexpr std::size_t kEmailLimit = 254;
constexpr std::string_view kOurs = "belay";       // member of custom_api

std::string first_characters(std::string_view text, std::size_t limit) {
  auto rest = text;
  for (std::size_t count = 0; count < limit && !rest.empty(); ++count) rest.remove_prefix(support::first_code_point(rest).bytes);
  return std::string(text.substr(0, text.size() - rest.size()));
}

// Open, by the word. As a number it says nothing we could rely on; then the time of closing does.
bool is_open(const json::object& body) {
  if (const auto word = json::string_at(body, "state")) return support::same_ignoring_case(*word, "open");
  return json::integer_at(body, "state").has_value() && !body.contains("closed_at");
}

std::optional<SessionId> our_id(const json::object& body) {
  const auto custom = json::parse_or_null(json::string_at(body, "custom_api").value_or(""));
  const auto* object = custom.if_object();
  if (object == nullptr) return std::nullopt;
  auto id = json::string_at(*object, kOurs);
  if (!id || !is_session_id(*id)) return std::nullopt;
  return SessionId{std::move(*id)};
}

std::string link_at(const json::object& body, std::string_view key) { return web_address(json::string_at(body, key).value_or("")).value_or(""); }

}  // namespace

std::optional<Time> time_at(const json::object& body, std::string_view key) {
  const auto text = json::string_at(body, key);
  return text ? from_iso8601(*text) : std::nullopt;
}

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

std::optional<support::Contact> contact_from(const json::object& body) {
  const auto id = json::string_at(body, "contact_id").value_or("");
  if (!is_contact_id(id)) return std::nullopt;
  const auto user = json::string_at(body, "user_id").value_or("");
  return support::Contact{.id = ContactId{id},
                          .user = is_user_id(user) ? ProviderAccountId{user} : ProviderAccountId{},
                          .name = support::to_one_line(json::string_at(body, "name").value_or("")),
                          .picture = picture_from(json::string_at(body, "profilepicture_url").value_or("")),
                          .presence = presence_from(body),
                          .supported = supported_from(body)};
}

std::optional<ports::ProviderSession> session_from(const json::object& body) {
  const auto code = json::string_at(body, "code").value_or("");
  if (!is_session_code(code)) return std::nullopt;
  return ports::ProviderSession{.code = SessionCode{code},
                                .ours = our_id(body),
                                .open = is_open(body),
                                .online = json::bool_at(body, "online"),
                                .customer_link = link_at(body, "end_customer_link"),
                                .supporter_link = link_at(body, "supporter_link"),
                                .browser_link = link_at(body, "webclient_supporter_link"),
                                .created_at = time_at(body, "created_at"),
                                .valid_until = time_at(body, "valid_until")};
}

json::object session_body(const ports::SessionDraft& draft) {
  json::object body{{"groupid", draft.group_id},
                    {"valid_until", to_iso8601(std::chrono::floor<std::chrono::seconds>(draft.valid_until))},
                    {"custom_api", boost::json::serialize(json::object{{kOurs, draft.id.value}})}};
  if (!draft.description.empty()) body["description"] = first_characters(draft.description, kDescriptionLimit);
  json::object customer;
  if (!draft.customer.name.empty()) customer["name"] = first_characters(support::to_one_line(draft.customer.name), kNameLimit);
  if (!draft.customer.email.empty()) customer["email"] = first_characters(support::to_one_line(draft.customer.email), kEmailLimit);
  if (!customer.empty()) body["end_customer"] = std::move(customer);
  return body;
}

}  // namespace belay::teamviewer
