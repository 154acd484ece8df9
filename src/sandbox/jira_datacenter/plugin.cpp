#include "sandbox/jira_datacenter/plugin.hpp"

#include <array>
#include <fstream>
#include <optional>
#include <regex>
#include <sstream>

#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_datacenter {
namespace {

std::optional<std::string> content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return in ? std::optional(std::move(text).str()) : std::nullopt;
}

// $issue.id, $!issue.id, ${issue.id}, $!{issue.id}
const std::regex& reference() {
  static const std::regex pattern(R"(\$!?\{?([A-Za-z][A-Za-z0-9_.()]*)\}?)");
  return pattern;
}

}  // namespace

Result<Plugin> Plugin::read(const std::filesystem::path& folder) {
  Plugin plugin;
  auto text = content_of(folder / "templates" / "panel.vm");
  if (!text) return fail("plugin_invalid", (folder / "templates/panel.vm").string() + ": cannot be read");
  for (auto found = std::sregex_iterator(text->begin(), text->end(), reference()); found != std::sregex_iterator(); ++found) {
    const auto name = (*found)[1].str();
    if (name != "issue.id" && name != "issue.key") return fail("plugin_invalid", "templates/panel.vm: $" + name + " is not on the list of what a template may ask");
  }
  plugin.template_ = std::move(*text);
  for (const auto* kind : {"css", "js"}) {
    std::error_code problem;
    for (const auto& entry : std::filesystem::directory_iterator(folder / kind, problem)) {
      auto bytes = content_of(entry.path());
      if (!bytes) return fail("plugin_invalid", entry.path().string() + ": cannot be read");
      plugin.files_.emplace(std::string(kind) + "/" + entry.path().filename().string(), std::move(*bytes));
    }
  }
  return plugin;
}

std::string Plugin::panel(const Issue& issue) const {
  std::string shown;
  auto from = template_.cbegin();
  for (auto found = std::sregex_iterator(template_.begin(), template_.end(), reference()); found != std::sregex_iterator(); ++found) {
    shown.append(from, (*found)[0].first);
    shown += escape_html((*found)[1].str() == "issue.id" ? issue.id : issue.key);
    from = (*found)[0].second;
  }
  return shown.append(from, template_.cend());
}

const std::string* Plugin::file(const std::string& path) const {
  const auto found = files_.find(path);
  return found == files_.end() ? nullptr : &found->second;
}

}  // namespace belay::sandbox::jira_datacenter
