#include "desk/farewell.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/log.hpp"
#include "desk/installation_settings.hpp"
#include "desk/session_change.hpp"

namespace belay::desk {
namespace {

using support::SessionEvent;
using support::SessionState;
using support::Step;
using support::SupportSession;

// Then what is ours goes all the same: a provider that never answers must not keep a person's data here.
constexpr Milliseconds kMostPatience{24 * 3'600'000};
constexpr int kMostTries = 290;   // the same, about, where nobody noted when it began: the worker's longest pause is five minutes
// A create that left before its session was ended may still arrive; its token is kept until then, to close what it made.
constexpr Milliseconds kUnderWay{60'000};
constexpr Milliseconds kEditsTake{2'000};
// An account that is connected again can close what it could not.
constexpr Milliseconds kUntilSomebodyConnects{300'000};
constexpr std::size_t kMostLooked = 1'000;

bool was_asked(const SupportSession& session) { return session.provider_asked && !session.made; }

// As far as is known here.
bool is_open_there(const SupportSession& session) { return session.made && session.closing_step != Step::done && session.closing_step != Step::none; }

// Until when a create of this session whose answer nobody saw may arrive: also one that was asked for a second time since, which a sweep looks after.
std::optional<Time> uncertain_until(ports::UnitOfWork& unit, const SupportSession& session) {
  std::optional<Time> until;
  if (was_asked(session) && session.ended_at) until = *session.ended_at + kUnderWay;
  if (const auto since = second_session_since(unit, session)) until = std::max(until.value_or(Time{}), *since + kUnderWay);
  return until;
}

// Of all sessions that live in this account; also those that are over, since a second effect may have come late.
std::vector<SupportSession> of_account(ports::UnitOfWork& unit, const ports::AccountLink& link) {
  auto sessions = unit.sessions().of_agent(link.installation, link.account, kMostLooked);
  for (auto& session : unit.sessions().unfinished_of(link.installation, link.account)) {
    if (std::ranges::find(sessions, session.id, &SupportSession::id) == sessions.end()) sessions.push_back(std::move(session));
  }
  std::erase_if(sessions, [&](const SupportSession& session) { return session.creator != link.account; });
  return sessions;
}

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

void begin_giving_back(const Doors& doors, ports::UnitOfWork& unit, ports::ParkedGrant parked) {
  [[maybe_unused]] const auto taken = unit.links().take_parked(parked.token_hash);
  parked.expires_at = doors.clock.now();
  unit.links().park(parked);
  unit.outbox().put(outbox_row(doors, parked.installation, "grant.expire", parked.token_hash));
}

// Here first: from then on no step asks for more outside.
Task<Result<std::vector<SupportSession>>> Farewell::end_here(ports::OutboxRow row, std::vector<SupportSession> sessions, bool edit_invitation) {
  std::vector<SupportSession> ended;
  for (const auto& session : sessions) {
    if (support::is_over(session.state)) {
      ended.push_back(session);
      continue;
    }
    auto changed = co_await change_session(doors_, row.installation, session.id, [&](SupportSession& now, ports::UnitOfWork& unit) -> Result<void> {
      if (support::is_over(now.state)) return {};
      const auto event = now.state == SessionState::intended ? SessionEvent::cancelled : SessionEvent::closed;
      const bool edit = edit_invitation && settings_of(unit, now.installation, doors_.words).settings.edit_when_ended;
      BELAY_CHECK(end_session(doors_, now, unit, event, audit_entry(doors_, now.installation, "session_closed"), edit));
      if (edit_invitation && was_asked(now)) begin_sweep(doors_, unit, now, kLateEffect);   // of its invitation, which may have left
      unit.outbox().erase(now.installation, "session.close", now.id.value);   // this very row closes it: twice would be once too often
      return {};
    });
    if (!changed && changed.error().code != "not_found") co_return std::unexpected(changed.error());
    if (changed) ended.push_back(std::move(*changed));
  }
  co_return ended;
}

// Whatever is open there and carries the id of one of these: those we know of, and those of tries whose answer was never seen.
Task<Result<void>> Farewell::close_there(ports::OutboxRow row, AccountId creator, std::vector<SupportSession> sessions) {
  const ports::LinkRef link{.installation = row.installation, .account = creator};
  std::set<SessionId> ours;
  for (const auto& session : sessions) ours.insert(session.id);
  BELAY_CO_TRY(open, co_await doors_.provider.open_sessions(step_call(row), link));
  std::optional<Error> trouble;
  for (const auto& one : open) {
    if (!one.ours || !ours.contains(*one.ours)) continue;
    auto closed = co_await doors_.provider.close_session(step_call(row), link, one.code);
    if (!closed && (!trouble || may_pass(closed.error()))) trouble = closed.error();   // one that will not go must not keep the others
  }
  if (trouble) co_return std::unexpected(*trouble);
  co_return Result<void>{};
}

// What the closing came to, and no step need look after it any more. True while the edit of an invitation, which says that its link is dead, was
// not tried yet.
Task<Result<bool>> Farewell::note_closing(ports::OutboxRow row, std::vector<SupportSession> sessions, std::optional<Error> failure) {
  std::vector<SessionId> to_edit;
  const auto look = [&](const SupportSession& session) {
    if (session.notice_step == Step::pending && session.closing_step == Step::done) to_edit.push_back(session.id);
  };
  for (const auto& session : sessions) {
    if (session.closing_step != Step::pending) {
      look(session);
      continue;
    }
    auto changed = co_await change_session(doors_, row.installation, session.id, [&](SupportSession& now, ports::UnitOfWork& unit) -> Result<void> {
      unit.outbox().erase(now.installation, "session.close", now.id.value);
      if (now.closing_step != Step::pending) return {};
      now.closing_step = failure ? Step::failed : Step::done;
      if (failure) now.last_error = failure;
      if (!failure && now.notice_step == Step::pending) begin_notice(doors_, unit, now, ports::trace_of(row));
      return {};
    });
    if (!changed && changed.error().code != "not_found") co_return std::unexpected(changed.error());
    if (changed) look(*changed);
  }
  co_return co_await doors_.storage.read<bool>([&](ports::UnitOfWork& unit) -> Result<bool> {
    return std::ranges::any_of(to_edit, [&](const SessionId& id) {
      const auto notice = unit.outbox().find(row.installation, "session.notice", id.value);
      return notice && notice->attempts == 0;
    });
  });
}

Task<Result<void>> Farewell::revoke(ports::OutboxRow row, LinkId id) {
  // As it stands now: the calls before may have renewed the tokens, and only the newest open anything.
  using Found = std::optional<ports::AccountLink>;
  BELAY_CO_TRY(link, co_await doors_.storage.read<Found>([&](ports::UnitOfWork& unit) -> Result<Found> { return unit.links().find(row.installation, id); }));
  if (!link) co_return Result<void>{};
  // Each is tried, whatever becomes of the other. One that was given back by an earlier try is dead, which is as good.
  Result<void> reports;
  if (link->reports && !link->reports->expired) reports = co_await doors_.provider.revoke(step_call(row), link->reports->grant);
  Result<void> base;
  if (!link->expired) base = co_await doors_.provider.revoke(step_call(row), link->grant);
  if (!reports && (base || may_pass(reports.error()))) co_return reports;
  co_return base;
}

Task<Result<void>> Farewell::erase(ports::AccountLink link) {
  co_return co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    unit.links().erase(link.installation, link.id);
    unit.invitations().erase_of_agent(link.installation, link.account, link.provider);
    unit.outbox().erase(link.installation, "account.poll", link.account.value);
    unit.outbox().erase(link.installation, "link.check", link.account.value);
    auto entry = audit_entry(doors_, link.installation, "link_erased");
    entry.person = link.account;
    unit.audit().append(entry);
    return {};
  });
}

Task<Result<std::optional<Time>>> Farewell::uncertain_until(std::vector<SupportSession> sessions) {
  using Until = std::optional<Time>;
  const auto now = doors_.clock.now();
  co_return co_await doors_.storage.read<Until>([&](ports::UnitOfWork& unit) -> Result<Until> {
    Until until;
    for (const auto& session : sessions) {
      if (const auto end = desk::uncertain_until(unit, session); end && *end > now) until = std::max(until.value_or(*end), *end);
    }
    return until;
  });
}

Task<StepResult> Farewell::give_back(ports::OutboxRow row, ports::AccountLink link, Time since, Leaving leaving) {
  using Sessions = std::vector<SupportSession>;
  auto found = co_await doors_.storage.read<Sessions>([&](ports::UnitOfWork& unit) -> Result<Sessions> { return of_account(unit, link); });
  if (!found) co_return try_again(found.error());
  auto ended = co_await end_here(row, std::move(*found), true);
  if (!ended) co_return try_again(ended.error());

  const auto now = doors_.clock.now();
  const bool out_of_patience = now - since >= kMostPatience;
  const json::object provider{{"provider", doors_.provider.display_name()}};
  std::optional<Error> failure;   // why sessions could not be closed there
  if (link.expired) {
    failure = Error{.code = "link_expired", .cause = "nothing can be closed with it", .detail = provider, .retryable = false, .retry_after = {}};
  } else {
    const auto until = co_await uncertain_until(*ended);
    if (!until) co_return try_again(until.error());
    auto closed = co_await close_there(row, link.account, *ended);
    if (!closed && may_pass(closed.error()) && !out_of_patience) co_return try_again(closed.error());
    if (!closed) failure = closed.error();
    if (closed && *until) co_return LaterAt{**until};
  }
  auto edits_follow = co_await note_closing(row, *ended, failure);
  if (!edits_follow) co_return try_again(edits_follow.error());
  if (*edits_follow) doors_.work.ring();
  // With the installation goes what the edits are made with, and what they are about.
  if (*edits_follow && leaving == Leaving::installation && now - since < kUnderWay) co_return LaterAt{now + kEditsTake};
  auto revoked = co_await revoke(row, link.id);
  if (!revoked && may_pass(revoked.error()) && !out_of_patience) co_return try_again(revoked.error());
  if (!revoked) log::warning("grant_not_given_back", log::fields_of(revoked.error(), {{"installation", row.installation.value}}));
  if (auto erased = co_await erase(link); !erased) co_return try_again(erased.error());
  doors_.work.ring();
  co_return Done{};
}

Task<StepResult> Farewell::end_link(ports::OutboxRow row) {
  using Found = std::optional<ports::AccountLink>;
  auto link = co_await doors_.storage.read<Found>([&](ports::UnitOfWork& unit) -> Result<Found> { return unit.links().find(row.installation, LinkId{row.subject}); });
  if (!link) co_return try_again(link.error());
  if (!*link || !(*link)->ending_since) co_return Done{};
  const auto since = *(*link)->ending_since;
  co_return co_await give_back(std::move(row), std::move(**link), since, Leaving::link);
}

Task<StepResult> Farewell::end_installation(ports::OutboxRow row) {
  struct Known { std::optional<ports::Installation> installation; std::vector<ports::AccountLink> links; std::vector<ports::ParkedGrant> parked; };
  auto known = co_await doors_.storage.read<Known>([&](ports::UnitOfWork& unit) -> Result<Known> {
    return Known{.installation = unit.installations().find(row.installation), .links = unit.links().all(row.installation), .parked = unit.links().all_parked(row.installation)};
  });
  if (!known) co_return try_again(known.error());
  if (!known->installation || !known->installation->leaving_since) co_return Done{};
  // One account that cannot be reached does not keep the others.
  std::optional<StepResult> rest;
  for (const auto& link : known->links) {
    auto result = co_await give_back(row, link, *known->installation->leaving_since, Leaving::installation);
    if (std::holds_alternative<TryAgain>(result) || (std::holds_alternative<LaterAt>(result) && !rest)) rest = std::move(result);
  }
  const bool out_of_patience = doors_.clock.now() - *known->installation->leaving_since >= kMostPatience;
  for (const auto& parked : known->parked) {
    auto revoked = co_await doors_.provider.revoke(step_call(row), parked.grant);
    if (!revoked && may_pass(revoked.error()) && !out_of_patience) {
      rest = TryAgain{revoked.error()};
      continue;
    }
    auto forgotten = co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
      [[maybe_unused]] const auto gone = unit.links().take_parked(parked.token_hash);
      return {};
    });
    if (!forgotten) co_return try_again(forgotten.error());
  }
  if (rest) co_return std::move(*rest);
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
  auto ended = co_await end_here(row, std::move(*sessions), false);   // the issue is gone, and the invitation with it
  if (!ended) co_return try_again(ended.error());

  std::map<AccountId, Sessions> by_creator;
  for (const auto& session : *ended) by_creator[session.creator].push_back(session);
  const auto until = co_await uncertain_until(*ended);
  if (!until) co_return try_again(until.error());
  std::optional<Error> trouble;
  bool may_still_be_joined = false;   // and what was forgotten nobody could close
  for (const auto& [creator, theirs] : by_creator) {
    auto closed = co_await close_there(row, creator, theirs);
    if (!closed && (!trouble || may_pass(closed.error()))) trouble = closed.error();
    for (const auto& session : theirs) {
      if (!is_open_there(session) || session.valid_until <= doors_.clock.now()) continue;
      const auto elsewhere = co_await lives_elsewhere(doors_, session);   // where the account that was asked now knows nothing of it
      if (!elsewhere) co_return try_again(elsewhere.error());
      may_still_be_joined = may_still_be_joined || !closed || *elsewhere;
    }
  }
  if (trouble && may_pass(*trouble) && row.attempts + 1 < kMostTries) co_return try_again(*trouble);
  if (may_still_be_joined) co_return LaterAt{doors_.clock.now() + kUntilSomebodyConnects};
  if (*until) co_return LaterAt{**until};   // whatever else cannot be closed: this may still be made
  auto erased = co_await doors_.storage.write<bool>([&](ports::UnitOfWork& unit) -> Result<bool> {
    const auto present = unit.sessions().of_issue(row.installation, IssueId{row.subject});
    if (std::ranges::any_of(present, [](const SupportSession& session) { return !support::is_over(session.state); })) return false;   // asked for meanwhile
    unit.sessions().erase_of_issue(row.installation, IssueId{row.subject});
    unit.rosters().erase(row.installation, IssueId{row.subject});
    unit.asks().erase_of_issue(row.installation, IssueId{row.subject});
    return true;
  });
  if (!erased) co_return try_again(erased.error());
  if (!*erased) co_return LaterAt{doors_.clock.now()};
  co_return Done{};
}

Task<StepResult> Farewell::end_grant(ports::OutboxRow row) {
  using Found = std::optional<ports::ParkedGrant>;
  auto parked = co_await doors_.storage.read<Found>([&](ports::UnitOfWork& unit) -> Result<Found> { return unit.links().parked(row.subject); });
  if (!parked) co_return try_again(parked.error());
  if (!*parked) co_return Done{};  // fetched by the one who began
  if ((*parked)->expires_at > doors_.clock.now()) co_return LaterAt{(*parked)->expires_at};
  auto revoked = co_await doors_.provider.revoke(step_call(row), (*parked)->grant);
  if (!revoked && may_pass(revoked.error()) && row.attempts + 1 < kMostTries) co_return try_again(revoked.error());
  auto erased = co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    [[maybe_unused]] const auto gone = unit.links().take_parked(row.subject);
    return {};
  });
  if (!erased) co_return try_again(erased.error());
  co_return Done{};
}

}  // namespace belay::desk
