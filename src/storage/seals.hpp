// Names what is sealed: table, column and row, so that an envelope copied to another row does not open (crypto/seal.hpp).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crypto/seal.hpp"

namespace belay::storage {

/// "account_link/access_token/<installation>/<id>"; slashes inside a part are escaped, so no two rows share a name.
struct SealName {
  std::string_view table;
  std::string_view column;
  std::vector<std::string_view> row;   ///< its key, installation first
};

class Seals final {
 public:
  explicit Seals(crypto::Sealer sealer);

  [[nodiscard]] std::string seal(std::string_view plain, const SealName& name) const;
  /// Throws a Failure with the sealer's error (`seal_unknown_key`, `seal_broken`).
  [[nodiscard]] std::string open(std::string_view sealed, const SealName& name) const;
  /// What every envelope of the first key begins with: others are stale.
  [[nodiscard]] const std::string& fresh_prefix() const { return fresh_prefix_; }

 private:
  crypto::Sealer sealer_;
  std::string fresh_prefix_;
};

}  // namespace belay::storage
