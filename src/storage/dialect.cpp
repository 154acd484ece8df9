#include "storage/dialect.hpp"

#include <algorithm>

#include <soci/postgresql/soci-postgresql.h>
#include <soci/sqlite3/soci-sqlite3.h>

namespace belay::storage {
namespace {

constexpr Dialect kSqlite{
    .engine = Engine::sqlite,
    .begin_write = {"begin immediate"},
    .begin_read = {"begin deferred"},
    .commit_unforced = {},
    .begin_migration = {"begin exclusive"},
    .migration_lock = {},
};

constexpr Dialect kPostgresql{
    .engine = Engine::postgresql,
    .begin_write = {"begin isolation level serializable"},
    .begin_read = {"begin isolation level repeatable read, read only"},
    .commit_unforced = {"set local synchronous_commit = off"},
    .begin_migration = {"begin isolation level read committed"},
    // Any number will do as long as every Belay uses the same one.
    .migration_lock = {"select pg_advisory_xact_lock(7364201985)", 1},
};

Trouble::Kind kind_of_sqlite(int result) {
  switch (result & 0xff) {   // the low byte is the primary code
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return Trouble::Kind::busy;
    case SQLITE_CONSTRAINT: return Trouble::Kind::bug;   // one writer: a duplicate is no race
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_NOMEM: return Trouble::Kind::unusable;
    default: return Trouble::Kind::bug;
  }
}

// PostgreSQL manual, appendix A.
Trouble::Kind kind_of_postgresql(std::string_view state) {
  if (state == "40001" || state == "40P01") return Trouble::Kind::conflict;   // serialization_failure, deadlock_detected
  if (state == "23505" || state == "23503") return Trouble::Kind::duplicate;   // a key exists already; what it refers to is gone
  if (state == "55P03" || state == "57014") return Trouble::Kind::busy;       // lock_not_available, query_canceled (a time-out)
  // 08: connection; 57P: shutdown, crash, starting up; 25P03 and friends: the session was ended; blank: libpq lost the server.
  if (state.starts_with("08") || state.starts_with("57P") || state == "25P03" || state.find_first_not_of(std::string_view(" \0", 2)) == std::string_view::npos) {
    return Trouble::Kind::disconnected;
  }
  if (state.starts_with("53") || state.starts_with("58") || state.starts_with("XX") || state == "25006") return Trouble::Kind::unusable;
  return Trouble::Kind::bug;
}

// The first line names what happened; those after it (DETAIL, CONTEXT) quote values.
std::string first_line(const std::string& message) { return message.substr(0, message.find('\n')); }

}  // namespace

const Dialect& dialect_of(Engine engine) { return engine == Engine::sqlite ? kSqlite : kPostgresql; }

bool is_sqlite_path(std::string_view path) {
  const bool in_one_piece = std::ranges::none_of(path, [](unsigned char c) { return c < 0x20 || c == 0x7f || std::string_view("\"' ;=").contains(static_cast<char>(c)); });
  return in_one_piece && !path.empty() && !path.starts_with(':') && !path.ends_with('/');
}

Result<Address> parse_url(const std::string& url) {
  const std::string_view text = url;
  if (text.starts_with("sqlite:")) {
    const auto path = text.substr(std::string_view("sqlite:").size());
    if (!is_sqlite_path(path)) {
      return fail("storage_url_invalid", "sqlite: needs the path of a file, without quotes, spaces, ';' and '='", {{"rule", "sqlite:/path/of/file"}});
    }
    return Address{.engine = Engine::sqlite, .target = std::string(path)};
  }
  if (text.starts_with("postgresql://") || text.starts_with("postgres://")) return Address{.engine = Engine::postgresql, .target = url};
  return fail("storage_url_invalid", "storage url begins with neither sqlite: nor postgresql://", {{"rule", "sqlite:/path or postgresql://…"}});
}

Trouble trouble_of(const soci::soci_error& error) {
  auto said = first_line(error.get_error_message());
  if (const auto* sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&error)) return {kind_of_sqlite(sqlite->result()), std::move(said)};
  if (const auto* postgresql = dynamic_cast<const soci::postgresql_soci_error*>(&error)) {
    return {kind_of_postgresql(postgresql->sqlstate()), std::move(said)};
  }
  return {Trouble::Kind::bug, std::move(said)};
}

}  // namespace belay::storage
