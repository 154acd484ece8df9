// atlassian-plugin.xml, as far as a plugin without Java code uses it: what loads with the issue view, and links in Jira's menus.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace belay::sandbox::jira_datacenter {

/// Words of a plugin by their key, in one language.
using Words = std::map<std::string, std::string>;
/// A properties file: Latin-1 with \uXXXX; comes out as UTF-8.
[[nodiscard]] Words read_words(std::string_view properties);

struct WebItem {
  std::string section;              ///< system.top.navigation.bar, system.user.options/personal, admin_plugins_menu/…
  std::string label;                ///< key of a word, or text where `is_key` is not
  bool is_key = false;
  std::string link;                 ///< absolute, or of the site
};

struct Descriptor {
  std::string panel_template;       ///< of the web-panel in atl.jira.view.issue.right.context
  std::vector<std::string> resources;   ///< css and js of jira.view.issue, as they are to be loaded
  std::vector<WebItem> items;
  /// http(s) origins that the links lead to: the plugin's server.
  [[nodiscard]] std::vector<std::string> origins() const;
};

/// Error `plugin_invalid`: no panel, or a class, which needs Java.
[[nodiscard]] Result<Descriptor> read_descriptor(std::string xml);

}  // namespace belay::sandbox::jira_datacenter
