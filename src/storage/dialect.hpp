// Where the two engines differ: how a transaction begins, how the migration lock is taken, what an error means. Claiming
// outbox rows is the only other place (outbox.cpp). Everything else is one text for both.
#pragma once

#include <exception>
#include <string>

#include "storage/statement.hpp"
#include "storage/storage.hpp"

namespace belay::storage {

/// "sqlite:/path" and "postgresql://…" taken apart. Error: `storage_url_invalid` with detail.rule.
struct Address {
  Engine engine = Engine::sqlite;
  std::string target;   ///< the file, or the whole libpq address
};
[[nodiscard]] Result<Address> parse_url(const std::string& url);

struct Dialect {
  Engine engine = Engine::sqlite;
  Query begin_write;      ///< takes the lock at once (SQLite), or detects conflicts at commit (PostgreSQL, serializable)
  Query begin_read;       ///< one snapshot
  Query commit_unforced;  ///< said inside a transaction that need not be forced to the disk; empty where that is the connection's (Connection::begin_unforced)
  Query begin_migration;
  Query migration_lock;   ///< empty when begin_migration already holds it
};
[[nodiscard]] const Dialect& dialect_of(Engine engine);

/// What the database said, without the values that were in the statement: those may be secrets, and this goes to the log.
struct Trouble {
  enum class Kind {
    conflict,       ///< somebody else was faster: run the unit of work again
    duplicate,      ///< a key exists already, or what it refers to is gone: under PostgreSQL this too may be a race
    busy,           ///< another process holds the lock and did not let go in time
    disconnected,   ///< the connection is of no use any more
    unusable,       ///< disk full, read-only, damaged: nothing that another connection would cure
    bug,            ///< the statement is wrong, or a constraint says so
  };
  Kind kind = Kind::bug;
  std::string said;
};
/// Of an exception thrown by SOCI; call it in the handler.
[[nodiscard]] Trouble trouble_of(const soci::soci_error& error);

}  // namespace belay::storage
