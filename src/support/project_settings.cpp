#include "support/project_settings.hpp"

#include "support/settings_fields.hpp"

namespace belay::support {

Settings in_project(Settings site, const ProjectSettings& project) {
  for (const auto& [language, text] : project.customer_text) site.customer_text.insert_or_assign(language, text);
  return site;
}

json::object to_json(const ProjectSettings& settings) {
  json::object texts;
  for (const auto& [language, text] : settings.customer_text) texts[language] = text;
  return {{"enabled", settings.enabled},
          {"customerText", std::move(texts)},
          {"allowedGroups", json::array(settings.allowed_groups.begin(), settings.allowed_groups.end())}};
}

Result<ProjectSettings> project_settings_from_json(const json::object& from) {
  json::Reader reader{from};
  const auto needed = [&reader](std::string_view key, auto value) {
    if (!value) reader.refuse(key, FieldRule::required);
    return value;
  };
  const auto enabled = needed("enabled", reader.optional_bool("enabled"));
  const auto texts = needed("customerText", reader.optional_object("customerText"));
  const auto groups = needed("allowedGroups", reader.optional_array("allowedGroups", kAllowedGroupsLimit));
  BELAY_CHECK(reader.finish());
  ProjectSettings settings;
  settings.enabled = *enabled;
  BELAY_TRY(allowed, read_groups(*groups));
  settings.allowed_groups = std::move(allowed);
  BELAY_TRY(texts_read, read_texts(*texts, Languages::any));
  BELAY_CHECK(check_texts(texts_read));
  settings.customer_text = std::move(texts_read);
  return settings;
}

}  // namespace belay::support
