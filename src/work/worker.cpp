#include "work/worker.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace belay::work {
namespace {

// With the database away there is nothing to do but to ask again.
constexpr Milliseconds kStoragePause{500};
// Rows put by another instance are found without being rung for.
constexpr Milliseconds kLongestNap{5'000};
// While another instance takes what is due.
constexpr Milliseconds kOthersPause{50};
// A clock that is kept right is moved by less than this at once.
constexpr Milliseconds kClockWavers{2'000};

json::object fields_of(const ports::OutboxRow& row) {
  json::object fields{{"kind", row.kind}, {"installation", row.installation.value}, {"attempts", row.attempts + 1}};
  if (auto trace = ports::trace_of(row); !trace.empty()) fields["trace"] = std::move(trace);
  return fields;
}

}  // namespace

Time next_try(const WorkerSettings& settings, Time now, int attempts, const Error& error, ports::Random& random) {
  auto pause = settings.least_back_off;
  for (int doubling = 0; doubling < attempts && pause < settings.most_back_off; ++doubling) pause *= 2;
  pause = std::min(pause, settings.most_back_off);
  const auto byte = static_cast<unsigned char>(random.bytes(1).front());
  pause += Milliseconds{pause.count() * (static_cast<int>(byte) - 128) / 640};
  if (error.retry_after) pause = std::max(pause, *error.retry_after);
  return now + pause;
}

Worker::Worker(WorkerSettings settings, ports::Storage& storage, const ports::Clock& clock, ports::Random& random, ports::Alarm& alarm, StepObserver observer)
    : settings_(std::move(settings)), storage_(storage), clock_(clock), random_(random), alarm_(alarm), observer_(std::move(observer)) {}

void Worker::on(std::string kind, Step step, int most_tries) { steps_.emplace(std::move(kind), Known{std::move(step), most_tries}); }

void Worker::stop() {
  stopping_ = true;
  alarm_.ring();
}

// Until the last step under way has ended: their leases are extended to the end, so that nobody else begins them meanwhile.
Task<void> Worker::run() {
  while (true) {
    const auto next = co_await look();
    if (stopping_ && under_way_.empty()) break;
    // By the clock as it is now: set back during the look, the time to wait until would be that much further away.
    co_await alarm_.wait(std::min(next, clock_.now() + kLongestNap));
  }
  co_await tasks_.all_done();
}

std::optional<ports::Lease> Worker::lease() {
  if (stopping_ || under_way_.size() >= settings_.most_at_once) return std::nullopt;
  return ports::Lease{.owner = settings_.owner, .until = clock_.now() + settings_.lease};
}

Task<void> Worker::begin(ports::OutboxRow row) {
  // Written so slowly, or with a clock that was moved meanwhile, that somebody else may have begun it: who claims it decides.
  const bool ours = row.leased_until && clock_.now() < *row.leased_until && !under_way_.contains(row.id);
  if (ours && !stopping_ && under_way_.size() < settings_.most_at_once) {
    const auto leased_at = *row.leased_until - settings_.lease;
    co_return co_await start(std::move(row), leased_at);
  }
  if (ours) co_await give_back(std::move(row));
  alarm_.ring();
}

// Others came first since the lease was given, or nothing new is begun any more: it waits its turn, as if it had been put without one.
Task<void> Worker::give_back(ports::OutboxRow row) {
  auto given = co_await storage_.write_unforced<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    unit.outbox().again(row.id, settings_.owner, clock_.now(), std::nullopt);
    return {};
  });
  if (!given) log::warning("row_not_given_back", log::fields_of(given.error(), fields_of(row)));   // it is free when its lease has run out
}

Task<void> Worker::start(ports::OutboxRow row, Time leased_at) {
  if (!under_way_.emplace(row.id, Held{.leased_at = leased_at}).second) co_return;   // handed over, and begun, since it was looked for
  const auto name = "step " + row.kind;
  co_await tasks_.start(name, carry_out(std::move(row)));
}

std::optional<Time> Worker::oldest_lease() const {
  const auto oldest = std::ranges::min_element(under_way_, {}, [](const auto& held) { return held.second.leased_at; });
  return oldest == under_way_.end() ? std::nullopt : std::optional(oldest->second.leased_at);
}

bool Worker::leases_want_extension(Time now) const {
  // A clock that was set back tells nothing about their age.
  return std::ranges::any_of(under_way_, [&](const auto& held) { return now < held.second.leased_at || now - held.second.leased_at >= settings_.lease / 3; });
}

// One look at the outbox, in one unit of work: what ended is written down, leases are extended, rows that are due are begun. Returns when to look
// again, at the latest.
Task<Time> Worker::look() {
  struct Found {
    std::vector<ports::OutboxRow> rows;
    std::optional<Time> next;
  };
  const auto now = clock_.now();
  const auto set_back = last_look_ - now;
  auto ended = std::exchange(ended_, {});
  for (auto& step : ended) step.set_back = under_way_.at(step.row.id).set_back;
  auto held = under_way_;
  for (const auto& step : ended) held.erase(step.row.id);
  const bool extend = !held.empty() && leases_want_extension(now);
  const auto room = stopping_ || held.size() >= settings_.most_at_once ? 0 : settings_.most_at_once - held.size();
  std::optional<Time> next;
  if (!ended.empty() || extend || room > 0) {
    // Extended before anything is claimed: after a pause or a jump of the clock our own rows would look forsaken.
    const auto work = [&](ports::UnitOfWork& unit) -> Result<Found> {
      auto& outbox = unit.outbox();
      for (const auto& step : ended) settle(outbox, step, now);
      if (set_back > kClockWavers) outbox.clock_set_back(now, set_back, settings_.lease);
      if (extend) {
        for (const auto& [id, since] : held) outbox.extend(id, settings_.owner, now + settings_.lease);
      }
      Found looked;
      if (room > 0) looked.rows = outbox.claim(settings_.owner, now, settings_.lease, room);
      looked.next = outbox.next_due();
      return looked;
    };
    Result<Found> found;
    try {
      // What a power cut takes of it is only done once more.
      found = co_await storage_.write_unforced<Found>(work);
    } catch (const std::exception& bug) {
      if (ended.empty()) throw;
      for (const auto& step : ended) log::error("row_not_settled", {{"kind", step.row.kind}, {"what", bug.what()}});
      let_go(ended);
      co_return now + kStoragePause;
    }
    if (!found) {
      log::warning("outbox_unreadable", log::fields_of(found.error(), {{"ended", ended.size()}}));
      if (stopping_) let_go(ended);
      else ended_.insert(ended_.end(), ended.begin(), ended.end());
      co_return now + kStoragePause;
    }
    if (set_back > kClockWavers) {
      log::warning("clock_set_back", {{"ms", set_back.count()}});
      for (auto& [id, one] : under_way_) one.set_back += set_back;
    }
    last_look_ = now;
    let_go(ended);
    for (const auto& step : ended) tell(step);
    if (extend) {
      for (const auto& [id, since] : held) {
        if (const auto still = under_way_.find(id); still != under_way_.end()) still->second.leased_at = now;
      }
    }
    next = found->next;
    // Due, and not ours to take: somebody else is about to.
    if (found->rows.empty() && next && *next <= now) next = now + kOthersPause;
    for (auto& row : found->rows) co_await start(std::move(row), now);
  }
  auto until = now + kLongestNap;
  if (next && under_way_.size() < settings_.most_at_once) until = std::min(until, *next);
  if (const auto oldest = oldest_lease()) until = std::min(until, *oldest + settings_.lease / 3);
  co_return until;
}

Task<void> Worker::carry_out(ports::OutboxRow row) {
  auto outcome = co_await outcome_of(row);
  ended_.push_back({.row = std::move(row), .outcome = std::move(outcome), .set_back = {}});
  alarm_.ring();
}

void Worker::let_go(const std::vector<Ended>& steps) {
  for (const auto& step : steps) under_way_.erase(step.row.id);
}

Task<Outcome> Worker::outcome_of(ports::OutboxRow row) {
  const auto step = steps_.find(row.kind);
  if (step == steps_.end()) {
    observer_(row.kind, "no_step");
    co_return SetAside{Error{.code = "internal_error", .cause = "no step of kind " + row.kind, .detail = {}, .retryable = false, .retry_after = {}}};
  }
  const auto tries = row.attempts + 1;
  auto outcome = co_await tried(step->second.step, std::move(row));
  auto* again = std::get_if<Again>(&outcome);
  if (again != nullptr && again->error && tries >= step->second.most_tries) co_return SetAside{std::move(*again->error)};
  co_return outcome;
}

Task<Outcome> Worker::tried(const Step& step, ports::OutboxRow row) {
  try {
    co_return co_await step(row);
  } catch (const std::exception& bug) {
    // A bug in one step must not end the others. The row comes back, and the log says why.
    log::error("step_threw", {{"kind", row.kind}, {"what", bug.what()}});
  }
  Error error{.code = "internal_error", .cause = "the step threw", .detail = {}, .retryable = true, .retry_after = {}};
  const auto due = next_try(settings_, clock_.now(), row.attempts, error, random_);
  co_return Again{due, std::move(error)};
}

void Worker::settle(ports::Outbox& outbox, const Ended& step, Time now) const {
  const auto& [row, outcome, set_back] = step;
  if (std::holds_alternative<Done>(outcome)) outbox.finish(row.id, settings_.owner);
  if (const auto* again = std::get_if<Again>(&outcome)) {
    outbox.again(row.id, settings_.owner, again->due_at > now + set_back ? again->due_at - set_back : again->due_at, again->error);
  }
  if (const auto* aside = std::get_if<SetAside>(&outcome)) outbox.set_aside(row.id, settings_.owner, now, aside->error);
}

void Worker::tell(const Ended& step) const {
  const auto& [row, outcome, set_back] = step;
  if (std::holds_alternative<Done>(outcome)) {
    observer_(row.kind, "done");
  } else if (const auto* again = std::get_if<Again>(&outcome)) {
    observer_(row.kind, again->error ? "failed_try" : "again");
    if (again->error) log::warning("step_failed", log::fields_of(*again->error, fields_of(row)));
  } else if (const auto* aside = std::get_if<SetAside>(&outcome)) {
    observer_(row.kind, "set_aside");
    log::error("row_set_aside", log::fields_of(aside->error, fields_of(row)));
  }
}

}  // namespace belay::work
