// Taking one person out of what is kept of a support session (docs/personal-data.md). A session in which nobody else had a part goes as a whole; of
// one that is another's as well, only what is about that person does. Pure.
#pragma once

#include <string>
#include <string_view>

#include "support/session.hpp"

namespace belay::support {

/// In place of an account that was erased, where its place cannot be empty. No account of Jira's has such an id.
inline constexpr std::string_view kErasedAccount = "erased";
[[nodiscard]] inline bool is_erased(const AccountId& account) { return account.value == kErasedAccount; }

/// Whether anything of the session is that account's: created, supported, asked for as well, or the customer's.
[[nodiscard]] bool names(const SupportSession& session, const AccountId& account);

/// Whether an account other than this one has a part in it. A customer who was typed in has none: they have no account to ask for it.
[[nodiscard]] bool is_anothers_too(const SupportSession& session, const AccountId& account);

/// The session without that account. Whose customer it was: with the texts that are about the customer, the rating's comment included. Who supported
/// it: the creator has it back, as far as that is another. A session that is live stays what it is.
void take_out(SupportSession& session, const AccountId& account);

/// What the person is called now, wherever the session says it. False: it did so already.
bool rename(SupportSession& session, const AccountId& account, const std::string& name);

}  // namespace belay::support
