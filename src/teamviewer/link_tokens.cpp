#include "teamviewer/link_tokens.hpp"

#include "base/log.hpp"
#include "net/runtime.hpp"
#include "teamviewer/refusals.hpp"

namespace belay::teamviewer {
namespace {

// A refresh is not cut short by the caller's deadline: a refresh token that was sent is spent, and only the answer brings the next one.
constexpr Milliseconds kRefreshDeadline{10'000};
constexpr Milliseconds kReadPatience{10'000};   // the storage gives up sooner by itself
constexpr Milliseconds kLookAgainAfter{100};
constexpr int kMostStoreTries = 4;
constexpr Milliseconds kStoreAgainAfter{250};

const ProviderName& provider_name() {
  static const ProviderName kName{"teamviewer"};
  return kName;
}

std::unexpected<Error> not_linked() { return fail("not_linked", "no such link", {{"provider", kProvider}}); }
std::unexpected<Error> link_expired(std::string cause) { return fail("link_expired", std::move(cause), {{"provider", kProvider}}); }
std::unexpected<Error> not_allowed() { return fail("reports_not_allowed", "the link has no grant of that registration", {{"provider", kProvider}}); }

}  // namespace

std::string key_of(const ports::LinkRef& link, ports::Registration registration) {
  const auto key = link.installation.value + '|' + link.account.value;
  return registration == ports::Registration::base ? key : key + '|' + std::string(to_string(registration));
}

LinkTokens::LinkTokens(boost::asio::io_context& io, OAuth& oauth, ports::Storage& storage, const ports::Clock& clock, const Settings& settings, ports::Registration registration)
    : oauth_(oauth), storage_(storage), clock_(clock), settings_(settings), registration_(registration), flights_(io), reads_(io) {}

std::optional<LinkTokens::Held> LinkTokens::held_in(const ports::AccountLink& link) const {
  if (registration_ == ports::Registration::base) return Held{.grant = link.grant, .expired = link.expired};
  if (!link.reports) return std::nullopt;
  return Held{.grant = link.reports->grant, .expired = link.reports->expired};
}

void LinkTokens::hold_in(ports::AccountLink& link, Held held) const {
  if (registration_ == ports::Registration::base) {
    link.grant = std::move(held.grant);
    link.expired = held.expired;
  } else if (link.reports) {
    link.reports->grant = std::move(held.grant);
    link.reports->expired = held.expired;
  }
}

Task<Result<LinkTokens::Held>> LinkTokens::read(ports::LinkRef link) {
  co_return co_await storage_.read<Held>([&](ports::UnitOfWork& unit) -> Result<Held> {
    const auto found = unit.links().find(link.installation, link.account, provider_name());
    if (!found) return not_linked();
    auto held = held_in(*found);
    if (!held) return not_allowed();
    return std::move(*held);
  });
}

Task<Result<std::string>> LinkTokens::access_token(ports::LinkRef link, std::string trace_id, Until until) {
  if (registration_ == ports::Registration::base && link.known && clock_.now() < link.known->expires_at) co_return link.known->access_token;
  // Calls that begin together read it once. Only here: whoever renews has to see what was stored a moment ago.
  decltype(reads_)::Call start = [this, link](const auto&) { return read(link); };
  auto shared = co_await reads_.share(key_of(link, registration_), kReadPatience, std::move(start));
  if (!shared) co_return std::unexpected(unreachable("the link was not read in time", false));
  if (!*shared || (*shared)->expired) shared = co_await read(link);   // consented anew since that was begun?
  BELAY_CO_TRY(held, std::move(*shared));
  if (held.expired) co_return link_expired("marked in the store");
  if (clock_.now() < held.grant.expires_at) co_return held.grant.access_token;
  co_return co_await renewed(link, held.grant.access_token, std::move(trace_id), until);
}

Task<Result<std::string>> LinkTokens::renewed(ports::LinkRef link, std::string stale, std::string trace_id, Until until) {
  const auto key = key_of(link, registration_) + '|' + stale;
  // It has a deadline of its own, whoever waits.
  decltype(flights_)::Call start = [this, link, stale, trace_id](const auto&) { return renew(link, stale, trace_id); };
  const auto patience = std::chrono::duration_cast<Milliseconds>(until - std::chrono::steady_clock::now());
  auto shared = co_await flights_.share(key, std::max(patience, Milliseconds{0}), std::move(start));
  if (!shared) co_return std::unexpected(unreachable("the refresh did not end in time", false));
  co_return std::move(*shared);
}

Task<Result<std::string>> LinkTokens::renew(ports::LinkRef link, std::string stale, std::string trace_id) {
  BELAY_CO_TRY(held, co_await read(link));
  if (held.grant.access_token != stale) co_return held.grant.access_token;  // somebody was faster
  if (held.expired) co_return link_expired("marked in the store");
  auto fresh = co_await oauth_.refresh(held.grant, key_of(link, registration_), trace_id, after(kRefreshDeadline));
  if (fresh) co_return co_await store(link, stale, std::move(*fresh), trace_id);
  if (fresh.error().code != "link_expired") co_return std::unexpected(std::move(fresh).error());
  // Refused: revoked, or another process has just spent this refresh token and is about to store what it got.
  auto other = co_await wait_for_other_process(link, stale);
  if (other) co_return other;
  BELAY_CO_CHECK(co_await expire(link, stale));
  log::warning("teamviewer_link_expired", log::fields_of(fresh.error(), {{"installation", link.installation.value}, {"registration", to_string(registration_)}}));
  co_return std::unexpected(std::move(fresh).error());
}

Task<Result<std::string>> LinkTokens::wait_for_other_process(ports::LinkRef link, std::string stale) {
  const auto until = after(settings_.refresh_patience);
  for (;;) {
    BELAY_CO_TRY(held, co_await read(link));
    if (held.grant.access_token != stale) co_return held.grant.access_token;
    if (std::chrono::steady_clock::now() >= until) co_return link_expired("nobody else refreshed it");
    co_await net::sleep_for(kLookAgainAfter);
  }
}

Task<Result<std::string>> LinkTokens::store(ports::LinkRef link, std::string stale, ports::Grant fresh, std::string trace_id) {
  for (int tries = 1;; ++tries) {
    auto stored = co_await storage_.write<std::string>([&](ports::UnitOfWork& unit) -> Result<std::string> {
      auto row = unit.links().find(link.installation, link.account, provider_name());
      if (!row) return not_linked();
      const auto held = held_in(*row);
      if (!held) return not_allowed();
      if (held->grant.access_token != stale) return held->grant.access_token;  // consented anew in the meantime
      hold_in(*row, {.grant = fresh, .expired = held->expired});
      unit.links().put(*row);
      return fresh.access_token;
    });
    // Taken back while the refresh was under way: what was given back then is spent, and this is what still opens something.
    if (!stored && (stored.error().code == "not_linked" || stored.error().code == "reports_not_allowed")) {
      auto revoked = co_await oauth_.revoke(fresh.access_token, trace_id, after(kRefreshDeadline));
      if (!revoked && revoked.error().code != "link_expired") log::warning("teamviewer_grant_not_given_back", log::fields_of(revoked.error(), {{"installation", link.installation.value}}));
      co_return stored;
    }
    // Tokens that cannot be stored are lost with this process, and the old ones are spent: worth more than one try.
    if (stored || !stored.error().retryable || tries == kMostStoreTries) co_return stored;
    co_await net::sleep_for(kStoreAgainAfter * tries);
  }
}

Task<Result<void>> LinkTokens::expire(ports::LinkRef link, std::string stale) {
  co_return co_await storage_.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    auto row = unit.links().find(link.installation, link.account, provider_name());
    auto held = row ? held_in(*row) : std::nullopt;
    if (!held || held->grant.access_token != stale) return {};
    held->expired = true;
    hold_in(*row, std::move(*held));
    unit.links().put(*row);
    return {};
  });
}

}  // namespace belay::teamviewer
