#include "support/settings.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/field_rule.hpp"
#include "support/settings_fields.hpp"

namespace belay::support {
namespace {

constexpr std::array<std::string_view, 2> kSavedInvitations{"public", "internal"};
constexpr std::array<std::string_view, 3> kReportPlaces{"internal", "invitation", "none"};   // in the order of ReportPlace

constexpr std::size_t kGroupNameLimit = 100;         // of the provider
constexpr std::size_t kAccountIdLimit = 128;
constexpr std::size_t kLicenceTypesLimit = 50;
constexpr std::size_t kLicenceTypeLimit = 100;
constexpr std::size_t kMostBytesPerCharacter = 4;

// ---- licences ----

json::object to_json(const LicencePolicy& policy) {
  const auto* listed = std::get_if<ListedLicences>(&policy);
  if (listed == nullptr) return {{"policy", "any_paid"}};
  return {{"policy", "listed"}, {"types", json::array(listed->types.begin(), listed->types.end())}};
}

// The name of a nested member, as errors name it.
Error inside(std::string_view parent, Error error) {
  if (const auto* field = error.detail.if_contains("field"); field != nullptr && field->is_string()) {
    error.detail["field"] = std::string(parent) + '.' + std::string(field->get_string());
  }
  return error;
}

Result<LicencePolicy> read_policy(const json::object& from) {
  constexpr std::array<std::string_view, 2> kPolicies{"any_paid", "listed"};
  json::Reader reader{from};
  const auto policy = reader.optional_choice("policy", kPolicies);
  if (!policy) reader.refuse("policy", FieldRule::required);
  std::optional<json::array> types;
  if (policy == "listed") {
    types = reader.optional_array("types", kLicenceTypesLimit);
    if (!types || types->empty()) reader.refuse("types", FieldRule::required);
  }
  BELAY_CHECK(reader.finish());
  if (!types) return AnyPaidLicence{};
  BELAY_TRY(names, read_names("types", *types, kLicenceTypeLimit));
  return ListedLicences{std::move(names)};
}

// ---- the whole ----

// The members that have one value, read one by one.
struct Members {
  std::optional<json::object> customer_text;
  std::optional<std::string> default_language;
  std::optional<std::int64_t> validity_minutes;
  std::optional<std::string> provider_group;
  std::optional<json::array> allowed_groups;
  std::optional<json::object> eligible_licences;
  std::optional<std::string> invitation;
  std::optional<bool> edit_when_ended;
  std::optional<bool> count_on_issue;
  std::optional<std::string> default_supporter;
  std::optional<std::string> report;
  std::optional<bool> worklog;
  std::optional<bool> tell_of_waiting;
  std::optional<bool> customers_may_ask;
  std::optional<std::int64_t> retention_days;
};

Result<Members> read_members(const json::object& from) {
  json::Reader reader{from};
  const auto needed = [&reader](std::string_view key, auto value) {
    if (!value) reader.refuse(key, FieldRule::required);
    return value;
  };
  Members read;
  read.customer_text = needed("customerText", reader.optional_object("customerText"));
  read.default_language = needed("defaultLanguage", reader.optional_choice("defaultLanguage", kLanguages));
  read.validity_minutes = needed("validityMinutes", reader.optional_integer("validityMinutes", kLeastValidity.count(), kMostValidity.count()));
  read.provider_group = needed("teamviewerGroup", reader.optional_string("teamviewerGroup", kGroupNameLimit * kMostBytesPerCharacter));
  read.allowed_groups = needed("allowedGroups", reader.optional_array("allowedGroups", kAllowedGroupsLimit));
  read.eligible_licences = needed("eligibleLicences", reader.optional_object("eligibleLicences"));
  read.invitation = needed("invitation", reader.optional_choice("invitation", kSavedInvitations));
  read.edit_when_ended = needed("editWhenEnded", reader.optional_bool("editWhenEnded"));
  read.count_on_issue = needed("countOnIssue", reader.optional_bool("countOnIssue"));
  read.default_supporter = needed("defaultSupporter", reader.optional_string("defaultSupporter", kAccountIdLimit));
  read.report = needed("report", reader.optional_choice("report", kReportPlaces));
  read.worklog = needed("worklog", reader.optional_bool("worklog"));
  read.tell_of_waiting = needed("tellOfWaiting", reader.optional_bool("tellOfWaiting"));
  read.customers_may_ask = needed("customersMayAsk", reader.optional_bool("customersMayAsk"));
  read.retention_days = needed("retentionDays", reader.optional_integer("retentionDays", 0, kMostRetentionDays));
  BELAY_CHECK(reader.finish());
  return read;
}

// "fr_FR", "fr-CA", "FR" -> "fr"
std::string primary_language(std::string_view language) {
  std::string primary(language.substr(0, language.find_first_of("-_")));
  std::ranges::transform(primary, primary.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return primary;
}

}  // namespace

std::string_view to_string(ReportPlace place) { return kReportPlaces[static_cast<std::size_t>(place)]; }

std::optional<ReportPlace> report_place_from(std::string_view text) {
  const auto found = std::ranges::find(kReportPlaces, text);
  if (found == kReportPlaces.end()) return std::nullopt;
  return static_cast<ReportPlace>(found - kReportPlaces.begin());
}

ReportPlace report_place_on(bool service_project, ReportPlace wished) { return wished == ReportPlace::internal && !service_project ? ReportPlace::invitation : wished; }

const std::string& customer_text_for(const Settings& settings, std::string_view language) {
  static const std::string kNone;
  for (const auto& wanted : {std::string(language), primary_language(language), settings.default_language}) {
    if (const auto found = settings.customer_text.find(wanted); found != settings.customer_text.end()) return found->second;
  }
  return settings.customer_text.empty() ? kNone : settings.customer_text.begin()->second;
}

json::object to_json(const Settings& settings) {
  json::object texts;
  for (const auto& [language, text] : settings.customer_text) texts[language] = text;
  return {{"customerText", std::move(texts)},
          {"defaultLanguage", settings.default_language},
          {"validityMinutes", settings.validity.count()},
          {"teamviewerGroup", settings.provider_group},
          {"allowedGroups", json::array(settings.allowed_groups.begin(), settings.allowed_groups.end())},
          {"eligibleLicences", to_json(settings.eligible_licences)},
          {"invitation", to_string(settings.invitation)},
          {"editWhenEnded", settings.edit_when_ended},
          {"countOnIssue", settings.count_on_issue},
          {"defaultSupporter", settings.default_supporter.value},
          {"report", to_string(settings.report)},
          {"worklog", settings.worklog},
          {"tellOfWaiting", settings.tell_of_waiting},
          {"customersMayAsk", settings.customers_may_ask},
          {"retentionDays", settings.retention_days}};
}

Result<Settings> settings_from_json(const json::object& from) {
  BELAY_TRY(read, read_members(from));
  if (!read.provider_group->empty()) BELAY_CHECK(check_name("teamviewerGroup", *read.provider_group, kGroupNameLimit));
  BELAY_TRY(groups, read_groups(*read.allowed_groups));
  auto policy = read_policy(*read.eligible_licences);
  if (!policy) return std::unexpected(inside("eligibleLicences", std::move(policy).error()));
  BELAY_TRY(texts, read_texts(*read.customer_text, Languages::every));
  BELAY_CHECK(check_texts(texts));
  return Settings{.customer_text = std::move(texts),
                  .default_language = *read.default_language,
                  .validity = std::chrono::minutes{*read.validity_minutes},
                  .provider_group = *read.provider_group,
                  .allowed_groups = std::move(groups),
                  .eligible_licences = std::move(*policy),
                  .invitation = *invitation_from(*read.invitation),
                  .edit_when_ended = *read.edit_when_ended,
                  .default_supporter = AccountId{*read.default_supporter},
                  .count_on_issue = *read.count_on_issue,
                  .report = *report_place_from(*read.report),
                  .worklog = *read.worklog,
                  .tell_of_waiting = *read.tell_of_waiting,
                  .customers_may_ask = *read.customers_may_ask,
                  .retention_days = static_cast<int>(*read.retention_days)};
}

}  // namespace belay::support
