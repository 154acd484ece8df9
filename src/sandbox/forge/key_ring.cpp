#include "sandbox/forge/key_ring.hpp"

#include "crypto/digest.hpp"

namespace belay::sandbox::forge {

KeyRing::KeyRing() { rotate(false); }

void KeyRing::rotate(bool keep_old) {
  if (!keep_old) keys_.clear();
  keys_.push_back(crypto::SigningKey::generate("forge/invocation-token/" + crypto::hex(crypto::random_bytes(8)) + "-" + std::to_string(++made_)));
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
