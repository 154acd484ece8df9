// The keys that sign invocation tokens, and the JWK set that shows their public halves. Tests rotate them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "crypto/jws.hpp"

namespace belay::sandbox::forge {

class KeyRing final {
 public:
  /// Begins with the private RSA key of that PEM, under an id of its own; with a new one when no file is named. Error `key_unusable`, with the file.
  static Result<KeyRing> begin(const std::filesystem::path& pem_file);

  [[nodiscard]] const crypto::SigningKey& present() const { return keys_.back(); }
  [[nodiscard]] json::object jwks() const;
  [[nodiscard]] json::array key_ids() const;

  /// A new key signs from now on; the old ones stay in the set or leave it.
  void rotate(bool keep_old);

 private:
  KeyRing() = default;
  std::string next_id();
  std::vector<crypto::SigningKey> keys_;
  int made_ = 0;
};

}  // namespace belay::sandbox::forge
