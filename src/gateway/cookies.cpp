#include "gateway/cookies.hpp"

namespace belay::gateway {

std::optional<std::string> cookie_of(const net::Request& request, std::string_view name) {
  const auto [first, last] = request.headers.equal_range(std::string_view("cookie"));
  for (auto header = first; header != last; ++header) {
    std::string_view rest = header->second;
    while (!rest.empty()) {
      const auto end = rest.find(';');
      auto pair = rest.substr(0, end);
      while (pair.starts_with(' ')) pair.remove_prefix(1);
      const auto equals = pair.find('=');
      if (pair.substr(0, equals) == name) return std::string(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1));
      rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    }
  }
  return std::nullopt;
}

}  // namespace belay::gateway
