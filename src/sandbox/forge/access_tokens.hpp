// The OAuth tokens that Forge sends along with a call: the app's (system) and the user's. Opaque to whoever gets them; Jira asks here
// what one is worth. Life: four hours at most, handed out with two to four hours left (docs/jira.md, "Tokens").
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace belay::sandbox {
class Clock;
}

namespace belay::sandbox::forge {

struct AccessToken {
  std::string text;
  std::string installation;   ///< ARI
  std::string account;        ///< empty: the app's own token
  Time expires_at;
  bool revoked = false;

  [[nodiscard]] bool is_system() const { return account.empty(); }
};

class AccessTokens final {
 public:
  explicit AccessTokens(const Clock& clock) : clock_(clock) {}

  /// The present token of this installation and account (empty: the app); a new one when less than half its life is left.
  const AccessToken& hand_out(const std::string& installation, const std::string& account);
  /// A token that is good now, or nothing: unknown, expired, revoked.
  [[nodiscard]] std::optional<AccessToken> valid(std::string_view text) const;

  /// Ends the tokens given so far to an installation, and account where it is named. Returns how many.
  std::size_t revoke(std::string_view installation, std::optional<std::string_view> account = std::nullopt);

  std::chrono::seconds life{std::chrono::hours{4}};

 private:
  const Clock& clock_;
  std::map<std::string, AccessToken, std::less<>> by_text_;
  std::map<std::pair<std::string, std::string>, std::string> present_;
};

}  // namespace belay::sandbox::forge
