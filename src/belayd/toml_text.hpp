// What has to be refused before toml++ sees it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace belay::belayd {

struct NotToml {
  std::size_t line = 0;   ///< from 1
  std::string why;
};

/// toml++ 3.3 takes a table header that begins with no key, such as [.a], for a mistake of its own and ends the program; and it is undefined for
/// many characters beyond ASCII outside of strings and comments. Neither is anything that belay.toml has a use for. Nothing for all other text,
/// well-formed or not.
[[nodiscard]] std::optional<NotToml> not_toml(std::string_view text);

}  // namespace belay::belayd
