// base/json.hpp: whatever the bytes, a document is refused or understood, and what was understood survives being written.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <boost/json/serialize.hpp>

#include "base/json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto parsed = belay::json::parse(text);
  if (!parsed) return 0;
  const auto again = belay::json::parse(boost::json::serialize(*parsed));
  if (!again) std::abort();
  if (parsed->is_object()) {
    belay::json::Reader reader{parsed->as_object()};
    (void)reader.required_string("code", 64);
    (void)reader.optional_integer("count", -10, 10);
    (void)reader.finish();
  }
  return 0;
}
