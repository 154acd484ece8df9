#include "sandbox/jira_datacenter/plugin_descriptor.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <regex>
#include <utility>

namespace belay::sandbox::jira_datacenter {
namespace {

constexpr std::string_view kPanelPlace = "atl.jira.view.issue.right.context";
constexpr std::string_view kIssueView = "jira.view.issue";

struct Element { std::string open, inside; };

std::string without_comments(std::string xml) {
  for (auto from = xml.find("<!--"); from != std::string::npos; from = xml.find("<!--", from)) {
    const auto end = xml.find("-->", from);
    xml.erase(from, end == std::string::npos ? std::string::npos : end + 3 - from);
  }
  return xml;
}

// Of that name, wherever they stand; none of ours is within another of its kind.
std::vector<Element> elements(const std::string& xml, const std::string& name) {
  std::vector<Element> found;
  const std::regex open("<" + name + R"((\s[^>]*?)?(/?)>)");
  for (auto at = std::sregex_iterator(xml.begin(), xml.end(), open); at != std::sregex_iterator(); ++at) {
    Element element{.open = (*at)[1].str(), .inside = {}};
    if ((*at)[2].length() == 0) {
      const auto from = static_cast<std::size_t>((*at)[0].second - xml.begin());
      const auto end = xml.find("</" + name + ">", from);
      if (end != std::string::npos) element.inside = xml.substr(from, end - from);
    }
    found.push_back(std::move(element));
  }
  return found;
}

std::string unescaped(std::string text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kEntities{{{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}, {"&amp;", "&"}}};
  for (const auto& [from, to] : kEntities) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
  }
  return text;
}

std::string without_blanks(const std::string& text) {
  const auto from = text.find_first_not_of(" \t\r\n");
  return from == std::string::npos ? std::string() : text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

std::string attribute(const Element& element, const std::string& name) {
  std::smatch found;
  return std::regex_search(element.open, found, std::regex("\\s" + name + R"re(\s*=\s*"([^"]*)")re")) ? unescaped(found[1].str()) : std::string();
}

std::optional<Element> first(const std::string& xml, const std::string& name) {
  auto all = elements(xml, name);
  return all.empty() ? std::nullopt : std::optional(std::move(all.front()));
}

std::string origin_of(const std::string& link) {
  const auto scheme = link.find("://");
  return scheme == std::string::npos || !link.starts_with("http") ? std::string() : link.substr(0, link.find('/', scheme + 3));
}

void append_utf8(std::string& text, unsigned code) {
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0 | (code >> 6));
    text += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    text += static_cast<char>(0xE0 | (code >> 12));
    text += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    text += static_cast<char>(0x80 | (code & 0x3F));
  }
}

std::string decoded(std::string_view value) {
  std::string text;
  for (std::size_t at = 0; at < value.size(); ++at) {
    unsigned code = 0;
    if (value.substr(at).starts_with("\\u") && std::from_chars(value.data() + at + 2, value.data() + std::min(at + 6, value.size()), code, 16).ptr == value.data() + at + 6) {
      append_utf8(text, code);
      at += 5;
    } else {
      append_utf8(text, static_cast<unsigned char>(value[at]));
    }
  }
  return text;
}

}  // namespace

Words read_words(std::string_view properties) {
  Words words;
  while (!properties.empty()) {
    const auto end = properties.find('\n');
    const auto line = properties.substr(0, end);
    if (const auto equals = line.find('='); equals != std::string_view::npos && !line.starts_with('#')) words.emplace(without_blanks(std::string(line.substr(0, equals))), decoded(without_blanks(std::string(line.substr(equals + 1)))));
    properties = end == std::string_view::npos ? std::string_view{} : properties.substr(end + 1);
  }
  return words;
}

std::vector<std::string> Descriptor::origins() const {
  std::vector<std::string> all;
  for (const auto& item : items) {
    auto origin = origin_of(item.link);
    if (!origin.empty() && std::ranges::find(all, origin) == all.end()) all.push_back(std::move(origin));
  }
  return all;
}

Result<Descriptor> read_descriptor(std::string xml) {
  xml = without_comments(std::move(xml));
  if (std::regex_search(xml, std::regex(R"(<[^>]*\sclass\s*=)"))) return fail("plugin_invalid", "atlassian-plugin.xml names a class, and there is no Java here");
  Descriptor descriptor;
  for (const auto& panel : elements(xml, "web-panel")) {
    const auto view = first(panel.inside, "resource");
    if (attribute(panel, "location") == kPanelPlace && view && attribute(*view, "type") == "velocity") descriptor.panel_template = attribute(*view, "location");
  }
  if (descriptor.panel_template.empty()) return fail("plugin_invalid", "atlassian-plugin.xml: no web-panel with a velocity view in " + std::string(kPanelPlace));
  for (const auto& resources : elements(xml, "web-resource")) {
    const auto contexts = elements(resources.inside, "context");
    if (std::ranges::none_of(contexts, [](const Element& context) { return without_blanks(context.inside) == kIssueView; })) continue;
    for (const auto& resource : elements(resources.inside, "resource")) descriptor.resources.push_back(attribute(resource, "location"));
  }
  for (const auto& item : elements(xml, "web-item")) {
    const auto label = first(item.inside, "label");
    const auto link = first(item.inside, "link");
    if (!label || !link) return fail("plugin_invalid", "atlassian-plugin.xml: a web-item without a label or a link");
    const auto key = attribute(*label, "key");
    descriptor.items.push_back({.section = attribute(item, "section"), .label = key.empty() ? unescaped(without_blanks(label->inside)) : key, .is_key = !key.empty(), .link = unescaped(without_blanks(link->inside))});
  }
  return descriptor;
}

}  // namespace belay::sandbox::jira_datacenter
