#include "desk/polling.hpp"

#include <algorithm>

#include "desk/installation_settings.hpp"
#include "desk/session_change.hpp"

namespace belay::desk {
namespace {

using support::SessionEvent;
using support::SupportSession;

constexpr Milliseconds kNearPace{10'000};
constexpr Milliseconds kFarPace{60'000};
constexpr Milliseconds kSlowestPace{300'000};
// A visible panel asks every eight seconds; one that has not asked for this long is closed or hidden.
constexpr Milliseconds kWatchLife{25'000};
constexpr int kQuietLooksBeforeBackingOff = 10;
constexpr Milliseconds kPaceWithoutAnswer{30'000};
// How long a session that was running may go on unseen once its account's link is dead and nobody new can join it.
constexpr Milliseconds kMostUnseen{24 * 3'600'000};
constexpr std::size_t kMostWatched = 10'000;

// Seen within the last moments. A clock that was set back does not make it last.
bool is_watched(Time seen, Time now) { return seen <= now && now - seen < kWatchLife; }

bool is_dead(const Error& failure) { return failure.code == "link_expired" || failure.code == "not_linked"; }

// The refusal is about this one session; the others of the account can be followed.
bool is_about_one(const Error& failure) { return failure.code == "provider_refused" || failure.code == "provider_permission"; }

}  // namespace

bool Polling::watch(const InstallationId& installation, const AccountId& creator) {
  const auto now = doors_.clock.now();
  auto& seen = watched_at_[{installation, creator}];
  const bool was_watched = is_watched(seen, now);
  seen = now;
  // Where another instance carries out the polling, nothing else forgets them.
  if (watched_at_.size() > kMostWatched) std::erase_if(watched_at_, [now](const auto& entry) { return !is_watched(entry.second, now); });
  return !was_watched;
}

Task<Result<void>> Polling::hasten(InstallationId installation, AccountId creator) {
  auto done = co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    auto& outbox = unit.outbox();
    const auto row = outbox.find(installation, "account.poll", creator.value);
    // Somebody looks at live sessions: a row that is missing, or that was set aside, is made anew.
    if (!row || row->set_aside_at) outbox.put(outbox_row(doors_, installation, "account.poll", creator.value));
    else outbox.hasten(installation, "account.poll", creator.value, doors_.clock.now());
    return {};
  });
  if (done) doors_.work.ring();
  co_return done;
}

void Polling::note_failure(const Followed& who, const std::optional<Error>& failure) {
  const auto known = failures_.find(who);
  const bool same = known == failures_.end() ? !failure : failure && known->second.code == failure->code;
  if (same) return;
  if (failure) failures_.insert_or_assign(who, *failure);
  else failures_.erase(who);
  doors_.changes.note(who.first);
}

std::optional<Error> Polling::failure_of(const InstallationId& installation, const AccountId& creator) const {
  const auto known = failures_.find({installation, creator});
  return known == failures_.end() ? std::nullopt : std::optional(known->second);
}

Time Polling::next_look(const ports::OutboxRow& row, bool somebody_there, std::optional<Time> earliest_end) const {
  const auto now = doors_.clock.now();
  const std::pair key{row.installation, AccountId{row.subject}};
  const auto seen = watched_at_.find(key);
  const bool watched = seen != watched_at_.end() && is_watched(seen->second, now);
  auto pace = watched || somebody_there ? kNearPace : kFarPace;
  if (const auto quiet = quiet_looks_.find(key); pace == kFarPace && quiet != quiet_looks_.end()) {
    for (int beyond = quiet->second - kQuietLooksBeforeBackingOff; beyond > 0 && pace < kSlowestPace; --beyond) pace *= 2;
  }
  pace = std::min(pace, kSlowestPace);
  // Accounts that began together should not be asked together.
  const auto byte = static_cast<unsigned char>(doors_.random.bytes(1).front());
  auto next = now + pace - Milliseconds{pace.count() * byte / 2550};
  if (earliest_end) next = std::min(next, std::max(*earliest_end, now + Milliseconds{1'000}));
  return next;
}

Task<Result<bool>> Polling::follow(ports::OutboxRow row, SupportSession session, std::vector<ports::ProviderSession> open) {
  const auto found = std::ranges::find_if(open, [&](const ports::ProviderSession& one) { return one.code == session.made->code; });
  std::optional<ports::ProviderSession> there;
  if (found != open.end()) there = *found;
  if (!there || !there->online) {
    // Not in the list of open ones, or the list did not say: one look at the session itself.
    auto single = co_await doors_.provider.session(step_call(row), {.installation = session.installation, .account = session.creator}, session.made->code);
    if (!single && single.error().code != "not_found") co_return std::unexpected(single.error());
    if (single) there = *single; else there.reset();
  }
  const bool closed_there = !there || !there->open;
  const bool online = there && there->online.value_or(false);
  const bool as_known = (session.state == support::SessionState::open) != online;
  const bool may_go_on = online || doors_.clock.now() < session.valid_until;
  if (!closed_there && as_known && may_go_on) co_return online;

  auto changed = co_await change_session(doors_, row.installation, session.id, [&](SupportSession& now, ports::UnitOfWork& unit) -> Result<void> {
    if (!support::is_live(now.state)) return {};
    const auto settings = settings_of(unit, now.installation, doors_.words).settings;
    const auto end = [&](SessionEvent event, const char* action) { return end_session(doors_, now, unit, event, audit_entry(doors_, now.installation, action), settings.edit_when_ended); };
    if (closed_there) return end(SessionEvent::closed, "session_closed_at_provider");
    if (!online && doors_.clock.now() >= now.valid_until) return end(SessionEvent::validity_passed, "session_expired");
    if (online && now.state == support::SessionState::open) {
      BELAY_CHECK(support::apply(now, SessionEvent::customer_came, doors_.clock.now()));
      if (settings.tell_of_waiting && !now.waiting_told) unit.outbox().put(outbox_row(doors_, now.installation, "session.waiting", now.id.value));
      return end_replaced(doors_, unit, now, settings.edit_when_ended);
    }
    if (!online && now.state != support::SessionState::open) {
      BELAY_CHECK(support::apply(now, SessionEvent::customer_left, doors_.clock.now()));
      // Its replacement was joined while somebody was still here; now nobody is.
      if (was_joined_elsewhere(unit, now)) return end(SessionEvent::closed, "replaced_session_closed");
    }
    return {};
  });
  if (!changed) co_return std::unexpected(changed.error());
  co_return online;
}

// With a dead link nothing is seen any more: what nobody can join any longer is over.
Task<Result<void>> Polling::let_expire(ports::OutboxRow row, std::vector<SupportSession> sessions) {
  const auto present = doors_.clock.now();
  const auto is_due = [present](const SupportSession& session) {
    return present >= session.valid_until + (session.state == support::SessionState::open ? Milliseconds{0} : kMostUnseen);
  };
  for (const auto& session : sessions) {
    if (!is_due(session)) continue;
    auto changed = co_await change_session(doors_, row.installation, session.id, [&](SupportSession& now, ports::UnitOfWork& unit) -> Result<void> {
      if (!support::is_live(now.state) || !is_due(now)) return {};
      const auto settings = settings_of(unit, now.installation, doors_.words).settings;
      return end_session(doors_, now, unit, SessionEvent::validity_passed, audit_entry(doors_, now.installation, "session_expired"), settings.edit_when_ended);
    });
    if (!changed) co_return std::unexpected(changed.error());
  }
  co_return Result<void>{};
}

Task<StepResult> Polling::poll(ports::OutboxRow row) {
  const AccountId creator{row.subject};
  using Sessions = std::vector<SupportSession>;
  auto unfinished = co_await doors_.storage.read<Sessions>([&](ports::UnitOfWork& unit) -> Result<Sessions> { return unit.sessions().unfinished_of(row.installation, creator); });
  if (!unfinished) co_return try_again(unfinished.error());
  std::erase_if(*unfinished, [](const SupportSession& session) { return !support::is_live(session.state) || !session.made; });
  const std::pair key{row.installation, creator};
  if (unfinished->empty()) {
    quiet_looks_.erase(key);
    watched_at_.erase(key);
    note_failure(key, std::nullopt);
    co_return Done{};
  }

  std::optional<Error> failure;
  bool somebody_there = false;
  std::optional<Time> earliest_end;
  auto open = co_await doors_.provider.open_sessions(step_call(row), {.installation = row.installation, .account = creator});
  if (!open) failure = open.error();
  for (const auto& session : *unfinished) {
    if (!open || (failure && !is_about_one(*failure))) break;
    auto online = co_await follow(row, session, *open);
    if (!online) {
      failure = online.error();
      continue;
    }
    somebody_there = somebody_there || *online;
    if (!*online && (!earliest_end || session.valid_until < *earliest_end)) earliest_end = session.valid_until;
  }
  if (failure && is_dead(*failure)) {
    if (auto expired = co_await let_expire(row, *unfinished); !expired) co_return try_again(expired.error());
  }
  doors_.work.ring();
  note_failure(key, failure);
  if (failure && !is_about_one(*failure)) {
    // Never set aside: as long as there are open sessions somebody may come.
    if (!failure->retry_after && !failure->retryable) failure->retry_after = kSlowestPace;
    if (!failure->retry_after) failure->retry_after = kPaceWithoutAnswer;
    co_return TryAgain{*failure};
  }
  auto& quiet = quiet_looks_[key];
  quiet = somebody_there ? 0 : quiet + 1;
  co_return LaterAt{next_look(row, somebody_there, earliest_end)};
}

}  // namespace belay::desk
