#include "sandbox/jira_datacenter/plugin.hpp"

#include <algorithm>
#include <fstream>
#include <optional>
#include <regex>
#include <sstream>

#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_datacenter {
namespace {

constexpr std::string_view kWords = "belay";

std::optional<std::string> content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return in ? std::optional(std::move(text).str()) : std::nullopt;
}

auto unreadable(const std::filesystem::path& file) { return fail("plugin_invalid", file.string() + ": cannot be read"); }

// $issue.id, $!issue.id, ${issue.id}, $!{issue.id}
const std::regex& reference() {
  static const std::regex pattern(R"(\$!?\{?([A-Za-z][A-Za-z0-9_.()]*)\}?)");
  return pattern;
}

// A directive: #if, #set, #parse
const std::regex& directive() {
  static const std::regex pattern(R"(#\{?[a-z]+)");
  return pattern;
}

Result<void> check_template(const std::string& text) {
  for (auto found = std::sregex_iterator(text.begin(), text.end(), reference()); found != std::sregex_iterator(); ++found) {
    const auto name = (*found)[1].str();
    if (name != "issue.id" && name != "issue.key") return fail("plugin_invalid", "the panel's template: $" + name + " is not on the list of what a template may ask");
  }
  if (std::regex_search(text, directive())) return fail("plugin_invalid", "the panel's template: the sandbox knows no directives");
  return {};
}

}  // namespace

Result<Plugin> Plugin::read(const std::filesystem::path& folder) {
  Plugin plugin;
  auto xml = content_of(folder / "atlassian-plugin.xml");
  if (!xml) return unreadable(folder / "atlassian-plugin.xml");
  BELAY_TRY(descriptor, read_descriptor(std::move(*xml)));
  plugin.descriptor_ = std::move(descriptor);
  auto text = content_of(folder / plugin.descriptor_.panel_template);
  if (!text) return unreadable(folder / plugin.descriptor_.panel_template);
  BELAY_CHECK(check_template(*text));
  plugin.template_ = std::move(*text);
  for (const auto& path : plugin.descriptor_.resources) {
    auto bytes = content_of(folder / path);
    if (!bytes) return unreadable(folder / path);
    plugin.files_.emplace(path, std::move(*bytes));
  }
  std::error_code problem;
  for (const auto& entry : std::filesystem::directory_iterator(folder, problem)) {
    const auto stem = entry.path().stem().string();
    if (entry.path().extension() != ".properties" || !stem.starts_with(kWords)) continue;
    const auto words = content_of(entry.path());
    if (!words) return unreadable(entry.path());
    plugin.words_.emplace(stem == kWords ? std::string() : stem.substr(kWords.size() + 1), read_words(*words));
  }
  return plugin;
}

Result<std::map<std::string, Plugin>> Plugin::read_all(const std::filesystem::path& root, const std::vector<Site>& sites) {
  std::map<std::string, Plugin> all;
  for (const auto& site : sites) {
    if (root.empty() || !std::filesystem::exists(root / site.name)) continue;
    BELAY_TRY(plugin, read(root / site.name));
    all.emplace(site.name, std::move(plugin));
  }
  return all;
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

std::vector<Plugin::Link> Plugin::links(std::string_view section, std::string_view locale) const {
  auto words = words_.find(std::string(locale.substr(0, locale.find('_'))));
  if (words == words_.end()) words = words_.find("");
  std::vector<Link> links;
  for (const auto& item : descriptor_.items) {
    if (item.section != section && !item.section.starts_with(std::string(section) + "/")) continue;
    const bool worded = item.is_key && words != words_.end() && words->second.contains(item.label);
    links.push_back({.words = worded ? words->second.at(item.label) : item.label, .address = item.link});
  }
  return links;
}

}  // namespace belay::sandbox::jira_datacenter
