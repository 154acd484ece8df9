#include "desk/installation_settings.hpp"

#include "base/log.hpp"

namespace belay::desk {

support::Settings default_settings(const Catalogue& words) {
  support::Settings settings;
  for (const auto& language : words.languages()) settings.customer_text[language] = words.text(language, "customer_text.default");
  return settings;
}

SettingsNow settings_of(ports::UnitOfWork& unit, const InstallationId& installation, const Catalogue& words) {
  const auto defaults = default_settings(words);
  const auto stored = unit.settings().find(installation);
  if (!stored) return {.settings = defaults, .version = 0};

  auto document = stored->document;
  json::object texts;
  if (const auto* kept = json::object_at(document, "customerText")) texts = *kept;
  for (const auto& [language, text] : defaults.customer_text) {
    if (!texts.contains(language)) texts[language] = text;
  }
  document["customerText"] = texts;
  auto settings = support::settings_from_json(document);
  if (!settings) {
    // Only a newer or damaged database can hold what PUT refused. The desk goes on with defaults; the log says so.
    log::error("settings_unreadable", log::fields_of(settings.error(), {{"installation", installation.value}}));
    return {.settings = defaults, .version = stored->version};
  }
  return {.settings = std::move(*settings), .version = stored->version};
}

}  // namespace belay::desk
