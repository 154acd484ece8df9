// How the house says that something went wrong: as a value. Exceptions are left for bugs.
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <utility>

#include <boost/json/object.hpp>

namespace belay {

/// Something that can be expected to fail, did.
/// The words a person reads come from the catalogue, key `error.<code>`, filled with the members of `detail`.
struct Error {
  std::string code;            ///< stable, snake_case; listed in docs/openapi.yaml
  std::string cause;           ///< for the log, in English; never shown, never a secret
  boost::json::object detail;  ///< named values for the sentence and for machines; never a secret
  bool retryable = false;      ///< the same call may succeed later, unchanged
  std::optional<std::chrono::milliseconds> retry_after;  ///< what the other side asked for, if it did
};

template <class T>
using Result = std::expected<T, Error>;

/// Shorthand for `return` and `co_return`: `return fail("not_found", "no session with that id");`
[[nodiscard]] inline std::unexpected<Error> fail(std::string code, std::string cause, boost::json::object detail = {}) {
  return std::unexpected(Error{.code = std::move(code), .cause = std::move(cause), .detail = std::move(detail), .retryable = false, .retry_after = {}});
}

/// A failure that another try may cure; `after` when the other side said how long to wait.
[[nodiscard]] inline std::unexpected<Error> fail_for_now(std::string code, std::string cause,
                                                         std::optional<std::chrono::milliseconds> after = std::nullopt,
                                                         boost::json::object detail = {}) {
  return std::unexpected(Error{.code = std::move(code), .cause = std::move(cause), .detail = std::move(detail), .retryable = true, .retry_after = after});
}

}  // namespace belay

/// `BELAY_TRY(ticket, read_ticket(key));` declares `ticket`, or leaves the function with the error.
#define BELAY_TRY(name, expression)                                                  \
  auto name##_result = (expression);                                                 \
  if (!name##_result) return std::unexpected(std::move(name##_result).error());      \
  auto& name = *name##_result

/// The same inside a coroutine.
#define BELAY_CO_TRY(name, expression)                                               \
  auto name##_result = (expression);                                                 \
  if (!name##_result) co_return std::unexpected(std::move(name##_result).error());   \
  auto& name = *name##_result

/// For a Result whose value is not wanted.
#define BELAY_CO_CHECK(expression)                                                   \
  do {                                                                               \
    auto belay_checked = (expression);                                                   \
    if (!belay_checked) co_return std::unexpected(std::move(belay_checked).error()); \
  } while (false)

#define BELAY_CHECK(expression)                                                      \
  do {                                                                               \
    auto belay_checked = (expression);                                                   \
    if (!belay_checked) return std::unexpected(std::move(belay_checked).error());    \
  } while (false)
