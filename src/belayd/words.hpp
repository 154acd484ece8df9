// The message catalogues of i18n/, embedded at build time (cmake/catalogue.cmake).
#pragma once

#include <span>
#include <string_view>

#include "base/catalogue.hpp"

namespace belay::belayd {

struct LanguageFile {
  std::string_view language;
  std::string_view text;
};
[[nodiscard]] std::span<const LanguageFile> language_files();

[[nodiscard]] Result<Catalogue> load_words();

}  // namespace belay::belayd
