#include "desk/contact_invitation.hpp"

#include <algorithm>

namespace belay::desk {
namespace {

constexpr Milliseconds kResendAfter{24 * 3'600'000};

}  // namespace

bool is_being_sent(const ports::ContactInvitation& invitation) {
  return !invitation.last_error && (!invitation.sent_at || *invitation.sent_at < invitation.asked_at);
}

bool was_sent_since(const ports::ContactInvitation& invitation, Time seen, Time now) {
  return invitation.sent_at && seen <= *invitation.sent_at && *invitation.sent_at <= now;
}

Milliseconds resend_wait(const ports::ContactInvitation& invitation, Time now) {
  if (invitation.last_error || !invitation.sent_at || *invitation.sent_at > now) return Milliseconds{0};
  return std::max(Milliseconds{0}, *invitation.sent_at + kResendAfter - now);
}

}  // namespace belay::desk
