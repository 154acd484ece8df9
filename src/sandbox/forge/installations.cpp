#include "sandbox/forge/installations.hpp"

#include <algorithm>

#include "crypto/digest.hpp"

namespace belay::sandbox::forge {

Installation* Installations::of_site(std::string_view cloud_id) {
  const auto found = std::ranges::find(all, cloud_id, &Installation::cloud_id);
  return found == all.end() ? nullptr : &*found;
}

Installation* Installations::by_id(std::string_view id) {
  const auto found = std::ranges::find_if(all, [&](const Installation& one) { return one.id == id || last_part(one.id) == id; });
  return found == all.end() ? nullptr : &*found;
}

std::string last_part(std::string_view ari) { return std::string(ari.substr(ari.rfind('/') + 1)); }

std::string random_uuid() {
  auto bytes = crypto::random_bytes(16);
  bytes[6] = static_cast<char>((static_cast<unsigned char>(bytes[6]) & 0x0F) | 0x40);
  bytes[8] = static_cast<char>((static_cast<unsigned char>(bytes[8]) & 0x3F) | 0x80);
  const auto digits = crypto::hex(bytes);
  return digits.substr(0, 8) + "-" + digits.substr(8, 4) + "-" + digits.substr(12, 4) + "-" + digits.substr(16, 4) + "-" + digits.substr(20);
}

std::string new_installation_id() { return "ari:cloud:ecosystem::installation/" + random_uuid(); }

}  // namespace belay::sandbox::forge
