// The words people read, from i18n/*.json: the same files the pages use. Keys are flat ("error.not_linked"), values have
// `{name}` placeholders.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace belay {

class Catalogue final {
 public:
  /// Adds a language. Every value must be a string. Error `catalogue_invalid`.
  Result<void> add(std::string language, std::string_view json_text);

  /// The words in that language ("fr_FR" and "fr-CA" find "fr"), else in English, else the key itself. Placeholders without a value
  /// stay as they are. Values are inserted as they are: who puts the text into markup escapes it there.
  [[nodiscard]] std::string text(std::string_view language, std::string_view key, const json::object& values = {}) const;

  [[nodiscard]] bool has(std::string_view language, std::string_view key) const;
  /// en, fr …: the languages that ship.
  [[nodiscard]] std::vector<std::string> languages() const;
  /// The shipped language for a locale of any spelling, or nothing.
  [[nodiscard]] std::string match(std::string_view locale, std::string_view otherwise) const;

 private:
  using Words = std::map<std::string, std::string, std::less<>>;
  std::map<std::string, Words, std::less<>> languages_;
};

}  // namespace belay
