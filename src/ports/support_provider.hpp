// The door to who carries the support sessions: TeamViewer today, others later.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "base/time.hpp"
#include "ports/call.hpp"
#include "support/licence.hpp"
#include "support/session.hpp"

namespace belay::ports {

/// Our registrations at the provider. Permissions are fixed on a registration, and a provider lets nobody consent to one that asks for more than their
/// licence gives: so what only some licences give has one of its own, and linking never depends on it.
enum class Registration {
  base,      ///< what linking asks for; every server has it
  reports,   ///< the account's connection records; a server may do without
};
[[nodiscard]] constexpr std::string_view to_string(Registration registration) { return registration == Registration::reports ? "reports" : "base"; }
[[nodiscard]] constexpr std::optional<Registration> registration_from(std::string_view word) {
  for (const auto one : {Registration::base, Registration::reports}) {
    if (word == to_string(one)) return one;
  }
  return std::nullopt;
}

/// OAuth 2 tokens of one provider account. Sealed wherever they rest.
struct Grant {
  std::string access_token;
  std::string refresh_token;
  Time expires_at;
  Registration registration = Registration::base;   ///< to whom it was given: only that one can refresh it
};

struct ProviderAccount {
  ProviderAccountId id;
  std::string name;
  std::string email;      ///< empty when the permission was not given
  std::string company;
  std::string picture;    ///< https address of 64 pixels; empty when there is none
  support::Licence licence;
};

/// Whose account link is used. The adapter reads, refreshes and stores its tokens through the link store.
struct LinkRef {
  InstallationId installation;
  AccountId account;
  /// As it was read in the unit of work that this call follows from: then it is not read once more for it.
  std::optional<Grant> known = {};
};

struct SessionDraft {
  SessionId id;                  ///< ours; travels in custom_api, so that the session is found again
  std::string group_id;
  std::string description;
  support::Customer customer;
  Time valid_until;
};

struct ProviderSession {
  SessionCode code;
  std::optional<SessionId> ours;         ///< our id in custom_api, when it is one of ours
  bool open = false;                     ///< the provider's own word; it may say open after valid_until
  std::optional<bool> online;            ///< the customer is there; absent: the answer did not say
  std::string customer_link;
  std::string supporter_link;            ///< SECRET: hand to the agent who asked, keep nowhere
  std::string browser_link;              ///< SECRET, the same
  std::optional<Time> created_at;
  std::optional<Time> valid_until;
};

/// What a session's code and its customer's link look like. They lead nowhere.
struct SessionSample {
  SessionCode code;
  std::string customer_link;
};

/// Errors of all calls that use a link: `link_expired` (the provider no longer accepts it: link again), `provider_unreachable` (retryable;
/// detail.maybe_done = true when the request may have been carried out), `provider_rate_limited` (retryable), `provider_permission`,
/// `provider_blocked`, `provider_refused` (detail.said), `licence_limit_reached` (create_session), `not_found`.
class SupportProvider {
 public:
  virtual ~SupportProvider() = default;

  [[nodiscard]] virtual ProviderName name() const = 0;
  /// The provider's name as people know it.
  [[nodiscard]] virtual std::string display_name() const = 0;
  /// For previews of the customer text.
  [[nodiscard]] virtual SessionSample sample() const = 0;

  /// Is there such a registration on this server? Of `base` always.
  [[nodiscard]] virtual bool has(Registration registration) const = 0;
  /// Where the browser goes for consent (RFC 6749 4.1.1, RFC 7636 S256).
  [[nodiscard]] virtual std::string authorize_url(Registration registration, std::string state, std::string code_challenge) const = 0;
  /// `grant_expired` when the code is used, old or of another client.
  virtual Task<Result<Grant>> exchange(Call call, Registration registration, std::string code, std::string code_verifier) = 0;
  /// Gives a grant back that is not (or no longer) linked. A grant that is already dead is success.
  virtual Task<Result<void>> revoke(Call call, Grant grant) = 0;
  /// Who a fresh grant belongs to, before it is linked.
  virtual Task<Result<ProviderAccount>> account_of(Call call, Grant grant) = 0;

  /// Does the provider answer, and does it know this registration? Errors: `provider_unreachable` (retryable), `provider_refused`.
  virtual Task<Result<void>> check_registration(Call call, Registration registration) = 0;
  /// The same, asked with a link: also `link_expired`.
  virtual Task<Result<void>> ping(Call call, LinkRef link) = 0;

  virtual Task<Result<ProviderAccount>> account(Call call, LinkRef link) = 0;
  /// The group's id by its name, made when it does not exist. Case matters not.
  virtual Task<Result<std::string>> group(Call call, LinkRef link, std::string name) = 0;

  /// NOT idempotent at TeamViewer: look with find_sessions before asking a second time.
  virtual Task<Result<ProviderSession>> create_session(Call call, LinkRef link, SessionDraft draft) = 0;
  /// Open sessions of this account that carry our id.
  virtual Task<Result<std::vector<ProviderSession>>> find_sessions(Call call, LinkRef link, SessionId ours) = 0;
  /// All open sessions of this account, full form, all pages: one batch for polling.
  virtual Task<Result<std::vector<ProviderSession>>> open_sessions(Call call, LinkRef link) = 0;
  virtual Task<Result<ProviderSession>> session(Call call, LinkRef link, SessionCode code) = 0;
  /// Closing what is closed or gone is success.
  virtual Task<Result<void>> close_session(Call call, LinkRef link, SessionCode code) = 0;
};

}  // namespace belay::ports
