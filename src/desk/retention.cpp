#include "desk/retention.hpp"

#include <algorithm>

#include "desk/installation_settings.hpp"

namespace belay::desk {
namespace {

constexpr const char* kKind = "retention.erase";
const std::string kOfAge;   // the subject of its erasure: no account
constexpr Milliseconds kPace{3'600'000};
// So many rows at most in one unit of work, of which one holds a SQLite database for a few dozen milliseconds; and so many of those in one step.
constexpr std::size_t kInOneBatch = 200;
constexpr int kBatchesOfAStep = 10;

std::optional<Time> limit_of(Time now, std::int64_t days) {
  if (days == 0) return std::nullopt;
  return now - std::chrono::days{days};
}

json::object count_view(const ports::KeptCount& count) { return {{"sessions", count.sessions}, {"entries", count.entries}, {"others", count.others}, {"total", count.total()}}; }

// The erase that is under way, or a new one; nothing: there is nothing to erase.
std::optional<ports::Erasure> under_way(const Doors& doors, ports::UnitOfWork& unit, const InstallationId& installation, std::int64_t days) {
  const auto now = doors.clock.now();
  auto last = unit.kept().erasure(installation, kOfAge);
  const bool goes_on = last && !last->ended_at;
  if (goes_on && last->days == days && last->began_at <= now) return last;
  const auto old = unit.kept().older(installation, *limit_of(now, days));
  if (!goes_on && old.total() == 0) return std::nullopt;
  // Another setting meanwhile: what is erased already counts, and is told of at the end.
  const auto erased = goes_on ? last->erased : ports::KeptCount{};
  return ports::Erasure{.installation = installation, .subject = kOfAge, .days = days, .began_at = now, .to_erase = erased.total() + old.total(), .erased = erased, .ended_at = {}};
}

void end(const Doors& doors, ports::UnitOfWork& unit, ports::Erasure erasure) {
  erasure.ended_at = doors.clock.now();
  erasure.to_erase = erasure.erased.total();
  unit.kept().put(erasure);
  if (erasure.erased.total() == 0) return;
  auto entry = audit_entry(doors, erasure.installation, "retention_erased");
  entry.detail = {{"days", erasure.days}, {"sessions", erasure.erased.sessions}, {"entries", erasure.erased.entries}, {"others", erasure.erased.others}};
  unit.audit().append(entry);
}

enum class Batch { more, done, nothing_is_too_old };

// One batch in one unit of work, with what it has come to: killed anywhere, the next one goes on from there.
Batch erase_batch(const Doors& doors, ports::UnitOfWork& unit, const InstallationId& installation) {
  const auto days = settings_of(unit, installation, doors.words).settings.retention_days;
  if (days == 0) {
    if (auto last = unit.kept().erasure(installation, kOfAge); last && !last->ended_at) end(doors, unit, std::move(*last));
    return Batch::nothing_is_too_old;
  }
  auto erasure = under_way(doors, unit, installation, days);
  if (!erasure) {
    // What tells of earlier erases is not counted, and goes all the same.
    unit.kept().erase_older(installation, *limit_of(doors.clock.now(), days), kInOneBatch);
    return Batch::done;
  }
  const auto some = unit.kept().erase_older(installation, *limit_of(erasure->began_at, days), kInOneBatch);
  erasure->erased += some.erased;
  // What stands on these issues counts what is kept; one row each, however often they come.
  for (const auto& issue : some.issues) unit.outbox().put(outbox_row(doors, installation, "issue.property", issue.value));
  erasure->to_erase = std::max(erasure->to_erase, erasure->erased.total());
  if (!some.more) {
    end(doors, unit, std::move(*erasure));
    return Batch::done;
  }
  unit.kept().put(*erasure);
  return Batch::more;
}

}  // namespace

void begin_retention(const Doors& doors, ports::UnitOfWork& unit, const InstallationId& installation, const std::string& trace_id) {
  const auto erasure = unit.kept().erasure(installation, kOfAge);
  const bool under_way = erasure && !erasure->ended_at;
  if (!under_way && settings_of(unit, installation, doors.words).settings.retention_days == 0) return;
  unit.outbox().put(outbox_row(doors, installation, kKind, installation.value, trace_id));
}

Task<StepResult> Retention::erase(ports::OutboxRow row) {
  const auto began = doors_.clock.now();   // what gets too old meanwhile waits no longer than that
  for (int batch = 0; batch < kBatchesOfAStep; ++batch) {
    auto did = co_await doors_.storage.write<Batch>([&](ports::UnitOfWork& unit) -> Result<Batch> {
      const auto installation = unit.installations().find(row.installation);
      if (!installation || installation->leaving_since) return Batch::nothing_is_too_old;   // all of it goes
      return erase_batch(doors_, unit, row.installation);
    });
    if (!did) co_return try_again(did.error());
    if (*did == Batch::nothing_is_too_old) co_return Done{};
    if (*did == Batch::done) co_return LaterAt{began + kPace};
  }
  co_return LaterAt{doors_.clock.now()};
}

Task<Result<json::object>> Retention::view(Caller caller, std::optional<int> days) {
  BELAY_CO_CHECK(co_await admission_.admin(caller));
  co_return co_await doors_.storage.read<json::object>([&](ports::UnitOfWork& unit) -> Result<json::object> {
    const auto now = doors_.clock.now();
    const auto setting = settings_of(unit, caller.installation(), doors_.words).settings.retention_days;
    const auto asked = limit_of(now, days.value_or(setting));
    const auto old = asked ? unit.kept().older(caller.installation(), *asked) : ports::KeptCount{};
    json::object view{{"days", setting}, {"toErase", count_view(old)}};
    if (const auto oldest = unit.kept().oldest(caller.installation())) view["oldest"] = to_iso8601(*oldest);
    const auto row = unit.outbox().find(caller.installation(), kKind, caller.installation().value);
    const bool is_due = row && !row->set_aside_at && (row->leased_until || row->due_at <= now);
    const auto erasure = unit.kept().erasure(caller.installation(), kOfAge);
    if (erasure && !erasure->ended_at) {
      view["running"] = json::object{{"erased", erasure->erased.total()}, {"toErase", erasure->to_erase}, {"since", to_iso8601(erasure->began_at)}};
    } else if (is_due && setting != 0) {
      const auto coming = unit.kept().older(caller.installation(), *limit_of(now, setting)).total();
      if (coming > 0) view["running"] = json::object{{"erased", 0}, {"toErase", coming}, {"since", to_iso8601(now)}};
    }
    if (erasure && erasure->ended_at && erasure->erased.total() > 0) view["last"] = json::object{{"erased", count_view(erasure->erased)}, {"at", to_iso8601(*erasure->ended_at)}};
    return view;
  });
}

}  // namespace belay::desk
