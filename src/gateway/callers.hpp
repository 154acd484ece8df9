// From a request to a caller: the token is verified, the installation must be paired, and the tokens Jira sent along are kept
// before anything else happens, since the use case may need them.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/result.hpp"
#include "base/task.hpp"
#include "desk/doors.hpp"
#include "net/message.hpp"
#include "ports/caller_verifier.hpp"
#include "ports/storage.hpp"

namespace belay::gateway {

class Callers final {
 public:
  Callers(ports::CallerVerifier& verifier, ports::Storage& storage, const ports::Clock& clock);

  /// `invalid_invocation_token`, `environment_not_allowed`. The reason of a refusal goes to `observer`, "ok" otherwise.
  Task<Result<ports::VerifiedCall>> verify(ports::CallerHeaders headers);

  /// Under which id an installation that Forge calls so is served here; nothing when it is not paired. Remembered for two seconds, so that a change
  /// made by another instance is seen.
  Task<Result<std::optional<InstallationId>>> paired_as(InstallationId known_as);

  /// Did the call bring a token that is not kept yet?
  [[nodiscard]] bool brings_new_tokens(const ports::VerifiedCall& call) const;

  /// Seals and keeps the system and the user token of the call, when they are new. Gives the call back without those that may not take the
  /// place of what is kept.
  Task<Result<ports::VerifiedCall>> keep_tokens(ports::VerifiedCall call);

  /// Pairing changed, of the installation with that id or name.
  void forget(const InstallationId& installation);
  /// Some installation may have another name now.
  void forget_names() { paired_.clear(); }

  void observe(std::function<void(std::string_view verdict)> observer) { observer_ = std::move(observer); }

 private:
  struct Paired { std::optional<InstallationId> as; Time from; };
  using TokenOwner = std::pair<InstallationId, AccountId>;   // an empty account: the app itself

  [[nodiscard]] bool is_new_system_token(const ports::VerifiedCall& call) const;
  [[nodiscard]] bool is_new_user_token(const ports::VerifiedCall& call) const;
  [[nodiscard]] bool is_kept(const TokenOwner& owner, const ports::AppToken& token) const;
  void note_kept(const TokenOwner& owner, const ports::AppToken& token);

  ports::CallerVerifier& verifier_;
  ports::Storage& storage_;
  const ports::Clock& clock_;
  std::function<void(std::string_view)> observer_;
  std::map<InstallationId, Paired> paired_;
  std::map<TokenOwner, std::string> kept_;
};

/// The tokens of a request, which leave it: what is behind has no use for them, and cannot lose them.
[[nodiscard]] ports::CallerHeaders take_tokens(net::Request& request);

}  // namespace belay::gateway
