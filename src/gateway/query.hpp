// The query of a request, read as a body is: each member once, and nobody else's.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "gateway/router.hpp"

namespace belay::gateway {

/// One that is empty counts as absent, as null does in a body. The errors name field and rule. `call` outlives it.
class Query final {
 public:
  explicit Query(const RouteCall& call) : call_(call) {}

  /// At most 128 bytes of visible ASCII: accounts, keys, codes, names.
  Result<std::optional<std::string>> text(std::string_view name);
  Result<std::optional<Time>> time(std::string_view name);
  /// `unknown_field` for a member that was not asked for, or came twice. After all that are asked for.
  [[nodiscard]] Result<void> finish() const;

 private:
  const RouteCall& call_;
  std::vector<std::string_view> read_;
};

}  // namespace belay::gateway
