// The plugin as it lies in its folder: the panel's template, what pages load with it, and its links. A stand-in for Jira's own machinery that knows the two
// getters that our template uses, and nothing else of Velocity.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "sandbox/jira_datacenter/plugin_descriptor.hpp"
#include "sandbox/jira_datacenter/site.hpp"

namespace belay::sandbox::jira_datacenter {

class Plugin final {
 public:
  /// No app is installed.
  Plugin() = default;
  /// Error `plugin_invalid`: a file that is missing, or a reference in the template that is neither $issue.id nor $issue.key.
  [[nodiscard]] static Result<Plugin> read(const std::filesystem::path& folder);
  /// Those of the folders in `root` that have a site's name; without `root`, none.
  [[nodiscard]] static Result<std::map<std::string, Plugin>> read_all(const std::filesystem::path& root, const std::vector<Site>& sites);

  [[nodiscard]] bool is_installed() const { return !template_.empty(); }
  [[nodiscard]] std::string panel(const Issue& issue) const;
  /// What the issue view loads, by its path under the folder.
  [[nodiscard]] const std::vector<std::string>& resources() const { return descriptor_.resources; }
  [[nodiscard]] const std::string* file(const std::string& path) const;

  struct Link { std::string words, address; };
  /// In the person's language. `section`, or a section within it.
  [[nodiscard]] std::vector<Link> links(std::string_view section, std::string_view locale) const;
  [[nodiscard]] std::vector<std::string> origins() const { return descriptor_.origins(); }

 private:
  std::string template_;
  Descriptor descriptor_;
  std::map<std::string, std::string> files_;
  std::map<std::string, Words> words_;   ///< by language; "" is the one for all others
};

}  // namespace belay::sandbox::jira_datacenter
