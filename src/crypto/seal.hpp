// Secrets at rest: AES-256-GCM (NIST SP 800-38D), a fresh 96-bit nonce for each, the key's id in the envelope, and the row's
// identity as associated data, so that a sealed value copied to another row does not open.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace belay::crypto {

/// Keys by age: the first seals, all open. Rotation: put a new line on top, restart, reseal, drop the old line.
class Sealer final {
 public:
  /// `text` is a key file: one base64 32-byte key a line, empty lines and lines beginning with # ignored.
  /// Error `key_file_invalid` with detail.line.
  static Result<Sealer> from_key_file(std::string_view text);

  /// `context` names the row and column, e.g. "link/<installation>/<account>/access_token".
  /// Shape: "v1.<key id>.<base64url nonce>.<base64url ciphertext and tag>". ASCII, for TEXT columns.
  [[nodiscard]] std::string seal(std::string_view plain, std::string_view context) const;

  /// Errors: `seal_unknown_key` (its key is no longer in the file), `seal_broken` (altered, cut, or of another row).
  [[nodiscard]] Result<std::string> open(std::string_view sealed, std::string_view context) const;

 private:
  struct Key { std::string id; std::vector<unsigned char> bytes; };
  std::vector<Key> keys_;
};

}  // namespace belay::crypto
