// What a Jira admin does on Belay's admin page: settings with preview, and everybody's account links.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "desk/admission.hpp"
#include "desk/doors.hpp"

namespace belay::desk {

class Administration final {
 public:
  Administration(const Doors& doors, Admission& admission) : doors_(doors), admission_(admission) {}

  /// The schema SettingsAnswer.
  Task<Result<json::object>> settings(Caller caller);
  /// `version` is the one the page read: `settings_changed` when another one is stored. `invalid_field` with the rule `unknown_group` and the
  /// `names` of allowed groups that are new and that Jira does not have; Jira's own error when it cannot say. Else as support::settings_from_json.
  Task<Result<json::object>> change_settings(Caller caller, std::int64_t version, json::object wanted);
  /// The schema PreviewAnswer, with example values. Also for the admins of a project, from its settings page.
  Task<Result<json::object>> preview(Caller caller, std::string text, std::string language);

  /// The schema LinksAnswer.
  Task<Result<json::object>> links(Caller caller);
  /// As if that user had disconnected. `not_found` for a link of another installation.
  Task<Result<json::object>> unlink(Caller caller, LinkId id);

 private:
  Task<Result<json::object>> settings_view(Caller caller);
  Task<Result<json::object>> links_view(Caller caller);
  Task<Result<void>> ask_provider(Caller caller);
  Task<json::array> health(Caller caller, ports::Installation installation, bool work_set_aside, std::optional<Error> not_reported);

  const Doors& doors_;
  Admission& admission_;
  Remembered<InstallationId, Result<void>> registration_;   // of whose asking TeamViewer should not tire
};

}  // namespace belay::desk
