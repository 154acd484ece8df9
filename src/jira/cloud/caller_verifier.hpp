// Who is calling from Jira Cloud: verifies the Forge Invocation Token and pins the address that bearer tokens are sent to
// (docs/forge.md).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "crypto/invocation_token.hpp"
#include "jira/cloud/jwks.hpp"
#include "ports/caller_verifier.hpp"
#include "ports/clock.hpp"

namespace belay::jira::cloud {

struct ForgeSettings {
  std::vector<std::string> app_ids;
  std::vector<std::string> environments;
  std::vector<std::string> api_hosts;   ///< origins without a slash at the end; a bare host means https
};

class ForgeCallerVerifier final : public ports::CallerVerifier {
 public:
  ForgeCallerVerifier(KeySource& keys, const ports::Clock& clock, ForgeSettings settings);

  Task<Result<ports::VerifiedCall>> verify(ports::CallerHeaders headers) override;

 private:
  Task<Result<crypto::Invocation>> invocation(std::string token);
  std::optional<ports::AppToken> app_token_seen(std::string secret, Time now);

  struct End {
    Time time;
    bool assumed;
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
  };

  KeySource& keys_;
  const ports::Clock& clock_;
  crypto::TokenRules rules_;
  std::vector<std::string> origins_;
  std::unordered_map<std::string, End, TextHash, std::equal_to<>> ends_;
};

/// Of ForgeSettings::api_hosts: with a scheme, without a slash at the end.
[[nodiscard]] std::vector<std::string> origins_of(const std::vector<std::string>& hosts);

/// Which page of ours a module type stands for.
[[nodiscard]] support::Page page_of(std::string_view module_type);

/// A token of Jira's with its end: `exp` when it is a JWT that says one, an hour from now otherwise. Nothing when it cannot be one, or is over.
[[nodiscard]] std::optional<ports::AppToken> app_token(std::string_view secret, Time now);

}  // namespace belay::jira::cloud
