// What an admin of one project does on its settings page: remote support on or off, who may act, what its customers read.
#pragma once

#include "desk/admission.hpp"
#include "desk/doors.hpp"

namespace belay::desk {

class ProjectAdministration final {
 public:
  ProjectAdministration(const Doors& doors, Admission& admission) : doors_(doors), admission_(admission) {}

  /// The schema ProjectSettingsAnswer. Which project it is the token says; `project` is what the page asked for. Errors: `forbidden`, `not_found`
  /// when the two differ, and what Jira answered.
  Task<Result<json::object>> settings(Caller caller, ProjectKey project);

  /// `version` is the one the page read: `settings_changed` when another one is stored. Else as support::project_settings_from_json, and
  /// desk::check_groups for names that are new here.
  Task<Result<json::object>> change_settings(Caller caller, ProjectKey project, std::int64_t version, json::object wanted);

 private:
  Task<Result<AdministeredProject>> let_in(Caller caller, ProjectKey project);
  Task<Result<json::object>> view(InstallationId installation, AdministeredProject project);

  const Doors& doors_;
  Admission& admission_;
};

}  // namespace belay::desk
