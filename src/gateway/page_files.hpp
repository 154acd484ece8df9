// The built pages, for browsers that come to us: beside a Jira Data Center there is no Forge that serves them (docs/datacenter.md, "Pages").
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace belay::gateway {

class PageFiles final {
 public:
  /// None at all.
  PageFiles() = default;
  /// All files of the folder, into memory: <page>/index.html, <page>/assets/…, bridge/…. Error `configuration_invalid` where it cannot be read, or has no page.
  [[nodiscard]] static Result<PageFiles> read(const std::filesystem::path& folder);

  /// By the path under the folder, "panel/assets/main.js". Null: there is none.
  [[nodiscard]] const std::string* find(std::string_view path) const;

 private:
  std::map<std::string, std::string, std::less<>> files_;
};

/// By the ending of the name; what is not known is bytes.
[[nodiscard]] std::string_view content_type_of(std::string_view name);

}  // namespace belay::gateway
