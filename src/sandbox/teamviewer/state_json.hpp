// TeamViewer's part of the seed file and of control/state: one shape for both (docs/sandbox/). What a document names and is already there
// changes; what is not there is created; what it leaves out stays. Accounts are named by id or address, groups by id or name.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "sandbox/teamviewer/scene.hpp"

namespace belay::sandbox::teamviewer {

/// Everything, without tokens and without what only the supporter's link carries.
[[nodiscard]] json::object export_state(const Scene& scene);

/// Takes a whole document in, or nothing of it. Errors: `invalid_field`, `unknown_field`, with detail.field.
[[nodiscard]] Result<void> import_state(Scene& scene, const json::object& document);

/// Two registered apps, as a customer has them (house.md 4.2): the base one and the one with reports.
[[nodiscard]] json::object default_seed();

}  // namespace belay::sandbox::teamviewer
