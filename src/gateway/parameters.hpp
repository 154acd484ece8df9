// What stands in paths, queries and bodies in one form wherever it comes: accounts, and the random texts of ours that go out and come back.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "gateway/router.hpp"

namespace belay::gateway {

/// Bytes of an account's id at Jira (docs/openapi.yaml).
inline constexpr std::size_t kAccountLimit = 128;

/// The account that the path names as `id`. Empty, which is nobody, for what cannot be an account: who is calling is judged first.
[[nodiscard]] AccountId account_in_path(const RouteCall& call);

/// Characters of a random text of ours: letters, digits, - and _.
inline constexpr std::size_t kTokenLeast = 16;
inline constexpr std::size_t kTokenMost = 256;

[[nodiscard]] bool is_token(std::string_view text);
/// What a refusal with FieldRule::token says of them.
[[nodiscard]] json::object token_figures();

/// Bytes of a code that Jira or the provider sends back with a browser (RFC 6749, section 4.1.2, sets no limit).
inline constexpr std::size_t kCodeMost = 4'096;

/// A browser goes to a sign-in or a consent, or comes back, with a state that was not given to it.
[[nodiscard]] std::unexpected<Error> foreign_state();

}  // namespace belay::gateway
