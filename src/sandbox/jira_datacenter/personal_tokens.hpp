// Personal access tokens, from 8.14: a person makes them for themselves, by REST or on their profile, and sees each once.
#pragma once

#include <optional>
#include <string>

#include "sandbox/jira_datacenter/effects.hpp"

namespace belay::sandbox::jira_datacenter {

/// Long enough, and of no meaning to anybody.
[[nodiscard]] std::string random_token();

struct MadeToken { std::string text; Token token; };
/// `days` nothing: for ever.
MadeToken make_token(const Doer& doer, std::string name, std::optional<std::int64_t> days);
/// False: none of theirs has this id.
bool revoke_token(const Doer& doer, std::int64_t id);

}  // namespace belay::sandbox::jira_datacenter
