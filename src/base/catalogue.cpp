#include "base/catalogue.hpp"

#include <algorithm>
#include <cctype>

#include <boost/json/serialize.hpp>

namespace belay {
namespace {

std::string primary_subtag(std::string_view locale) {
  std::string language(locale.substr(0, locale.find_first_of("-_")));
  std::ranges::transform(language, language.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return language;
}

std::string as_text(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  return boost::json::serialize(value);
}

std::string fill(std::string_view words, const json::object& values) {
  std::string filled;
  while (!words.empty()) {
    const auto open = words.find('{');
    const auto close = open == std::string_view::npos ? open : words.find('}', open);
    if (close == std::string_view::npos) break;
    filled += words.substr(0, open);
    const auto name = words.substr(open + 1, close - open - 1);
    const auto* value = values.if_contains(name);
    filled += value != nullptr ? as_text(*value) : std::string(words.substr(open, close - open + 1));
    words.remove_prefix(close + 1);
  }
  return filled += words;
}

}  // namespace

Result<void> Catalogue::add(std::string language, std::string_view json_text) {
  BELAY_TRY(parsed, json::parse_object(json_text));
  Words words;
  for (const auto& [key, value] : parsed) {
    if (!value.is_string()) return fail("catalogue_invalid", "not a string: " + std::string(key));
    words.emplace(std::string(key), std::string(value.get_string()));
  }
  languages_[std::move(language)] = std::move(words);
  return {};
}

std::string Catalogue::text(std::string_view language, std::string_view key, const json::object& values) const {
  for (const auto& wanted : {primary_subtag(language), std::string("en")}) {
    const auto found = languages_.find(wanted);
    if (found == languages_.end()) continue;
    if (const auto words = found->second.find(key); words != found->second.end()) return fill(words->second, values);
  }
  return std::string(key);
}

bool Catalogue::has(std::string_view language, std::string_view key) const {
  const auto found = languages_.find(language);
  return found != languages_.end() && found->second.contains(key);
}

std::vector<std::string> Catalogue::languages() const {
  std::vector<std::string> names;
  for (const auto& [name, words] : languages_) names.push_back(name);
  return names;
}

std::string Catalogue::match(std::string_view locale, std::string_view otherwise) const {
  auto language = primary_subtag(locale);
  return languages_.contains(language) ? language : std::string(otherwise);
}

}  // namespace belay
