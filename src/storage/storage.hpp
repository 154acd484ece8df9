// The door to SQL: the stores of ports/storage.hpp on SQLite (the default, one file) or PostgreSQL, from one source.
// Design, guarantees and figures: docs/storage.md.
//
// Everything that blocks runs on threads of this room; a coroutine that waits for it resumes on its own executor.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/task.hpp"
#include "base/time.hpp"
#include "crypto/seal.hpp"
#include "ports/storage.hpp"

namespace belay::storage {

enum class Engine { sqlite, postgresql };

/// What may stand after "sqlite:": the path of a file. The libraries that open it take other things for themselves: ":memory:", options after a space or ";".
[[nodiscard]] bool is_sqlite_path(std::string_view path);

struct Settings {
  /// "sqlite:/var/lib/belay/belay.db" (made when it does not exist, readable by its owner only), or a libpq address
  /// "postgresql://user@host/database".
  std::string url;
  /// PostgreSQL: connections, each with its thread. SQLite always has one that writes and two that read.
  std::size_t threads = 8;
  /// Units of work that may wait for a thread; more is `overloaded`.
  std::size_t queue_depth = 512;
  /// How long a unit of work waits for a lock that another process holds, and how long it is run again after a conflict.
  Milliseconds patience{5000};
};

/// Where the schema of a database stands against this program.
struct SchemaState {
  std::int64_t stored = 0;            ///< the newest migration the database has; 0: none
  std::int64_t known = 0;             ///< the newest this program brings
  std::vector<std::string> pending;   ///< file names
};

struct MigrationReport {
  std::int64_t from = 0;
  std::int64_t to = 0;
  std::vector<std::string> applied;   ///< file names
};

struct Resealing {
  std::size_t sealed = 0;
  std::size_t unopenable = 0;   ///< their key is gone, or they were altered
};

class Database final : public ports::Storage {
 public:
  /// Connects once, to fail early. Errors: `storage_url_invalid`, `storage_unavailable`. Blocks.
  static Result<std::unique_ptr<Database>> open(Settings settings, crypto::Sealer sealer);

  struct Implementation;   // defined in database.cpp; open() makes it
  explicit Database(std::unique_ptr<Implementation> implementation);
  /// Ends the unit of work under way; those that wait for a thread get `storage_unavailable`. Must die before the executors of its callers.
  ~Database() override;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  [[nodiscard]] Engine engine() const;

  /// Brings the schema forward, each file in one transaction; of several instances one does it. `now` goes into the record.
  /// Errors: `schema_newer` (a newer Belay has been here), `schema_altered` (a migration differs from the one applied), `storage_unavailable`. Blocks.
  Result<MigrationReport> migrate(Time now);

  /// The same look without touching anything. Blocks.
  Result<SchemaState> inspect();

  /// Seals again what an older key sealed, a hundred values a transaction. Afterwards the old key may go. What does not open is passed by.
  Task<Result<Resealing>> reseal();

  /// How many of all sealed values do not open with the keys at hand. Blocks.
  Result<std::size_t> count_unopenable();
  /// Of every tenant: for a look at the machine that it is run on. Blocks.
  Result<std::vector<ports::Installation>> installations();

  using Observer = std::function<void(const InstallationId&)>;

  /// Told of every installation whose pairing, sessions, links or settings a unit of work wrote, after its commit, before the one who awaited it goes on.
  /// Changes made by other processes are not heard, nor those whose awaiter goes on after the storage was closed.
  void observe_changes(Observer observer) { observer_ = std::make_shared<const Observer>(std::move(observer)); }

  /// Answers when a connection does: for readiness.
  Task<Result<void>> ping();

 protected:
  Task<Result<void>> transact(Mode mode, std::function<Result<void>(ports::UnitOfWork&)> work) override;

 private:
  std::unique_ptr<Implementation> implementation_;
  std::shared_ptr<const Observer> observer_;
};

}  // namespace belay::storage
