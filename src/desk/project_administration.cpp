#include "desk/project_administration.hpp"

#include "desk/allowed_groups.hpp"
#include "desk/installation_settings.hpp"
#include "desk/link_state.hpp"

namespace belay::desk {
namespace {

std::unexpected<Error> another_is_stored(const ProjectSettingsNow& present) {
  return fail("settings_changed", "another version is stored", {{"version", present.version}});
}

json::object texts_of(const support::Settings& site) {
  json::object texts;
  for (const auto& [language, text] : site.customer_text) texts[language] = text;
  return texts;
}

}  // namespace

Task<Result<AdministeredProject>> ProjectAdministration::let_in(Caller caller, ProjectKey project) {
  BELAY_CO_TRY(administered, co_await admission_.project_admin(std::move(caller)));
  if (project != administered.key) co_return fail("not_found", "another project than the page's");
  co_return administered;
}

Task<Result<json::object>> ProjectAdministration::view(InstallationId installation, AdministeredProject project) {
  struct Known { support::Settings site; ProjectSettingsNow now; };
  auto known = co_await doors_.storage.read<Known>([&](ports::UnitOfWork& unit) -> Result<Known> {
    return Known{.site = settings_of(unit, installation, doors_.words).settings, .now = project_settings_of(unit, installation, project.id)};
  });
  if (!known) co_return std::unexpected(known.error());
  auto view = support::to_json(known->now.settings);
  view["version"] = known->now.version;
  view["project"] = json::object{{"key", project.key.value}};
  view["site"] = json::object{{"customerText", texts_of(known->site)},
                              {"defaultLanguage", known->site.default_language},
                              {"allowedGroups", json::array(known->site.allowed_groups.begin(), known->site.allowed_groups.end())}};
  co_return view;
}

Task<Result<json::object>> ProjectAdministration::settings(Caller caller, ProjectKey project) {
  BELAY_CO_TRY(administered, co_await let_in(caller, std::move(project)));
  co_return co_await view(caller.installation(), std::move(administered));
}

Task<Result<json::object>> ProjectAdministration::change_settings(Caller caller, ProjectKey project, std::int64_t version, json::object wanted) {
  BELAY_CO_TRY(administered, co_await let_in(caller, std::move(project)));
  BELAY_CO_TRY(checked, support::project_settings_from_json(wanted));
  BELAY_CO_TRY(before, co_await doors_.storage.read<support::ProjectSettings>([&](ports::UnitOfWork& unit) -> Result<support::ProjectSettings> {
    auto present = project_settings_of(unit, caller.installation(), administered.id);
    if (present.version != version) return another_is_stored(present);
    return std::move(present.settings);
  }));
  BELAY_CO_CHECK(co_await check_groups(doors_, caller, checked.allowed_groups, std::move(before.allowed_groups)));
  BELAY_CO_CHECK(co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    BELAY_CHECK(still_paired(unit, caller.installation()));
    const auto present = project_settings_of(unit, caller.installation(), administered.id);
    if (!unit.settings().put(caller.installation(), administered.id, support::to_json(checked), version)) return another_is_stored(present);
    auto entry = audit_entry(doors_, caller, "project_settings_changed");
    entry.detail = {{"project", administered.key.value}, {"enabled", checked.enabled}};
    unit.audit().append(entry);
    return {};
  }));
  co_return co_await view(caller.installation(), std::move(administered));
}

}  // namespace belay::desk
