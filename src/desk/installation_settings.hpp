// The settings as they count: what the admin stored, or the defaults that ship.
#pragma once

#include <cstdint>

#include "desk/doors.hpp"
#include "support/project_settings.hpp"
#include "support/settings.hpp"

namespace belay::desk {

/// The default customer text of every language that ships, and the rest as support/settings.hpp has it.
[[nodiscard]] support::Settings default_settings(const Catalogue& words);

struct SettingsNow {
  support::Settings settings;
  std::int64_t version = 0;   ///< 0: nothing stored yet
};

/// Inside a unit of work. A language that ships since the settings were stored gets its default text.
[[nodiscard]] SettingsNow settings_of(ports::UnitOfWork& unit, const InstallationId& installation, const Catalogue& words);

/// Name of the group at the provider that sessions and contacts go into: the admin's, else the configuration's.
[[nodiscard]] const std::string& group_name(const support::Settings& settings, const House& house);

struct ProjectSettingsNow {
  support::ProjectSettings settings;
  std::int64_t version = 0;   ///< 0: the project has none of its own
};

/// Inside a unit of work. An empty id is a project that nothing is known of: it has none of its own.
[[nodiscard]] ProjectSettingsNow project_settings_of(ports::UnitOfWork& unit, const InstallationId& installation, const ProjectId& project);

}  // namespace belay::desk
