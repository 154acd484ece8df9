#include "jira/datacenter/access.hpp"

namespace belay::jira::datacenter {
namespace {

constexpr Milliseconds kPatience{15'000};

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
  if (user != nullptr) co_return co_await shared(std::move(call), site->base_url, user->account, {});
  access.token = site->service_token;
  co_return access;
}

Task<Result<Access>> AccessTokens::another(ports::Call call, ports::Actor actor, Access refused) {
  const auto* user = std::get_if<ports::AsUser>(&actor);
  if (user == nullptr) co_return fail_for_now("jira_token_missing", "Jira does not take the token");
  co_return co_await shared(std::move(call), std::move(refused.base_url), user->account, std::move(refused.token));
}

// The calls of one panel begin together: they read and fetch it once.
Task<Result<Access>> AccessTokens::shared(ports::Call call, std::string base_url, AccountId account, std::string refused) {
  auto key = call.installation.value + '|' + account.value + '|' + refused;
  decltype(flights_)::Call start = [this, call, base_url, account, refused](const auto&) { return of_user(call, base_url, account, refused); };
  auto found = co_await flights_.share(std::move(key), kPatience, std::move(start));
  if (!found) co_return fail_for_now("jira_token_missing", "it was not read in time");
  co_return std::move(*found);
}

Task<Result<AccessTokens::Grant>> AccessTokens::kept(InstallationId installation, AccountId account) {
  co_return co_await storage_.read<Grant>([installation, account](ports::UnitOfWork& unit) -> Result<Grant> { return unit.sign_ins().grant(installation, account); });
}

Task<Result<Access>> AccessTokens::of_user(ports::Call call, std::string base_url, AccountId account, std::string refused) {
  BELAY_CO_TRY(grant, co_await kept(call.installation, account));
  if (!grant) co_return fail("signed_out", "they are not signed in");
  const bool ends = grant->access_token == refused || (grant->expires_at && *grant->expires_at <= clock_.now() + kTokenMargin);
  if (ends && grant->refresh_token.empty()) {
    BELAY_CO_CHECK(co_await forget(call.installation, account, std::move(grant->access_token)));
    co_return fail("signed_out", "the token they typed in is over");
  }
  if (ends) {
    BELAY_CO_TRY(fresh, co_await fetch_anew(call, account, std::move(*grant)));
    if (!fresh) co_return fail("signed_out", "Jira does not take what was kept of them");
    grant = std::move(fresh);
  }
  co_return Access{.base_url = std::move(base_url), .token = std::move(grant->access_token), .settling = false};
}

// Unless they typed in another meanwhile.
Task<Result<void>> AccessTokens::forget(InstallationId installation, AccountId account, std::string typed) {
  co_return co_await storage_.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    const auto present = unit.sign_ins().grant(installation, account);
    if (present && present->access_token == typed) unit.sign_ins().sign_out(installation, account);
    return {};
  });
}

// Jira replaces the refresh token with each use. Another instance may have used this one a moment ago: then what it kept is there.
Task<Result<AccessTokens::Grant>> AccessTokens::fetch_anew(ports::Call call, AccountId account, ports::JiraGrant old) {
  const auto installation = call.installation;
  auto fresh = co_await oauth_.refresh(std::move(call), old);
  if (!fresh && fresh.error().code != "sign_in_refused") co_return std::unexpected(std::move(fresh).error());
  co_return co_await storage_.write<Grant>([&](ports::UnitOfWork& unit) -> Result<Grant> {
    auto& sign_ins = unit.sign_ins();
    auto present = sign_ins.grant(installation, account);
    const bool is_ours = present && present->refresh_token == old.refresh_token;
    if (!fresh) {
      if (!is_ours) return present;
      sign_ins.sign_out(installation, account);
      return Grant{};
    }
    // Signed out meanwhile: it is not brought back.
    if (!present) return Grant{};
    if (is_ours) sign_ins.put_grant(installation, account, *fresh);
    return Grant{*fresh};
  });
}

}  // namespace belay::jira::datacenter
