#include "desk/upkeep.hpp"

#include "base/log.hpp"
#include "desk/installation_settings.hpp"
#include "desk/link_state.hpp"

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

  const ports::LinkRef ref{.installation = row.installation, .account = account};
  const auto asked_at = doors_.clock.now();
  auto [at_provider, person] = co_await both(doors_.provider.account(step_call(row), ref), doors_.users.user(step_call(row), account));
  if (!at_provider) co_return LaterAt{doors_.clock.now() + (at_provider.error().retryable ? kHour : kDay)};
  // Looked for by its name: a group that was renamed or deleted is found again, or made, before a session needs it.
  const auto wanted = co_await doors_.storage.read<std::string>([&](ports::UnitOfWork& unit) -> Result<std::string> { return group_name(settings_of(unit, row.installation, doors_.words).settings, doors_.house); });
  if (!wanted) co_return try_again(wanted.error());
  const auto group = co_await doors_.provider.group(step_call(row), ref, *wanted);
  if (!group) log::warning("group_not_checked", log::fields_of(group.error(), {{"installation", row.installation.value}}));

  auto noted = co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    auto present = unit.links().find(row.installation, account, provider);
    if (!present || present->id != (*link)->id) return {};   // another one, or none, in the meantime
    note_looked(*present, *at_provider, asked_at);
    if (group) {
      present->group_name = *wanted;
      present->group_id = *group;
    }
    if (person) present->account_name = person->name;
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
    unit.asks().forget(now - kDay);
    unit.sign_ins().erase_expired(now);
    return {};
  });
}

Task<Result<void>> Upkeep::mend() {
  struct Wanted { InstallationId installation; std::string kind; std::string subject; };
  using Installations = std::vector<ports::Installation>;
  BELAY_CO_TRY(installations, co_await doors_.storage.read<Installations>([](ports::UnitOfWork& unit) -> Result<Installations> { return unit.installations().all(); }));
  for (const auto& installation : installations) {
    // One unit of work for each: none of them long.
    using Count = std::size_t;
    auto mended = co_await doors_.storage.write<Count>([&](ports::UnitOfWork& unit) -> Result<Count> {
      std::vector<Wanted> wanted;
      const auto want = [&](const char* kind, const std::string& subject) { wanted.push_back({installation.id, kind, subject}); };
      if (installation.leaving_since) want("installation.end", installation.id.value);
      else if (settings_of(unit, installation.id, doors_.words).settings.retention_days > 0) want("retention.erase", installation.id.value);
      for (const auto& account : unit.kept().being_erased(installation.id)) want("account.erase", account.value);
      for (const auto& link : unit.links().all(installation.id)) {
        if (link.ending_since) want("link.end", link.id.value);
      }
      for (const auto& session : unit.sessions().unfinished(installation.id)) {
        if (session.state == support::SessionState::intended) want("session.provision", session.id.value);
        if (!support::is_live(session.state)) continue;
        if (session.invitation_step == support::Step::pending) want("session.invite", session.id.value);
        want("account.poll", session.creator.value);
      }
      Count count = 0;
      for (const auto& [owner, kind, subject] : wanted) {
        const auto row = unit.outbox().find(owner, kind, subject);
        if (row && !row->set_aside_at) continue;
        auto fresh = outbox_row(doors_, owner, kind, subject);
        if (row) fresh.payload = row->payload;   // what it was set aside with: whose wish it was
        unit.outbox().put(fresh);
        ++count;
      }
      return count;
    });
    if (!mended) co_return std::unexpected(mended.error());
    if (*mended == 0) continue;
    log::warning("work_mended", {{"installation", installation.id.value}, {"rows", *mended}});
    doors_.work.ring();
  }
  co_return Result<void>{};
}

}  // namespace belay::desk
