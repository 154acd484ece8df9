#include "work/worker.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace belay::work {
namespace {

// With the database away there is nothing to do but to ask again.
constexpr Milliseconds kStoragePause{500};
// Rows put by another instance are found without being rung for.
constexpr Milliseconds kLongestNap{5'000};

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

void Worker::on(std::string kind, Step step) { steps_.emplace(std::move(kind), std::move(step)); }

void Worker::stop() {
  stopping_ = true;
  alarm_.ring();
}

Task<void> Worker::run() {
  leases_extended_at_ = clock_.now();
  while (!stopping_) {
    co_await tasks_.fewer_than(settings_.most_at_once);
    if (stopping_) break;
    const auto next = co_await claim_and_start();
    const auto now = clock_.now();
    auto until = now + kLongestNap;
    if (next) until = std::min(until, *next);
    if (!under_way_.empty()) until = std::min(until, leases_extended_at_ + settings_.lease / 3);
    if (until > now && !stopping_) co_await alarm_.wait(until);
    if (!under_way_.empty() && clock_.now() >= leases_extended_at_ + settings_.lease / 3) {
      if (auto extended = co_await extend_leases(); !extended) log::warning("leases_not_extended", log::fields_of(extended.error()));
    }
  }
  co_await tasks_.all_done();
}

Task<std::optional<Time>> Worker::claim_and_start() {
  struct Claimed {
    std::vector<ports::OutboxRow> rows;
    std::optional<Time> next;
  };
  const auto room = settings_.most_at_once - tasks_.running();
  const auto now = clock_.now();
  auto claimed = co_await storage_.write<Claimed>([this, now, room](ports::UnitOfWork& unit) -> Result<Claimed> {
    Claimed found;
    found.rows = unit.outbox().claim(settings_.owner, now, settings_.lease, room);
    found.next = unit.outbox().next_due();
    return found;
  });
  if (!claimed) {
    log::warning("outbox_unreadable", log::fields_of(claimed.error()));
    co_return now + kStoragePause;
  }
  for (auto& row : claimed->rows) {
    under_way_.insert(row.id);
    co_await tasks_.start("step " + row.kind, carry_out(std::move(row)));
  }
  co_return claimed->next;
}

Task<Result<void>> Worker::extend_leases() {
  const auto until = clock_.now() + settings_.lease;
  leases_extended_at_ = clock_.now();
  co_return co_await storage_.write<void>([this, rows = under_way_, until](ports::UnitOfWork& unit) -> Result<void> {
    for (const auto& id : rows) unit.outbox().extend(id, settings_.owner, until);
    return {};
  });
}

Task<void> Worker::carry_out(ports::OutboxRow row) {
  const auto id = row.id;
  const auto step = steps_.find(row.kind);
  if (step == steps_.end()) {
    observer_(row.kind, "no_step");
    co_await settle(row, SetAside{Error{.code = "internal_error", .cause = "no step of kind " + row.kind, .detail = {}, .retryable = false, .retry_after = {}}});
  } else {
    std::optional<Outcome> outcome;
    try {
      outcome.emplace(co_await step->second(row));
    } catch (const std::exception& bug) {
      // A bug in one step must not end the others. The row comes back, and the log says why.
      log::error("step_threw", {{"kind", row.kind}, {"what", bug.what()}});
    }
    if (!outcome) {
      Error error{.code = "internal_error", .cause = "the step threw", .detail = {}, .retryable = true, .retry_after = {}};
      outcome.emplace(Again{next_try(settings_, clock_.now(), row.attempts, error, random_), error});
    }
    co_await settle(std::move(row), std::move(*outcome));
  }
  under_way_.erase(id);
  alarm_.ring();
}

Task<void> Worker::settle(ports::OutboxRow row, Outcome outcome) {
  const auto now = clock_.now();
  for (int tries = 0; tries < 20; ++tries) {
    auto settled = co_await storage_.write<void>([this, &row, &outcome, now](ports::UnitOfWork& unit) -> Result<void> {
      auto& outbox = unit.outbox();
      if (std::holds_alternative<Done>(outcome)) outbox.finish(row.id, settings_.owner);
      if (const auto* again = std::get_if<Again>(&outcome)) outbox.again(row.id, settings_.owner, again->due_at, again->error);
      if (const auto* aside = std::get_if<SetAside>(&outcome)) outbox.set_aside(row.id, settings_.owner, now, aside->error);
      return {};
    });
    if (settled) break;
    // The lease ends by itself, so that another run finds the row; but a short outage should not cost that long.
    log::warning("row_not_settled", log::fields_of(settled.error(), {{"kind", row.kind}}));
    if (stopping_) co_return;
    co_await alarm_.sleep(kStoragePause);
  }
  if (std::holds_alternative<Done>(outcome)) {
    observer_(row.kind, "done");
  } else if (const auto* again = std::get_if<Again>(&outcome)) {
    observer_(row.kind, again->error ? "failed_try" : "again");
    if (again->error) log::warning("step_failed", log::fields_of(*again->error, {{"kind", row.kind}, {"installation", row.installation.value}, {"attempts", row.attempts + 1}}));
  } else if (const auto* aside = std::get_if<SetAside>(&outcome)) {
    observer_(row.kind, "set_aside");
    log::error("row_set_aside", log::fields_of(aside->error, {{"kind", row.kind}, {"installation", row.installation.value}}));
  }
}

}  // namespace belay::work
