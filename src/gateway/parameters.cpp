#include "gateway/parameters.hpp"

#include <algorithm>
#include <cctype>

namespace belay::gateway {

AccountId account_in_path(const RouteCall& call) {
  const auto& id = call.parameters.find("id")->second;
  const bool plausible = id.size() <= kAccountLimit && std::ranges::all_of(id, [](unsigned char c) { return c > 0x20 && c < 0x7f && c != '|'; });
  return plausible ? AccountId{id} : AccountId{};
}

bool is_token(std::string_view text) {
  return text.size() >= kTokenLeast && text.size() <= kTokenMost && std::ranges::all_of(text, [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; });
}

json::object token_figures() { return {{"least", kTokenLeast}, {"most", kTokenMost}}; }

std::unexpected<Error> foreign_state() { return fail("oauth_state_invalid", "not a state of ours"); }

}  // namespace belay::gateway
