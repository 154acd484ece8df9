#include "jira/datacenter/access.hpp"

#include "base/log.hpp"
#include "net/runtime.hpp"

namespace belay::jira::datacenter {
namespace {

// A refresh is not cut short by the caller's deadline: a refresh token that was sent is spent, and only the answer brings the next one.
constexpr Milliseconds kRefreshDeadline{10'000};
constexpr Milliseconds kLookAgainAfter{100};
constexpr int kMostStoreTries = 4;
constexpr Milliseconds kStoreAgainAfter{250};

std::unexpected<Error> signed_out(std::string cause) { return fail("signed_out", std::move(cause)); }

ports::Call own_call(const InstallationId& installation, std::string trace_id) {
  return ports::Call{.installation = installation, .trace_id = std::move(trace_id), .deadline = kRefreshDeadline, .api_base_url = {}};
}

}  // namespace

Task<Result<Access>> AccessTokens::of(ports::Call call, ports::Actor actor) {
  const auto* site = sites_.find(call.installation);
  if (site == nullptr) co_return fail("not_paired", "the site is not configured");
  Access access{.base_url = site->base_url, .token = {}, .settling = false};
  if (const auto* given = std::get_if<ports::WithToken>(&actor)) {
    access.token = given->secret;
    co_return access;
  }
  const auto* user = std::get_if<ports::AsUser>(&actor);
  if (user == nullptr) {
    access.token = site->service_token;
    co_return access;
  }
  User who{.installation = call.installation, .account = user->account};
  BELAY_CO_TRY(grant, co_await read_shared(who, call.deadline));
  access.token = std::move(grant.access_token);
  const bool over = grant.expires_at && *grant.expires_at <= clock_.now() + kTokenMargin;
  if (!over) co_return access;
  auto stale = access.token;
  BELAY_CO_TRY(fresh, co_await renewed(std::move(call), std::move(who), std::move(stale)));
  access.token = std::move(fresh);
  co_return access;
}

Task<Result<Access>> AccessTokens::another(ports::Call call, ports::Actor actor, Access refused) {
  const auto* user = std::get_if<ports::AsUser>(&actor);
  if (user == nullptr) co_return fail_for_now("jira_token_missing", "Jira does not take the token");
  User who{.installation = call.installation, .account = user->account};
  BELAY_CO_TRY(fresh, co_await renewed(std::move(call), std::move(who), std::move(refused.token)));
  refused.token = std::move(fresh);
  co_return refused;
}

Task<Result<ports::JiraGrant>> AccessTokens::read(User user) {
  co_return co_await storage_.read<ports::JiraGrant>([&](ports::UnitOfWork& unit) -> Result<ports::JiraGrant> {
    auto grant = unit.sign_ins().grant(user.installation, user.account);
    if (!grant) return signed_out("they are not signed in");
    return std::move(*grant);
  });
}

// The calls of one panel begin together: they read it once.
Task<Result<ports::JiraGrant>> AccessTokens::read_shared(User user, Milliseconds patience) {
  auto key = user.installation.value + '|' + user.account.value;
  decltype(reads_)::Call start = [this, user](const auto&) { return read(user); };
  auto shared = co_await reads_.share(std::move(key), patience, std::move(start));
  if (!shared) co_return fail_for_now("jira_token_missing", "it was not read in time");
  co_return std::move(*shared);
}

Task<Result<std::string>> AccessTokens::renewed(ports::Call call, User user, std::string stale) {
  auto key = user.installation.value + '|' + user.account.value + '|' + stale;
  // It has a deadline of its own, whoever waits.
  decltype(flights_)::Call start = [this, user, stale, trace_id = call.trace_id](const auto&) { return renew(user, stale, trace_id); };
  auto shared = co_await flights_.share(std::move(key), call.deadline, std::move(start));
  if (!shared) co_return fail_for_now("jira_unreachable", "the refresh did not end in time");
  co_return std::move(*shared);
}

Task<Result<std::string>> AccessTokens::renew(User user, std::string stale, std::string trace_id) {
  BELAY_CO_TRY(grant, co_await read(user));
  if (grant.access_token != stale) co_return std::move(grant.access_token);   // somebody was faster
  if (grant.refresh_token.empty()) co_return co_await check_typed(std::move(user), std::move(stale), std::move(trace_id));
  auto fresh = co_await oauth_.refresh(own_call(user.installation, std::move(trace_id)), grant);
  if (fresh) co_return co_await store(std::move(user), std::move(stale), std::move(*fresh));
  if (fresh.error().code != "sign_in_refused") co_return std::unexpected(std::move(fresh).error());
  // Refused: taken back, or another process has just spent this refresh token and is about to store what it got.
  auto other = co_await wait_for_other_process(user, stale);
  if (other || other.error().code != "signed_out") co_return other;
  BELAY_CO_CHECK(co_await sign_out(user, stale));
  log::warning("jira_sign_in_over", log::fields_of(fresh.error(), {{"installation", user.installation.value}}));
  co_return other;
}

// Jira shows such a token once: it is forgotten when Jira says a second time that it does not know it, and not for one answer of a bad moment.
Task<Result<std::string>> AccessTokens::check_typed(User user, std::string typed, std::string trace_id) {
  BELAY_CO_TRY(taken, co_await oauth_.takes(own_call(user.installation, std::move(trace_id)), typed));
  if (taken) co_return typed;
  BELAY_CO_CHECK(co_await sign_out(std::move(user), std::move(typed)));
  co_return signed_out("the token they typed in is over");
}

Task<Result<std::string>> AccessTokens::wait_for_other_process(User user, std::string stale) {
  const auto until = std::chrono::steady_clock::now() + refresh_patience_;
  for (;;) {
    BELAY_CO_TRY(grant, co_await read(user));
    if (grant.access_token != stale) co_return std::move(grant.access_token);
    if (std::chrono::steady_clock::now() >= until) co_return signed_out("Jira does not take what was kept of them");
    co_await net::sleep_for(kLookAgainAfter);
  }
}

Task<Result<std::string>> AccessTokens::store(User user, std::string stale, ports::JiraGrant fresh) {
  for (int tries = 1;; ++tries) {
    auto stored = co_await storage_.write<std::string>([&](ports::UnitOfWork& unit) -> Result<std::string> {
      auto present = unit.sign_ins().grant(user.installation, user.account);
      // Signed out meanwhile: it is not brought back.
      if (!present) return signed_out("they signed out");
      if (present->access_token != stale) return std::move(present->access_token);   // signed in anew meanwhile
      unit.sign_ins().put_grant(user.installation, user.account, fresh);
      return fresh.access_token;
    });
    // Tokens that cannot be stored are lost with this process, and the old ones are spent: worth more than one try.
    if (stored || !stored.error().retryable || tries == kMostStoreTries) co_return stored;
    co_await net::sleep_for(kStoreAgainAfter * tries);
  }
}

Task<Result<void>> AccessTokens::sign_out(User user, std::string stale) {
  co_return co_await storage_.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    const auto present = unit.sign_ins().grant(user.installation, user.account);
    if (present && present->access_token == stale) unit.sign_ins().sign_out(user.installation, user.account);
    return {};
  });
}

}  // namespace belay::jira::datacenter
