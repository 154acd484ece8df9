// How far an invitation to an agent's contacts has come, from what Belay keeps of it (docs/people.md). Whether it still waits for its answer
// only the provider's list tells. Pure.
#pragma once

#include <optional>
#include <string>

#include "base/time.hpp"
#include "ports/people_storage.hpp"

namespace belay::desk {

/// Asked for, neither sent nor given up. `sent_at` is then of the one before it.
[[nodiscard]] bool is_being_sent(const ports::ContactInvitation& invitation);

/// The provider's list, as read at `seen`, cannot have it yet: it was sent later. A time of sending that lies ahead, after the clock was set
/// back, says nothing.
[[nodiscard]] bool was_sent_since(const ports::ContactInvitation& invitation, Time seen, Time now);

/// How long one that waits for its answer may not be sent again; zero when it may. What was given up, or sent by a clock that was set back
/// meanwhile, keeps nobody waiting.
[[nodiscard]] Milliseconds resend_wait(const ports::ContactInvitation& invitation, Time now);

/// It is being sent, or was so lately that it may not be sent again.
[[nodiscard]] bool keeps_waiting(const ports::ContactInvitation& invitation, Time now);

/// Who invites whom, as the subject of the row contact.invite says it, and back; nothing for what is no such subject.
struct Invited { AccountId agent; AccountId person; };
[[nodiscard]] std::string invitation_subject(const AccountId& agent, const AccountId& person);
[[nodiscard]] std::optional<Invited> invited_by(const std::string& subject);

}  // namespace belay::desk
