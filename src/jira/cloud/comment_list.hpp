// What POST /rest/api/3/comment/list is asked with.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace belay::jira::cloud {

/// Of one question, as Jira says.
inline constexpr std::size_t kMostListed = 1'000;

/// Their ids as numbers, the first of them when there are too many; what is no number is no comment's. `id_of`: a pointer to the member that holds it.
template <typename Comment>
[[nodiscard]] json::array listed(const std::vector<Comment>& comments, std::string Comment::* id_of) {
  json::array ids;
  for (const auto& comment : comments) {
    const std::string& id = comment.*id_of;
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(id.data(), id.data() + id.size(), number);
    if (problem == std::errc{} && ids.size() < kMostListed) ids.emplace_back(number);
  }
  return ids;
}

}  // namespace belay::jira::cloud
