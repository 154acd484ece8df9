#include "desk/sign_in.hpp"

namespace belay::desk {
namespace {

constexpr std::chrono::minutes kAttemptLife{10};
constexpr std::chrono::minutes kCodeLife{1};
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kVerifierBytes = 48;   // 64 characters; RFC 7636 asks for 43 to 128

ports::Call site_call(const InstallationId& installation, std::string trace_id) {
  return ports::Call{.installation = installation, .trace_id = std::move(trace_id), .deadline = kLongPatience, .api_base_url = {}};
}

ports::JiraUser user_of(const support::Person& person) {
  return {.account = person.id, .name = person.name, .login = person.login, .language = person.language, .time_zone = person.time_zone};
}

}  // namespace

Result<ports::JiraSite> SignIns::site(const std::string& name) const {
  auto site = jira_.site(name);
  if (!site) return fail("not_found", "no such site");
  return std::move(*site);
}

std::pair<ports::SignIn, std::string> SignIns::fresh(const InstallationId& installation, ports::JiraUser user) {
  auto secret = doors_.digests.base64url(doors_.random.bytes(kSecretBytes));
  const auto now = doors_.clock.now();
  ports::SignIn sign_in{.token_hash = doors_.digests.sha256_hex(secret), .installation = installation, .user = std::move(user), .began_at = now, .expires_at = now + kSignInLife};
  return {std::move(sign_in), std::move(secret)};
}

SignIns::SignedIn SignIns::signed_in(const ports::SignIn& sign_in, std::optional<std::string> secret) const {
  const auto ends = std::min(doors_.clock.now() + kPageTokenLife, sign_in.expires_at);
  return {.page_token = jira_.page_token(sign_in.installation, sign_in.user.account, ends),
          .page_token_ends = ends,
          .user = sign_in.user,
          .secret = std::move(secret),
          .ends = sign_in.expires_at};
}

Task<Result<SignIns::Begun>> SignIns::begin(std::string name, std::string nonce) {
  BELAY_CO_TRY(at, site(name));
  if (!at.oauth) co_return fail("sign_in_typed", "no incoming link is configured");
  const auto state = doors_.digests.base64url(doors_.random.bytes(kSecretBytes));
  const ports::SignInAttempt attempt{.state_hash = doors_.digests.sha256_hex(state),
                                     .installation = at.installation,
                                     .code_verifier = doors_.digests.base64url(doors_.random.bytes(kVerifierBytes)),
                                     .nonce = std::move(nonce),
                                     .expires_at = doors_.clock.now() + kAttemptLife};
  BELAY_CO_CHECK(co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    unit.sign_ins().insert_attempt(attempt);
    return {};
  }));
  co_return Begun{.state = state, .location = jira_.authorize_url(at.installation, state, doors_.digests.sha256_base64url(attempt.code_verifier))};
}

Task<Result<SignIns::Returned>> SignIns::come_back(std::string name, std::string state, std::string jira_code, std::string trace_id) {
  BELAY_CO_TRY(at, site(name));
  // Taken whatever becomes of it: a state works once.
  BELAY_CO_TRY(attempt, co_await doors_.storage.write<ports::SignInAttempt>([&](ports::UnitOfWork& unit) -> Result<ports::SignInAttempt> {
    auto found = unit.sign_ins().take_attempt(at.installation, doors_.digests.sha256_hex(state));
    return found ? std::move(*found) : ports::SignInAttempt{};
  }));
  if (attempt.state_hash.empty() || attempt.expires_at <= doors_.clock.now()) co_return fail("oauth_state_invalid", "unknown or old state");
  if (jira_code.empty()) co_return fail("sign_in_refused", "Jira sent no code");
  const auto call = site_call(at.installation, std::move(trace_id));
  BELAY_CO_TRY(grant, co_await jira_.exchange(call, std::move(jira_code), attempt.code_verifier));
  // Who they are Jira says, and nobody else.
  BELAY_CO_TRY(person, co_await doors_.users.owner_of(call, grant.access_token));
  const auto code = doors_.digests.base64url(doors_.random.bytes(kSecretBytes));
  BELAY_CO_CHECK(co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    unit.sign_ins().put_grant(at.installation, person.id, grant);
    unit.sign_ins().insert_code({.code_hash = doors_.digests.sha256_hex(code), .installation = at.installation, .user = user_of(person), .expires_at = doors_.clock.now() + kCodeLife});
    return {};
  }));
  co_return Returned{.nonce = attempt.nonce, .code = code};
}

Task<Result<SignIns::SignedIn>> SignIns::exchange(std::string name, std::string code) {
  BELAY_CO_TRY(at, site(name));
  using Taken = std::optional<ports::SignInCode>;
  BELAY_CO_TRY(taken, co_await doors_.storage.write<Taken>([&](ports::UnitOfWork& unit) -> Result<Taken> { return unit.sign_ins().take_code(at.installation, doors_.digests.sha256_hex(code)); }));
  if (!taken || taken->expires_at <= doors_.clock.now()) co_return fail("signed_out", "unknown or old code");
  auto [sign_in, secret] = fresh(at.installation, std::move(taken->user));
  BELAY_CO_CHECK(co_await doors_.storage.write<void>([&unit_row = sign_in](ports::UnitOfWork& unit) -> Result<void> {
    unit.sign_ins().insert(unit_row);
    return {};
  }));
  co_return signed_in(sign_in, std::move(secret));
}

Task<Result<SignIns::SignedIn>> SignIns::by_typed_token(std::string name, std::string token, std::string trace_id) {
  BELAY_CO_TRY(at, site(name));
  const auto person = co_await doors_.users.owner_of(site_call(at.installation, std::move(trace_id)), token);
  if (!person && (person.error().code == "jira_token_missing" || person.error().code == "jira_forbidden")) co_return fail("sign_in_refused", "Jira does not take the token");
  if (!person) co_return std::unexpected(person.error());
  auto [sign_in, secret] = fresh(at.installation, user_of(*person));
  BELAY_CO_CHECK(co_await doors_.storage.write<void>([&, &row = sign_in](ports::UnitOfWork& unit) -> Result<void> {
    unit.sign_ins().put_grant(at.installation, person->id, {.access_token = token, .refresh_token = {}, .expires_at = {}});
    unit.sign_ins().insert(row);
    return {};
  }));
  co_return signed_in(sign_in, std::move(secret));
}

Task<Result<SignIns::SignedIn>> SignIns::refresh(std::string name, std::string secret) {
  BELAY_CO_TRY(at, site(name));
  struct Found { std::optional<ports::SignIn> sign_in; bool has_grant = false; };
  BELAY_CO_TRY(found, co_await doors_.storage.read<Found>([&](ports::UnitOfWork& unit) -> Result<Found> {
    auto sign_in = unit.sign_ins().find(at.installation, doors_.digests.sha256_hex(secret));
    const bool has_grant = sign_in && unit.sign_ins().grant(at.installation, sign_in->user.account);
    return Found{.sign_in = std::move(sign_in), .has_grant = has_grant};
  }));
  if (!found.sign_in || found.sign_in->expires_at <= doors_.clock.now() || !found.has_grant) co_return fail("signed_out", "nobody is signed in there");
  co_return signed_in(*found.sign_in, std::nullopt);
}

Task<Result<void>> SignIns::sign_out(std::string name, std::string secret) {
  BELAY_CO_TRY(at, site(name));
  co_return co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    unit.sign_ins().erase(at.installation, doors_.digests.sha256_hex(secret));
    return {};
  });
}

}  // namespace belay::desk
