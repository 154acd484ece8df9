#include "belayd/heap.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace belay::belayd {
namespace {

// Whether the system was asked for large pages somewhere in the heap (proc(5), smaps: the flag hg).
bool asked_for_large_pages() {
  std::ifstream smaps("/proc/self/smaps");
  bool heap = false;
  for (std::string line; std::getline(smaps, line);) {
    if (line.find('-') < line.find(' ')) heap = line.ends_with("[heap]");
    if (heap && line.starts_with("VmFlags:") && line.find(" hg") != std::string::npos) return true;
  }
  return false;
}

// A sanitizer brings a heap of its own.
constexpr bool is_sanitized() {
#if defined(__has_feature)
  return __has_feature(address_sanitizer);
#else
  return false;
#endif
}

TEST_CASE("the heap begins with room for a panel of many people, in large pages where the system has some") {
  set_up_heap();
  const bool has_some = std::filesystem::exists("/sys/kernel/mm/transparent_hugepage") && !is_sanitized();
  if (has_some) CHECK(asked_for_large_pages());
  else MESSAGE("skipped: no large pages here");
  CHECK(std::string(1'000'000, 'x').size() == 1'000'000);
}

}  // namespace
}  // namespace belay::belayd
