// base/time.hpp: times of Jira and TeamViewer. Whatever is read is the same instant when it is written and read again.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/time.hpp"
#include "require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto time = belay::from_iso8601(text);
  if (!time) return 0;
  const auto written = belay::to_iso8601(*time);
  require(belay::from_iso8601(written) == time);
  require(belay::to_iso8601(*belay::from_iso8601(written)) == written);
  return 0;
}
