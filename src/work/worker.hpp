// The worker: carries out what the outbox says has to happen outside, can be killed at any instruction and started again.
// A step may therefore run more than once for the same row and has to find what an earlier run did (docs/sessions.md).
// The desk gives it the steps; the worker knows leases, times and what to do with an outcome.
#pragma once

#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/task.hpp"
#include "base/task_group.hpp"
#include "ports/clock.hpp"
#include "ports/storage.hpp"
#include "ports/work.hpp"

namespace belay::work {

/// The row is done and goes away.
struct Done {};
/// Do it again then. With an error it counts as a failed try.
struct Again { Time due_at; std::optional<Error> error; };
/// No use in trying on: kept with the reason, and counted in the metrics.
struct SetAside { Error error; };
using Outcome = std::variant<Done, Again, SetAside>;

using Step = std::function<Task<Outcome>(ports::OutboxRow)>;

/// About a day of pauses. What failed so often, or threw, is set aside with its last error.
inline constexpr int kMostTries = 300;
/// For what comes round as long as there is something to look at.
inline constexpr int kAnyTries = std::numeric_limits<int>::max();

struct WorkerSettings {
  std::string owner;                       ///< this process, for leases
  std::size_t most_at_once = 16;
  Milliseconds lease{30'000};              ///< a killed worker's rows are free again after this
  Milliseconds least_back_off{2'000};
  Milliseconds most_back_off{300'000};
};

/// When a row that failed `attempts` times is due again: doubling from two seconds to five minutes, moved by up to a fifth either
/// way so that rows of one outage do not come back together, and never before `error.retry_after`.
[[nodiscard]] Time next_try(const WorkerSettings& settings, Time now, int attempts, const Error& error, ports::Random& random);

/// Told about every step, for metrics: outcome is done, again, failed_try, set_aside or no_step.
using StepObserver = std::function<void(std::string_view kind, std::string_view outcome)>;

class Worker final : public ports::Work {
 public:
  Worker(WorkerSettings settings, ports::Storage& storage, const ports::Clock& clock, ports::Random& random, ports::Alarm& alarm, StepObserver observer);

  /// The step for rows of this kind, and how often it may fail. All are given before run().
  void on(std::string kind, Step step, int most_tries = kMostTries);

  /// Works until stop(); then returns when the steps under way have ended.
  Task<void> run();
  void stop();

  void ring() override { alarm_.ring(); }
  [[nodiscard]] std::optional<ports::Lease> lease() override;
  Task<void> begin(ports::OutboxRow row) override;

  [[nodiscard]] const WorkerSettings& settings() const { return settings_; }

 private:
  Task<void> start(ports::OutboxRow row, Time leased_at);
  Task<void> give_back(ports::OutboxRow row);
  Task<void> carry_out(ports::OutboxRow row);
  Task<Outcome> outcome_of(ports::OutboxRow row);
  Task<Outcome> tried(const Step& step, ports::OutboxRow row);
  Task<Time> look();
  struct Ended { ports::OutboxRow row; Outcome outcome; Milliseconds set_back; };
  void settle(ports::Outbox& outbox, const Ended& step, Time now) const;
  void tell(const Ended& step) const;
  /// Their leases end by themselves, so that another run finds the rows.
  void let_go(const std::vector<Ended>& steps);
  [[nodiscard]] std::optional<Time> oldest_lease() const;
  [[nodiscard]] bool leases_want_extension(Time now) const;

  WorkerSettings settings_;
  ports::Storage& storage_;
  const ports::Clock& clock_;
  ports::Random& random_;
  ports::Alarm& alarm_;
  StepObserver observer_;
  struct Known { Step step; int most_tries; };
  std::map<std::string, Known, std::less<>> steps_;
  struct Held {
    Time leased_at;                        ///< when the lease was given or extended
    Milliseconds set_back{0};              ///< by how much the clock was set back since: times that the step tells may be of the clock as it was
  };
  std::map<OutboxId, Held> under_way_;     ///< whose outcome is not written yet
  std::vector<Ended> ended_;               ///< of these it waits to be written
  Time last_look_{};
  TaskGroup tasks_;
  bool stopping_ = false;
};

}  // namespace belay::work
