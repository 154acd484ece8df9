#include "jira/cloud/access.hpp"

namespace belay::jira::cloud {
namespace {

constexpr Milliseconds kReadPatience{10'000};   // the storage gives up sooner by itself

std::optional<ports::AppToken> token_of(ports::InstallationStore& installations, const InstallationId& installation, const ports::Actor& actor, Time now) {
  // It came a moment ago, and is good until Jira says otherwise.
  if (const auto* given = std::get_if<ports::WithToken>(&actor)) return ports::AppToken{.secret = given->secret, .expires_at = now + std::chrono::hours{1}};
  if (const auto* user = std::get_if<ports::AsUser>(&actor)) return installations.user_token(installation, user->account);
  return installations.system_token(installation);
}

}  // namespace

// The calls of one panel begin together: they read it once.
Task<Result<Access>> AccessTokens::of(ports::Call call, ports::Actor actor) {
  if (const auto& known = call.app_access; known && std::holds_alternative<ports::AsApp>(actor) && known->expires_at > clock_.now() + kTokenMargin) {
    co_return Access{.base_url = known->api_base_url, .token = known->token, .settling = clock_.now() - known->paired_at < kSettlingTime};
  }
  if (std::holds_alternative<ports::WithToken>(actor)) co_return co_await read(std::move(call), std::move(actor));
  const auto* user = std::get_if<ports::AsUser>(&actor);
  auto key = call.installation.value + (user == nullptr ? std::string("|app|") : "|user " + user->account.value + '|') + call.api_base_url;
  decltype(reads_)::Call start = [this, call, actor](const auto&) { return read(call, actor); };
  auto shared = co_await reads_.share(std::move(key), kReadPatience, std::move(start));
  if (!shared) co_return fail_for_now("jira_token_missing", "it was not read in time");
  if (*shared) co_return std::move(*shared);
  co_return co_await read(std::move(call), std::move(actor));   // what was shared may have begun before the token came that is there now
}

Task<Result<Access>> AccessTokens::another(ports::Call, ports::Actor, Access) { co_return fail_for_now("jira_token_missing", "Jira does not take the one kept"); }

Task<Result<Access>> AccessTokens::read(ports::Call call, ports::Actor actor) {
  const auto now = clock_.now();
  co_return co_await storage_.read<Access>([call, actor, now](ports::UnitOfWork& unit) -> Result<Access> {
    auto& installations = unit.installations();
    Access access{.base_url = call.api_base_url, .token = {}, .settling = !call.api_base_url.empty()};
    if (const auto row = installations.find(call.installation)) {
      access.base_url = row->api_base_url;
      access.settling = now - row->paired_at < kSettlingTime;
    }
    if (access.base_url.empty()) return fail("not_paired", "no address for the installation");
    auto token = token_of(installations, call.installation, actor, now);
    if (!token) return fail_for_now("jira_token_missing", "none kept");
    if (token->expires_at <= now + kTokenMargin) return fail_for_now("jira_token_missing", "the one kept is over");
    access.token = std::move(token->secret);
    return access;
  });
}

}  // namespace belay::jira::cloud
