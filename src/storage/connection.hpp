// One connection to the database and the statements it has prepared. Belongs to one thread at a time.
#pragma once

#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include <soci/soci.h>

#include "storage/dialect.hpp"
#include "storage/statement.hpp"
#include "storage/storage.hpp"

namespace belay::storage {

class Connection final {
 public:
  enum class Use { write, read_only };

  /// Throws soci::soci_error when the database cannot be reached.
  Connection(const Address& address, Use use, Milliseconds patience);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] const Dialect& dialect() const { return dialect_; }

  /// Prepared on first use, kept for the connection's life.
  Statement& statement(const Query& query);

  /// Prepared, run, and forgotten: for what happens once.
  std::size_t run_once(std::string_view sql);

  void begin(const Query& how);
  /// A transaction that writes and whose commit may be lost in a power cut.
  void begin_unforced();
  void commit();
  /// Never throws: a connection that cannot roll back is `broken` and is not used again.
  void roll_back() noexcept;

  /// Pages of SQLite's write-ahead log as of the last commit here; 0 on PostgreSQL. Whoever has the connection sees to it that they come into the
  /// database: SQLite does not by itself any more.
  [[nodiscard]] int log_pages() const { return log_pages_; }
  /// Brings them there as far as nobody reads what they replace. Holds up no writer; what does not work is tried with the next one.
  void checkpoint() noexcept;

  /// What panels show of this installation was written; told once the unit of work is committed (Database::observe_changes).
  void touch(const InstallationId& installation) { touched_.push_back(installation); }
  [[nodiscard]] std::vector<InstallationId> take_touched() { return std::exchange(touched_, {}); }

  [[nodiscard]] bool in_transaction() const { return in_transaction_; }
  [[nodiscard]] bool broken() const { return broken_; }
  void mark_broken() { broken_ = true; }

 private:
  const Dialect& dialect_;
  soci::session session_;
  std::unordered_map<const Query*, std::unique_ptr<Statement>> statements_;   // dies before the session
  std::vector<InstallationId> touched_;
  void force_commits(bool forced);

  bool forced_ = true;
  int log_pages_ = 0;
  bool in_transaction_ = false;
  bool broken_ = false;
};

}  // namespace belay::storage
