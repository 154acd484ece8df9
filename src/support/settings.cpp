#include "support/settings.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/field_rule.hpp"
#include "support/code_points.hpp"
#include "support/customer_text.hpp"

namespace belay::support {
namespace {

constexpr std::array<std::string_view, 2> kLanguages{"en", "fr"};
constexpr std::array<std::string_view, 2> kSavedInvitations{"public", "internal"};

constexpr std::size_t kGroupNameLimit = 100;         // of the provider
constexpr std::size_t kAllowedGroupsLimit = 50;
constexpr std::size_t kJiraGroupNameLimit = 255;
constexpr std::size_t kLicenceTypesLimit = 50;
constexpr std::size_t kLicenceTypeLimit = 100;
constexpr std::size_t kProblemsTold = 50;            // more of them help nobody, and an answer has a size
constexpr std::size_t kMostBytesPerCharacter = 4;

// ---- the customer text ----

json::array to_json(const std::vector<TextProblem>& problems) {
  json::array told;
  for (const auto& problem : problems) {
    if (told.size() == kProblemsTold) break;
    json::object one{{"code", to_string(problem.code)}, {"offset", problem.offset}, {"length", problem.length}};
    if (!problem.name.empty()) one["name"] = problem.name;
    told.push_back(std::move(one));
  }
  return told;
}

Result<std::map<std::string, std::string>> read_texts(const json::object& from) {
  for (const auto& member : from) {
    if (std::ranges::find(kLanguages, std::string_view(member.key())) == kLanguages.end()) {
      return fail("unknown_field", "a language that does not ship", {{"field", "customerText." + std::string(member.key())}});
    }
  }
  std::map<std::string, std::string> texts;
  for (const auto language : kLanguages) {
    const auto* text = from.if_contains(language);
    const auto field = "customerText." + std::string(language);
    if (text == nullptr || text->is_null()) return refuse_field(field, FieldRule::required);
    if (!text->is_string()) return refuse_field(field, FieldRule::string);
    texts.emplace(language, text->get_string());
  }
  return texts;
}

Result<void> check_texts(const std::map<std::string, std::string>& texts) {
  for (const auto& [language, text] : texts) {
    const auto problems = check_customer_text(text);
    if (!problems.empty()) return fail("customer_text_invalid", {}, {{"language", language}, {"problems", to_json(problems)}});
  }
  return {};
}

// ---- lists of names ----

Result<void> check_name(std::string_view field, std::string_view name, std::size_t limit) {
  if (trimmed(name).empty()) return refuse_field(field, FieldRule::required);
  if (count_code_points(name) > limit) return refuse_field(field, FieldRule::max_characters, {{"limit", limit}});
  if (to_one_line(name) != name) return refuse_field(field, FieldRule::one_line);
  return {};
}

Result<std::vector<std::string>> read_names(std::string_view field, const json::array& from, std::size_t limit) {
  std::vector<std::string> names;
  for (const auto& item : from) {
    if (!item.is_string()) return refuse_field(field, FieldRule::strings);
    BELAY_CHECK(check_name(field, item.get_string(), limit));
    names.emplace_back(item.get_string());
  }
  return names;
}

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
          {"countOnIssue", settings.count_on_issue}};
}

Result<Settings> settings_from_json(const json::object& from) {
  BELAY_TRY(read, read_members(from));
  if (!read.provider_group->empty()) BELAY_CHECK(check_name("teamviewerGroup", *read.provider_group, kGroupNameLimit));
  BELAY_TRY(groups, read_names("allowedGroups", *read.allowed_groups, kJiraGroupNameLimit));
  auto policy = read_policy(*read.eligible_licences);
  if (!policy) return std::unexpected(inside("eligibleLicences", std::move(policy).error()));
  BELAY_TRY(texts, read_texts(*read.customer_text));
  BELAY_CHECK(check_texts(texts));
  return Settings{.customer_text = std::move(texts),
                  .default_language = *read.default_language,
                  .validity = std::chrono::minutes{*read.validity_minutes},
                  .provider_group = *read.provider_group,
                  .allowed_groups = std::move(groups),
                  .eligible_licences = std::move(*policy),
                  .invitation = *invitation_from(*read.invitation),
                  .edit_when_ended = *read.edit_when_ended,
                  .count_on_issue = *read.count_on_issue};
}

}  // namespace belay::support
