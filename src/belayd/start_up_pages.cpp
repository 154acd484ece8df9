#include "belayd/start_up_pages.hpp"

#include <sys/mman.h>

#include <charconv>
#include <cstdint>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>

namespace belay::belayd {
namespace {

struct Mapping {
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;
  bool of_file_and_read_only = false;
};

std::optional<std::uintptr_t> hexadecimal(std::string_view text) {
  std::uintptr_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  return value;
}

// "7f00-7f40 r-xp 00001000 08:01 4711 /usr/lib/…"; other lines say something about the mapping before them.
std::optional<Mapping> mapping_in(const std::string& line) {
  std::istringstream words(line);
  std::string range, rights, offset, device, inode;
  words >> range >> rights >> offset >> device >> inode;
  const auto dash = range.find('-');
  if (!words || dash == std::string::npos) return std::nullopt;
  const auto begin = hexadecimal(std::string_view(range).substr(0, dash));
  const auto end = hexadecimal(std::string_view(range).substr(dash + 1));
  if (!begin || !end) return std::nullopt;
  return Mapping{.begin = *begin, .end = *end, .of_file_and_read_only = rights.starts_with("r-") && inode != "0"};
}

}  // namespace

void let_go_of_start_up_pages() {
  std::ifstream smaps("/proc/self/smaps");
  std::optional<Mapping> mapping;
  for (std::string line; std::getline(smaps, line);) {
    if (auto next = mapping_in(line)) {
      mapping = next;
      continue;
    }
    // What was written to before it became read-only (relocations) is not in any file: it would be lost.
    if (!line.starts_with("Anonymous:")) continue;
    const bool as_in_file = line.find(" 0 kB") != std::string::npos;
    if (!mapping || !mapping->of_file_and_read_only || !as_in_file) continue;
    ::madvise(reinterpret_cast<void*>(mapping->begin), mapping->end - mapping->begin, MADV_DONTNEED);
    mapping.reset();
  }
}

}  // namespace belay::belayd
