#include "desk/polling.hpp"

#include <algorithm>
#include <chrono>

#include "base/log.hpp"
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
// Who was invited a moment ago is likely to come.
constexpr Milliseconds kFresh{600'000};
constexpr Milliseconds kPaceWithoutAnswer{30'000};
// How long a session that was running may go on unseen once its account's link is dead and nobody new can join it.
constexpr Milliseconds kMostUnseen{24 * 3'600'000};
constexpr std::size_t kMostWatched = 10'000;
// A page asks every eight seconds: with this, what happened is on each of several within ten.
constexpr Milliseconds kLeastApart{2'000};
constexpr Milliseconds kMinute{60'000};
// Of the calls that a minute has for one function, so many go to looks that pages bring.
constexpr double kForPages = 0.75;

// Within the last moments. A clock that was set back does not make it last.
bool is_within(Time at, Time now, Milliseconds life) { return at <= now && now - at < life; }
bool is_watched(Time seen, Time now) { return is_within(seen, now, kWatchLife); }

bool is_dead(const Error& failure) { return failure.code == "link_expired" || failure.code == "not_linked"; }

std::optional<ports::ProviderSession> in_list(const std::vector<ports::ProviderSession>& open, const SupportSession& session) {
  const auto found = std::ranges::find(open, session.made->code, &ports::ProviderSession::code);
  return found == open.end() ? std::nullopt : std::optional(*found);
}

// Not in the list of open ones, or the list did not say: one look at the session itself.
bool tells_all(const std::optional<ports::ProviderSession>& listed) { return listed && listed->online; }

// The refusal is about this one session; the others of the account can be followed.
bool is_about_one(const Error& failure) { return failure.code == "provider_refused" || failure.code == "provider_permission"; }
bool is_for_good(const Error& failure) { return !failure.retryable && !failure.retry_after; }

}  // namespace

/// From its beginning to its end, however it ends: whoever waits for it waits no longer.
class Polling::Look final {
 public:
  Look(Polling& polling, Followed who) : polling_(polling), who_(std::move(who)) {
    auto& one = polling_.account(who_);
    one.looked_at = polling_.doors_.clock.now();
    one.is_looked_at = true;
    one.is_brought = false;
  }
  ~Look() {
    if (const auto one = polling_.accounts_.find(who_); one != polling_.accounts_.end()) {
      one->second.is_looked_at = false;
      ++one->second.looks;
    }
    polling_.look_ended_.ring();
  }
  Look(const Look&) = delete;
  Look& operator=(const Look&) = delete;

 private:
  Polling& polling_;
  Followed who_;
};

bool Polling::watch(const InstallationId& installation, const AccountId& creator) {
  const auto now = doors_.clock.now();
  auto& seen = account({installation, creator}).watched_at;
  const bool was_watched = is_watched(seen, now);
  seen = now;
  return !was_watched;
}

Polling::Account& Polling::account(const Followed& who) {
  const auto now = doors_.clock.now();
  // Where another instance carries out the polling, nothing else forgets them.
  if (accounts_.size() > kMostWatched && !is_within(tidied_at_, now, kMinute)) {
    tidied_at_ = now;
    std::erase_if(accounts_, [now](const auto& entry) { return !is_watched(entry.second.watched_at, now) && entry.second.quiet_looks == 0 && !entry.second.failure && !entry.second.is_looked_at; });
  }
  return accounts_.try_emplace(who).first->second;
}

Task<Result<void>> Polling::hasten_all(InstallationId installation, std::vector<AccountId> creators) {
  auto done = co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    auto& outbox = unit.outbox();
    for (const auto& creator : creators) {
      const auto row = outbox.find(installation, "account.poll", creator.value);
      // Somebody looks at live sessions: a row that is missing, or that was set aside, is made anew.
      if (!row || row->set_aside_at) outbox.put(outbox_row(doors_, installation, "account.poll", creator.value));
      else outbox.hasten(installation, "account.poll", creator.value, doors_.clock.now());
    }
    return {};
  });
  if (done) doors_.work.ring();
  co_return done;
}

Task<Result<void>> Polling::hasten(InstallationId installation, AccountId creator) { co_return co_await hasten_all(std::move(installation), {std::move(creator)}); }

Task<void> Polling::look_now(InstallationId installation, std::vector<AccountId> creators, Milliseconds patience) {
  const auto now = doors_.clock.now();
  std::vector<std::pair<Followed, std::uint64_t>> awaited;
  std::erase_if(creators, [&](const AccountId& creator) {
    const Followed who{installation, creator};
    auto& one = account(who);
    one.watched_at = now;
    const auto apart = std::max(kLeastApart, one.apart);   // none is known where no look has ended here
    // Of pages that ask at once each would bring one of its own, if only a look that has begun counted. Another instance may carry it out: then it never begins here.
    const bool brought_lately = is_within(one.brought_at, now, apart);
    const bool brings = !one.is_looked_at && !brought_lately && !is_within(one.looked_at, now, apart) && !(one.failure && now < one.rests_until);
    if (brings) {
      one.brought_at = now;
      one.is_brought = true;
    }
    if (brings || one.is_looked_at || (one.is_brought && brought_lately)) awaited.emplace_back(who, one.looks);
    return !brings;
  });
  const auto end = std::chrono::steady_clock::now() + patience;
  if (!creators.empty()) {
    if (auto hastened = co_await hasten_all(installation, creators); !hastened) {
      log::warning("poll_not_hastened", log::fields_of(hastened.error()));
      for (const auto& creator : creators) account({installation, creator}).brought_at = Time{};
      co_return;
    }
  }
  const auto is_under_way = [this](const auto& one) {
    const auto found = accounts_.find(one.first);
    return found != accounts_.end() && found->second.looks == one.second;
  };
  while (std::ranges::any_of(awaited, is_under_way)) {
    const auto left = std::chrono::duration_cast<Milliseconds>(end - std::chrono::steady_clock::now());
    if (left <= Milliseconds{0} || !co_await look_ended_.wait(left)) co_return;
  }
}

void Polling::note_failure(const Followed& who, const std::optional<Error>& failure) {
  auto& known = account(who).failure;
  const bool same = known ? failure && known->code == failure->code : !failure;
  if (same) return;
  known = failure;
  doors_.changes.note(who.first);
}

std::optional<Error> Polling::failure_of(const InstallationId& installation, const AccountId& creator) const {
  const auto known = accounts_.find({installation, creator});
  return known == accounts_.end() ? std::nullopt : known->second.failure;
}

void Polling::note_look(const Followed& who, std::size_t asked_alone, const std::optional<Error>& failure) {
  note_failure(who, failure);
  auto& one = account(who);
  // The list is another function than a look at one.
  const auto calls = std::max<std::size_t>(asked_alone, 1);
  const Milliseconds needed{static_cast<std::int64_t>(static_cast<double>(kMinute.count() * static_cast<std::int64_t>(calls)) / (kForPages * static_cast<double>(doors_.house.calls_per_minute)))};
  one.apart = std::max(kLeastApart, needed);
  one.rests_until = failure && failure->retry_after ? doors_.clock.now() + *failure->retry_after : Time{};
}

Time Polling::next_look(const ports::OutboxRow& row, bool somebody_there, std::optional<Time> earliest_end) const {
  const auto now = doors_.clock.now();
  const auto& one = accounts_.at({row.installation, AccountId{row.subject}});
  auto pace = is_watched(one.watched_at, now) || somebody_there ? kNearPace : kFarPace;
  if (pace == kFarPace) {
    for (int beyond = one.quiet_looks - kQuietLooksBeforeBackingOff; beyond > 0 && pace < kSlowestPace; --beyond) pace *= 2;
  }
  // Where the list leaves open who is there, each session costs a call: the account's minute has only so many.
  pace = std::max(std::min(pace, kSlowestPace), one.apart);
  // Accounts that began together should not be asked together.
  const auto byte = static_cast<unsigned char>(doors_.random.bytes(1).front());
  auto next = now + pace - Milliseconds{pace.count() * byte / 2550};
  if (earliest_end) next = std::min(next, std::max(*earliest_end, now + Milliseconds{1'000}));
  return next;
}

Task<Result<bool>> Polling::follow(ports::OutboxRow row, SupportSession session, std::optional<ports::ProviderSession> listed) {
  auto there = std::move(listed);
  if (!tells_all(there)) {
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
      if (settings.tell_of_waiting && (!now.waiting_told || is_maybe_told(unit, now))) unit.outbox().put(outbox_row(doors_, now.installation, "session.waiting", now.id.value));
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

// With a dead link, or where a look is refused for good, nothing is seen any more: what nobody can join any longer is over.
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
  const Followed key{row.installation, creator};
  const Look look{*this, key};
  if (unfinished->empty()) {
    note_failure(key, std::nullopt);
    accounts_.erase(key);
    co_return Done{};
  }

  // One that fails every time must not keep those behind it from being looked at.
  const auto stopped_at = std::ranges::find(*unfinished, account(key).stopped_at, &SupportSession::id);
  if (stopped_at != unfinished->end()) std::ranges::rotate(*unfinished, std::next(stopped_at));
  SessionId stops_at;

  std::optional<Error> failure;
  std::size_t asked_alone = 0;
  bool somebody_there = false;
  std::optional<Time> earliest_end;
  Sessions unseen;
  auto open = co_await doors_.provider.open_sessions(step_call(row), {.installation = row.installation, .account = creator});
  if (!open) failure = open.error();
  for (const auto& session : *unfinished) {
    if (!open || (failure && !is_about_one(*failure))) break;
    auto listed = in_list(*open, session);
    if (!tells_all(listed)) ++asked_alone;
    auto online = co_await follow(row, session, std::move(listed));
    if (!online) {
      failure = online.error();
      stops_at = session.id;
      if (is_about_one(*failure) && is_for_good(*failure)) unseen.push_back(session);
      continue;
    }
    somebody_there = somebody_there || *online;
    if (!*online && (!earliest_end || session.valid_until < *earliest_end)) earliest_end = session.valid_until;
  }
  const bool nothing_seen = failure && (is_dead(*failure) || (!open && is_for_good(*failure)));
  if (auto expired = co_await let_expire(row, nothing_seen ? *unfinished : std::move(unseen)); !expired) co_return try_again(expired.error());
  doors_.work.ring();
  const bool of_all = failure && !is_about_one(*failure);
  // Never set aside: as long as there are open sessions somebody may come.
  if (of_all && !failure->retry_after) failure->retry_after = failure->retryable ? kPaceWithoutAnswer : kSlowestPace;
  note_look(key, asked_alone, failure);
  account(key).stopped_at = std::move(stops_at);
  if (of_all) co_return TryAgain{*failure};
  auto& one = account(key);
  const auto present = doors_.clock.now();
  const bool lately = std::ranges::any_of(*unfinished, [present](const SupportSession& session) { return is_within(session.created_at, present, kFresh); });
  one.quiet_looks = somebody_there || lately || is_watched(one.watched_at, present) ? 0 : one.quiet_looks + 1;
  co_return LaterAt{next_look(row, somebody_there, earliest_end)};
}

}  // namespace belay::desk
