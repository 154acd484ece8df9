#include "storage/connection.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <soci/postgresql/soci-postgresql.h>
#include <soci/sqlite3/soci-sqlite3.h>

namespace belay::storage {
namespace {

constexpr Query kCommit{"commit"};
constexpr Query kRollback{"rollback"};

constexpr int kConnectSeconds = 5;
constexpr Milliseconds kDeadAfter{15'000};

// The file and, with its rights, the -wal and -shm beside it: they hold personal data, so only their owner reads them.
void create_private_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file >= 0) ::close(file);   // when it cannot be opened, SQLite says why
}

// A connection belongs to one thread at a time, so SQLite need not lock it at every call: reading one column takes three.
// Nor does anybody ask how much memory it uses, which costs a lock at every allocation. SOCI has no words for either, hence
// these calls around it. They have to come before the first connection of the process; where they came too late everything
// works the same, only slower.
void leave_locking_to_us() {
  static const bool configured = sqlite_api::sqlite3_config(SQLITE_CONFIG_MULTITHREAD) == SQLITE_OK &&
                                 sqlite_api::sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK;
  static_cast<void>(configured);
}

constexpr const char* kForced = "pragma synchronous = full";
constexpr const char* kUnforced = "pragma synchronous = normal";   // the log is written, and forced to the disk with the next commit that is

// The type's description stays inside SOCI's library, so a sanitizer that wants to compare with it would find nothing to link.
__attribute__((no_sanitize("vptr"))) sqlite_api::sqlite3* handle_of(soci::session& session) {
  return static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_;
}

int note_log_pages(void* pages, sqlite_api::sqlite3*, const char*, int now) {
  *static_cast<int*>(pages) = now;
  return SQLITE_OK;
}

void set_up_sqlite(soci::session& session, Connection::Use use, Milliseconds patience) {
  // The shell's ".timeout": whoever finds the database locked asks again until then.
  session << "pragma busy_timeout = " + std::to_string(patience.count());
  session << "pragma foreign_keys = on";
  // In kilobytes, for each connection. The system has the file in memory as well; four times as much made nothing faster.
  session << "pragma cache_size = -512";
  if (use == Connection::Use::read_only) {
    session << "pragma query_only = on";
    return;
  }
  session << "pragma journal_mode = wal";
  // What was acknowledged survives a power cut too (docs/storage.md has the price).
  session << kForced;
}

std::string libpq_address(const std::string& url) {
  const bool has_options = url.find('?') != std::string::npos;
  auto address = url;
  if (url.find("connect_timeout=") == std::string::npos) {
    address += (has_options ? '&' : '?') + std::string("connect_timeout=") + std::to_string(kConnectSeconds);
  }
  // A server that vanished without a word is noticed, and not waited for until the system's own patience ends.
  if (address.find("tcp_user_timeout=") == std::string::npos) address += "&tcp_user_timeout=" + std::to_string(kDeadAfter.count());
  if (address.find("application_name=") == std::string::npos) address += "&application_name=belay";
  return address;
}

void set_up_postgresql(soci::session& session, Milliseconds patience) {
  session << "set statement_timeout = " + std::to_string((4 * patience).count());
  session << "set lock_timeout = " + std::to_string(patience.count());
  // A Belay that hangs inside a transaction must not hold up the others for ever.
  session << "set idle_in_transaction_session_timeout = 60000";
  // libpq prints notices on standard error; rolling back after a commit that failed gives one.
  session << "set client_min_messages = error";
}

}  // namespace

Connection::Connection(const Address& address, Use use, Milliseconds patience) : dialect_(dialect_of(address.engine)) {
  if (address.engine == Engine::sqlite) {
    leave_locking_to_us();
    if (use == Use::write) create_private_file(address.target);
    session_.open(soci::sqlite3, "db=" + address.target);
    set_up_sqlite(session_, use, patience);
    // In the place of SQLite's own hook, which would do it at the end of some commit, with three more writes to the disk.
    if (use == Use::write) sqlite_api::sqlite3_wal_hook(handle_of(session_), note_log_pages, &log_pages_);
  } else {
    session_.open(soci::postgresql, libpq_address(address.target));
    set_up_postgresql(session_, patience);
  }
}

Connection::~Connection() = default;

Statement& Connection::statement(const Query& query) {
  auto& place = statements_[&query];
  if (!place || place->spoilt()) place = std::make_unique<Statement>(session_, query);
  return place->fresh();
}

std::size_t Connection::run_once(std::string_view sql) {
  const Query query{sql};
  return Statement{session_, query}.run();
}

void Connection::begin(const Query& how) {
  force_commits(true);
  statement(how).run();
  in_transaction_ = true;
}

void Connection::begin_unforced() {
  force_commits(false);
  statement(dialect_.begin_write).run();
  in_transaction_ = true;
  if (!dialect_.commit_unforced.sql.empty()) statement(dialect_.commit_unforced).run();
}

// SQLite knows it for a connection only, and changes it between transactions.
void Connection::force_commits(bool forced) {
  if (dialect_.engine != Engine::sqlite || forced == forced_) return;
  session_ << (forced ? kForced : kUnforced);
  forced_ = forced;
}

void Connection::commit() {
  statement(kCommit).run();
  in_transaction_ = false;
}

void Connection::checkpoint() noexcept {
  if (dialect_.engine == Engine::sqlite) sqlite_api::sqlite3_wal_checkpoint_v2(handle_of(session_), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
}

void Connection::roll_back() noexcept {
  if (!in_transaction_) return;
  in_transaction_ = false;
  try {
    statement(kRollback).run();
  } catch (const std::exception&) {
    broken_ = true;   // closing it rolls back on the other side
  }
}

}  // namespace belay::storage
