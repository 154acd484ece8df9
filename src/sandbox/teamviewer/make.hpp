// How the wiring gets TeamViewer's party (main.cpp calls it; teamviewer/*.cpp defines it).
#pragma once

#include <memory>

#include "sandbox/party.hpp"

namespace belay::sandbox {

/// `seed` is the member "teamviewer" of the seed file; an empty object when it has none. Error: the seed is unusable, its cause says where.
Result<std::unique_ptr<Party>> make_teamviewer(Stage stage, json::object seed);

}  // namespace belay::sandbox
