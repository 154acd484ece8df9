// Where the app is installed, and what each admin allowed it: the remote's address. One installation for each site of the seed.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/time.hpp"

namespace belay::sandbox::forge {

struct Installation {
  std::string id;                               ///< ari:cloud:ecosystem::installation/<uuid>; a new one with every installing
  std::string cloud_id;                         ///< the site
  bool installed = false;
  std::string installer;                        ///< account id
  std::map<std::string, std::string> remotes;   ///< remote key -> base URL, without a slash at the end
  Time installed_at{};
  Time next_tick{};
};

class Installations final {
 public:
  std::vector<Installation> all;

  [[nodiscard]] Installation* of_site(std::string_view cloud_id);
  /// By the whole ARI or by its last part.
  [[nodiscard]] Installation* by_id(std::string_view id);
};

/// ari:cloud:ecosystem::installation/<uuid>, a fresh one.
[[nodiscard]] std::string new_installation_id();
[[nodiscard]] std::string last_part(std::string_view ari);
/// A random UUID of version 4, for ids that Forge makes up.
[[nodiscard]] std::string random_uuid();

}  // namespace belay::sandbox::forge
