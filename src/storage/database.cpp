#include <filesystem>
#include <random>
#include <stdexcept>
#include <thread>

#include "storage/failure.hpp"
#include "storage/lane.hpp"
#include "storage/migrations.hpp"
#include "storage/reseal.hpp"
#include "storage/stores.hpp"

namespace belay::storage {
namespace {

constexpr std::size_t kSqliteReaders = 2;
// Pages of the log, 4 KB each: that many are brought into the database beside what goes on, and if that does not get through them, before the next write.
constexpr int kLogPages = 1'000;
constexpr int kMostLogPages = 4 * kLogPages;
constexpr std::size_t kResealBatch = 100;
// A duplicate that is a race is gone when the unit of work reads again; one that comes back is a bug.
constexpr int kDuplicatesForgiven = 3;
constexpr Milliseconds kFirstPause{2};
constexpr Milliseconds kLongestPause{100};

std::unexpected<Error> unavailable(const Trouble& trouble, boost::json::object detail = {}) {
  return fail_for_now("storage_unavailable", trouble.said, std::nullopt, std::move(detail));
}

// Conflicting units of work that pause equally long meet again: hence the dice.
void pause_before(int attempt) {
  thread_local std::minstd_rand dice{std::random_device{}()};
  const auto most = std::min(kFirstPause * (1 << std::min(attempt, 6)), kLongestPause);
  std::this_thread::sleep_for(Milliseconds{std::uniform_int_distribution<Milliseconds::rep>{0, most.count()}(dice)});
}

/// Runs one unit of work on the connection of a slot until it is committed, refused, or patience ends.
class Attempts final {
 public:
  using Mode = ports::Storage::Mode;
  using Work = std::function<Result<void>(Connection&)>;

  Attempts(Slot& slot, Mode mode, const Work& work, Milliseconds patience)
      : slot_(slot), mode_(mode), work_(work), until_(std::chrono::steady_clock::now() + patience) {}

  Result<void> run() {
    while (true) {
      auto outcome = once();
      if (outcome) return std::move(*outcome);
      if (attempts_ > 0) pause_before(attempts_);
      ++attempts_;
    }
  }

 private:
  // Nothing: run it again.
  std::optional<Result<void>> once() {
    Connection* connection = nullptr;
    committing_ = false;
    try {
      connection = &slot_.connection();
      if (mode_ == Mode::write_unforced) connection->begin_unforced();
      else connection->begin(mode_ == Mode::write ? connection->dialect().begin_write : connection->dialect().begin_read);
      auto result = work_(*connection);
      if (!result) {
        connection->roll_back();
        return result;
      }
      committing_ = true;
      connection->commit();
      return result;
    } catch (const soci::soci_error& error) {
      const auto trouble = trouble_of(error);
      if (trouble.kind == Trouble::Kind::disconnected) slot_.drop();
      else if (connection != nullptr) connection->roll_back();
      return judge(trouble, connection != nullptr);
    } catch (const Failure& failure) {
      connection->roll_back();
      return std::unexpected(failure.error);
    } catch (...) {   // a bug in the unit of work: nothing of it stays
      if (connection != nullptr) connection->roll_back();
      throw;
    }
  }

  std::optional<Result<void>> judge(const Trouble& trouble, bool was_connected) {
    const bool in_time = std::chrono::steady_clock::now() < until_;
    switch (trouble.kind) {
      case Trouble::Kind::conflict:
        if (in_time) return std::nullopt;
        return unavailable(trouble);
      case Trouble::Kind::duplicate:
        if (in_time && ++duplicates_ <= kDuplicatesForgiven) return std::nullopt;
        throw std::runtime_error("storage: " + trouble.said);
      case Trouble::Kind::disconnected:
        // Whether it was committed is not known: whoever asked has to look.
        if (committing_) return unavailable(trouble, {{"maybe_done", true}});
        // The server may have been restarted since the connection was last used: a new one tells, once.
        if (was_connected && !reconnected_) {
          reconnected_ = true;
          return std::nullopt;
        }
        return unavailable(trouble);
      case Trouble::Kind::busy:
      case Trouble::Kind::unusable: return unavailable(trouble);
      case Trouble::Kind::bug: break;
    }
    if (!was_connected) return unavailable(trouble);   // libpq reports a refused connection without a state
    throw std::runtime_error("storage: " + trouble.said);
  }

  Slot& slot_;
  const Mode mode_;
  const Work& work_;
  const std::chrono::steady_clock::time_point until_;
  int attempts_ = 0;
  int duplicates_ = 0;
  bool reconnected_ = false;
  bool committing_ = false;
};

}  // namespace

struct Database::Implementation {
  Implementation(Address where, const Settings& settings, crypto::Sealer sealer)
      : address(std::move(where)),
        patience(settings.patience),
        seals(std::move(sealer)),
        readers(address.engine == Engine::sqlite ? std::make_unique<Lane>(address, Connection::Use::read_only, patience, kSqliteReaders, settings.queue_depth) : nullptr),
        writers(address, Connection::Use::write, patience, address.engine == Engine::sqlite ? 1 : settings.threads, settings.queue_depth) {}

  void close() {
    writers.close();
    if (readers) readers->close();
  }

  Lane& lane_for(Mode mode) { return mode == Mode::read && readers ? *readers : writers; }

  Task<Result<void>> run(Mode mode, Attempts::Work work) {
    auto attempt = [this, mode, work = std::move(work)](Slot& slot) {
      const bool writes = mode != Mode::read && readers;
      if (writes && slot.log_pages() >= kMostLogPages) slot.checkpoint();
      auto outcome = Attempts{slot, mode, work, patience}.run();
      if (writes) shorten_log(slot.log_pages());
      return outcome;
    };
    co_return co_await lane_for(mode).run(std::move(attempt));
  }

  // SQLite would do it at the end of whichever commit fills the log. By a reader, it holds up nobody who writes. Called on the one thread that does.
  void shorten_log(int pages) {
    if (pages < log_pages) next_checkpoint = kLogPages;   // it was brought in, and began anew
    log_pages = pages;
    if (pages < next_checkpoint) return;
    next_checkpoint = pages + kLogPages;
    readers->begin([](Slot& slot) -> Result<void> {
      slot.connection().checkpoint();
      return {};
    });
  }

  // For what happens before or beside the units of work, on the calling thread.
  template <class T>
  Result<T> on_own_connection(const std::function<Result<T>(Connection&)>& work) {
    try {
      Connection connection{address, Connection::Use::write, patience};
      return work(connection);
    } catch (const soci::soci_error& error) {
      return unavailable(trouble_of(error));
    } catch (const Failure& failure) {
      return std::unexpected(failure.error);
    }
  }

  const Address address;
  const Milliseconds patience;
  const Seals seals;
  std::unique_ptr<Lane> readers;   // SQLite only; outlives the writers, who give it work
  int log_pages = 0;
  int next_checkpoint = kLogPages;
  Lane writers;                    // PostgreSQL: all of them
};

Result<std::unique_ptr<Database>> Database::open(Settings settings, crypto::Sealer sealer) {
  BELAY_TRY(address, parse_url(settings.url));
  auto implementation = std::make_unique<Implementation>(address, settings, std::move(sealer));
  BELAY_CHECK(implementation->on_own_connection<bool>([](Connection&) { return true; }));
  return std::make_unique<Database>(std::move(implementation));
}

Database::Database(std::unique_ptr<Implementation> implementation) : implementation_(std::move(implementation)) {}
// SQLite brings its log into the database and takes it away when the last connection closes; of several that close at the same moment none may be the
// last. So that nothing that was erased stays in a log, one more closes alone.
Database::~Database() {
  if (!implementation_) return;
  // While all of it is still there: what is under way goes on until then, and whoever comes in this moment has to be told.
  implementation_->close();
  if (implementation_->address.engine != Engine::sqlite) return;
  const auto address = implementation_->address;
  const auto patience = implementation_->patience;
  implementation_.reset();
  if (!std::filesystem::exists(address.target)) return;   // it would be made anew
  try {
    const Connection last{address, Connection::Use::write, patience};
  } catch (const std::exception&) {   // the log is whole, and the next start reads it
  }
}

Engine Database::engine() const { return implementation_->address.engine; }

Result<MigrationReport> Database::migrate(Time now) {
  return implementation_->on_own_connection<MigrationReport>([now](Connection& connection) { return migrate_schema(connection, migration_files(), now); });
}

Result<SchemaState> Database::inspect() {
  return implementation_->on_own_connection<SchemaState>([](Connection& connection) { return inspect_schema(connection, migration_files()); });
}

Task<Result<Resealing>> Database::reseal() {
  Resealing all;
  SealedPlace place;
  while (true) {
    Resealed some;
    Attempts::Work work = [this, &some, &place](Connection& connection) -> Result<void> {
      some = reseal_some(connection, implementation_->seals, place, kResealBatch);
      return {};
    };
    BELAY_CO_CHECK(co_await implementation_->run(Mode::write, std::move(work)));
    all.sealed += some.sealed;
    all.unopenable += some.unopenable;
    if (!some.next) co_return all;
    place = std::move(*some.next);
  }
}

Result<std::size_t> Database::count_unopenable() {
  return implementation_->on_own_connection<std::size_t>([this](Connection& connection) -> Result<std::size_t> {
    return storage::count_unopenable(connection, implementation_->seals, kResealBatch);
  });
}

Result<std::vector<ports::Installation>> Database::installations() {
  return implementation_->on_own_connection<std::vector<ports::Installation>>([this](Connection& connection) -> Result<std::vector<ports::Installation>> {
    return SqlUnitOfWork{connection, implementation_->seals}.installations().all();
  });
}

Task<Result<void>> Database::ping() {
  Attempts::Work nothing = [](Connection&) -> Result<void> { return {}; };
  co_return co_await implementation_->run(Mode::read, std::move(nothing));
}

Task<Result<void>> Database::transact(Mode mode, std::function<Result<void>(ports::UnitOfWork&)> work) {
  const auto touched = std::make_shared<std::vector<InstallationId>>();
  Attempts::Work on_stores = [this, touched, work = std::move(work)](Connection& connection) {
    SqlUnitOfWork unit{connection, implementation_->seals};
    auto result = work(unit);
    *touched = connection.take_touched();   // of the run that counts: an earlier one that failed is overwritten
    return result;
  };
  // From here on the storage may be closed: nothing of it is touched again.
  const std::weak_ptr<const Observer> listening = observer_;
  auto done = co_await implementation_->run(mode, std::move(on_stores));
  if (const auto observer = listening.lock()) {
    // Also when the outcome is not known: forgetting too much is harmless.
    for (const auto& installation : *touched) (*observer)(installation);
  }
  co_return done;
}

}  // namespace belay::storage
