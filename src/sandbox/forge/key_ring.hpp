// The keys that sign invocation tokens, and the JWK set that shows their public halves. Tests rotate them.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "crypto/jws.hpp"

namespace belay::sandbox::forge {

class KeyRing final {
 public:
  KeyRing();

  [[nodiscard]] const crypto::SigningKey& present() const { return keys_.back(); }
  [[nodiscard]] json::object jwks() const;
  [[nodiscard]] json::array key_ids() const;

  /// A new key signs from now on; the old ones stay in the set or leave it.
  void rotate(bool keep_old);

 private:
  std::vector<crypto::SigningKey> keys_;
  int made_ = 0;
};

}  // namespace belay::sandbox::forge
