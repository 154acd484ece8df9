#include "desk/upkeep.hpp"

namespace belay::desk {
namespace {

constexpr Milliseconds kDay{24 * 3'600'000};
constexpr Milliseconds kHour{3'600'000};

}  // namespace

Task<StepResult> Upkeep::check_link(ports::OutboxRow row) {
  const AccountId account{row.subject};
  const auto provider = doors_.provider.name();
  using Found = std::optional<ports::AccountLink>;
  auto link = co_await doors_.storage.read<Found>([&](ports::UnitOfWork& unit) -> Result<Found> { return unit.links().find(row.installation, account, provider); });
  if (!link) co_return try_again(link.error());
  if (!*link || (*link)->ending_since || (*link)->expired) co_return Done{};

  auto at_provider = co_await doors_.provider.account(step_call(row), {.installation = row.installation, .account = account});
  if (!at_provider) co_return LaterAt{doors_.clock.now() + (at_provider.error().retryable ? kHour : kDay)};
  auto noted = co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    auto present = unit.links().find(row.installation, account, provider);
    if (!present) return {};
    present->at_provider = *at_provider;
    present->checked_at = doors_.clock.now();
    unit.links().put(*present);
    return {};
  });
  if (!noted) co_return try_again(noted.error());
  co_return LaterAt{doors_.clock.now() + kDay};
}

Task<Result<void>> Upkeep::tidy() {
  co_return co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    const auto now = doors_.clock.now();
    unit.installations().erase_expired_tokens(now);
    unit.links().erase_expired_attempts(now);
    unit.sessions().erase_expired_keys(now);
    return {};
  });
}

}  // namespace belay::desk
