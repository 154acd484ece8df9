#include "sandbox/forge/key_ring.hpp"

#include <fstream>
#include <sstream>

#include "crypto/digest.hpp"

namespace belay::sandbox::forge {

Result<KeyRing> KeyRing::begin(const std::filesystem::path& pem_file) {
  KeyRing ring;
  if (pem_file.empty()) {
    ring.rotate(false);
    return ring;
  }
  std::ostringstream pem;
  pem << std::ifstream(pem_file, std::ios::binary).rdbuf();
  auto key = crypto::SigningKey::from_pem(ring.next_id(), pem.str());
  if (!key) return fail(key.error().code, pem_file.string() + ": " + key.error().cause);
  ring.keys_.push_back(std::move(*key));
  return ring;
}

std::string KeyRing::next_id() { return "forge/invocation-token/" + crypto::hex(crypto::random_bytes(8)) + "-" + std::to_string(++made_); }

void KeyRing::rotate(bool keep_old) {
  if (!keep_old) keys_.clear();
  keys_.push_back(crypto::SigningKey::generate(next_id()));
}

json::object KeyRing::jwks() const {
  json::array keys;
  for (const auto& key : keys_) keys.push_back(key.public_jwk());
  return {{"keys", std::move(keys)}};
}

json::array KeyRing::key_ids() const {
  json::array ids;
  for (const auto& key : keys_) ids.emplace_back(key.id());
  return ids;
}

}  // namespace belay::sandbox::forge
