// The plugin as it lies in its folder: the panel's template, and what pages load with it. A stand-in for Jira's own machinery that knows the two
// getters that our template uses, and nothing else of Velocity.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/result.hpp"
#include "sandbox/jira_datacenter/site.hpp"

namespace belay::sandbox::jira_datacenter {

class Plugin final {
 public:
  /// No app is installed.
  Plugin() = default;
  /// Error `plugin_invalid`: a file that is missing, or a reference in the template that is neither $issue.id nor $issue.key.
  [[nodiscard]] static Result<Plugin> read(const std::filesystem::path& folder);

  [[nodiscard]] bool is_installed() const { return !template_.empty(); }
  [[nodiscard]] std::string panel(const Issue& issue) const;
  /// Of css/ and js/, by its path under the folder.
  [[nodiscard]] const std::string* file(const std::string& path) const;
  [[nodiscard]] const std::map<std::string, std::string>& files() const { return files_; }

 private:
  std::string template_;
  std::map<std::string, std::string> files_;
};

}  // namespace belay::sandbox::jira_datacenter
