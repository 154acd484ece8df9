#include "teamviewer/link_tokens.hpp"

#include "base/log.hpp"
#include "net/runtime.hpp"
#include "teamviewer/refusals.hpp"

namespace belay::teamviewer {
namespace {

// A refresh is not cut short by the caller's deadline: a refresh token that was sent is spent, and only the answer brings the next one.
constexpr Milliseconds kRefreshDeadline{10'000};
constexpr Milliseconds kLookAgainAfter{100};
constexpr int kMostStoreTries = 4;
constexpr Milliseconds kStoreAgainAfter{250};

const ProviderName& provider_name() {
  static const ProviderName kName{"teamviewer"};
  return kName;
}

std::unexpected<Error> not_linked() { return fail("not_linked", "no such link", {{"provider", kProvider}}); }
std::unexpected<Error> link_expired(std::string cause) { return fail("link_expired", std::move(cause), {{"provider", kProvider}}); }

}  // namespace

std::string key_of(const ports::LinkRef& link) { return link.installation.value + '|' + link.account.value; }

LinkTokens::LinkTokens(boost::asio::io_context& io, OAuth& oauth, ports::Storage& storage, const ports::Clock& clock, const Settings& settings)
    : oauth_(oauth), storage_(storage), clock_(clock), settings_(settings), flights_(io) {}

Task<Result<ports::AccountLink>> LinkTokens::read(ports::LinkRef link) {
  co_return co_await storage_.read<ports::AccountLink>([&](ports::UnitOfWork& unit) -> Result<ports::AccountLink> {
    auto found = unit.links().find(link.installation, link.account, provider_name());
    if (!found) return not_linked();
    return std::move(*found);
  });
}

Task<Result<std::string>> LinkTokens::access_token(ports::LinkRef link, std::string trace_id, Until until) {
  BELAY_CO_TRY(row, co_await read(link));
  if (row.expired) co_return link_expired("marked in the store");
  if (clock_.now() < row.grant.expires_at) co_return row.grant.access_token;
  co_return co_await renewed(link, row.grant.access_token, std::move(trace_id), until);
}

Task<Result<std::string>> LinkTokens::renewed(ports::LinkRef link, std::string stale, std::string trace_id, Until until) {
  const auto key = key_of(link) + '|' + stale;
  std::function<Task<Result<std::string>>()> start = [this, link, stale, trace_id] { return renew(link, stale, trace_id); };
  const auto patience = std::chrono::duration_cast<Milliseconds>(until - std::chrono::steady_clock::now());
  auto shared = co_await flights_.share(key, std::max(patience, Milliseconds{0}), std::move(start));
  if (!shared) co_return std::unexpected(unreachable("the refresh did not end in time", false));
  co_return std::move(*shared);
}

Task<Result<std::string>> LinkTokens::renew(ports::LinkRef link, std::string stale, std::string trace_id) {
  BELAY_CO_TRY(row, co_await read(link));
  if (row.grant.access_token != stale) co_return row.grant.access_token;  // somebody was faster
  if (row.expired) co_return link_expired("marked in the store");
  auto fresh = co_await oauth_.refresh(row.grant, key_of(link), trace_id, after(kRefreshDeadline));
  if (fresh) co_return co_await store(link, stale, std::move(*fresh));
  if (fresh.error().code != "link_expired") co_return std::unexpected(std::move(fresh).error());
  // Refused: revoked, or another process has just spent this refresh token and is about to store what it got.
  auto other = co_await wait_for_other_process(link, stale);
  if (other) co_return other;
  BELAY_CO_CHECK(co_await expire(link, stale));
  log::warning("teamviewer_link_expired", log::fields_of(fresh.error(), {{"installation", link.installation.value}}));
  co_return std::unexpected(std::move(fresh).error());
}

Task<Result<std::string>> LinkTokens::wait_for_other_process(ports::LinkRef link, std::string stale) {
  const auto until = after(settings_.refresh_patience);
  for (;;) {
    BELAY_CO_TRY(row, co_await read(link));
    if (row.grant.access_token != stale) co_return row.grant.access_token;
    if (std::chrono::steady_clock::now() >= until) co_return link_expired("nobody else refreshed it");
    co_await net::sleep_for(kLookAgainAfter);
  }
}

Task<Result<std::string>> LinkTokens::store(ports::LinkRef link, std::string stale, ports::Grant fresh) {
  for (int tries = 1;; ++tries) {
    auto stored = co_await storage_.write<std::string>([&](ports::UnitOfWork& unit) -> Result<std::string> {
      auto row = unit.links().find(link.installation, link.account, provider_name());
      if (!row) return not_linked();
      if (row->grant.access_token != stale) return row->grant.access_token;  // linked anew in the meantime
      row->grant = fresh;
      unit.links().put(*row);
      return fresh.access_token;
    });
    // Tokens that cannot be stored are lost with this process, and the old ones are spent: worth more than one try.
    if (stored || !stored.error().retryable || tries == kMostStoreTries) co_return stored;
    co_await net::sleep_for(kStoreAgainAfter * tries);
  }
}

Task<Result<void>> LinkTokens::expire(ports::LinkRef link, std::string stale) {
  co_return co_await storage_.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    auto row = unit.links().find(link.installation, link.account, provider_name());
    if (!row || row->grant.access_token != stale) return {};
    row->expired = true;
    unit.links().put(*row);
    return {};
  });
}

}  // namespace belay::teamviewer
