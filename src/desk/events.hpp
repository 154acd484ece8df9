// What Forge tells us: the app's life, what happened in Jira, and the hourly tick that brings a fresh token. Delivered at least
// once and in any order, so each is safe to hear twice.
#pragma once

#include <string>

#include "desk/admission.hpp"
#include "desk/doors.hpp"

namespace belay::desk {

enum class ForgeEvent { lifecycle, product, hourly, uninstall };

class Events final {
 public:
  Events(const Doors& doors, Admission& admission) : doors_(doors), admission_(admission) {}

  /// From a paired installation. Stores what has to be done and returns; nothing outside is called here.
  Task<Result<void>> hear(ports::VerifiedCall call, ForgeEvent event, json::object payload);

 private:
  const Doors& doors_;
  Admission& admission_;
};

}  // namespace belay::desk
