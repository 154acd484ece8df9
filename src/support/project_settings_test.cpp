#include "support/project_settings.hpp"

#include <doctest/doctest.h>

using namespace belay;
using namespace belay::support;

namespace {

json::object fair() {
  return {{"enabled", false}, {"customerText", {{"fr", "Rejoignez {{session.link}}"}}}, {"allowedGroups", {"second line"}}};
}

json::object with(std::string_view key, json::value value) {
  auto object = fair();
  object[key] = std::move(value);
  return object;
}

std::string refusal(const json::object& from) {
  const auto settings = project_settings_from_json(from);
  if (settings) return "";
  std::string told = settings.error().code;
  for (const auto* name : {"field", "rule", "language"}) {
    if (const auto* figure = settings.error().detail.if_contains(name)) told += ' ' + std::string(figure->as_string());
  }
  return told;
}

}  // namespace

TEST_CASE("what a project decided survives being stored, and a language without a text stays one") {
  const auto settings = project_settings_from_json(fair());
  REQUIRE(settings);
  CHECK_FALSE(settings->enabled);
  CHECK(settings->customer_text == std::map<std::string, std::string>{{"fr", "Rejoignez {{session.link}}"}});
  CHECK(settings->allowed_groups == std::vector<std::string>{"second line"});
  CHECK(to_json(*settings) == fair());
  CHECK(project_settings_from_json(to_json(ProjectSettings{})) == ProjectSettings{});
  CHECK(project_settings_from_json(with("customerText", {{"en", nullptr}}))->customer_text.empty());
}

TEST_CASE("each rule of a project's settings names its field, and every member is needed") {
  CHECK(refusal(with("enabled", "yes")) == "invalid_field enabled boolean");
  CHECK(refusal(with("allowedGroups", {" "})) == "invalid_field allowedGroups required");
  CHECK(refusal(with("allowedGroups", {7})) == "invalid_field allowedGroups strings");
  CHECK(refusal(with("allowedGroups", json::array(51, "a"))) == "invalid_field allowedGroups max_items");
  CHECK(refusal(with("allowedGroups", {std::string(256, 'a')})) == "invalid_field allowedGroups max_characters");
  CHECK(refusal(with("customerText", {{"de", "{{session.link}}"}})) == "unknown_field customerText.de");
  CHECK(refusal(with("customerText", {{"en", 7}})) == "invalid_field customerText.en string");
  CHECK(refusal(with("customerText", {{"en", "Join us"}})) == "customer_text_invalid en");
  CHECK(refusal(with("customerText", {{"fr", ""}})) == "customer_text_invalid fr");
  CHECK(refusal(with("validityMinutes", 60)) == "unknown_field validityMinutes");
  for (const auto& member : fair()) {
    auto object = fair();
    object.erase(member.key());
    CHECK(refusal(object) == "invalid_field " + std::string(member.key()) + " required");
  }
}

TEST_CASE("in a project its texts stand in the place of the site's, language by language, and nothing else changes") {
  Settings site;
  site.customer_text = {{"en", "Site {{session.link}}"}, {"fr", "Le site {{session.link}}"}};
  site.allowed_groups = {"staff"};
  ProjectSettings project;
  CHECK(in_project(site, project) == site);
  project.customer_text = {{"fr", "Le projet {{session.link}}"}};
  const auto there = in_project(site, project);
  CHECK(customer_text_for(there, "fr-CA") == "Le projet {{session.link}}");
  CHECK(customer_text_for(there, "en") == "Site {{session.link}}");
  CHECK(there.allowed_groups == site.allowed_groups);
}
