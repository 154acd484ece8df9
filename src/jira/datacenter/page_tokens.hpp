// The bearer tokens of our own pages beside a Jira Data Center: sealed with the server's keys, so that nobody can make one, and read without a look at
// the database.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "crypto/seal.hpp"

namespace belay::jira::datacenter {

/// What no token of Forge begins with.
inline constexpr std::string_view kPageTokenPrefix = "belay-page.";

struct PageToken {
  InstallationId installation;
  AccountId account;
  Time expires_at;
};

class PageTokens final {
 public:
  explicit PageTokens(crypto::Sealer sealer) : sealer_(std::move(sealer)) {}

  [[nodiscard]] std::string write(const PageToken& token) const;
  /// Nothing: not of this server, altered, or of a key that is gone. Whether it is over is for the reader to say.
  [[nodiscard]] std::optional<PageToken> read(std::string_view text) const;

 private:
  crypto::Sealer sealer_;
};

}  // namespace belay::jira::datacenter
