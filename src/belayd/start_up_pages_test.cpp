#include "belayd/start_up_pages.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>

namespace belay::belayd {
namespace {

// Kilobytes of files, as /proc/self/status has it.
long resident_of_files() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("RssFile:")) return std::stol(line.substr(8));
  }
  return 0;
}

TEST_CASE("what the start touched goes out of this process's memory, and the program goes on") {
  const auto before = resident_of_files();
  REQUIRE(before > 0);
  let_go_of_start_up_pages();
  const auto after = resident_of_files();
  CHECK(after < before);
  // Relocated addresses, read-only by now, are what a careless hand would lose: every call through a library needs them, and every exception.
  CHECK_THROWS(std::stol("none"));
}

}  // namespace
}  // namespace belay::belayd
