#include "desk/installation_settings.hpp"

#include "base/log.hpp"
#include "support/settings_fields.hpp"

namespace belay::desk {
namespace {

// What is stored, member for member, over the defaults. A member that came later is not in it, one of a newer Belay is not known here:
// neither takes away what the admin decided.
json::object over(json::object defaults, const json::object& stored) {
  for (auto& member : defaults) {
    const auto* kept = stored.if_contains(member.key());
    if (kept == nullptr) continue;
    const bool texts = member.key() == "customerText" && kept->is_object();
    member.value() = texts ? json::value(over(member.value().as_object(), kept->get_object())) : *kept;
  }
  return defaults;
}

// A project has no default texts: those it has are taken, but for the languages of a newer Belay.
json::object shipping_texts(const json::object& stored) {
  json::object texts;
  for (const auto language : support::kLanguages) {
    if (const auto* text = stored.if_contains(language)) texts[language] = *text;
  }
  return texts;
}

}  // namespace

support::Settings default_settings(const Catalogue& words) {
  support::Settings settings;
  for (const auto& language : words.languages()) settings.customer_text[language] = words.text(language, "customer_text.default");
  return settings;
}

SettingsNow settings_of(ports::UnitOfWork& unit, const InstallationId& installation, const Catalogue& words) {
  const auto defaults = default_settings(words);
  const auto stored = unit.settings().find(installation);
  if (!stored) return {.settings = defaults, .version = 0};

  auto settings = support::settings_from_json(over(support::to_json(defaults), stored->document));
  if (!settings) {
    // Only a damaged database can hold what PUT refused. Whom the admin had let in is not known then: nobody is, until they save again.
    log::error("settings_unreadable", log::fields_of(settings.error(), {{"installation", installation.value}}));
    auto closed = defaults;
    closed.eligible_licences = support::ListedLicences{};
    return {.settings = std::move(closed), .version = stored->version};
  }
  return {.settings = std::move(*settings), .version = stored->version};
}

const std::string& group_name(const support::Settings& settings, const House& house) { return settings.provider_group.empty() ? house.default_group : settings.provider_group; }

ProjectSettingsNow project_settings_of(ports::UnitOfWork& unit, const InstallationId& installation, const ProjectId& project) {
  if (project.empty()) return {};
  const auto stored = unit.settings().find(installation, project);
  if (!stored) return {};
  auto document = over(support::to_json(support::ProjectSettings{}), stored->document);
  if (const auto* texts = json::object_at(stored->document, "customerText")) document["customerText"] = shipping_texts(*texts);
  auto settings = support::project_settings_from_json(document);
  if (!settings) {
    // As above: whom its admins had let in is not known, so nobody is.
    log::error("project_settings_unreadable", log::fields_of(settings.error(), {{"installation", installation.value}, {"project", project.value}}));
    support::ProjectSettings closed;
    closed.enabled = false;
    return {.settings = std::move(closed), .version = stored->version};
  }
  return {.settings = std::move(*settings), .version = stored->version};
}

}  // namespace belay::desk
