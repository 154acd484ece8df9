// The key set comes over the network, through caches of others: whatever the bytes, it is read or refused, and what is read can be used.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "crypto/jws.hpp"

using namespace belay::crypto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  if (const auto set = KeySet::parse(text)) {
    if (set->find("") != nullptr) std::abort();
    if (const auto* key = set->find("main"); key != nullptr) (void)key->verifies("message", "signature");
  }
  return 0;
}
