// Reading JSON that others wrote: a size and a depth limit, valid UTF-8, no member twice, and errors that name the field
// and the rule.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "base/field_rule.hpp"
#include "base/result.hpp"

namespace belay::json {

using boost::json::array;
using boost::json::object;
using boost::json::value;

inline constexpr std::size_t kMaxDepth = 32;
/// For answers of a service that we asked: texts that people format nest deeply (lists in tables in panels, each with its marks).
inline constexpr std::size_t kMaxAnswerDepth = 256;

/// Parses one JSON document. Refuses what is not valid UTF-8, nests deeper than `max_depth`, has something behind it, or names a
/// member twice (two readers could see two different values). Error: `invalid_json`.
[[nodiscard]] Result<value> parse(std::string_view text, std::size_t max_depth = kMaxDepth, boost::json::storage_ptr storage = {});

/// How an answer is read of which only some is wanted.
struct Reading {
  std::size_t max_depth = kMaxDepth;
  boost::json::storage_ptr storage;            ///< where the values live, for what is large and thrown away at once: it has to outlive them
  /// Members of these names are left out, in whatever object they stand: their values are checked to be JSON, and not built. A name that is
  /// written with escapes is another.
  std::span<const std::string_view> left_out;
};
[[nodiscard]] Result<value> parse(std::string_view text, const Reading& reading);

/// The same, and it must be an object.
[[nodiscard]] Result<object> parse_object(std::string_view text, boost::json::storage_ptr storage = {});

/// For answers of other services that may be anything: null instead of an error.
[[nodiscard]] value parse_or_null(std::string_view text);

// Lenient reads, for answers of other services: absent, null and of another type are all "no value".
[[nodiscard]] std::optional<std::string> string_at(const object& from, std::string_view key);
[[nodiscard]] std::optional<std::int64_t> integer_at(const object& from, std::string_view key);
[[nodiscard]] std::optional<bool> bool_at(const object& from, std::string_view key);
[[nodiscard]] const object* object_at(const object& from, std::string_view key);
[[nodiscard]] const array* array_at(const object& from, std::string_view key);

/// Reads a request body member by member and refuses what nobody asked for.
///
///     Reader reader{body};
///     auto code = reader.required_string("code", 64);
///     auto notes = reader.optional_string("notes", 4000);
///     BELAY_CHECK(reader.finish());
///
/// The first problem is kept; reads after it return empty values, so that only finish() has to be checked.
class Reader {
 public:
  explicit Reader(const object& from) : from_(from) {}

  /// At most `max_bytes` of UTF-8, not empty, no control characters but newline and tab.
  std::string required_string(std::string_view key, std::size_t max_bytes);
  std::optional<std::string> optional_string(std::string_view key, std::size_t max_bytes);
  std::optional<bool> optional_bool(std::string_view key);
  std::optional<std::int64_t> optional_integer(std::string_view key, std::int64_t least, std::int64_t most);
  std::optional<object> optional_object(std::string_view key);
  std::optional<array> optional_array(std::string_view key, std::size_t max_items);
  /// One of `allowed`, or nothing.
  std::optional<std::string> optional_choice(std::string_view key, std::span<const std::string_view> allowed);

  /// A problem found by the caller: `invalid_field` with the field, the rule and its figures.
  void refuse(std::string_view key, FieldRule rule, object figures = {});
  /// For readers that answer as others do, in the sandbox: a rule in words.
  void refuse(std::string_view key, std::string_view rule);

  /// `invalid_field` (detail: field, rule), or `unknown_field` (detail: field) for members nobody read.
  [[nodiscard]] Result<void> finish() const;

 private:
  const value* take(std::string_view key);
  void keep(Error problem);

  const object& from_;
  std::vector<std::string> read_;
  std::optional<Error> problem_;
};

}  // namespace belay::json
