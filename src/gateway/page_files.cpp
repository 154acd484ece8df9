#include "gateway/page_files.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <utility>

namespace belay::gateway {
namespace {

constexpr std::uintmax_t kMostBytes = 64 * 1024 * 1024;   // all pages together are a tenth of it

constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kTypes{{{".html", "text/html; charset=utf-8"},
                                                                               {".js", "text/javascript; charset=utf-8"},
                                                                               {".css", "text/css; charset=utf-8"},
                                                                               {".json", "application/json"},
                                                                               {".svg", "image/svg+xml"},
                                                                               {".png", "image/png"},
                                                                               {".woff2", "font/woff2"},
                                                                               {".map", "application/json"}}};

}  // namespace

std::string_view content_type_of(std::string_view name) {
  const auto found = std::ranges::find_if(kTypes, [&](const auto& type) { return name.ends_with(type.first); });
  return found == kTypes.end() ? std::string_view("application/octet-stream") : found->second;
}

Result<PageFiles> PageFiles::read(const std::filesystem::path& folder) {
  PageFiles pages;
  std::uintmax_t bytes = 0;
  std::error_code problem;
  for (auto entry = std::filesystem::recursive_directory_iterator(folder, problem); !problem && entry != std::filesystem::recursive_directory_iterator{}; entry.increment(problem)) {
    if (!entry->is_regular_file(problem) || problem) continue;
    std::ifstream in(entry->path(), std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) return fail("configuration_invalid", entry->path().string() + ": cannot be read");
    auto content = std::move(text).str();
    bytes += content.size();
    if (bytes > kMostBytes) return fail("configuration_invalid", folder.string() + ": holds more than the pages");
    pages.files_.emplace(entry->path().lexically_relative(folder).generic_string(), std::move(content));
  }
  if (problem) return fail("configuration_invalid", folder.string() + ": " + problem.message());
  if (!pages.files_.contains("panel/index.html")) return fail("configuration_invalid", folder.string() + ": has no pages; they are built by npm run build");
  return pages;
}

const std::string* PageFiles::find(std::string_view path) const {
  const auto found = files_.find(path);
  return found == files_.end() ? nullptr : &found->second;
}

}  // namespace belay::gateway
