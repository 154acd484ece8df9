#include "support/settings.hpp"

#include <doctest/doctest.h>

using namespace belay;
using namespace belay::support;

namespace {

json::object fair() {
  return {{"customerText", {{"en", "Join {{session.link}}"}, {"fr", "Rejoignez {{session.link}}"}}},
          {"defaultLanguage", "fr"},
          {"validityMinutes", 60},
          {"teamviewerGroup", "Jira"},
          {"allowedGroups", {"support", "second line"}},
          {"eligibleLicences", {{"policy", "listed"}, {"types", {"Corporate", "Premium"}}}},
          {"invitation", "internal"},
          {"editWhenEnded", false},
          {"countOnIssue", true},
          {"defaultSupporter", "agent"},
          {"report", "invitation"},
          {"worklog", true},
          {"tellOfWaiting", true},
          {"customersMayAsk", true},
          {"retentionDays", 30}};
}

std::string refusal(const json::object& from) {
  const auto settings = settings_from_json(from);
  if (settings) return "";
  const auto* field = settings.error().detail.if_contains("field");
  const auto* rule = settings.error().detail.if_contains("rule");
  std::string told = settings.error().code;
  if (field != nullptr) told += ' ' + std::string(field->as_string());
  if (rule != nullptr) told += ' ' + std::string(rule->as_string());
  return told;
}

json::object with(std::string_view key, json::value value) {
  auto object = fair();
  object[key] = std::move(value);
  return object;
}

}  // namespace

TEST_CASE("settings survive being stored") {
  const auto settings = settings_from_json(fair());
  REQUIRE(settings.has_value());
  CHECK(settings->customer_text.at("fr") == "Rejoignez {{session.link}}");
  CHECK(settings->validity == std::chrono::minutes{60});
  CHECK(settings->eligible_licences == LicencePolicy{ListedLicences{{"Corporate", "Premium"}}});
  CHECK(settings->invitation == Invitation::internal);
  CHECK_FALSE(settings->edit_when_ended);
  CHECK(to_json(*settings) == fair());
  CHECK(settings_from_json(to_json(*settings)) == *settings);
}

TEST_CASE("any paid licence has no list") {
  const auto settings = settings_from_json(with("eligibleLicences", {{"policy", "any_paid"}}));
  REQUIRE(settings.has_value());
  CHECK(settings->eligible_licences == LicencePolicy{AnyPaidLicence{}});
  CHECK(to_json(*settings).at("eligibleLicences") == json::value{{"policy", "any_paid"}});
  CHECK(refusal(with("eligibleLicences", {{"policy", "any_paid"}, {"types", {"Corporate"}}})) == "unknown_field eligibleLicences.types");
}

TEST_CASE("every member is needed") {
  for (const auto& member : fair()) {
    auto object = fair();
    object.erase(member.key());
    CAPTURE(std::string(member.key()));
    CHECK(refusal(object) == "invalid_field " + std::string(member.key()) + " required");
  }
}

TEST_CASE("each rule names its field") {
  CHECK(refusal(with("surprise", 1)) == "unknown_field surprise");
  CHECK(refusal(with("defaultLanguage", "de")) == "invalid_field defaultLanguage choice");
  CHECK(refusal(with("report", "public")) == "invalid_field report choice");
  CHECK(refusal(with("validityMinutes", 14)) == "invalid_field validityMinutes range");
  CHECK(refusal(with("validityMinutes", 10081)) == "invalid_field validityMinutes range");
  CHECK(refusal(with("teamviewerGroup", json::value(std::string_view(std::string(101, 'x'))))) == "invalid_field teamviewerGroup max_characters");
  CHECK(refusal(with("teamviewerGroup", "a\nb")) == "invalid_field teamviewerGroup one_line");
  CHECK(refusal(with("teamviewerGroup", "")).empty());
  CHECK(refusal(with("allowedGroups", {"ok", 7})) == "invalid_field allowedGroups strings");
  CHECK(refusal(with("allowedGroups", {" "})) == "invalid_field allowedGroups required");
  CHECK(refusal(with("allowedGroups", json::array(51, "g"))) == "invalid_field allowedGroups max_items");
  CHECK(refusal(with("allowedGroups", json::array{std::string_view(std::string(256, 'x'))})) == "invalid_field allowedGroups max_characters");
  CHECK(refusal(with("eligibleLicences", {{"policy", "all"}})) == "invalid_field eligibleLicences.policy choice");
  CHECK(refusal(with("eligibleLicences", {{"policy", "listed"}, {"types", json::array{}}})) == "invalid_field eligibleLicences.types required");
  CHECK(refusal(with("eligibleLicences", {{"policy", "listed"}, {"types", {""}}})) == "invalid_field eligibleLicences.types required");
  CHECK(refusal(with("invitation", "none")) == "invalid_field invitation choice");
  CHECK(refusal(with("editWhenEnded", "yes")) == "invalid_field editWhenEnded boolean");
  CHECK(refusal(with("customerText", {{"en", "{{session.link}}"}})) == "invalid_field customerText.fr required");
  CHECK(refusal(with("customerText", {{"en", 1}, {"fr", "{{session.link}}"}})) == "invalid_field customerText.en string");
  CHECK(refusal(with("customerText", {{"en", "{{session.link}}"}, {"fr", "{{session.link}}"}, {"de", "x"}})) == "unknown_field customerText.de");
}

TEST_CASE("a customer text with problems is refused with its language and places") {
  const auto settings = settings_from_json(with("customerText", {{"en", "{{session.link}}"}, {"fr", "{{session.link}} {{nom}}"}}));
  REQUIRE_FALSE(settings.has_value());
  CHECK(settings.error().code == "customer_text_invalid");
  CHECK(settings.error().detail.at("language") == "fr");
  const json::array expected{{{"code", "unknown_variable"}, {"offset", 17}, {"length", 7}, {"name", "nom"}}};
  const auto& problems = settings.error().detail.at("problems").as_array();
  REQUIRE(problems.size() == 1);
  CHECK(problems[0] == expected[0]);
}

TEST_CASE("a text that is far too long is told as too long, with a bounded list") {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "{{x}}";
  const auto settings = settings_from_json(with("customerText", {{"en", std::string_view(text)}, {"fr", "{{session.link}}"}}));
  REQUIRE_FALSE(settings.has_value());
  CHECK(settings.error().detail.at("problems").as_array().size() == 50);
  CHECK(settings.error().detail.at("problems").at(1).at("code") == "too_long");
}

TEST_CASE("a customer gets the text of their language, else of the default one") {
  Settings settings;
  settings.customer_text = {{"en", "Hello"}, {"fr", "Bonjour"}};
  settings.default_language = "fr";
  CHECK(customer_text_for(settings, "en-GB") == "Hello");
  CHECK(customer_text_for(settings, "en_US") == "Hello");
  CHECK(customer_text_for(settings, "FR") == "Bonjour");
  CHECK(customer_text_for(settings, "de") == "Bonjour");
  CHECK(customer_text_for(settings, "") == "Bonjour");
  CHECK(customer_text_for(Settings{}, "en").empty());
}
