#include "desk/farewell.hpp"

#include "base/log.hpp"
#include "desk/installation_settings.hpp"
#include "desk/session_change.hpp"

namespace belay::desk {
namespace {

using support::SessionEvent;
using support::SessionState;
using support::Step;
using support::SupportSession;

// About a day with the worker's longest pause of five minutes. Then what is ours goes all the same: a provider that never answers must
// not keep a person's data here.
constexpr int kMostTries = 290;

}  // namespace

void begin_ending(const Doors& doors, ports::UnitOfWork& unit, ports::AccountLink link, const ports::AuditEntry& audit) {
  link.ending_since = doors.clock.now();
  unit.links().put(link);
  unit.outbox().put(outbox_row(doors, link.installation, "link.end", link.id.value));
  unit.audit().append(audit);
}

void begin_leaving(const Doors& doors, ports::UnitOfWork& unit, ports::Installation installation, const ports::AuditEntry& audit) {
  installation.leaving_since = doors.clock.now();
  unit.installations().update(installation);
  unit.outbox().put(outbox_row(doors, installation.id, "installation.end", installation.id.value));
  unit.audit().append(audit);
}

Task<Result<void>> Farewell::close_all(ports::OutboxRow row, std::vector<SupportSession> sessions) {
  for (const auto& session : sessions) {
    if (session.made && (support::is_live(session.state) || session.closing_step == Step::pending)) {
      BELAY_CO_CHECK(co_await doors_.provider.close_session(step_call(row), {.installation = session.installation, .account = session.creator}, session.made->code));
    }
    // A create whose answer was never seen may have left one under our id.
    if (session.provider_asked && !session.made) {
      const ports::LinkRef creator{.installation = session.installation, .account = session.creator};
      BELAY_CO_TRY(found, co_await doors_.provider.find_sessions(step_call(row), creator, session.id));
      for (const auto& one : found) BELAY_CO_CHECK(co_await doors_.provider.close_session(step_call(row), creator, one.code));
    }
    auto changed = co_await change_session(doors_, row.installation, session.id, [&](SupportSession& now, ports::UnitOfWork& unit) -> Result<void> {
      const auto settings = settings_of(unit, now.installation, doors_.words).settings;
      if (!support::is_over(now.state)) {
        const auto event = now.state == SessionState::intended ? SessionEvent::cancelled : SessionEvent::closed;
        BELAY_CHECK(end_session(doors_, now, unit, event, audit_entry(doors_, now.installation, "session_closed"), settings.edit_when_ended));
      }
      if (now.closing_step == Step::pending) now.closing_step = Step::done;
      if (now.invitation_step == Step::pending) now.invitation_step = Step::none;
      return {};
    });
    if (!changed && changed.error().code != "not_found") co_return std::unexpected(changed.error());
  }
  co_return Result<void>{};
}

Task<Result<void>> Farewell::give_back(ports::OutboxRow row, ports::AccountLink link) {
  using Sessions = std::vector<SupportSession>;
  BELAY_CO_TRY(sessions, co_await doors_.storage.read<Sessions>([&](ports::UnitOfWork& unit) -> Result<Sessions> {
    return unit.sessions().unfinished_of(link.installation, link.account);
  }));
  if (!link.expired) {  // with a dead token there is nothing we could close or revoke
    auto closed = co_await close_all(row, sessions);
    if (!closed && closed.error().retryable) co_return closed;
    auto revoked = co_await doors_.provider.revoke(step_call(row), link.grant);
    if (!revoked && revoked.error().retryable) co_return revoked;
  } else {
    for (const auto& session : sessions) {
      auto changed = co_await change_session(doors_, row.installation, session.id, [&](SupportSession& now, ports::UnitOfWork& unit) -> Result<void> {
        if (support::is_over(now.state)) return {};
        const auto event = now.state == SessionState::intended ? SessionEvent::cancelled : SessionEvent::closed;
        return end_session(doors_, now, unit, event, audit_entry(doors_, now.installation, "session_closed"), true);
      });
      if (!changed && changed.error().code != "not_found") co_return std::unexpected(changed.error());
    }
  }
  co_return Result<void>{};
}

Task<StepResult> Farewell::end_link(ports::OutboxRow row) {
  using Found = std::optional<ports::AccountLink>;
  auto link = co_await doors_.storage.read<Found>([&](ports::UnitOfWork& unit) -> Result<Found> { return unit.links().find(row.installation, LinkId{row.subject}); });
  if (!link) co_return try_again(link.error());
  if (!*link) co_return Done{};
  if (!(*link)->ending_since) co_return Done{};  // linked again in the meantime
  auto given_back = co_await give_back(row, **link);
  if (!given_back && row.attempts + 1 < kMostTries) co_return try_again(given_back.error());
  auto erased = co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    unit.links().erase(row.installation, (*link)->id);
    unit.outbox().erase(row.installation, "account.poll", (*link)->account.value);
    auto entry = audit_entry(doors_, row.installation, "link_erased");
    entry.person = (*link)->account;
    unit.audit().append(entry);
    return {};
  });
  if (!erased) co_return try_again(erased.error());
  doors_.work.ring();
  co_return Done{};
}

Task<StepResult> Farewell::end_installation(ports::OutboxRow row) {
  struct Known { std::optional<ports::Installation> installation; std::vector<ports::AccountLink> links; std::vector<ports::ParkedGrant> parked; };
  auto known = co_await doors_.storage.read<Known>([&](ports::UnitOfWork& unit) -> Result<Known> {
    return Known{.installation = unit.installations().find(row.installation), .links = unit.links().all(row.installation), .parked = unit.links().all_parked(row.installation)};
  });
  if (!known) co_return try_again(known.error());
  if (!known->installation || !known->installation->leaving_since) co_return Done{};
  for (const auto& link : known->links) {
    auto given_back = co_await give_back(row, link);
    if (!given_back && row.attempts + 1 < kMostTries) co_return try_again(given_back.error());
  }
  // Their own rows of the outbox go with the installation.
  for (const auto& parked : known->parked) {
    auto revoked = co_await doors_.provider.revoke(step_call(row), parked.grant);
    if (!revoked && revoked.error().retryable && row.attempts + 1 < kMostTries) co_return try_again(revoked.error());
  }
  auto erased = co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    unit.installations().erase(row.installation);
    return {};
  });
  if (!erased) co_return try_again(erased.error());
  log::info("installation_erased", {{"installation", row.installation.value}});
  co_return Done{};
}

Task<StepResult> Farewell::end_issue(ports::OutboxRow row) {
  using Sessions = std::vector<SupportSession>;
  auto sessions = co_await doors_.storage.read<Sessions>([&](ports::UnitOfWork& unit) -> Result<Sessions> { return unit.sessions().of_issue(row.installation, IssueId{row.subject}); });
  if (!sessions) co_return try_again(sessions.error());
  std::erase_if(*sessions, [](const SupportSession& session) { return support::is_over(session.state) && session.closing_step != Step::pending; });
  auto closed = co_await close_all(row, *sessions);
  if (!closed && closed.error().retryable && row.attempts + 1 < kMostTries) co_return try_again(closed.error());
  auto erased = co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    unit.sessions().erase_of_issue(row.installation, IssueId{row.subject});
    return {};
  });
  if (!erased) co_return try_again(erased.error());
  co_return Done{};
}

Task<StepResult> Farewell::end_grant(ports::OutboxRow row) {
  using Found = std::optional<ports::ParkedGrant>;
  auto parked = co_await doors_.storage.read<Found>([&](ports::UnitOfWork& unit) -> Result<Found> { return unit.links().parked(row.subject); });
  if (!parked) co_return try_again(parked.error());
  if (!*parked) co_return Done{};  // fetched by the one who began
  if ((*parked)->expires_at > doors_.clock.now()) co_return LaterAt{(*parked)->expires_at};
  auto revoked = co_await doors_.provider.revoke(step_call(row), (*parked)->grant);
  if (!revoked && revoked.error().retryable && row.attempts + 1 < kMostTries) co_return try_again(revoked.error());
  auto erased = co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    [[maybe_unused]] const auto gone = unit.links().take_parked(row.subject);
    return {};
  });
  if (!erased) co_return try_again(erased.error());
  co_return Done{};
}

}  // namespace belay::desk
