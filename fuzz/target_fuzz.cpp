// net/message.hpp: request targets, percent escapes and forms. What decodes is UTF-8, and encodes back to something that
// decodes to the same.
#include <cstdint>
#include <string>
#include <string_view>

#include "net/message.hpp"
#include "require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace belay::net;
  const std::string_view text{reinterpret_cast<const char*>(data), size};

  for (const bool plus_is_space : {false, true}) {
    if (const auto decoded = percent_decode(text, plus_is_space)) {
      require(is_valid_utf8(*decoded));
      require(decoded->size() <= text.size());
      require(percent_decode(percent_encode(*decoded), plus_is_space) == decoded);
    }
  }
  if (is_valid_utf8(text)) require(percent_decode(percent_encode(text)) == text);
  if (const auto fields = form_decode(text)) require(form_decode(form_encode(*fields)) == fields);
  if (const auto target = split_target(text)) {
    require(text.starts_with('/'));
    std::string again;
    for (const auto& segment : target->path) again.append("/").append(percent_encode(segment));
    if (again.empty()) again = "/";
    require(split_target(again + "?" + form_encode(target->query))->query == target->query);
  }
  return 0;
}
