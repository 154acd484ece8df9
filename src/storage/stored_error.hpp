// An Error as it rests in a TEXT column.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"

namespace belay::storage {

[[nodiscard]] std::optional<std::string> to_column(const std::optional<Error>& error);
/// Throws a Failure when the text was not written by to_column.
[[nodiscard]] std::optional<Error> error_from_column(const std::optional<std::string>& text);

}  // namespace belay::storage
