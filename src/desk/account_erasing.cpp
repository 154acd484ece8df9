#include "desk/account_erasing.hpp"

#include <algorithm>
#include <array>

#include "base/log.hpp"
#include "desk/farewell.hpp"
#include "desk/installation_settings.hpp"
#include "desk/session_change.hpp"
#include "support/erasure.hpp"

namespace belay::desk {
namespace {

using support::SessionEvent;
using support::SessionState;
using support::SupportSession;

constexpr const char* kErase = "account.erase";
constexpr const char* kWish = "wish";

constexpr Milliseconds kLookAgain{1'000};          // while the link is given back
constexpr Milliseconds kLookAgainLater{30'000};    // while something of a session has to happen outside
// Then what is ours goes all the same. What waits that long fails, and an invitation that does not say that its link is dead is no person's data.
constexpr Milliseconds kMostPatience{3'600'000};
constexpr std::size_t kInOneBatch = 100;
constexpr int kBatchesOfAStep = 20;

// What would still be written about, or in the name of, whoever is erased. Looks at the provider's records need their link, and end without it.
constexpr std::array<const char*, 6> kWaitedFor{"session.provision", "session.invite", "session.close", "session.notice", "session.report_back", "session.worklog"};
constexpr std::array<const char*, 9> kOfASession{"session.provision", "session.invite", "session.close", "session.notice", "session.report_back", "session.worklog", "session.report", "session.sweep", "session.waiting"};

bool is_waited_for(ports::UnitOfWork& unit, const SupportSession& session) {
  return std::ranges::any_of(kWaitedFor, [&](const char* kind) {
    const auto row = unit.outbox().find(session.installation, kind, session.id.value);
    return row && !row->set_aside_at;
  });
}

// Its link is gone, so nobody can go on with it. As when the link ended; what cannot be closed at the provider any more is told of as always.
Result<void> end_forsaken(const Doors& doors, ports::UnitOfWork& unit, SupportSession& session) {
  const auto event = session.state == SessionState::intended ? SessionEvent::cancelled : SessionEvent::closed;
  const bool edit = settings_of(unit, session.installation, doors.words).settings.edit_when_ended;
  BELAY_CHECK(end_session(doors, session, unit, event, audit_entry(doors, session.installation, "session_closed"), edit));
  if (!unit.sessions().update(session)) return fail_for_now("storage_unavailable", "somebody was faster");
  return {};
}

struct SessionsBatch {
  std::int64_t taken = 0;
  bool waiting = false;        ///< some have something to do outside first
  bool more = false;
  SessionId last;
};

Result<SessionsBatch> take_out_of_sessions(const Doors& doors, ports::UnitOfWork& unit, const ports::Erasure& erasure, const SessionId& after) {
  const AccountId account{erasure.subject};
  const bool out_of_patience = doors.clock.now() - erasure.began_at >= kMostPatience;
  const auto found = unit.sessions().naming(erasure.installation, account, after, kInOneBatch);
  SessionsBatch batch{.taken = 0, .waiting = false, .more = found.size() == kInOneBatch, .last = found.empty() ? after : found.back().id};
  for (auto session : found) {
    if (!support::names(session, account)) continue;
    const bool is_forsaken = session.creator == account && !support::is_over(session.state);
    if (is_forsaken) BELAY_CHECK(end_forsaken(doors, unit, session));
    if (!out_of_patience && (is_forsaken || is_waited_for(unit, session))) {
      batch.waiting = true;
      continue;
    }
    if (support::is_over(session.state) && !support::is_anothers_too(session, account)) {
      for (const auto* kind : kOfASession) unit.outbox().erase(session.installation, kind, session.id.value);
      unit.sessions().erase(session.installation, session.id);
      unit.outbox().put(outbox_row(doors, session.installation, "issue.property", session.issue.value));   // it counted there
    } else {
      support::take_out(session, account);
      if (!unit.sessions().update(session)) return fail_for_now("storage_unavailable", "somebody was faster");
    }
    ++batch.taken;
  }
  return batch;
}

void forget_default_supporter(const Doors& doors, ports::UnitOfWork& unit, const InstallationId& installation, const AccountId& account) {
  auto now = settings_of(unit, installation, doors.words);
  if (now.settings.default_supporter != account) return;
  now.settings.default_supporter = {};
  [[maybe_unused]] const bool kept = unit.settings().put(installation, support::to_json(now.settings), now.version);   // read in this very transaction
}

// The last of it: afterwards nothing here has the id.
void end(const Doors& doors, ports::UnitOfWork& unit, const ports::Erasure& erasure, std::string wish) {
  const AccountId account{erasure.subject};
  forget_default_supporter(doors, unit, erasure.installation, account);
  unit.kept().note_erased(erasure.installation, as_listed(doors, erasure.installation, account));
  unit.kept().erase_traces_of(erasure.installation, account);
  unit.kept().forget_erasure(erasure.installation, erasure.subject);
  auto entry = audit_entry(doors, erasure.installation, "account_erased");
  entry.detail = {{kWish, std::move(wish)}, {"sessions", erasure.erased.sessions}, {"entries", erasure.erased.entries}, {"others", erasure.erased.others}};
  unit.audit().append(entry);
}

struct Progress {
  bool waiting = false;
  bool more = false;
  SessionId last;
};

// One batch of everything, with what it has come to.
Result<Progress> erase_batch(const Doors& doors, ports::UnitOfWork& unit, const ports::OutboxRow& row, const SessionId& after, bool waited) {
  auto erasure = unit.kept().erasure(row.installation, row.subject);
  if (!erasure) return Progress{};
  const AccountId account{row.subject};
  BELAY_TRY(sessions, take_out_of_sessions(doors, unit, *erasure, after));
  const auto entries = unit.audit().take_out(row.installation, account, kInOneBatch);
  const auto others = unit.kept().erase_rows_of(row.installation, account, kInOneBatch);
  erasure->erased += {.sessions = sessions.taken, .entries = static_cast<std::int64_t>(entries), .others = static_cast<std::int64_t>(others)};
  erasure->to_erase = std::max(erasure->to_erase, erasure->erased.total());
  const Progress progress{.waiting = waited || sessions.waiting, .more = sessions.more || entries > 0 || others > 0, .last = sessions.last};
  if (progress.more || progress.waiting) unit.kept().put(*erasure);
  else end(doors, unit, *erasure, json::string_at(row.payload, kWish).value_or(std::string(to_string(EraseWish::admin))));
  return progress;
}

}  // namespace

ports::KeptStore::Listed as_listed(const Doors& doors, const InstallationId& installation, const AccountId& account) {
  return {.account = account, .hash = doors.digests.sha256_hex(installation.value + ' ' + account.value)};
}

std::string_view to_string(EraseWish wish) { return wish == EraseWish::admin ? "asked" : "closed"; }

void begin_erasing(const Doors& doors, ports::UnitOfWork& unit, const InstallationId& installation, const AccountId& account, EraseWish wish, const std::string& trace_id) {
  if (!unit.kept().erasure(installation, account.value)) {
    ports::Erasure erasure;
    erasure.installation = installation;
    erasure.subject = account.value;
    erasure.began_at = doors.clock.now();
    erasure.to_erase = unit.kept().of_account(installation, account).total();
    unit.kept().put(erasure);
  }
  auto row = outbox_row(doors, installation, kErase, account.value, trace_id);
  row.payload[kWish] = to_string(wish);
  unit.outbox().put(row);
}

// At the provider first, with the link that is still there. True: nothing of theirs is left there that we know of.
Task<Result<bool>> AccountErasing::give_back(ports::OutboxRow row, AccountId account) {
  co_return co_await doors_.storage.write<bool>([&](ports::UnitOfWork& unit) -> Result<bool> {
    bool left = false;
    for (auto& link : unit.links().all(row.installation)) {
      if (link.account != account) continue;
      left = true;
      if (!link.ending_since) begin_ending(doors_, unit, link, audit_entry(doors_, row.installation, "link_ended_by_erase"));
    }
    for (auto& parked : unit.links().all_parked(row.installation)) {
      if (parked.account != account) continue;
      left = true;
      if (parked.expires_at > doors_.clock.now()) begin_giving_back(doors_, unit, parked);
    }
    return !left;
  });
}

Task<StepResult> AccountErasing::erase(ports::OutboxRow row) {
  auto known = co_await doors_.storage.read<bool>([&](ports::UnitOfWork& unit) -> Result<bool> {
    const auto installation = unit.installations().find(row.installation);
    return installation && !installation->leaving_since && unit.kept().erasure(row.installation, row.subject);
  });
  if (!known) co_return try_again(known.error());
  if (!*known) co_return Done{};
  auto given_back = co_await give_back(row, AccountId{row.subject});
  if (!given_back) co_return try_again(given_back.error());
  if (!*given_back) {
    doors_.work.ring();
    co_return LaterAt{doors_.clock.now() + kLookAgain};
  }
  Progress progress;
  for (int batch = 0; batch < kBatchesOfAStep; ++batch) {
    auto did = co_await doors_.storage.write<Progress>([&](ports::UnitOfWork& unit) { return erase_batch(doors_, unit, row, progress.last, progress.waiting); });
    if (!did) co_return try_again(did.error());
    progress = std::move(*did);
    if (!progress.more) break;
  }
  if (progress.more) co_return LaterAt{doors_.clock.now()};
  if (progress.waiting) co_return LaterAt{doors_.clock.now() + kLookAgainLater};
  admission_.forget(row.installation);   // what is remembered of them
  log::info("account_erased", {{"installation", row.installation.value}});
  co_return Done{};
}

Task<StepResult> AccountErasing::refresh(ports::OutboxRow row) {
  const AccountId account{row.subject};
  const auto asked_at = doors_.clock.now();
  auto person = co_await doors_.users.user(step_call(row), account);
  if (!person && person.error().code == "not_found") {
    auto begun = co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
      begin_erasing(doors_, unit, row.installation, account, EraseWish::atlassian);
      return {};
    });
    if (!begun) co_return try_again(begun.error());
    doors_.work.ring();
    co_return Done{};
  }
  if (!person && !may_pass(person.error())) co_return GiveUp{person.error()};
  if (!person) co_return TryAgain{person.error()};
  for (Progress progress{.waiting = false, .more = true, .last = {}}; progress.more;) {
    auto did = co_await doors_.storage.write<Progress>([&](ports::UnitOfWork& unit) -> Result<Progress> {
      const auto found = unit.sessions().naming(row.installation, account, progress.last, kInOneBatch);
      for (auto session : found) {
        if (support::rename(session, account, person->name) && !unit.sessions().update(session)) return fail_for_now("storage_unavailable", "somebody was faster");
      }
      if (found.size() == kInOneBatch) return Progress{.waiting = false, .more = true, .last = found.back().id};
      unit.kept().rename(row.installation, account, person->name);
      unit.kept().note_fetched(row.installation, account, asked_at);
      return Progress{};
    });
    if (!did) co_return try_again(did.error());
    progress = std::move(*did);
  }
  admission_.forget(row.installation);
  co_return Done{};
}

}  // namespace belay::desk
