// One SQL statement, prepared once and run often. SOCI binds parameters and columns by address, so both live here as long
// as the statement does; a store only names what goes in and reads what comes out, in the order of the columns:
//
//     constexpr Query kFind{"select name, ended_at from visit where id = :id", 2};
//     auto visit = connection.statement(kFind).with("id", id).row([](Row& row) { return Visit{row.text(), row.maybe_time()}; });
//
// Every column is fetched as text: libpq sends nothing else, and SQLite converts a number in less time than a second kind
// of holder would cost in code.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <soci/soci.h>

#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/time.hpp"

namespace belay::storage {

/// Lives in static storage: a connection finds its prepared statement by the address.
struct Query {
  std::string_view sql;
  int columns = 0;   ///< how many a row has; 0 for a statement without rows
};

/// A column of the current row, as SOCI fills it.
struct Column {
  std::string text;
  soci::indicator state = soci::i_ok;
};

/// The current row, read from its first column to its last. Reading what is null as a value, or past the end, is a bug and throws.
class Row final {
 public:
  explicit Row(std::deque<Column>& columns) : columns_(columns) {}

  std::string text();
  std::optional<std::string> maybe_text();
  std::int64_t number();
  std::optional<std::int64_t> maybe_number();
  bool flag() { return number() != 0; }
  Time time() { return from_millis(number()); }
  std::optional<Time> maybe_time();
  /// An object written by this room. Throws a Failure when it is not one.
  json::object object();

  template <class Identifier>
  Identifier id() { return Identifier{text()}; }
  template <class Identifier>
  std::optional<Identifier> maybe_id() {
    auto value = maybe_text();
    if (!value) return std::nullopt;
    return Identifier{std::move(*value)};
  }

  [[nodiscard]] bool at_end() const { return next_ == columns_.size(); }

 private:
  Column& take();

  std::deque<Column>& columns_;
  std::size_t next_ = 0;
};

/// For "like :pattern escape '!'": the text, quoted as in JSON, anywhere in a column. Nothing in it stands for something else.
[[nodiscard]] std::string quoted_somewhere(std::string_view text);

class Statement final {
 public:
  Statement(soci::session& session, const Query& query);
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  /// Forgets parameters of a run that did not come about. A connection calls it when it hands the statement out.
  Statement& fresh();

  /// A run did not come to its end: to be prepared anew.
  [[nodiscard]] bool spoilt() const { return spoilt_; }

  // Parameters, by name; all of them, in one order, before every run.
  Statement& with(std::string_view name, std::string_view text);
  Statement& with(std::string_view name, std::int64_t number);
  Statement& with(std::string_view name, const std::string& text) { return with(name, std::string_view(text)); }
  Statement& with(std::string_view name, const char* text) { return with(name, std::string_view(text)); }
  Statement& with(std::string_view name, int number) { return with(name, std::int64_t{number}); }
  Statement& with(std::string_view name, std::size_t number) { return with(name, static_cast<std::int64_t>(number)); }
  Statement& with(std::string_view name, bool flag) { return with(name, std::int64_t{flag ? 1 : 0}); }
  Statement& with(std::string_view name, Time time) { return with(name, to_millis(time)); }
  template <class Kind>
  Statement& with(std::string_view name, const Id<Kind>& id) { return with(name, std::string_view(id.value)); }
  template <class T>
  Statement& with(std::string_view name, const std::optional<T>& value) {
    if (value) return with(name, *value);
    if constexpr (std::is_same_v<T, Time> || std::is_same_v<T, std::int64_t>) return with_no_number(name);
    else return with_no_text(name);
  }

  /// Runs it; the number of rows that were changed.
  std::size_t run();

  /// Runs it and reads every row, so that no cursor stays open.
  template <class Read>
  auto rows(Read read) -> std::vector<std::invoke_result_t<Read, Row&>> {
    std::vector<std::invoke_result_t<Read, Row&>> all;
    start();
    while (fetch()) all.push_back(read_row(read));
    return all;
  }

  /// For a query that finds one row or none.
  template <class Read>
  auto row(Read read) -> std::optional<std::invoke_result_t<Read, Row&>> {
    std::optional<std::invoke_result_t<Read, Row&>> found;
    start();
    while (fetch()) found.emplace(read_row(read));
    return found;
  }

 private:
  struct Parameter {
    std::string name;
    bool is_number = false;
    std::string text;
    long long number = 0;
    soci::indicator state = soci::i_ok;
  };

  Statement& with_no_text(std::string_view name);
  Statement& with_no_number(std::string_view name);
  Parameter& parameter(std::string_view name, bool is_number);
  void bind();
  void start();
  bool fetch();
  void check_end(const Row& row) const;

  template <class Read>
  auto read_row(Read& read) {
    Row row{columns_};
    auto value = read(row);
    check_end(row);
    return value;
  }

  const Query& query_;
  std::deque<Parameter> parameters_;   // addresses must not move
  std::size_t given_ = 0;              // parameters of the coming run
  std::deque<Column> columns_;
  soci::statement statement_;
  bool bound_ = false;
  bool spoilt_ = false;
};

}  // namespace belay::storage
