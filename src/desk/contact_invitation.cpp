#include "desk/contact_invitation.hpp"

#include <algorithm>

namespace belay::desk {
namespace {

constexpr Milliseconds kResendAfter{24 * 3'600'000};
constexpr char kBetween = '|';   // stands in no account id

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

bool keeps_waiting(const ports::ContactInvitation& invitation, Time now) { return is_being_sent(invitation) || resend_wait(invitation, now) > Milliseconds{0}; }

std::string invitation_subject(const AccountId& agent, const AccountId& person) { return agent.value + kBetween + person.value; }

std::optional<Invited> invited_by(const std::string& subject) {
  const auto between = subject.find(kBetween);
  if (between == std::string::npos) return std::nullopt;
  return Invited{.agent = AccountId{subject.substr(0, between)}, .person = AccountId{subject.substr(between + 1)}};
}

}  // namespace belay::desk
