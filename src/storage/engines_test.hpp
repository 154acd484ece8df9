// One suite for both engines: STORAGE_TEST registers its body twice, as "SQLite: …" and "PostgreSQL: …". Each case gets a
// database of its own: a file in a temporary directory, or a database in a private cluster that this program starts once.
// Where PostgreSQL is not installed its half is skipped, and counted as skipped.
#pragma once

#include <optional>

#include <boost/asio/thread_pool.hpp>
#include <doctest/doctest.h>

#include "storage/connection.hpp"
#include "storage/storage.hpp"

namespace belay::storage::testing {

[[nodiscard]] bool postgresql_is_installed();

/// The private cluster: started by tests/postgres/cluster.sh on first use, ended with this program.
class Cluster final {
 public:
  static Cluster& instance();
  /// An empty database; its address.
  std::string make_database();
  void stop();
  void start();
  ~Cluster();

 private:
  Cluster();
  void tell(const std::string& command, const std::string& expected);
  std::string read_line();
  int to_ = -1;
  int from_ = -1;
  int pid_ = -1;
  std::string url_;
  int databases_ = 0;
};

inline constexpr std::string_view kOldKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n";
inline constexpr std::string_view kNewKey = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=\n";

class Bench final {
 public:
  explicit Bench(Engine engine);
  ~Bench();

  Engine engine;
  Settings settings;
  std::filesystem::path directory;   ///< SQLite: where the file is
  std::unique_ptr<Database> database;

  /// Opens it (again), with these keys, and brings the schema up.
  void open(std::string_view keys = kOldKey);

  template <class T>
  T run(Task<T> task) {
    std::optional<T> result;
    drive(into(std::move(task), result));
    return std::move(*result);
  }
  template <class Function>
  auto write(Function work) {
    using Value = std::invoke_result_t<Function, ports::UnitOfWork&>;
    return run(database->write<Value>([work](ports::UnitOfWork& unit) -> Result<Value> { return work(unit); })).value();
  }
  template <class Function>
  auto read(Function work) {
    using Value = std::invoke_result_t<Function, ports::UnitOfWork&>;
    return run(database->read<Value>([work](ports::UnitOfWork& unit) -> Result<Value> { return work(unit); })).value();
  }
  /// A write without an answer.
  template <class Function>
  void change(Function work) {
    write([work](ports::UnitOfWork& unit) {
      work(unit);
      return true;
    });
  }
  /// A connection beside the database, as another process would have.
  [[nodiscard]] std::unique_ptr<Connection> outside() const;
  boost::asio::thread_pool& runner() { return runner_; }

 private:
  // One for every type of answer: what starts a task on Asio is compiled once.
  void drive(Task<void> task);
  template <class T>
  static Task<void> into(Task<T> task, std::optional<T>& result) {
    result.emplace(co_await std::move(task));
  }

  boost::asio::thread_pool runner_{4};
};

// Believable rows.
inline constexpr Time kNoon{Milliseconds{1'795'262'400'000}};
[[nodiscard]] ports::Installation installation(const std::string& name);
[[nodiscard]] ports::AccountLink account_link(const std::string& installation_name, const std::string& account);
[[nodiscard]] support::SupportSession session(const std::string& installation_name, const std::string& id);
[[nodiscard]] ports::OutboxRow outbox_row(const std::string& installation_name, const std::string& kind, const std::string& subject, Time due_at);
[[nodiscard]] InstallationId installation_id(const std::string& name);

}  // namespace belay::storage::testing

#define STORAGE_TEST_NAMED(body, name)                                                                                        \
  static void body(belay::storage::testing::Bench& bench);                                                                    \
  TEST_CASE("SQLite: " name) {                                                                                                \
    belay::storage::testing::Bench bench{belay::storage::Engine::sqlite};                                                     \
    body(bench);                                                                                                              \
  }                                                                                                                           \
  TEST_CASE("PostgreSQL: " name* doctest::skip(!belay::storage::testing::postgresql_is_installed())) {                        \
    belay::storage::testing::Bench bench{belay::storage::Engine::postgresql};                                                 \
    body(bench);                                                                                                              \
  }                                                                                                                           \
  static void body([[maybe_unused]] belay::storage::testing::Bench& bench)
#define STORAGE_TEST(name) STORAGE_TEST_NAMED(DOCTEST_ANONYMOUS(storage_test_), name)
