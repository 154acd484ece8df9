// What stands in paths, cookies and bodies in one form wherever it comes: accounts, and the random texts of ours that go out and come back.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "gateway/router.hpp"

namespace belay::gateway {

/// Of an account's id at Jira, in characters (docs/openapi.yaml).
inline constexpr std::size_t kAccountLimit = 128;

/// The account that the path names as `id`. Empty, which is nobody, for what cannot be an account: who is calling is judged first.
[[nodiscard]] AccountId account_in_path(const RouteCall& call);

/// Of a random text of ours, in characters: letters, digits, - and _.
inline constexpr std::size_t kTokenLeast = 16;
inline constexpr std::size_t kTokenMost = 256;

[[nodiscard]] bool is_token(std::string_view text);
/// What a refusal with FieldRule::token says of them.
[[nodiscard]] json::object token_figures();

/// Somebody comes back from a sign-in or a consent with a state that was not given to this browser.
[[nodiscard]] std::unexpected<Error> foreign_state();

}  // namespace belay::gateway
